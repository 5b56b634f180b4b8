# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`PositionSearch`: search for the objects around many positions, from the choice of cones to the matches."""

import numpy as np

from atlasquery.crossmatch.cones import (
    MAX_RADIUS,
    RADIUS_MARGIN,
    cover_with_cones,
    find_pairs,
    offset_towards,
    separation,
    unit_vectors,
)
from atlasquery.crossmatch.object_epochs import object_epochs
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.proper_motion import SURVEY_START

__all__ = ["Matches", "PositionSearch"]


class PositionSearch:
    """Search for objects around positions.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, shape (n,)
        Positions in ICRS; one that is NaN matches nothing.
    radius_arcsec : float or array of float, shape (n,)
        Maximum separation of a match.
    make_table : callable
        Makes the user's table of `Matches`; its keyword ``source`` is the source of the objects' positions.
    motion : ProperMotion, optional
        Proper motions, applied for the date of each object; the cones hold all positions since the survey began.
    now : float, optional
        Julian year of the end of the survey so far.

    Attributes
    ----------
    n_positions : int
        Number of positions.
    n_without_position : int
        Number of positions that are NaN.
    n_matched_positions : int
        Number of positions with a match in the last table.
    """

    def __init__(self, coordinates, radius_arcsec, make_table, *, motion=None, now=None):
        self._make_table = make_table
        self._valid_rows = np.flatnonzero(np.isfinite(coordinates.ra.deg) & np.isfinite(coordinates.dec.deg))
        self.n_positions = len(coordinates)
        self._radius_arcsec = np.broadcast_to(radius_arcsec, self.n_positions)[self._valid_rows]
        self._ra, self._dec = (angle.deg[self._valid_rows] for angle in (coordinates.ra, coordinates.dec))
        self._motion, self._now = None if motion is None else motion.take(self._valid_rows), now
        self._points, self._search_radius = self._find_centres()
        self._cones = None
        self.n_without_position = self.n_positions - len(self._valid_rows)
        self.n_matched_positions = 0

    @property
    def cones(self):
        """Cones that together contain all matches, a list of `~atlasquery.crossmatch.cones.Cone`."""
        if self._cones is None:
            self._cones = cover_with_cones(self._points, self._search_radius)
        return self._cones

    def _find_centres(self):
        """Return positions and radii of the search: the middle of each path, and the radius with half its length."""
        if self._motion is None:
            return unit_vectors(self._ra, self._dec), self._radius_arcsec
        half_span = (self._now - SURVEY_START) / 2
        points = unit_vectors(*self._motion.move(self._ra, self._dec, SURVEY_START + half_span))
        search_radius = self._radius_arcsec + self._motion.total_mas / 1000 * half_span
        if (too_wide := search_radius > MAX_RADIUS - RADIUS_MARGIN).any():
            row = self._valid_rows[too_wide.argmax()]
            raise InvalidQueryError(
                f"`epoch` 'observation' must leave the path of each star, with its radius, within {MAX_RADIUS:.0f} "
                f"arcsec, got {search_radius[too_wide.argmax()]:.0f} arcsec in row {row}.",
                hint="Pass a Time as the epoch, or a smaller radius.",
            )
        return points, search_radius

    def _positions_at(self, rows, epochs):
        """Return the positions of some rows as unit vectors, at the epochs of objects if they move."""
        if self._motion is None:
            return self._points[rows]
        return unit_vectors(*self._motion.take(rows).move(self._ra[rows], self._dec[rows], epochs))

    def unsearched_positions(self, n_searched_cones):
        """Return the rows of the positions that do not belong to the first cones."""
        return sorted(int(self._valid_rows[row]) for cone in self.cones[n_searched_cones:] for row in cone.members)

    def table(self, objects, *, source="server", cones=None):
        """Return the user's table of the matches with these objects.

        Parameters
        ----------
        objects : `~astropy.table.QTable`
            Unique objects, with ``atlas_id``, ``ra``, ``dec``.
        source : {"server", "id"}
            Source of the objects' positions.
        cones : `~astropy.table.QTable`, optional
            Rows of the cones (``query_index``) with those objects whose positions are decoded from ids: their
            separation from the centre of the cone is more accurate than that position.
        """
        matches = Matches(self.n_positions, self._find_matches(objects, cones), objects)
        self.n_matched_positions = len(np.unique(matches.position_row))
        return self._make_table(matches, source=source)

    def _find_matches(self, objects, cones):
        ra, dec = (np.asarray(objects[name].filled(np.nan).value, dtype=float) for name in ("ra", "dec"))
        points, ids = unit_vectors(ra, dec), objects["atlas_id"].data.data
        has_cone = np.isin(ids, [] if cones is None else cones["atlas_id"].data.data)
        epochs = None if self._motion is None else object_epochs(objects, unknown=self._now)
        object_rows = np.flatnonzero(np.isfinite(ra) & np.isfinite(dec) & ~has_cone)
        matched = self._match_by_position(points, object_rows, epochs)
        if has_cone.any():
            row_of = dict(zip(ids.tolist(), range(len(ids)), strict=True))
            by_cone = self._match_by_cone_separation(cones, points, row_of, epochs)
            matched = tuple(map(np.concatenate, zip(matched, by_cone, strict=True)))
        position_row, object_row, arcsec = matched
        order = np.lexsort((arcsec, position_row))
        return self._valid_rows[position_row[order]], object_row[order], arcsec[order]

    def _match_by_position(self, points, object_rows, epochs):
        """Match objects by their positions."""
        max_radius = self._search_radius.max(initial=0.0)
        position_row, pair_row, arcsec = find_pairs(self._points, points[object_rows], max_radius)
        object_row = object_rows[pair_row]
        if self._motion is not None:
            arcsec = separation(self._positions_at(position_row, epochs[object_row]), points[object_row])
        is_match = arcsec <= self._radius_arcsec[position_row]
        return position_row[is_match], object_row[is_match], arcsec[is_match]

    def _match_by_cone_separation(self, cones, points, row_of, epochs):
        """Match objects by their separation from the centre of the cone, in the direction of their id's position."""
        columns = (cones[name].tolist() for name in ("query_index", "atlas_id"))
        matched = [(np.empty(0, dtype=int), np.empty(0, dtype=int), np.empty(0))]
        cone_arcsec = cones["separation"].unmasked.to_value("arcsec").tolist()
        for cone_row, object_id, centre_arcsec in zip(*columns, cone_arcsec, strict=True):
            cone, object_row = self.cones[cone_row], row_of[object_id]
            members = np.asarray(cone.members)
            centre = unit_vectors(cone.ra, cone.dec)[0]
            positions = self._positions_at(members, None if epochs is None else epochs[object_row])
            arcsec = separation(positions, offset_towards(centre, centre_arcsec, points[object_row]))
            # At the centre itself the separation is exactly that of the server.
            arcsec[separation(positions, centre) < RADIUS_MARGIN] = centre_arcsec
            is_match = arcsec <= self._radius_arcsec[members]
            matched.append((members[is_match], np.full(is_match.sum(), object_row), arcsec[is_match]))
        return tuple(np.concatenate(parts) for parts in zip(*matched, strict=True))


class Matches:
    """Pairs of a position and an object near it.

    Parameters
    ----------
    n_positions : int
        Number of positions.
    matched : tuple of `~numpy.ndarray`, each of shape (k,)
        Rows of the positions (sorted), rows of the objects (nearest first), separations in arcsec.
    objects : `~astropy.table.QTable`
        The objects.
    """

    def __init__(self, n_positions, matched, objects):
        self.position_row, self.object_row, self.separation_arcsec = matched
        self._n_positions, self.objects = n_positions, objects

    def select(self, *, nearest=False, left=False, without=()):
        """Return position rows, the objects, their rows, and separations.

        With ``nearest`` only the nearest object to each position; with ``left`` also positions without a match, whose
        object row is -1 and whose separation is NaN, except those in ``without``.
        """
        position_row, object_row, arcsec = self.position_row, self.object_row, self.separation_arcsec
        if nearest:
            position_row, first = np.unique(position_row, return_index=True)
            object_row, arcsec = object_row[first], arcsec[first]
        if left:
            unmatched = np.setdiff1d(np.setdiff1d(np.arange(self._n_positions), position_row), without)
            position_row = np.concatenate([position_row, unmatched])
            order = np.argsort(position_row, kind="stable")
            position_row = position_row[order]
            object_row = np.concatenate([object_row, np.full(len(unmatched), -1)])[order]
            arcsec = np.concatenate([arcsec, np.full(len(unmatched), np.nan)])[order]
        return position_row, self.objects, object_row, arcsec

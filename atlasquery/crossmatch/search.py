# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`PositionSearch`: search for the objects around many positions, from the choice of cones to the matches."""

import numpy as np

from atlasquery.crossmatch.cones import (
    RADIUS_MARGIN,
    cover_with_cones,
    find_pairs,
    offset_towards,
    separation,
    unit_vectors,
)

__all__ = ["Matches", "PositionSearch"]


class PositionSearch:
    """Search for objects around positions.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, shape (n,)
        Positions in ICRS; one that is NaN matches nothing.
    radius_arcsec : float
        Maximum separation of a match.
    make_table : callable
        Makes the user's table of `Matches`; its keyword ``source`` is the source of the objects' positions.

    Attributes
    ----------
    n_without_position : int
        Number of positions that are NaN.
    has_matches : bool
        Whether the last table had matches.
    """

    def __init__(self, coordinates, radius_arcsec, make_table):
        self._radius_arcsec, self._make_table = radius_arcsec, make_table
        self._valid_rows = np.flatnonzero(np.isfinite(coordinates.ra.deg) & np.isfinite(coordinates.dec.deg))
        self._points = unit_vectors(coordinates.ra.deg[self._valid_rows], coordinates.dec.deg[self._valid_rows])
        self._n_positions = len(coordinates)
        self._cones = None
        self.n_without_position = self._n_positions - len(self._valid_rows)
        self.has_matches = False

    @property
    def cones(self):
        """Cones that together contain all matches, a list of `~atlasquery.crossmatch.cones.Cone`."""
        if self._cones is None:
            self._cones = cover_with_cones(self._points, self._radius_arcsec)
        return self._cones

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
        matches = Matches(self._n_positions, self._find_matches(objects, cones), objects)
        self.has_matches = len(matches.position_row) > 0
        return self._make_table(matches, source=source)

    def _find_matches(self, objects, cones):
        ra, dec = (np.asarray(objects[name].filled(np.nan).value, dtype=float) for name in ("ra", "dec"))
        points, ids = unit_vectors(ra, dec), objects["atlas_id"].data.data
        has_cone = np.isin(ids, [] if cones is None else cones["atlas_id"].data.data)
        object_rows = np.flatnonzero(np.isfinite(ra) & np.isfinite(dec) & ~has_cone)
        position_row, pair_row, arcsec = find_pairs(self._points, points[object_rows], self._radius_arcsec)
        matched = (position_row, object_rows[pair_row], arcsec)
        if has_cone.any():
            row_of = dict(zip(ids.tolist(), range(len(ids)), strict=True))
            by_cone = self._match_by_cone_separation(cones, points, row_of)
            matched = tuple(map(np.concatenate, zip(matched, by_cone, strict=True)))
        position_row, object_row, arcsec = matched
        order = np.lexsort((arcsec, position_row))
        return self._valid_rows[position_row[order]], object_row[order], arcsec[order]

    def _match_by_cone_separation(self, cones, points, row_of):
        """Match objects by their separation from the centre of the cone, in the direction of their id's position."""
        columns = (cones[name].tolist() for name in ("query_index", "atlas_id"))
        matched = [(np.empty(0, dtype=int), np.empty(0, dtype=int), np.empty(0))]
        cone_arcsec = cones["separation"].unmasked.to_value("arcsec").tolist()
        for cone_row, object_id, centre_arcsec in zip(*columns, cone_arcsec, strict=True):
            cone, object_row = self.cones[cone_row], row_of[object_id]
            members = np.asarray(cone.members)
            centre = unit_vectors(cone.ra, cone.dec)[0]
            arcsec = separation(self._points[members], offset_towards(centre, centre_arcsec, points[object_row]))
            # At the centre itself the separation is exactly that of the server.
            arcsec[separation(self._points[members], centre) < RADIUS_MARGIN] = centre_arcsec
            is_match = arcsec <= self._radius_arcsec
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

    def select(self, *, nearest=False, left=False):
        """Return position rows, the objects, their rows, and separations.

        With ``nearest`` only the nearest object to each position; with ``left`` also positions without a match, whose
        object row is -1 and whose separation is NaN.
        """
        position_row, object_row, arcsec = self.position_row, self.object_row, self.separation_arcsec
        if nearest:
            position_row, first = np.unique(position_row, return_index=True)
            object_row, arcsec = object_row[first], arcsec[first]
        if left:
            unmatched = np.setdiff1d(np.arange(self._n_positions), position_row)
            position_row = np.concatenate([position_row, unmatched])
            order = np.argsort(position_row, kind="stable")
            position_row = position_row[order]
            object_row = np.concatenate([object_row, np.full(len(unmatched), -1)])[order]
            arcsec = np.concatenate([arcsec, np.full(len(unmatched), np.nan)])[order]
        return position_row, self.objects, object_row, arcsec

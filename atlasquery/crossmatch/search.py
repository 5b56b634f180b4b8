# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`PositionSearch`: the search for the objects around many positions, from the plan to the pairs."""

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
    """Positions around which objects are looked for.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, shape (n,)
        In ICRS; a position that is NaN has no neighbours.
    arcsec : float
        How far an object may be.
    build : callable
        Makes the user's table of `Matches`; its keyword ``source`` says where the positions of the objects are from.

    Attributes
    ----------
    without_position : int
        How many positions are NaN.
    has_matches : bool
        Whether the last table had any.
    """

    def __init__(self, coordinates, arcsec, build):
        self._arcsec, self._make_table = arcsec, build
        self._valid = np.flatnonzero(np.isfinite(coordinates.ra.deg) & np.isfinite(coordinates.dec.deg))
        self._points = unit_vectors(coordinates.ra.deg[self._valid], coordinates.dec.deg[self._valid])
        self._n = len(coordinates)
        self._cones = None
        self.n_without_position = self._n - len(self._valid)
        self.has_matches = False

    @property
    def cones(self):
        """The cones that together hold all neighbours, a list of `~atlasquery.crossmatch.cones.Cone`."""
        if self._cones is None:
            self._cones = cover_with_cones(self._points, self._arcsec)
        return self._cones

    def payloads(self):
        """Return what is sent for the cones."""
        return [{"ra": cone.ra, "dec": cone.dec, "radius": cone.radius, "requestType": "all"} for cone in self.cones]

    def unsearched_positions(self, first):
        """Return the numbers of the positions that belong to the cones from this one on."""
        return sorted(int(self._valid[one]) for cone in self.cones[first:] for one in cone.members)

    def table(self, objects, *, source="server", cones=None):
        """Return the user's table of the neighbours among these objects.

        Parameters
        ----------
        objects : `~astropy.table.QTable`
            The objects, each once, with ``atlas_id``, ``ra``, ``dec``.
        source : {"server", "id"}
            Where the positions of the objects are from.
        cones : `~astropy.table.QTable`, optional
            What the cones (``query_index``) said of those objects whose position the server did not tell: it is that of
            the id, and their distance is better known than their position.

        Returns
        -------
        `~astropy.table.Table`
            What ``build`` makes.
        """
        found = Matches(self._n, self._find_matches(objects, cones), objects)
        self.has_matches = len(found.position_row) > 0
        return self._make_table(found, source=source)

    def _find_matches(self, objects, cones):
        ra, dec = (np.asarray(objects[name].filled(np.nan).value, dtype=float) for name in ("ra", "dec"))
        points, ids = unit_vectors(ra, dec), objects["atlas_id"].data.data
        told = np.isin(ids, [] if cones is None else cones["atlas_id"].data.data)
        placed = np.flatnonzero(np.isfinite(ra) & np.isfinite(dec) & ~told)
        first, second, apart = find_pairs(self._points, points[placed], self._arcsec)
        second = placed[second]
        if told.any():
            more = self._match_by_cone_separation(cones, points, dict(zip(ids.tolist(), range(len(ids)), strict=True)))
            first, second, apart = map(np.concatenate, zip((first, second, apart), more, strict=True))
        order = np.lexsort((apart, first))
        return self._valid[first[order]], second[order], apart[order]

    def _match_by_cone_separation(self, cones, points, row_of):
        """Pairs of a position and an object, of which a cone said how far it is from its centre."""
        columns = (cones[name].tolist() for name in ("query_index", "atlas_id"))
        found = [(np.empty(0, dtype=int), np.empty(0, dtype=int), np.empty(0))]
        for index, one, arcsec in zip(*columns, cones["separation"].unmasked.to_value("arcsec").tolist(), strict=True):
            cone, row = self.cones[index], row_of[one]
            members = np.asarray(cone.members)
            centre = unit_vectors(cone.ra, cone.dec)[0]
            apart = separation(self._points[members], offset_towards(centre, arcsec, points[row]))
            # Of a position in the middle the server itself has said it.
            apart[separation(self._points[members], centre) < RADIUS_MARGIN] = arcsec
            near = apart <= self._arcsec
            found.append((members[near], np.full(near.sum(), row), apart[near]))
        return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


class Matches:
    """Positions and the objects near them.

    Parameters
    ----------
    n : int
        How many positions there are.
    matched : tuple of `~numpy.ndarray`, each of shape (k,)
        Numbers of the positions, sorted; numbers of the objects, the nearest first; distances in arcsec.
    objects : `~astropy.table.QTable`
        The objects.
    """

    def __init__(self, n, matched, objects):
        self.position_row, self.object_row, self.separation_arcsec = matched
        self._n, self.objects = n, objects

    def select(self, *, nearest=False, left=False):
        """Return numbers of positions, the objects, their numbers, and distances.

        Parameters
        ----------
        nearest : bool
            Only the nearest object of each position.
        left : bool
            Also the positions without an object, whose number is -1.
        """
        index, number, apart = self.position_row, self.object_row, self.separation_arcsec
        if nearest:
            index, first = np.unique(index, return_index=True)
            number, apart = number[first], apart[first]
        if left:
            lonely = np.setdiff1d(np.arange(self._n), index)
            index = np.concatenate([index, lonely])
            order = np.argsort(index, kind="stable")
            number = np.concatenate([number, np.full(len(lonely), -1)])[order]
            index, apart = index[order], np.concatenate([apart, np.full(len(lonely), np.nan)])[order]
        return index, self.objects, number, apart

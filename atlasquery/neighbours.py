# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Neighbours`: the search for the objects around many positions, from the plan to the pairs."""

import numpy as np

from atlasquery.crossmatch import cover, pairs, unit_vectors

__all__ = ["Neighbours", "Pairs"]


class Neighbours:
    """Positions around which objects are looked for.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, shape (n,)
        In ICRS; a position that is NaN has no neighbours.
    arcsec : float
        How far an object may be.
    build : callable
        Makes the user's table of `Pairs`; its keyword ``source`` says where the positions of the objects are from.

    Attributes
    ----------
    without_position : int
        How many positions are NaN.
    has_matches : bool
        Whether the last table had any.
    """

    def __init__(self, coordinates, arcsec, build):
        self._arcsec, self._build = arcsec, build
        self._valid = np.flatnonzero(np.isfinite(coordinates.ra.deg) & np.isfinite(coordinates.dec.deg))
        self._points = unit_vectors(coordinates.ra.deg[self._valid], coordinates.dec.deg[self._valid])
        self._n = len(coordinates)
        self._cones = None
        self.without_position = self._n - len(self._valid)
        self.has_matches = False

    @property
    def cones(self):
        """The cones that together hold all neighbours, a list of `~atlasquery.crossmatch.Cone`."""
        if self._cones is None:
            self._cones = cover(self._points, self._arcsec)
        return self._cones

    def payloads(self):
        """Return what is sent for the cones."""
        return [{"ra": cone.ra, "dec": cone.dec, "radius": cone.radius, "requestType": "all"} for cone in self.cones]

    def positions_from(self, first):
        """Return the numbers of the positions that belong to the cones from this one on."""
        return sorted(int(self._valid[one]) for cone in self.cones[first:] for one in cone.members)

    def table(self, objects, *, source="server"):
        """Return the user's table of the neighbours among these objects."""
        found = Pairs(self._n, self._matched(objects), objects)
        self.has_matches = len(found.index) > 0
        return self._build(found, source=source)

    def _matched(self, objects):
        ra, dec = (np.asarray(objects[name].filled(np.nan).value, dtype=float) for name in ("ra", "dec"))
        placed = np.flatnonzero(np.isfinite(ra) & np.isfinite(dec))
        first, second, apart = pairs(self._points, unit_vectors(ra[placed], dec[placed]), self._arcsec)
        return self._valid[first], placed[second], apart


class Pairs:
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
        self.index, self.number, self.apart = matched
        self._n, self.objects = n, objects

    def chosen(self, *, nearest=False, left=False):
        """Return numbers of positions, the objects, their numbers, and distances.

        Parameters
        ----------
        nearest : bool
            Only the nearest object of each position.
        left : bool
            Also the positions without an object, whose number is -1.
        """
        index, number, apart = self.index, self.number, self.apart
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

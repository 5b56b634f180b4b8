# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which cones to ask for, and the match of what they give with a catalogue: geometry on the sphere, sends nothing.

Everything is done with unit vectors, for which neither the poles nor RA 0 are special. Neighbours are found by sorting
the points into cubes as wide as the distance that is looked for.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Cone", "cover_with_cones", "find_pairs", "offset_towards", "separation", "unit_vectors"]

ARCSEC = np.pi / 180 / 3600
MAX_RADIUS = 300.0
# An object that lies at exactly the radius is not to be lost to the server's rounding.
RADIUS_MARGIN = 1e-3
# Cubes are numbered along three axes in one 64-bit integer; they need not be smaller than this.
SMALLEST_CUBE = 2e-6
GRID = 9
# More neighbours than these are not tried one by one as the border of a cone.
MAX_BORDER_NEIGHBOURS = 60
STEPS = 50


class Cone(NamedTuple):
    """A cone to ask for.

    Parameters
    ----------
    ra, dec : float
        Its centre in degrees.
    radius : float
        Its radius in arcsec.
    members : `~numpy.ndarray` of int
        The positions, by their number, around which it holds everything that is looked for.
    """

    ra: float
    dec: float
    radius: float
    members: np.ndarray


def unit_vectors(ra, dec):
    """Return unit vectors.

    Parameters
    ----------
    ra, dec : float or array-like of float, shape (n,)
        Positions in degrees.

    Returns
    -------
    `~numpy.ndarray` of float, shape (n, 3)
        The vectors.
    """
    ra, dec = np.radians(np.atleast_1d(ra)), np.radians(np.atleast_1d(dec))
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=-1)


def separation(one, other):
    """Return angles between unit vectors, exact for small ones, too.

    Parameters
    ----------
    one, other : `~numpy.ndarray` of float, shapes (..., 3) that broadcast
        Unit vectors.

    Returns
    -------
    `~numpy.ndarray` of float, shape (...)
        The angles in arcsec.
    """
    chord = np.sqrt(np.sum((one - other) ** 2, axis=-1))
    return 2 * np.arcsin(np.minimum(chord / 2, 1)) / ARCSEC


def offset_towards(centre, arcsec, towards):
    """Return the point at a distance from a centre, in the direction of another point.

    Parameters
    ----------
    centre : `~numpy.ndarray` of float, shape (3,)
        A unit vector.
    arcsec : float
        The distance.
    towards : `~numpy.ndarray` of float, shape (3,)
        A unit vector.

    Returns
    -------
    `~numpy.ndarray` of float, shape (3,)
        A unit vector; if the other point is the centre, and there is no direction, that; NaN if the other point is.

    Examples
    --------
    >>> from atlasquery.crossmatch.cones import offset_towards, separation, unit_vectors
    >>> centre, towards = unit_vectors([10, 10.001], [20, 20])
    >>> print(separation(offset_towards(centre, 60.0, towards), centre).round(6))
    60.0
    """
    across = towards - (towards @ centre) * centre
    length = np.linalg.norm(across)
    if length == 0:
        return centre
    return np.cos(arcsec * ARCSEC) * centre + np.sin(arcsec * ARCSEC) * across / length


def find_pairs(one, other, reach):
    """Find all pairs of positions that are near each other.

    Parameters
    ----------
    one, other : `~numpy.ndarray` of float, shapes (n, 3) and (m, 3)
        Unit vectors.
    reach : float
        In arcsec; at this distance is near.

    Returns
    -------
    first, second : `~numpy.ndarray` of int, shape (k,)
        The numbers of each pair, sorted by the first, then by distance.
    apart : `~numpy.ndarray` of float, shape (k,)
        Their distance in arcsec.

    Examples
    --------
    >>> from atlasquery.crossmatch.cones import find_pairs, unit_vectors
    >>> here, there = unit_vectors([0.0, 10.0], [89.9999, 0.0]), unit_vectors([180.0, 200.0], [89.9999, 0.0])
    >>> first, second, apart = find_pairs(here, there, 2.0)
    >>> print(first, second, apart)
    [0] [0] [0.72]
    """
    first, second = _CubeIndex(other, reach).candidates(one)
    apart = separation(one[first], other[second])
    near = apart <= reach
    first, second, apart = first[near], second[near], apart[near]
    order = np.lexsort((apart, first))
    return first[order], second[order], apart[order]


def cover_with_cones(points, radius):
    """Choose cones that together hold everything within a radius of each of many positions.

    Positions close together share one cone: any of them lies so far inside that what is around it is in the cone, too.
    The choice begins at the southernmost position that is left, and takes the cone around it that serves most.

    Parameters
    ----------
    points : `~numpy.ndarray` of float, shape (n, 3)
        Unit vectors of the positions.
    radius : float
        In arcsec, up to 300.

    Returns
    -------
    list of Cone
        Each position is a member of exactly one.

    Examples
    --------
    >>> from atlasquery.crossmatch.cones import cover_with_cones, unit_vectors
    >>> cones = cover_with_cones(unit_vectors([359.99, 0.01, 90.0], [0.0, 0.0, -45.0]), 5.0)
    >>> [cone.members.tolist() for cone in cones]
    [[2], [0, 1]]
    """
    reach = max(MAX_RADIUS - radius - 2 * RADIUS_MARGIN, 0.0)
    cubes, left, cones = _CubeIndex(points, 2 * reach), np.ones(len(points), dtype=bool), []
    for start in np.argsort(points[:, 2], kind="stable").tolist():
        if left[start]:
            near = cubes.candidates(points[start : start + 1])[1]
            near = near[left[near] & (separation(points[near], points[start]) <= 2 * reach)]
            inside, centre = _best_cone(points[start], points[near], reach)
            members = np.sort(near[inside])
            left[members] = False
            cones.append(_cone(points, members, radius, centre))
    return cones


def _best_cone(start, near, reach):
    """Tell which of the neighbours of a position one cone with it serves, as many as can be found, and its centre."""
    if len(near) == 1:
        return np.ones(1, dtype=bool), start
    centres = np.concatenate(
        [start[None], _enclosing_centre(near)[None], _grid_centres(start, reach), _border_centres(start, near, reach)]
    )
    centres = centres[separation(centres, start) <= reach]
    inside = separation(centres[:, None], near[None]) <= reach
    most = np.argmax(inside.sum(axis=1))
    # Moved to the middle of those it has, it is smaller, and may have room for more.
    middle = _enclosing_centre(near[inside[most]])
    again = separation(middle, near) <= reach
    return (again, middle) if again[inside[most]].all() else (inside[most], centres[most])


def _tangents(point):
    """Return two unit vectors that span the plane which touches the sphere there."""
    helper = np.eye(3)[np.argmin(np.abs(point))]
    east = np.cross(helper, point)
    east /= np.linalg.norm(east)
    return east, np.cross(point, east)


def _grid_centres(start, reach):
    """Return centres on a square grid all around a position."""
    east, north = _tangents(start)
    steps = np.linspace(-1, 1, GRID) * reach * ARCSEC
    x, y = (offsets.ravel()[:, None] for offsets in np.meshgrid(steps, steps))
    return _normalized(start + x * east + y * north)


def _border_centres(start, near, reach):
    """Return the centres of the cones on whose border the position and a neighbour lie."""
    chosen = near[:: max(1, len(near) // MAX_BORDER_NEIGHBOURS)]
    half = (chosen - start) / 2
    across = np.cross(start, half)
    length = np.linalg.norm(across, axis=1)
    chosen = length > 1e-12  # not the position itself
    half, across, length = half[chosen], across[chosen], length[chosen, None]
    # A hair inside, so that rounding does not put both outside.
    rise = np.sqrt(np.maximum((reach * ARCSEC * (1 - 1e-7)) ** 2 - np.sum(half**2, axis=1), 0))[:, None]
    sides = [start + half + sign * rise * across / length for sign in (1, -1)]
    return _normalized(np.concatenate(sides))


def _enclosing_centre(points):
    """Return the centre of about the smallest circle around positions that are near each other.

    Going a little towards the farthest each time, see Badoiu & Clarkson 2003, Proc. SODA, 801.
    """
    centre = points.mean(axis=0)
    for step in range(1, STEPS):
        farthest = points[np.argmax(np.sum((points - centre) ** 2, axis=1))]
        centre = centre + (farthest - centre) / (step + 1)
    return _normalized(centre[None])[0]


def _normalized(points):
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def _cone(points, members, radius, centre):
    wide = min(radius + separation(points[members], centre).max() + RADIUS_MARGIN, MAX_RADIUS)
    ra = np.degrees(np.arctan2(centre[1], centre[0])) % 360.0
    dec = np.degrees(np.arctan2(centre[2], np.hypot(centre[0], centre[1])))
    return Cone(float(ra), float(dec), float(wide), members)


class _CubeIndex:
    """Points sorted into cubes; those near a position are in its own cube or in one of the 26 around.

    Parameters
    ----------
    points : `~numpy.ndarray` of float, shape (n, 3)
        Unit vectors.
    reach : float
        In arcsec.
    """

    def __init__(self, points, reach):
        # A little wider than the chord, so that rounding puts nobody one cube too far.
        self._width = max(2 * np.sin(reach * ARCSEC / 2) * (1 + 1e-6), SMALLEST_CUBE)
        self._side = int(2 / self._width) + 4
        keys = self._keys(self._cubes(points))
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def _cubes(self, points):
        return np.floor((points + 1) / self._width).astype(np.int64) + 1

    def _keys(self, cubes):
        return (cubes[:, 0] * self._side + cubes[:, 1]) * self._side + cubes[:, 2]

    def candidates(self, points):
        """Return the numbers of all pairs of one of these points and one of those sorted that can be near."""
        cubes, firsts, seconds = self._cubes(points), [], []
        for step in np.ndindex(3, 3, 3):
            keys = self._keys(cubes + np.array(step) - 1)
            begin = np.searchsorted(self._sorted, keys, side="left")
            count = np.searchsorted(self._sorted, keys, side="right") - begin
            firsts.append(np.repeat(np.arange(len(points)), count))
            offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            seconds.append(self._order[np.repeat(begin, count) + offset])
        return np.concatenate(firsts), np.concatenate(seconds)

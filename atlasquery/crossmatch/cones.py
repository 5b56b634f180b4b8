# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Choice of cones that cover many positions, and the match of positions: geometry on the sphere, no requests.

All positions are unit vectors, so that the poles and RA 0 are not special. Nearby points are found by sorting the
points into cubes as wide as the maximum separation.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Cone", "cover_with_cones", "find_pairs", "offset_towards", "separation", "unit_vectors"]

ARCSEC = np.pi / 180 / 3600  # in radians
MAX_RADIUS = 300.0  # arcsec, the limit of the server
# Arcsec added to radii, so that rounding by the server does not lose an object exactly at the radius.
RADIUS_MARGIN = 1e-3
# The numbers of cubes along three axes must fit one 64-bit integer; this is about 0.4 arcsec.
MIN_CUBE_WIDTH = 2e-6
N_GRID_STEPS = 9
# If a position has more neighbours, only a sample of them is tried as the border of a cone.
MAX_BORDER_NEIGHBOURS = 60
N_CENTRE_STEPS = 50


class Cone(NamedTuple):
    """A cone to search; ``members`` are the rows of the positions whose surroundings it contains."""

    ra: float  # degrees
    dec: float  # degrees
    radius: float  # arcsec
    members: np.ndarray


def unit_vectors(ra, dec):
    """Return positions in degrees as unit vectors, shape (n, 3)."""
    ra, dec = np.radians(np.atleast_1d(ra)), np.radians(np.atleast_1d(dec))
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=-1)


def separation(points, other_points):
    """Return the separations of unit vectors in arcsec; shapes (..., 3) are broadcast. Accurate for small angles."""
    chord = np.sqrt(np.sum((points - other_points) ** 2, axis=-1))
    return 2 * np.arcsin(np.minimum(chord / 2, 1)) / ARCSEC


def offset_towards(centre, arcsec, towards):
    """Return the unit vector at a separation from ``centre`` towards another point; ``centre`` if the two are equal."""
    tangent = towards - (towards @ centre) * centre
    length = np.linalg.norm(tangent)
    if length == 0:
        return centre
    return np.cos(arcsec * ARCSEC) * centre + np.sin(arcsec * ARCSEC) * tangent / length


def find_pairs(points, other_points, max_separation):
    """Find all pairs of unit vectors within a separation (inclusive) in arcsec.

    Returns the rows in ``points``, the rows in ``other_points`` and the separations in arcsec, sorted by the first,
    then by separation.
    """
    rows, other_rows = _CubeIndex(other_points, max_separation).candidates(points)
    arcsec = separation(points[rows], other_points[other_rows])
    is_pair = arcsec <= max_separation
    rows, other_rows, arcsec = rows[is_pair], other_rows[is_pair], arcsec[is_pair]
    order = np.lexsort((arcsec, rows))
    return rows[order], other_rows[order], arcsec[order]


def cover_with_cones(points, radius):
    """Return cones that contain everything within a radius of each point; each point is in exactly one.

    ``radius`` in arcsec is one number, or an array with one for each point. A greedy choice: for the southernmost point
    that is not yet covered, take the cone that covers most other points.
    """
    radii = np.broadcast_to(np.asarray(radius, dtype=float), len(points))
    max_offsets = np.maximum(MAX_RADIUS - radii - 2 * RADIUS_MARGIN, 0.0)  # of each point from the centre of its cone
    cubes = _CubeIndex(points, 2 * max_offsets.max(initial=0.0))
    is_uncovered, cones = np.ones(len(points), dtype=bool), []
    for start in np.argsort(points[:, 2], kind="stable").tolist():
        if is_uncovered[start]:
            near = cubes.candidates(points[start : start + 1])[1]
            is_near = separation(points[near], points[start]) <= max_offsets[near] + max_offsets[start]
            near = near[is_uncovered[near] & is_near]
            is_member, centre = _best_cone(points[start], points[near], max_offsets[start], max_offsets[near])
            members = np.sort(near[is_member])
            is_uncovered[members] = False
            cones.append(_make_cone(points, members, radii, centre))
    return cones


def _best_cone(start, near, max_offset, max_offsets):
    """Return which neighbours of a point are in the best cone that contains it, and the centre of that cone."""
    if len(near) == 1:
        return np.ones(1, dtype=bool), start
    grid, borders = _grid_centres(start, max_offset), _border_centres(start, near, max_offset)
    centres = np.concatenate([start[None], _enclosing_centre(near)[None], grid, borders])
    centres = centres[separation(centres, start) <= max_offset]
    is_member = separation(centres[:, None], near[None]) <= max_offsets
    best = np.argmax(is_member.sum(axis=1))
    # A cone centred on its members is smaller, and may contain more.
    centred = _enclosing_centre(near[is_member[best]])
    is_in_centred = separation(centred, near) <= max_offsets
    if is_in_centred[is_member[best]].all():
        return is_in_centred, centred
    return is_member[best], centres[best]


def _tangents(point):
    """Return two unit vectors that span the tangent plane of the sphere at a point."""
    helper = np.eye(3)[np.argmin(np.abs(point))]
    east = np.cross(helper, point)
    east /= np.linalg.norm(east)
    return east, np.cross(point, east)


def _grid_centres(start, max_offset):
    """Return centres on a square grid around a point."""
    east, north = _tangents(start)
    steps = np.linspace(-1, 1, N_GRID_STEPS) * max_offset * ARCSEC
    x, y = (offsets.ravel()[:, None] for offsets in np.meshgrid(steps, steps))
    return _normalized(start + x * east + y * north)


def _border_centres(start, near, max_offset):
    """Return the centres of the cones that have the point and one of its neighbours on their border."""
    sample = near[:: max(1, len(near) // MAX_BORDER_NEIGHBOURS)]
    half = (sample - start) / 2
    across = np.cross(start, half)
    length = np.linalg.norm(across, axis=1)
    is_other = length > 1e-12  # not the point itself
    half, across, length = half[is_other], across[is_other], length[is_other, None]
    # Slightly inside, so that rounding does not put both points outside.
    squared_rise = (max_offset * ARCSEC * (1 - 1e-7)) ** 2 - np.sum(half**2, axis=1)
    rise = np.sqrt(np.maximum(squared_rise, 0))[:, None]
    sides = [start + half + sign * rise * across / length for sign in (1, -1)]
    return _normalized(np.concatenate(sides))


def _enclosing_centre(points):
    """Return the centre of approximately the smallest circle around nearby points.

    Each step moves towards the farthest point: Badoiu & Clarkson 2003, Proc. SODA, 801.
    """
    centre = points.mean(axis=0)
    for step in range(1, N_CENTRE_STEPS):
        farthest = points[np.argmax(np.sum((points - centre) ** 2, axis=1))]
        centre = centre + (farthest - centre) / (step + 1)
    return _normalized(centre[None])[0]


def _normalized(points):
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def _make_cone(points, members, radii, centre):
    cone_radius = min((radii[members] + separation(points[members], centre)).max() + RADIUS_MARGIN, MAX_RADIUS)
    ra = np.degrees(np.arctan2(centre[1], centre[0])) % 360.0
    dec = np.degrees(np.arctan2(centre[2], np.hypot(centre[0], centre[1])))
    return Cone(float(ra), float(dec), float(cone_radius), members)


class _CubeIndex:
    """Unit vectors sorted into cubes; all points near a position are in its own cube or the 26 adjacent ones."""

    def __init__(self, points, max_separation):
        # Slightly wider than the chord, so that rounding does not put a point one cube too far.
        chord = 2 * np.sin(max_separation * ARCSEC / 2)
        self._width = max(chord * (1 + 1e-6), MIN_CUBE_WIDTH)
        self._n_per_axis = int(2 / self._width) + 4
        keys = self._keys(self._cubes(points))
        self._order = np.argsort(keys, kind="stable")
        self._sorted_keys = keys[self._order]

    def _cubes(self, points):
        return np.floor((points + 1) / self._width).astype(np.int64) + 1

    def _keys(self, cubes):
        return (cubes[:, 0] * self._n_per_axis + cubes[:, 1]) * self._n_per_axis + cubes[:, 2]

    def candidates(self, points):
        """Return the rows in ``points`` and in the index of all pairs that can be within the maximum separation."""
        cubes, rows, indexed_rows = self._cubes(points), [], []
        for step in np.ndindex(3, 3, 3):
            keys = self._keys(cubes + np.array(step) - 1)
            begin = np.searchsorted(self._sorted_keys, keys, side="left")
            count = np.searchsorted(self._sorted_keys, keys, side="right") - begin
            rows.append(np.repeat(np.arange(len(points)), count))
            offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            indexed_rows.append(self._order[np.repeat(begin, count) + offset])
        return np.concatenate(rows), np.concatenate(indexed_rows)

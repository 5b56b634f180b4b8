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
N_DIRECTIONS = 64  # in which the outermost of many points are found
_ANGLES = np.linspace(0, 2 * np.pi, N_DIRECTIONS, endpoint=False)
DIRECTIONS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
MAX_CANDIDATES = 20_000  # pairs of points that are compared in one step


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
    is_uncovered, cones, single_cones = np.ones(len(points), dtype=bool), [], _SingleCones(points, radii)
    for start, near in _uncovered_neighbours(points, max_offsets, is_uncovered):
        if len(near) == 1:
            is_uncovered[start] = False
            cones.append(single_cones.make(start))
            continue
        is_member, centre = _best_cone(points[start], points[near], max_offsets[start], max_offsets[near])
        members = np.sort(near[is_member])
        is_uncovered[members] = False
        cones.append(_make_cone(points, members, radii, centre))
    return cones


def _uncovered_neighbours(points, max_offsets, is_uncovered):
    """Yield each point that is not yet covered, from the south, and the uncovered points that can share its cone.

    ``is_uncovered`` changes in the meantime. Neighbours are found for many points in one step, as a step of numpy takes
    longer than its work on a few points.
    """
    cubes = _CubeIndex(points, 2 * max_offsets.max(initial=0.0))
    order = np.argsort(points[:, 2], kind="stable")
    n_candidates = cubes.count_candidates(points)
    for block in _blocks(order, n_candidates, is_uncovered):
        n_starts = len(block)
        rows, near = cubes.candidates(points[block])
        rows, near = rows[is_uncovered[near]], near[is_uncovered[near]]
        starts = block[rows]
        is_near = separation(points[near], points[starts]) <= max_offsets[near] + max_offsets[starts]
        rows, near = rows[is_near], near[is_near]
        near = near[np.argsort(rows, kind="stable")]
        ends = np.cumsum(np.bincount(rows, minlength=n_starts))
        for start, begin, end in zip(block.tolist(), [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            if is_uncovered[start]:
                neighbours = near[begin:end]
                yield start, neighbours[is_uncovered[neighbours]]


def _blocks(order, n_candidates, is_uncovered):
    """Yield the points that are not yet covered, in an order, in blocks of a limited number of candidates."""
    for begin in range(0, len(order), MAX_CANDIDATES):
        part = order[begin : begin + MAX_CANDIDATES]
        while len(part := part[is_uncovered[part]]):
            n_starts = max(1, int(np.searchsorted(np.cumsum(n_candidates[part]), MAX_CANDIDATES)))
            yield part[:n_starts]
            part = part[n_starts:]


def _best_cone(start, near, max_offset, max_offsets):
    """Return which neighbours of a point are in the best cone that contains it, and the centre of that cone."""
    enclosing = _enclosing_centre(near)
    if (separation(enclosing, near) <= max_offsets).all():  # none can have more
        return np.ones(len(near), dtype=bool), enclosing
    grid, borders = _grid_centres(start, max_offset), _border_centres(start, near, max_offset)
    centres = np.concatenate([start[None], enclosing[None], grid, borders])
    centres = centres[separation(centres, start) <= max_offset]
    is_member = _are_within(centres - start, near - start, max_offsets)
    best = np.argmax(is_member.sum(axis=1))
    # Exactly, as the sums above are rounded. A cone centred on its members is smaller, and may contain more.
    is_best = separation(centres[best], near) <= max_offsets
    centred = _enclosing_centre(near[is_best])
    is_in_centred = separation(centred, near) <= max_offsets
    if is_in_centred[is_best].all():
        return is_in_centred, centred
    return is_best, centres[best]


def _are_within(offsets, other_offsets, max_separations):
    """Return which of many small offsets from a point are within a separation of which others, shape (n, m).

    It is one product of matrices, and ten times as fast as `separation`; rounding is below a microarcsecond.
    """
    squared = np.sum(offsets**2, axis=1)[:, None] + np.sum(other_offsets**2, axis=1) - 2 * offsets @ other_offsets.T
    return squared <= (2 * np.sin(max_separations * ARCSEC / 2)) ** 2


def _tangents(point):
    """Return two unit vectors that span the tangent plane of the sphere at a point."""
    helper = np.eye(3)[np.argmin(np.abs(point))]
    east = _cross(helper, point)
    east /= np.linalg.norm(east)
    return east, _cross(point, east)


def _cross(a, b):
    """Return the vector product of two vectors; `numpy.cross` takes ten times as long."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


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
    mean = points.mean(axis=0)
    offsets, centre = _outermost(points - mean, mean), np.zeros(3)
    squares = np.sum(offsets**2, axis=1)
    for step in range(1, N_CENTRE_STEPS if len(points) > 2 else 1):
        farthest = offsets[(squares - offsets @ (2 * centre)).argmax()]
        centre = centre + (farthest - centre) / (step + 1)
    return _normalized((mean + centre)[None])[0]


def _outermost(offsets, point):
    """Return those of many small offsets from a point that are the outermost in one of many directions."""
    if len(offsets) <= N_DIRECTIONS:
        return offsets
    directions = DIRECTIONS @ np.array(_tangents(point))
    return offsets[np.unique(np.argmax(offsets @ directions.T, axis=0))]


def _normalized(points):
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def _make_cone(points, members, radii, centre):
    cone_radius = min((radii[members] + separation(points[members], centre)).max() + RADIUS_MARGIN, MAX_RADIUS)
    ra = np.degrees(np.arctan2(centre[1], centre[0])) % 360.0
    dec = np.degrees(np.arctan2(centre[2], np.hypot(centre[0], centre[1])))
    return Cone(float(ra), float(dec), float(cone_radius), members)


class _SingleCones:
    """Cones of single points, which are the centres."""

    def __init__(self, points, radii):
        self._ra = np.degrees(np.arctan2(points[:, 1], points[:, 0])) % 360.0
        self._dec = np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1])))
        self._radius = np.minimum(radii + RADIUS_MARGIN, MAX_RADIUS)
        self._rows = np.arange(len(points))

    def make(self, row):
        """Return the cone of a point."""
        ra, dec, radius = self._ra[row], self._dec[row], self._radius[row]
        return Cone(float(ra), float(dec), float(radius), self._rows[row : row + 1])


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

    def _ranges(self, points):
        """Yield the first index and the number of the sorted points in each row of three cubes around each point."""
        cubes = self._cubes(points)
        # Many points are in one cube, whose ranges are found once.
        _, distinct, number = np.unique(self._keys(cubes), return_index=True, return_inverse=True)
        cubes = cubes[distinct]
        # Cubes that follow each other along the last axis are one range of the sorted keys.
        for x, y in np.ndindex(3, 3):
            first = self._keys(cubes + np.array([x - 1, y - 1, -1]))
            begin = np.searchsorted(self._sorted_keys, first, side="left")
            count = np.searchsorted(self._sorted_keys, first + 2, side="right") - begin
            yield begin[number], count[number]

    def count_candidates(self, points):
        """Return the number of candidates of each point."""
        return sum(count for _, count in self._ranges(points))

    def candidates(self, points):
        """Return the rows in ``points`` and in the index of all pairs that can be within the maximum separation."""
        rows, indexed_rows = [], []
        for begin, count in self._ranges(points):
            rows.append(np.repeat(np.arange(len(points)), count))
            offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            indexed_rows.append(self._order[np.repeat(begin, count) + offset])
        return np.concatenate(rows), np.concatenate(indexed_rows)

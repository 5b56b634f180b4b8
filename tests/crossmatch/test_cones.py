# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Choice of cones and match of positions: correct everywhere on the sphere, with few cones."""

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from hypothesis import given, settings
from hypothesis import strategies as st

from atlasquery.crossmatch.cones import cover_with_cones, find_pairs, offset_towards, separation, unit_vectors

POSITIONS = [(10.0, 20.0), (0.0, 0.0), (359.999, -30.0), (123.0, 90.0), (45.0, -89.99), (180.0, 60.0)]


def points_near(rng, ra, dec, n, arcsec):
    """Return unit vectors within a separation of a position."""
    centre = unit_vectors(ra, dec)[0]
    offset = rng.normal(size=(n, 3))
    offset -= offset @ centre[:, None] * centre
    offset *= (np.radians(arcsec / 3600) * np.sqrt(rng.random(n)) / np.linalg.norm(offset, axis=1))[:, None]
    points = centre + offset
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def random_points(rng, n):
    points = rng.normal(size=(n, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def assert_is_cover(points, radius, cones):
    """Assert that each point is in exactly one cone, and that no cone is too large."""
    members = np.concatenate([cone.members for cone in cones])
    assert sorted(members.tolist()) == list(range(len(points)))
    for cone in cones:
        assert 0 <= cone.ra < 360
        assert cone.radius <= 300
        farthest = separation(points[cone.members], unit_vectors(cone.ra, cone.dec)[0]).max()
        assert farthest + radius <= cone.radius + 1e-9 or (radius > 299.99 and farthest < 0.01)


@pytest.mark.parametrize("radius", [0.5, 2.0, 60.0, 150.0, 299.0, 300.0])
@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("width", [100, 290, 1000])
def test_cover_with_cones(radius, position, width):
    points = points_near(np.random.default_rng(1), *position, 100, width)
    assert_is_cover(points, radius, cover_with_cones(points, radius))


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 40), st.floats(0.01, 300), st.floats(0.1, 3000))
def test_cover_of_random_positions(seed, n, radius, width):
    rng = np.random.default_rng(seed)
    points = np.concatenate([points_near(rng, *POSITIONS[seed % len(POSITIONS)], n, width), random_points(rng, 3)])
    assert_is_cover(points, radius, cover_with_cones(points, radius))


@pytest.mark.parametrize("position", POSITIONS)
def test_a_small_field_is_one_cone(position):
    points = points_near(np.random.default_rng(2), *position, 200, 240)
    assert len(cover_with_cones(points, 10.0)) == 1


def test_isolated_positions_have_a_minimal_cone_each():
    points = unit_vectors([10.0, 50.0, 200.0], [0.0, 40.0, -70.0])
    cones = cover_with_cones(points, 5.0)
    assert len(cones) == 3
    assert all(cone.radius == pytest.approx(5.001) for cone in cones)


def test_repeated_positions_are_one_cone_at_the_maximum_radius():
    assert len(cover_with_cones(unit_vectors([10.0] * 5, [20.0] * 5), 300.0)) == 1


def test_the_number_of_cones_of_a_wide_field():
    points = points_near(np.random.default_rng(3), 10, 20, 5000, 1800)
    assert len(cover_with_cones(points, 5.0)) < 2.2 * (1800 / 295) ** 2


@pytest.mark.parametrize("max_separation", [0.001, 1.0, 30.0, 300.0])
def test_pairs_equal_brute_force(max_separation):
    rng = np.random.default_rng(4)
    clusters = [points_near(rng, *position, 60, 3 * max_separation) for position in POSITIONS]
    points = np.concatenate([*clusters, random_points(rng, 200)])
    others = np.concatenate(
        [*(points_near(rng, *position, 50, 3 * max_separation) for position in POSITIONS), random_points(rng, 300)]
    )
    rows, other_rows, arcsec = find_pairs(points, others, max_separation)
    all_separations = separation(points[:, None], others[None])
    expected = set(zip(*(part.tolist() for part in np.nonzero(all_separations <= max_separation)), strict=True))
    assert set(zip(rows.tolist(), other_rows.tolist(), strict=True)) == expected
    assert len(rows) == len(expected) > 100
    assert (arcsec == all_separations[rows, other_rows]).all()
    assert (np.diff(rows) >= 0).all()
    assert (np.diff(arcsec)[np.diff(rows) == 0] >= 0).all()


def test_separations_equal_those_of_astropy():
    rng = np.random.default_rng(5)
    ra, dec = rng.uniform(0, 360, 200), rng.uniform(-90, 90, 200)
    points, others = SkyCoord(ra, dec, unit="deg"), SkyCoord(ra + 1e-3, dec[::-1], unit="deg")
    computed = separation(unit_vectors(ra, dec), unit_vectors(ra + 1e-3, dec[::-1]))
    assert np.allclose(computed, points.separation(others).arcsec, rtol=1e-9, atol=1e-6)


def test_offset_towards():
    centre, towards = unit_vectors([10, 10.001], [20, 20])
    assert separation(offset_towards(centre, 60.0, towards), centre) == pytest.approx(60)
    assert (offset_towards(centre, 60.0, centre) == centre).all()


def test_pairs_across_the_pole():
    points, others = unit_vectors([0.0, 10.0], [89.9999, 0.0]), unit_vectors([180.0, 200.0], [89.9999, 0.0])
    rows, other_rows, arcsec = find_pairs(points, others, 2.0)
    assert (rows.tolist(), other_rows.tolist(), arcsec.tolist()) == ([0], [0], [pytest.approx(0.72)])


def test_members_across_ra_0():
    cones = cover_with_cones(unit_vectors([359.99, 0.01, 90.0], [0.0, 0.0, -45.0]), 5.0)
    assert [cone.members.tolist() for cone in cones] == [[2], [0, 1]]


def test_no_points_have_no_pairs():
    assert [len(part) for part in find_pairs(np.empty((0, 3)), np.empty((0, 3)), 10.0)] == [0, 0, 0]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The cover of cones and the local match: right everywhere on the sphere, and economical."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlasquery.crossmatch.cones import cover_with_cones, find_pairs, separation, unit_vectors

PLACES = [(10.0, 20.0), (0.0, 0.0), (359.999, -30.0), (123.0, 90.0), (45.0, -89.99), (180.0, 60.0)]


def around(rng, ra, dec, n, arcsec):
    """Positions within so many arcsec of a place, as unit vectors."""
    centre = unit_vectors(ra, dec)[0]
    offset = rng.normal(size=(n, 3))
    offset -= offset @ centre[:, None] * centre
    offset *= (np.radians(arcsec / 3600) * np.sqrt(rng.random(n)) / np.linalg.norm(offset, axis=1))[:, None]
    points = centre + offset
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def scattered(rng, n):
    points = rng.normal(size=(n, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def check(points, radius, cones):
    """Every position is served by exactly one cone, none of which is too wide."""
    members = np.concatenate([cone.members for cone in cones])
    assert sorted(members.tolist()) == list(range(len(points)))
    for cone in cones:
        assert 0 <= cone.ra < 360
        assert cone.radius <= 300
        farthest = separation(points[cone.members], unit_vectors(cone.ra, cone.dec)[0]).max()
        assert farthest + radius <= cone.radius + 1e-9 or (radius > 299.99 and farthest < 0.01)


@pytest.mark.parametrize("radius", [0.5, 2.0, 60.0, 150.0, 299.0, 300.0])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [100, 290, 1000])
def test_the_cover_is_one(radius, place, width):
    points = around(np.random.default_rng(1), *place, 100, width)
    check(points, radius, cover_with_cones(points, radius))


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 40), st.floats(0.01, 300), st.floats(0.1, 3000))
def test_the_cover_is_one_for_any_positions(seed, n, radius, width):
    rng = np.random.default_rng(seed)
    points = np.concatenate([around(rng, *PLACES[seed % len(PLACES)], n, width), scattered(rng, 3)])
    check(points, radius, cover_with_cones(points, radius))


@pytest.mark.parametrize("place", PLACES)
def test_a_field_that_fits_is_one_cone(place):
    points = around(np.random.default_rng(2), *place, 200, 240)
    assert len(cover_with_cones(points, 10.0)) == 1


def test_scattered_positions_are_a_cone_each_no_wider_than_needed():
    points = unit_vectors([10.0, 50.0, 200.0], [0.0, 40.0, -70.0])
    cones = cover_with_cones(points, 5.0)
    assert len(cones) == 3
    assert all(cone.radius == pytest.approx(5.001) for cone in cones)


def test_repeated_positions_are_one_cone_even_at_the_largest_radius():
    assert len(cover_with_cones(unit_vectors([10.0] * 5, [20.0] * 5), 300.0)) == 1


def test_a_wide_field_takes_not_many_more_cones_than_its_area():
    points = around(np.random.default_rng(3), 10, 20, 5000, 1800)
    assert len(cover_with_cones(points, 5.0)) < 2.2 * (1800 / 295) ** 2


@pytest.mark.parametrize("reach", [0.001, 1.0, 30.0, 300.0])
def test_pairs_against_brute_force(reach):
    rng = np.random.default_rng(4)
    clumps = [around(rng, *place, 60, 3 * reach) for place in PLACES]
    one = np.concatenate([*clumps, scattered(rng, 200)])
    other = np.concatenate([*(around(rng, *place, 50, 3 * reach) for place in PLACES), scattered(rng, 300)])
    first, second, apart = find_pairs(one, other, reach)
    every = separation(one[:, None], other[None])
    expected = set(zip(*(part.tolist() for part in np.nonzero(every <= reach)), strict=True))
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == expected
    assert len(first) == len(expected) > 100
    assert (apart == every[first, second]).all()
    assert (np.diff(first) >= 0).all()
    assert (np.diff(apart)[np.diff(first) == 0] >= 0).all()


def test_separations_are_astropys():
    from astropy.coordinates import SkyCoord

    rng = np.random.default_rng(5)
    ra, dec = rng.uniform(0, 360, 200), rng.uniform(-90, 90, 200)
    one, other = SkyCoord(ra, dec, unit="deg"), SkyCoord(ra + 1e-3, dec[::-1], unit="deg")
    ours = separation(unit_vectors(ra, dec), unit_vectors(ra + 1e-3, dec[::-1]))
    assert np.allclose(ours, one.separation(other).arcsec, rtol=1e-9, atol=1e-6)


def test_nothing_has_no_pairs():
    assert [len(part) for part in find_pairs(np.empty((0, 3)), np.empty((0, 3)), 10.0)] == [0, 0, 0]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions of coordinates: which are missing, and what is said of them."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery.crossmatch.positions import read_positions
from atlasquery.exceptions import InvalidQueryError


@pytest.mark.parametrize(
    ("coordinates", "rows"),
    [
        (SkyCoord(np.nan, 1, unit="deg"), [0]),
        (SkyCoord([1, 2, np.nan], [3, np.nan, 4], unit="deg"), [1, 2]),
        (SkyCoord(Masked([1.0, 2.0], [False, True]) * u.deg, [3, 4] * u.deg), [1]),
    ],
)
def test_missing_positions_are_named(coordinates, rows):
    positions = read_positions(coordinates)
    assert np.flatnonzero(positions.is_missing).tolist() == rows
    with pytest.raises(InvalidQueryError, match=rf"{len(rows)} bad of {len(positions)}: row {rows[0]} \(no position\)"):
        positions.check_rows("coordinates", allow_missing=False)
    positions.check_rows("coordinates", allow_missing=True)


def test_a_unit_of_coordinates_is_an_error():
    with pytest.raises(InvalidQueryError, match="`unit` must not be given for coordinates"):
        read_positions(SkyCoord(1, 2, unit="deg"), "deg")


def test_proper_motion_of_coordinates():
    star = SkyCoord(1 * u.deg, 2 * u.deg, pm_ra_cosdec=3 * u.arcsec / u.yr, pm_dec=4 * u.arcsec / u.yr, obstime="J2016")
    motion = read_positions(star).motion
    assert (*motion.ra_cosdec, *motion.dec) == pytest.approx((3000.0, 4000.0))
    assert motion.epoch == pytest.approx([2016.0])
    assert read_positions(SkyCoord(1, 2, unit="deg")).motion is None


def test_motion_equals_that_of_astropy():
    rng = np.random.default_rng(2)
    ra, dec = rng.uniform(0, 360, 50), np.degrees(np.arcsin(rng.uniform(-0.999, 0.999, 50)))
    star = SkyCoord(
        ra * u.deg, dec * u.deg, distance=10 * u.pc, pm_ra_cosdec=rng.normal(0, 3000, 50) * u.mas / u.yr,
        pm_dec=rng.normal(0, 3000, 50) * u.mas / u.yr, obstime=Time("J2000"),
    )  # fmt: skip
    moved = read_positions(star).at_epoch(2026.0).coordinates
    expected = SkyCoord(star.apply_space_motion(new_obstime=Time("J2026"))).icrs
    # The rest is the light-travel time and the distance of astropy's space motion.
    assert moved.separation(SkyCoord(expected.ra, expected.dec)).max() < 0.01 * u.arcsec

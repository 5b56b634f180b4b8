# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sun, Moon and sidereal time compared with astropy."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import GCRS, SkyCoord, get_body
from astropy.time import Time

from atlasquery.sandbox.sky import almanac

TIMES = np.linspace(57500.0, 59500.0, 40)


@pytest.fixture(scope="module")
def times():
    return Time(TIMES, format="mjd", scale="tdb")


def _max_separation(expected, position):
    """Return the largest separation [deg] from positions of astropy."""
    return SkyCoord(expected.ra, expected.dec).separation(SkyCoord(*position, unit="deg")).to_value(u.deg).max()


def test_sun_position_agrees_with_astropy(times):
    # The difference includes precession since J2000: the formulas are for the equinox of date.
    assert _max_separation(get_body("sun", times).transform_to(GCRS(obstime=times)), almanac.sun_position(TIMES)) < 0.35


def test_moon_position_agrees_with_astropy(times):
    assert (
        _max_separation(get_body("moon", times).transform_to(GCRS(obstime=times)), almanac.moon_position(TIMES)[:2])
        < 1.0
    )


def test_moon_age_is_zero_at_new_moon():
    new_moon = Time("2018-06-13T19:43").mjd
    assert abs(almanac.moon_position(new_moon)[3]) < 0.3
    assert almanac.moon_position(new_moon)[2] < 0.01


def test_separation_across_the_pole_and_to_the_antipode():
    assert almanac.separation(10.0, 89.0, 190.0, 89.0) == pytest.approx(2.0)
    assert almanac.separation(0.0, 0.0, 180.0, 0.0) == pytest.approx(180.0)


def test_sidereal_time_gains_one_turn_a_year():
    turns = (almanac.sidereal_time(59000.0 + 365.2422, 0.0) - almanac.sidereal_time(59000.0, 0.0)) % 360.0
    assert turns == pytest.approx(0.2422 * 360.0, abs=0.1)

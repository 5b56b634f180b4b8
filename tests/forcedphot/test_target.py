# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Targets and options: what the server takes, and what it would swallow."""

from types import SimpleNamespace

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.time import Time

from atlasquery.exceptions import InvalidQueryError
from atlasquery.forcedphot.target import ForcedOptions, check_options, check_target


@pytest.mark.parametrize(
    "coordinates",
    [
        SkyCoord(244.0009, 22.268, unit="deg"),
        SkyCoord(244.0009, 22.268, unit="deg").galactic,
        SkyCoord(244.0009, 22.268, unit="deg").transform_to("fk4"),
        "244.0009d 22.268d",
        SimpleNamespace(coord=SkyCoord(244.0009, 22.268, unit="deg")),
    ],
    ids=["icrs", "galactic", "fk4", "text", "with coord"],
)
def test_positions_are_icrs_degrees(coordinates):
    target = check_target(coordinates)
    assert np.allclose([target.ra, target.dec], [244.0009, 22.268], rtol=0, atol=1e-6)
    assert target.payload == {"ra": target.ra, "dec": target.dec}


def test_ra_0_and_dec_0_are_positions_that_older_servers_accept():
    assert check_target(SkyCoord(360, 0, unit="deg")).payload == {"ra": 360.0, "dec": 1e-9}


def test_proper_motion_and_epoch():
    star = SkyCoord(
        10 * u.deg, 60 * u.deg, pm_ra_cosdec=1000 * u.mas / u.yr, pm_dec=-500 * u.mas / u.yr, obstime=Time("J2015.96")
    )
    payload = check_target(star).payload
    assert (payload["propermotion_ra"], payload["propermotion_dec"], payload["radec_epoch_year"]) == (
        1000,
        -500,
        2016.0,
    )
    moved = SkyCoord(payload["ra"], payload["dec"], unit="deg")
    expected = SkyCoord(10 * u.deg, 60 * u.deg).spherical_offsets_by(1000 * 0.04 * u.mas, -500 * 0.04 * u.mas)
    assert moved.separation(expected) < 0.1 * u.mas
    with pytest.raises(InvalidQueryError, match="must have an epoch"):
        check_target(SkyCoord(10 * u.deg, 60 * u.deg, pm_ra_cosdec=1 * u.mas / u.yr, pm_dec=0 * u.mas / u.yr))


@pytest.mark.parametrize("name", ["(12267)", " K22W01O ", "Makemake"])
def test_moving_objects(name):
    assert check_target(mpc=name).payload == {"mpc_name": name.strip()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "got neither"),
        ({"coordinates": "10d 10d", "mpc": "(1)"}, "got both"),
        ({"mpc": "x'; ls"}, "without quotes"),
        ({"mpc": ""}, "1 to 300 characters"),
        ({"mpc": "x" * 301}, "1 to 300 characters"),
        ({"mpc": 12267}, "must be a string"),
        ({"coordinates": SkyCoord([1, 2], [3, 4], unit="deg")}, "single position, got 2"),
        ({"coordinates": SkyCoord(np.nan, 4, unit="deg")}, "must be finite"),
        ({"coordinates": (10, 10)}, "coordinates"),
    ],
)
def test_targets_that_are_refused(arguments, message):
    with pytest.raises(InvalidQueryError, match=message):
        check_target(**arguments)


def test_the_whole_archive_is_the_default():
    assert check_options().payload == {"mjd_min": None, "mjd_max": None, "use_reduced": False}


@pytest.mark.parametrize("start", ["2019-01-01", Time(58484.0, format="mjd")])
def test_times_are_mjds(start):
    assert check_options(start, "2019-02-01", "reduced") == ForcedOptions(58484.0, 58515.0, "reduced")


@pytest.mark.parametrize(
    "arguments",
    [
        {"start": 58484.0},
        {"start": "2019-02-01", "end": "2019-01-01"},
        {"start": "2019-02-01", "end": "2019-02-01"},
        {"end": "soon"},
        {"images": "diff"},
        {"images": None},
    ],
)
def test_options_that_are_refused(arguments):
    with pytest.raises(InvalidQueryError):
        check_options(**arguments)

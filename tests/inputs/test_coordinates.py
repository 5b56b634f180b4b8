# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What a user writes is checked before a request is spent."""

import warnings
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import FK5, ICRS, AltAz, Angle, Galactic, Latitude, SkyCoord
from astropy.time import Time, TimeDelta
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.coordinates import icrs_coordinates, radius_arcsec
from atlasquery.inputs.times import since_mjd


@pytest.mark.parametrize(
    ("radius", "arcsec"),
    [
        (10 * u.arcsec, 10),
        (1 * u.arcmin, 60),
        (5 * u.arcmin, 300),
        (300 / 3600 * u.deg, 300),
        (np.deg2rad(1 / 60) * u.rad, 60),
        ("1 arcmin", 60),
        ("10 arcsec", 10),
        ("0d0m10s", 10),
        (Angle("0.01d"), 36),
        (Latitude(10 * u.arcsec), 10),
        (np.float32(2) * u.arcsec, 2),
    ],
)
def test_radius(radius, arcsec):
    assert radius_arcsec(radius) == pytest.approx(arcsec, rel=1e-12)
    assert radius_arcsec(radius) <= 300


@pytest.mark.parametrize("radius", [10, 10.0, "10", None, True, [10], 3 * u.m, 3 * u.one, "wide", "", (10, "arcsec")])
def test_a_radius_without_an_angular_unit(radius):
    with pytest.raises(InvalidQueryTypeError, match="angle with a unit"):
        radius_arcsec(radius)


@pytest.mark.parametrize("arcsec", [0, -1, 300.001, 301, np.nan, np.inf])
def test_a_radius_out_of_range(arcsec):
    with pytest.raises(InvalidQueryError, match="above 0, up to 300 arcsec"):
        radius_arcsec(arcsec * u.arcsec)


def test_an_array_of_radii():
    with pytest.raises(InvalidQueryError, match="One radius"):
        radius_arcsec([1, 2] * u.arcsec)


@pytest.mark.parametrize(
    "coordinates",
    [
        SkyCoord(266.4, -28.9, unit="deg"),
        SkyCoord(266.4, -28.9, unit="deg").galactic,
        SkyCoord(266.4, -28.9, unit="deg").transform_to(FK5(equinox="J1975")),
        SkyCoord(266.4, -28.9, unit="deg").barycentrictrueecliptic,
        SkyCoord(266.4, -28.9, 1, unit=("deg", "deg", "kpc")),
        ICRS(266.4 * u.deg, -28.9 * u.deg),
        ICRS(266.4 * u.deg, -28.9 * u.deg).transform_to(Galactic()),
        SkyCoord(SkyCoord(266.4, -28.9, 2, unit=("deg", "deg", "kpc")), representation_type="cartesian"),
        SkyCoord(SkyCoord(266.4, -28.9, 2, unit=("deg", "deg", "kpc")).galactic, representation_type="cylindrical"),
        "266.4d -28.9d",
        "17h45m36s -28d54m00s",
    ],
)
def test_any_frame_becomes_icrs(coordinates):
    icrs = icrs_coordinates(coordinates)
    assert icrs.frame.name == "icrs"
    assert icrs.isscalar
    assert icrs.separation(SkyCoord(266.4, -28.9, unit="deg")) < 1e-6 * u.arcsec


def test_a_vector_of_x_y_and_z():
    icrs = icrs_coordinates(SkyCoord(x=[1, 0], y=[0, 1], z=[0, 1], unit="kpc", representation_type="cartesian"))
    assert np.allclose(icrs.ra.deg, [0, 90])
    assert np.allclose(icrs.dec.deg, [0, 45])


def test_a_long_repr_is_not_in_the_message():
    for check in (icrs_coordinates, radius_arcsec, since_mjd):
        with pytest.raises(InvalidQueryTypeError, match="not list") as caught:
            check(list(range(10000)))
        assert len(str(caught.value)) < 400


def test_a_vector_stays_a_vector():
    assert icrs_coordinates(SkyCoord([1, 2], [3, 4], unit="deg")).shape == (2,)
    assert icrs_coordinates(SkyCoord([1], [3], unit="deg")).shape == (1,)


@pytest.mark.parametrize("coordinates", [(266.4, -28.9), [266.4, -28.9], 266.4, None, 266.4 * u.deg, np.array([1, 2])])
def test_coordinates_of_a_wrong_type(coordinates):
    with pytest.raises(InvalidQueryTypeError, match="Coordinates are a SkyCoord"):
        icrs_coordinates(coordinates)


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        (SkyCoord([], [], unit="deg"), "empty"),
        (SkyCoord(np.nan, 1, unit="deg"), "1 of 1 positions are not finite"),
        (SkyCoord([1, 2, np.nan], [3, np.nan, 4], unit="deg"), r"2 of 3 positions.*number 1 \(from 0\)"),
        (SkyCoord(Masked([1.0, 2.0], [False, True]) * u.deg, [3, 4] * u.deg), "1 of 2 positions"),
        (SkyCoord(np.ones((2, 2)), np.ones((2, 2)), unit="deg"), "one dimension"),
        (ICRS(), "hold no position"),
        (AltAz(), "hold no position"),
        (SkyCoord(x=0, y=0, z=0, unit="kpc", representation_type="cartesian"), "no direction"),
        (SkyCoord(10 * u.deg, 45 * u.deg, frame="altaz"), "cannot be transformed"),
        ("M 31", "names are not resolved here"),
        ("244.0 22.2", "Give units"),
        ("", "not a position"),
    ],
)
def test_coordinates_that_cannot_be_asked_for(coordinates, message):
    with pytest.raises(InvalidQueryError, match=message):
        icrs_coordinates(coordinates)


@pytest.mark.parametrize(
    "since",
    [
        Time(58285.5, format="mjd"),
        Time(58285.5, format="mjd", scale="utc").tdb,
        Time("2018-06-16T12:00:00"),
        "2018-06-16T12:00:00",
        "2018-06-16 12:00:00",
        "2018-06-16T12:00:00Z",
        "2018-06-16T14:00:00+02:00",
        datetime(2018, 6, 16, 12),
        datetime(2018, 6, 16, 12, tzinfo=UTC),
        datetime(2018, 6, 16, 14, tzinfo=timezone(timedelta(hours=2))),
        np.datetime64("2018-06-16T12:00"),
        np.datetime64("2018-06-16T12:00", "ns"),
    ],
)
def test_since_in_its_forms(since):
    assert since_mjd(since) == pytest.approx(58285.5, abs=1e-9)


def test_since_a_date_alone_is_its_midnight_in_utc():
    for since in ("2018-06-16", date(2018, 6, 16), np.datetime64("2018-06-16")):
        assert since_mjd(since) == 58285.0


@pytest.mark.parametrize("since", ["2050-01-01", Time("2050-01-01T00:00:00", scale="tai"), 100 * u.yr])
def test_since_where_leap_seconds_are_not_known_does_not_warn(since):
    assert abs(since_mjd(since) - 61345) > 5000


def test_since_none_is_everything():
    assert since_mjd(None) is None


@pytest.mark.parametrize(
    "since", [30 * u.day, 1 * u.hour, TimeDelta(30, format="jd"), TimeDelta(30 * u.day), timedelta(days=30)]
)
def test_a_duration_looks_back_from_now(since):
    expected = (Time.now() - since).utc.mjd
    assert since_mjd(since) == pytest.approx(expected, abs=1e-4)


def test_a_duration_of_numpy_looks_back_from_now():
    assert since_mjd(np.timedelta64(36, "h")) == pytest.approx(Time.now().utc.mjd - 1.5, abs=1e-4)


@pytest.mark.parametrize("since", [58285.5, 58285, np.float64(58285.5), True, [1], object()])
def test_since_of_a_wrong_type(since):
    with pytest.raises(InvalidQueryTypeError, match="since= is a Time"):
        since_mjd(since)


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("last week", "ISO 8601"),
        ("58285.5", "ISO 8601"),
        ("", "ISO 8601"),
        (-30 * u.day, "one positive duration"),
        (0 * u.day, "one positive duration"),
        (np.nan * u.day, "one positive duration"),
        ([1, 2] * u.day, "one positive duration"),
        (3 * u.m, "not a duration"),
        (timedelta(days=-30), "one positive duration"),
        (np.timedelta64("NaT", "D"), "one positive duration"),
        (np.timedelta64(3, "Y"), "not a duration"),
        (np.datetime64("NaT", "D"), "not a finite moment"),
        (1e9 * u.yr, "not a moment in UTC"),
        (Time(58285, format="mjd", scale="local"), "not a moment in UTC"),
        (Time([58285, 58286], format="mjd"), "one moment"),
        (Time(Masked(58285.0, mask=True), format="mjd"), "not a finite moment"),
    ],
)
def test_since_that_means_nothing(since, message):
    with pytest.raises(InvalidQueryError, match=message):
        since_mjd(since)


def test_a_span_without_a_unit():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of newer numpy, in which there will be none some day
        span = np.timedelta64(3)
        with pytest.raises(InvalidQueryError, match="no unit"):
            since_mjd(span)

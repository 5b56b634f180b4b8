# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of coordinates and radii."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import FK5, ICRS, AltAz, Angle, Galactic, Latitude, SkyCoord
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.coordinates import icrs_coordinates, radius_arcsec
from atlasquery.inputs.times import check_since


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
def test_radius_in_arcsec(radius, arcsec):
    assert radius_arcsec(radius) == pytest.approx(arcsec, rel=1e-12)
    assert radius_arcsec(radius) <= 300


@pytest.mark.parametrize("radius", [10, 10.0, "10", None, True, [10], 3 * u.m, 3 * u.one, "wide", "", (10, "arcsec")])
def test_a_radius_without_an_angular_unit(radius):
    with pytest.raises(InvalidQueryTypeError, match=r"radius.*got"):
        radius_arcsec(radius)


@pytest.mark.parametrize("arcsec", [0, -1, 300.001, 301, np.nan, np.inf])
def test_a_radius_out_of_range(arcsec):
    with pytest.raises(InvalidQueryError, match="radius"):
        radius_arcsec(arcsec * u.arcsec)


def test_an_array_of_radii():
    with pytest.raises(InvalidQueryError, match=r"radius.*shape \(2,\)"):
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


def test_a_vector_of_cartesian_coordinates():
    icrs = icrs_coordinates(SkyCoord(x=[1, 0], y=[0, 1], z=[0, 1], unit="kpc", representation_type="cartesian"))
    assert np.allclose(icrs.ra.deg, [0, 90])
    assert np.allclose(icrs.dec.deg, [0, 45])


def test_a_long_value_is_shortened_in_the_message():
    for check in (icrs_coordinates, radius_arcsec, check_since):
        with pytest.raises(InvalidQueryTypeError, match="got list") as caught:
            check(list(range(10000)))
        assert len(str(caught.value)) < 400


def test_a_vector_stays_a_vector():
    assert icrs_coordinates(SkyCoord([1, 2], [3, 4], unit="deg")).shape == (2,)
    assert icrs_coordinates(SkyCoord([1], [3], unit="deg")).shape == (1,)


@pytest.mark.parametrize("coordinates", [(266.4, -28.9), [266.4, -28.9], 266.4, None, 266.4 * u.deg, np.array([1, 2])])
def test_coordinates_of_a_wrong_type(coordinates):
    with pytest.raises(InvalidQueryTypeError, match=r"coordinates.*got"):
        icrs_coordinates(coordinates)


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        (SkyCoord([], [], unit="deg"), "coordinates.*none"),
        (SkyCoord(np.nan, 1, unit="deg"), "coordinates.*1 NaN or masked.*of 1"),
        (SkyCoord([1, 2, np.nan], [3, np.nan, 4], unit="deg"), "2 NaN or masked.*of 3.*index 1"),
        (SkyCoord(Masked([1.0, 2.0], [False, True]) * u.deg, [3, 4] * u.deg), "1 NaN or masked.*of 2"),
        (SkyCoord(np.ones((2, 2)), np.ones((2, 2)), unit="deg"), r"shape \(2, 2\)"),
        (ICRS(), "must have data"),
        (AltAz(), "must have data"),
        (SkyCoord(x=0, y=0, z=0, unit="kpc", representation_type="cartesian"), "origin"),
        (SkyCoord(10 * u.deg, 45 * u.deg, frame="altaz"), "ICRS"),
        ("M 31", "M 31"),
        ("", "got ''"),
    ],
)
def test_invalid_coordinates(coordinates, message):
    with pytest.raises(InvalidQueryError, match=message):
        icrs_coordinates(coordinates)


@pytest.mark.parametrize(
    "text",
    [
        "244.000917 22.268031", " 244.000917,  22.268031 ", "+244.000917 +22.268031", "244.000917d 22.268031d",
        "16h16m00.22s +22d16m04.9s", "16:16:00.22 +22:16:04.9", "16 16 00.22 +22 16 04.9", "16:16:00.22, 22:16:04.9",
    ],
)  # fmt: skip
def test_position_as_text(text):
    position = icrs_coordinates(text)
    assert position.separation(SkyCoord(244.000917, 22.268031, unit="deg")) < 0.1 * u.arcsec


@pytest.mark.parametrize(("text", "dec"), [("10 -0.5", -0.5), ("0:40:00 -0:30:00", -0.5), ("10, 0", 0), ("10 20", 20)])
def test_position_as_text_near_the_equator(text, dec):
    position = icrs_coordinates(text)
    assert (position.ra.deg.item(), position.dec.deg.item()) == pytest.approx((10, dec))


@pytest.mark.parametrize(
    "text", ["10", "10 20 30", "10 100", "16:16 22:16", "1e5 20", "10 20 x", "", "M 31", "25:00:00 0:0:0"]
)
def test_text_that_is_no_position(text):
    with pytest.raises(InvalidQueryError, match="coordinates"):
        icrs_coordinates(text)

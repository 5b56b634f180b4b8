# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of coordinates and radii."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import (
    CIRS,
    FK4,
    FK5,
    GCRS,
    HCRS,
    ICRS,
    AltAz,
    Angle,
    BarycentricMeanEcliptic,
    BarycentricTrueEcliptic,
    Distance,
    FK4NoETerms,
    Galactic,
    Latitude,
    SkyCoord,
    SphericalRepresentation,
    Supergalactic,
    UnitSphericalRepresentation,
)  # fmt: skip
from astropy.table import Column
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.coordinates import as_icrs, radii_arcsec
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
    assert radii_arcsec(radius, 3) == pytest.approx(arcsec, rel=1e-12)
    assert radii_arcsec(radius, 3) <= 300


@pytest.mark.parametrize("radius", [10, 10.0, "10", None, True, [10], 3 * u.m, 3 * u.one, "wide", "", (10, "arcsec")])
def test_a_radius_without_an_angular_unit(radius):
    with pytest.raises(InvalidQueryTypeError, match=r"radius.*got"):
        radii_arcsec(radius, 3)


@pytest.mark.parametrize("arcsec", [0, -1, 300.001, 301, np.nan, np.inf])
def test_a_radius_out_of_range(arcsec):
    with pytest.raises(InvalidQueryError, match="radius"):
        radii_arcsec(arcsec * u.arcsec, 3)


def test_an_array_of_radii():
    with pytest.raises(InvalidQueryError, match=r"radius.*shape \(2,\)"):
        radii_arcsec([1, 2] * u.arcsec, 3)


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
    icrs = as_icrs(coordinates)
    assert icrs.frame.name == "icrs"
    assert icrs.isscalar
    assert icrs.separation(SkyCoord(266.4, -28.9, unit="deg")) < 1e-6 * u.arcsec


def test_a_vector_of_cartesian_coordinates():
    icrs = as_icrs(SkyCoord(x=[1, 0], y=[0, 1], z=[0, 1], unit="kpc", representation_type="cartesian"))
    assert np.allclose(icrs.ra.deg, [0, 90])
    assert np.allclose(icrs.dec.deg, [0, 45])


def test_a_long_value_is_shortened_in_the_message():
    for check in (as_icrs, lambda value: radii_arcsec(value, 3), check_since):
        with pytest.raises(InvalidQueryTypeError, match="got list") as caught:
            check(list(range(10000)))
        assert len(str(caught.value)) < 400


SHARED_ORIGIN = [
    Galactic(30 * u.deg, 40 * u.deg), FK5(30 * u.deg, 40 * u.deg, equinox="J1975"), FK4(30 * u.deg, 40 * u.deg),
    ICRS(30 * u.deg, 40 * u.deg), Supergalactic(30 * u.deg, 40 * u.deg), FK4NoETerms(30 * u.deg, 40 * u.deg),
    BarycentricTrueEcliptic(30 * u.deg, 40 * u.deg), BarycentricMeanEcliptic(30 * u.deg, 40 * u.deg),
]  # fmt: skip


@pytest.mark.parametrize("frame", SHARED_ORIGIN, ids=lambda frame: type(frame).__name__)
@pytest.mark.parametrize("distance", [0 * u.Mpc, np.nan * u.kpc, np.inf * u.pc, 1 * u.AU, 5 * u.Mpc], ids=str)
def test_only_the_direction_counts_where_the_origin_is_that_of_icrs(frame, distance):
    reference = SkyCoord(frame).icrs
    lon, lat = frame.spherical.lon, frame.spherical.lat
    icrs = as_icrs(SkyCoord(frame.realize_frame(SphericalRepresentation(lon, lat, distance))))
    assert icrs.separation(reference) < 1 * u.uas
    assert icrs.data.norm().unit == u.one  # the distance is gone


def test_redshift_of_zero_and_masked_distances():
    position = SkyCoord(30 * u.deg, 40 * u.deg, distance=Distance(z=0), frame=FK5(equinox="J1975"))
    assert as_icrs(position).separation(SkyCoord(SHARED_ORIGIN[1]).icrs) < 1 * u.uas
    masked = Masked([1.0, 2.0], [False, True]) * u.kpc
    for frame in ("galactic", "gcrs"):
        vector = SkyCoord([30, 30] * u.deg, [40, 40] * u.deg, distance=masked, frame=frame)
        icrs = as_icrs(vector)
        assert icrs[0].separation(icrs[1]) < 0.01 * u.arcsec


@pytest.mark.parametrize("frame", ["lsr", "lsrk", "lsrd", "galacticlsr"])
def test_local_standards_of_rest_have_the_directions_of_the_frames_at_rest(frame):
    plain = "galactic" if frame == "galacticlsr" else "icrs"
    assert (
        as_icrs(SkyCoord(30, 40, unit="deg", frame=frame)).separation(SkyCoord(30, 40, unit="deg", frame=plain).icrs)
        < 1 * u.uas
    )


@pytest.mark.parametrize("distance", [None, np.nan * u.kpc, np.inf * u.kpc, 0 * u.kpc])
@pytest.mark.parametrize(
    "frame", [GCRS(obstime="J2026"), HCRS(), CIRS(obstime="J2026")], ids=lambda f: type(f).__name__
)
def test_a_direction_without_distance_from_another_origin(frame, distance):
    """As far away as the stars: aberration, which GCRS has, is at most 21 arcsec."""
    data = (30 * u.deg, 40 * u.deg) if distance is None else (30 * u.deg, 40 * u.deg, distance)
    representation = UnitSphericalRepresentation if distance is None else SphericalRepresentation
    icrs = as_icrs(SkyCoord(frame.realize_frame(representation(*data))))
    reference = SkyCoord(frame.realize_frame(SphericalRepresentation(30 * u.deg, 40 * u.deg, 1 * u.Gpc))).icrs
    assert icrs.separation(reference) < 1 * u.mas


def test_a_distance_from_another_origin_counts():
    """The Moon is seen from the Earth, not from the barycentre."""
    moon = SkyCoord(GCRS(30 * u.deg, 40 * u.deg, 384400 * u.km, obstime="J2026"))
    far = SkyCoord(GCRS(30 * u.deg, 40 * u.deg, obstime="J2026"))
    assert as_icrs(moon).separation(as_icrs(far)) > 1 * u.deg
    mixed = SkyCoord(GCRS([30, 30] * u.deg, [40, 40] * u.deg, [384400, np.nan] * u.km, obstime="J2026"))
    icrs = as_icrs(mixed)
    assert icrs[0].separation(as_icrs(moon)) < 1 * u.mas
    assert icrs[1].separation(as_icrs(far)) < 1 * u.mas


@pytest.mark.parametrize(
    "motion",
    [
        {"radial_velocity": 10 * u.km / u.s},
        {"radial_velocity": 10 * u.km / u.s, "distance": 0 * u.pc},
        {"pm_ra_cosdec": 1 * u.mas / u.yr, "pm_dec": 2 * u.mas / u.yr},
        {"pm_ra_cosdec": 1 * u.mas / u.yr, "pm_dec": 2 * u.mas / u.yr, "radial_velocity": 3 * u.km / u.s},
    ],
    ids=str,
)
@pytest.mark.parametrize("frame", ["icrs", "fk5"])
def test_velocities_do_not_change_a_direction(motion, frame):
    position = SkyCoord(30 * u.deg, 40 * u.deg, obstime="J2016", frame=frame, **motion)
    plain = SkyCoord(30 * u.deg, 40 * u.deg, frame=frame).icrs
    assert as_icrs(position).separation(plain) < 1 * u.mas


def test_positions_in_a_list():
    items = [SkyCoord(30, 40, unit="deg", frame="galactic"), ICRS(1 * u.deg, 2 * u.deg), "10 20"]
    for sequence in (items, tuple(items)):
        icrs = as_icrs(sequence)
        assert icrs.shape == (3,)
        assert np.allclose(icrs.ra.deg, [245.22289402, 1, 10])
    assert as_icrs([items[0]]).shape == (1,)
    assert as_icrs([]).shape == (0,)
    with pytest.raises(InvalidQueryError, match="single positions in a list"):
        as_icrs([SkyCoord([1, 2], [3, 4], unit="deg")])


def test_no_positions():
    assert as_icrs(SkyCoord([], [], unit="deg")).shape == (0,)


@pytest.mark.parametrize("name", ["2018cow", "SN 2018cow", "ATLAS18qqn", "M 31"])
def test_names_point_at_the_methods_that_find_them(name):
    with pytest.raises(InvalidQueryError, match="found with resolve_name or query_object"):
        as_icrs(name)


def test_one_radius_for_each_position():
    assert radii_arcsec([1, 2] * u.arcmin, 2).tolist() == [60, 120]
    assert radii_arcsec(Column([1.0, 2.0], unit="arcsec"), 2).tolist() == [1, 2]
    assert radii_arcsec("3 arcsec", 2) == 3.0
    for wrong, message in (
        ([1, 2] * u.arcsec, r"one for each of 3 positions.*shape \(2,\)"),
        ([1, 0, 2] * u.arcsec, r"above 0.*row 1"),
        ([1, 2, 301] * u.arcsec, r"at most 300.*row 2"),
        ([1, np.nan, 2] * u.arcsec, r"above 0.*row 1"),
        (Masked([1.0, 2.0, 3.0], [False, False, True]) * u.arcsec, r"above 0.*row 2"),
    ):
        with pytest.raises(InvalidQueryError, match=message):
            radii_arcsec(wrong, 3)


def test_a_vector_stays_a_vector():
    assert as_icrs(SkyCoord([1, 2], [3, 4], unit="deg")).shape == (2,)
    assert as_icrs(SkyCoord([1], [3], unit="deg")).shape == (1,)


@pytest.mark.parametrize("coordinates", [(266.4, -28.9), [266.4, -28.9], 266.4, None, 266.4 * u.deg, np.array([1, 2])])
def test_coordinates_of_a_wrong_type(coordinates):
    with pytest.raises(InvalidQueryTypeError, match=r"coordinates.*got"):
        as_icrs(coordinates)


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
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
        as_icrs(coordinates)


@pytest.mark.parametrize(
    "text",
    [
        "244.000917 22.268031", " 244.000917,  22.268031 ", "+244.000917 +22.268031", "244.000917d 22.268031d",
        "(244.000917, 22.268031)", "244.000917; 22.268031", "2.44000917e2 22.268031", "244.000917deg, 22.268031deg",
        "-115.999083 22.268031", "604.000917 22.268031", "J161600.22+221604.9", "161600.22 +221604.9",
        "16h16m00.22s, +22d16m04.9s", "16h16m00.22s +22\u00b016\u203204.9\u2033",
        "16h16m00.22s +22d16m04.9s", "16:16:00.22 +22:16:04.9", "16 16 00.22 +22 16 04.9", "16:16:00.22, 22:16:04.9",
    ],
)  # fmt: skip
def test_position_as_text(text):
    position = as_icrs(text)
    assert position.separation(SkyCoord(244.000917, 22.268031, unit="deg")) < 0.1 * u.arcsec


@pytest.mark.parametrize(
    ("text", "dec"),
    [
        ("10 -0.5", -0.5),
        ("0:40:00 -0:30:00", -0.5),
        ("10, 0", 0),
        ("10 20", 20),
        ("10 \u22120.5", -0.5),
        ("0:40 -0:30", -0.5),
        ("0h40m \u20130d30m", -0.5),
        ("10 -.5", -0.5),
    ],
)
def test_position_as_text_near_the_equator(text, dec):
    position = as_icrs(text)
    assert (position.ra.deg.item(), position.dec.deg.item()) == pytest.approx((10, dec))


@pytest.mark.parametrize(
    "text",
    ["10", "10 20 30", "10 100", "16:16 22", "1e5 20", "1e30 20", "-361 0", "10 20 x", "", "M 31", "25:00:00 0:0:0"],
)
def test_text_that_is_no_position(text):
    with pytest.raises(InvalidQueryError, match="coordinates"):
        as_icrs(text)

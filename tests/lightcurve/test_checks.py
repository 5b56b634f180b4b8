# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows of several objects are told by their positions; an object that moves is one."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import vstack
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve

TWO_OBJECTS = r"rows of one object, got two positions at one time, .* arcsec apart.*'ra' and 'dec'"
MJDS = 61000 + np.array([0, 0.01, 0.02, 1.0])


def make_curve(ra, dec, mjd=MJDS, **columns):
    data = {"band": ["o"] * 4, "flux": [100.0] * 4 * u.uJy, "flux_err": [10.0] * 4 * u.uJy}
    position = {"ra": np.broadcast_to(ra, 4) * u.deg, "dec": np.broadcast_to(dec, 4) * u.deg}
    return LightCurve(time=Time(mjd, format="mjd"), data=data | position | columns)


EXPNAMES = [f"02a61000o00{n:02}o" for n in range(4)]


@pytest.mark.parametrize("names", [{}, {"expname": EXPNAMES}])
@pytest.mark.parametrize("other", [(10.0, 20.01), (190.0, -20.0), (10.003, 20.0)])
def test_two_objects_of_the_same_exposures(names, other):
    stacked = vstack([make_curve(10.0, 20.0, **names), make_curve(*other, **names)])
    for function in (stacked.bin_nightly, stacked.combined, lambda: stacked.bin(1 * u.d), stacked.to_sncosmo):
        with pytest.raises(InvalidInputError, match=TWO_OBJECTS):
            function()
    with pytest.raises(InvalidInputError, match="one object"):
        stacked.plot()
    is_first = (stacked["ra"] == 10 * u.deg) & (stacked["dec"] == 20 * u.deg)
    assert len(stacked[is_first].bin_nightly()) == 2


def test_two_objects_of_different_fields_in_one_night():
    stacked = vstack([make_curve(10.0, 20.0), make_curve(40.0, 20.0, mjd=MJDS + 0.003)])
    with pytest.raises(InvalidInputError, match=TWO_OBJECTS):
        stacked.bin_nightly()


def test_exposure_names_of_two_times():
    """Start and middle of an exposure differ."""
    stacked = vstack([make_curve(10, 20, expname=EXPNAMES), make_curve(10.01, 20, mjd=MJDS + 2e-4, expname=EXPNAMES)])
    with pytest.raises(InvalidInputError, match=TWO_OBJECTS):
        stacked.combined()


@pytest.mark.parametrize(
    "ra",
    [
        10.0 + 20 * (MJDS - 61000),  # a near-Earth asteroid of 20 degrees a day
        (359.99995 + 1e-4 * np.arange(4)) % 360,  # on both sides of 0
        10.0 + np.array([0, 1, -1, 0]) * 3 / 3600,  # scatter
        [10.0, np.nan, 10.0, 10.0],
    ],
)
def test_one_object_that_moves_or_scatters(ra):
    lc, other = make_curve(ra, 20.0), make_curve(ra, 20.0, flux=[101.0] * 4 * u.uJy)
    assert len(vstack([lc, other]).bin_nightly()) == 2


@pytest.mark.parametrize("separation", [1.5, 4.0, 7.0])  # arcsec
def test_two_forced_positions_of_one_exposure(separation):
    """Forced photometry is of one position; detections of one exposure scatter by more."""
    forced = {"kind": ["forced"] * 4}
    stacked = vstack([make_curve(10.0, 20.0, **forced), make_curve(10.0, 20.0 + separation / 3600, **forced)])
    with pytest.raises(InvalidInputError, match=TWO_OBJECTS):
        stacked.combined()
    detections = make_curve(10.0, 20.0 + separation / 3600, kind=["detection"] * 4)
    assert len(vstack([make_curve(10.0, 20.0, **forced), detections]).bin_nightly())


def test_forced_positions_of_two_services():
    first = make_curve(10.0, 20.0, kind=["forced"] * 4, service=["transient"] * 4)
    second = make_curve(10.0, 20.0 + 2 / 3600, kind=["forced"] * 4, service=["forcedphot"] * 4)
    assert len(vstack([first, second]).bin_nightly()) == 2


@pytest.mark.parametrize("mjd", [MJDS + 0.5, MJDS + 0.005, 61000 + np.array([30.0, 31, 60, 90])])
def test_two_objects_of_different_exposures(mjd):
    """Slower than the fastest asteroids, but objects that move do not return."""
    mjds = 61000 + np.array([0, 0.01, 20.0, 80.0]) if mjd[0] == 61030 else MJDS
    stacked = vstack([make_curve(10.0, 20.0, mjd=mjds), make_curve(10.0, 20.01, mjd=mjd)])
    with pytest.raises(InvalidInputError, match="got two positions that alternate, 36 arcsec apart"):
        stacked.bin_nightly()


@pytest.mark.parametrize("acceleration", [2.0, 0.5])  # arcsec a day squared
def test_a_slow_object_that_turns_and_crosses_its_path(acceleration):
    days = np.array([-40.0, -2, -1, 0, 1, 2, 40.02])
    ra = 10 + acceleration * days**2 / 2 / 3600
    lc = LightCurve(
        time=Time(61000 + days, format="mjd"),
        data={"flux": [100.0] * 7 * u.uJy, "flux_err": [10.0] * 7 * u.uJy, "ra": ra * u.deg, "dec": [20.0] * 7 * u.deg},
    )
    assert len(lc.combined()) == 7


def test_recorded_answers_are_of_one_object(real):
    assert len(real.combined())


def test_magnitudes_with_columns_of_fluxes_that_are_masked():
    lc = LightCurve(time=["2026-11-01"], data={name: [np.nan] * u.uJy for name in ("flux", "flux_err")})
    assert len(lc.bin_nightly()) == 0
    lc["mag"] = [18.0] * u.mag
    for method in (lc.bin_nightly, lc.to_sncosmo):
        with pytest.raises(InvalidInputError, match="fluxes with uncertainties, got 1 magnitudes only"):
            method()

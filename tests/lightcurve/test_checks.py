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
    lc = make_curve(ra, 20.0)
    assert len(vstack([lc, lc]).bin_nightly()) == 2


def test_recorded_answers_are_of_one_object(real):
    assert len(real.combined())

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns as plain arrays: which rows are measured."""

import astropy.units as u
import numpy as np
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.plain import measured


def curve(**columns):
    return LightCurve(time=Time(58000 + np.arange(7.0), format="mjd"), data=columns)


def test_what_is_measured_has_a_finite_flux_and_a_finite_uncertainty_above_0():
    flux = Masked([1, -1, 1, np.inf, np.nan, 1, 1] * u.mJy, mask=[False] * 6 + [True])
    flux_err = [1, 1, 0, 1, 1, np.inf, 1] * u.uJy
    assert measured(curve(flux=flux, flux_err=flux_err)).tolist() == [True, True] + [False] * 5


def test_without_a_flux_or_an_uncertainty_nothing_is_measured():
    assert not measured(curve()).any()
    assert not measured(curve(flux=np.ones(7) * u.uJy)).any()

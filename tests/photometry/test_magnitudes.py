# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fluxes and magnitudes: published numbers, and round trips over the whole range."""

import astropy.units as u
import numpy as np
import pytest
from astropy.utils.masked import Masked
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError

magnitudes = st.floats(5, 30)
fluxes = st.floats(1e-3, 1e9)


def masked(values, unit, mask):
    return Masked(u.Quantity(values, unit), mask=mask)


@pytest.mark.parametrize(("flux", "mag"), [(1 * u.uJy, 23.9), (1 * u.mJy, 16.4), (3630.78 * u.Jy, 0.0)])
def test_zero_points_of_the_ab_scale(flux, mag):
    assert_allclose(photometry.flux_to_mag(flux).to_value(u.mag), mag, atol=1e-5)
    assert_allclose(photometry.mag_to_flux(mag * u.mag).to_value(u.uJy), flux.to_value(u.uJy), rtol=1e-5)


def test_the_ab_scale_agrees_with_astropy():
    assert_allclose(photometry.mag_to_flux(18 * u.mag), (18 * u.ABmag).to(u.uJy), rtol=1e-4)


def test_a_published_row_of_the_forced_photometry_server():
    # The row has 20.588 +- 1.354 mag and 21 +- 29 uJy; fluxes are rounded to integers.
    assert_allclose(photometry.mag_to_flux(20.588 * u.mag).value, 21, atol=0.5)
    assert_allclose(photometry.flux_err_to_mag_err(21.13 * u.uJy, 26.35 * u.uJy).value, 1.354, atol=0.001)


@given(magnitudes)
def test_magnitude_round_trip(mag):
    assert_allclose(photometry.flux_to_mag(photometry.mag_to_flux(mag * u.mag)).value, mag, rtol=1e-12)


@given(fluxes, fluxes)
def test_uncertainty_round_trip(flux, flux_err):
    flux, flux_err = flux * u.uJy, flux_err * u.uJy
    mag_err = photometry.flux_err_to_mag_err(flux, flux_err)
    assert_allclose(photometry.mag_err_to_flux_err(flux, mag_err), flux_err, rtol=1e-12)
    assert_allclose(photometry.mag_err_to_flux_err(-flux, mag_err), flux_err, rtol=1e-12)


@given(magnitudes)
def test_a_negative_magnitude_is_a_negative_flux_of_the_same_absolute_value(mag):
    positive, negative = photometry.signed_mag_to_flux([mag, -mag] * u.mag)
    assert positive == -negative
    assert_allclose(positive, photometry.mag_to_flux(mag * u.mag))


@given(st.one_of(st.just(0.0), st.floats(1e-3, 1e9), st.floats(-1e9, -1e-3)))
def test_signed_magnitude_round_trip(flux):
    mag = photometry.flux_to_signed_mag(flux * u.uJy)
    assert np.isnan(mag.value) if flux == 0 else np.sign(mag.value) == np.sign(flux)
    if flux:
        assert_allclose(photometry.signed_mag_to_flux(mag).value, flux, rtol=1e-12)


def test_a_flux_above_3_6_kJy_has_no_signed_magnitude():
    with pytest.raises(InvalidInputError, match=r"3\.6 kJy"):
        photometry.flux_to_signed_mag([-4, 1] * u.kJy)


def test_the_signed_magnitude_of_masked_fluxes_is_masked():
    mag = photometry.flux_to_signed_mag(masked([100, np.nan, -100], u.uJy, [False, True, False]))
    assert mag.mask.tolist() == [False, True, False]


def test_the_magnitude_error_of_a_tiny_flux_is_infinite():
    assert np.isinf(photometry.flux_err_to_mag_err(1e-310 * u.uJy, 10 * u.uJy))

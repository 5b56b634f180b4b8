# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Limits at any number of standard deviations."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn
from astropy.utils.masked import Masked
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError

fluxes = st.floats(1e-3, 1e9)


@given(fluxes, st.floats(0.5, 10), st.floats(0.5, 10))
def test_a_rescaled_limit_agrees_with_the_limit_at_the_new_sigma(flux_err, from_sigma, to_sigma):
    limit = photometry.limiting_mag(flux_err * u.uJy, from_sigma)
    rescaled = photometry.rescale_limit(limit, from_sigma, to_sigma)
    assert_allclose(rescaled, photometry.limiting_mag(flux_err * u.uJy, to_sigma), atol=1e-12)
    assert_allclose(photometry.rescale_limit(rescaled, to_sigma, from_sigma), limit, atol=1e-12)


@given(fluxes, st.floats(0.5, 10))
def test_a_flux_of_n_sigma_has_the_limiting_magnitude(flux_err, n_sigma):
    limit = photometry.limiting_mag(flux_err * u.uJy, n_sigma)
    assert_allclose(limit, photometry.flux_to_mag(n_sigma * flux_err * u.uJy))


def test_a_positive_flux_is_added_to_the_limit():
    limits = photometry.limiting_mag(20 * u.uJy, flux=[-40, 0, 40] * u.uJy)
    assert_allclose(limits, photometry.flux_to_mag([60, 60, 100] * u.uJy))


@given(st.floats(1.1, 1e3), st.floats(0.1, 1e3), st.floats(1, 10))
def test_the_limit_from_the_peak_agrees_with_the_limit_from_the_flux(snr, dpeak, n_sigma):
    shape = (2.5 * u.pix, 2.1 * u.pix, 22.2 * u.mag, -0.41 * u.mag)
    flux, flux_err = photometry.forced_flux(snr * dpeak * u.ct, dpeak * u.ct, *shape)
    limit = photometry.limiting_mag_from_peak(photometry.flux_to_mag(flux), snr * dpeak * u.ct, dpeak * u.ct, n_sigma)
    assert_allclose(limit, photometry.limiting_mag(flux_err, n_sigma))


def test_from_sigma_may_be_masked():
    for sigma in (Masked(np.array([5.0, np.nan]), mask=[False, True]), MaskedColumn([5.0, 5.0], mask=[False, True])):
        rescaled = photometry.rescale_limit([19, 19] * u.mag, sigma, 3)
        assert rescaled.mask.tolist() == [False, True]
        assert_allclose(rescaled.unmasked[0].value, 19.5546, atol=1e-4)


@pytest.mark.parametrize(
    ("from_sigma", "to_sigma"), [(5, 0), (5, -3), (0, 3), ([5, -5], 3), (Masked(np.array([5.0, 0.0])), 3)]
)
def test_sigma_must_be_above_0(from_sigma, to_sigma):
    with pytest.raises(InvalidInputError, match=r"`(from|to)_sigma`.*above 0"):
        photometry.rescale_limit([19, 19] * u.mag, from_sigma, to_sigma)


def test_from_sigma_is_ignored_where_it_is_masked_or_there_is_no_limit():
    sigma = Masked(np.array([5.0, 0.0]), mask=[False, True])
    assert photometry.rescale_limit([19, 19] * u.mag, sigma, 3).mask.tolist() == [False, True]
    assert np.isnan(photometry.rescale_limit([19, np.nan] * u.mag, [5, 0], 3)).tolist() == [False, True]

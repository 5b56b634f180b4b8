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
def test_a_rescaled_limit_is_the_limit_at_the_other_sigma(flux_err, one, other):
    limit = photometry.limiting_mag(flux_err * u.uJy, one)
    rescaled = photometry.rescale_limit(limit, one, other)
    assert_allclose(rescaled, photometry.limiting_mag(flux_err * u.uJy, other), atol=1e-12)
    assert_allclose(photometry.rescale_limit(rescaled, other, one), limit, atol=1e-12)


@given(fluxes, st.floats(0.5, 10))
def test_a_source_at_the_limit_has_the_magnitude_of_the_limit(flux_err, n_sigma):
    limit = photometry.limiting_mag(flux_err * u.uJy, n_sigma)
    assert_allclose(limit, photometry.flux_to_mag(n_sigma * flux_err * u.uJy))


def test_a_limit_above_a_positive_flux():
    limits = photometry.limiting_mag(20 * u.uJy, flux=[-40, 0, 40] * u.uJy)
    assert_allclose(limits, photometry.flux_to_mag([60, 60, 100] * u.uJy))


@given(st.floats(1.1, 1e3), st.floats(0.1, 1e3), st.floats(1, 10))
def test_relimit_is_the_limit_of_the_same_measurement(snr, dpeak, n_sigma):
    shape = (2.5 * u.pix, 2.1 * u.pix, 22.2 * u.mag, -0.41 * u.mag)
    flux, flux_err = photometry.forced_flux(snr * dpeak * u.ct, dpeak * u.ct, *shape)
    limit = photometry.limiting_mag_from_peak(photometry.flux_to_mag(flux), snr * dpeak * u.ct, dpeak * u.ct, n_sigma)
    assert_allclose(limit, photometry.limiting_mag(flux_err, n_sigma))


def test_the_sigma_of_a_limit_may_be_masked():
    for sigma in (Masked(np.array([5.0, np.nan]), mask=[False, True]), MaskedColumn([5.0, 5.0], mask=[False, True])):
        rescaled = photometry.rescale_limit([19, 19] * u.mag, sigma, 3)
        assert rescaled.mask.tolist() == [False, True]
        assert_allclose(rescaled.unmasked[0].value, 19.5546, atol=1e-4)


@pytest.mark.parametrize(
    ("from_sigma", "to_sigma"), [(5, 0), (5, -3), (0, 3), ([5, -5], 3), (Masked(np.array([5.0, 0.0])), 3)]
)
def test_a_limit_at_no_sigma_is_refused(from_sigma, to_sigma):
    with pytest.raises(InvalidInputError, match="number of standard deviations above 0"):
        photometry.rescale_limit([19, 19] * u.mag, from_sigma, to_sigma)


def test_a_sigma_that_is_masked_or_of_no_limit_is_not_looked_at():
    sigma = Masked(np.array([5.0, 0.0]), mask=[False, True])
    assert photometry.rescale_limit([19, 19] * u.mag, sigma, 3).mask.tolist() == [False, True]
    assert np.isnan(photometry.rescale_limit([19, np.nan] * u.mag, [5, 0], 3)).tolist() == [False, True]

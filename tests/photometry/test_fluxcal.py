# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""FLUXCAL, the flux unit of SNANA."""

import astropy.units as u
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from atlasquery import photometry


@given(st.floats(-1e9, 1e9))
def test_fluxcal_round_trip(flux):
    assert_allclose(photometry.fluxcal_to_flux(photometry.flux_to_fluxcal(flux * u.uJy)).value, flux, rtol=1e-12)


def test_fluxcal_is_1_at_magnitude_27_5():
    assert_allclose(photometry.flux_to_fluxcal(photometry.mag_to_flux(27.5 * u.mag)).value, 1)

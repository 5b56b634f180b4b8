# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Arguments: quantities, columns, lists, masks and units; undefined results are NaN or masked."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Column, MaskedColumn, Table
from astropy.utils.masked import Masked
from numpy.testing import assert_allclose

from atlasquery import photometry
from atlasquery.lightcurve import LightCurve


def masked(values, unit, mask):
    return Masked(u.Quantity(values, unit), mask=mask)


def test_magnitudes_of_fluxes_that_are_not_positive_are_nan():
    flux = [100, 0, -100, np.nan] * u.uJy
    assert np.isnan(photometry.flux_to_mag(flux)).tolist() == [False, True, True, True]
    assert np.isnan(photometry.flux_err_to_mag_err(flux, 10 * u.uJy)).tolist() == [False, True, True, True]
    assert np.isnan(photometry.limiting_mag(flux)).tolist() == [False, True, True, True]
    assert np.isnan(photometry.limiting_mag_from_peak(20 * u.mag, flux.value * u.ct, 1 * u.ct)).tolist() == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    "function",
    [
        photometry.flux_to_mag,
        photometry.limiting_mag,
        lambda flux: photometry.flux_err_to_mag_err(flux, flux),
        lambda flux: photometry.limiting_mag_from_peak(20 * u.mag, flux.value * u.ct, 1 * u.ct),
    ],
)
def test_undefined_results_of_masked_values_are_masked(function):
    result = function(masked([100, np.nan, -100, 50], u.uJy, [False, True, False, True]))
    assert result.unit == u.mag
    assert result.mask.tolist() == [False, True, True, True]
    assert np.isfinite(result.unmasked[0])


@pytest.mark.parametrize(
    "function",
    [
        photometry.mag_to_flux,
        photometry.signed_mag_to_flux,
        lambda mag: photometry.mag_err_to_flux_err(100 * u.uJy, mag),
        lambda mag: photometry.forced_flux(9 * u.ct, 3 * u.ct, 2 * u.pix, 2 * u.pix, mag, -0.4 * u.mag)[1],
    ],
)
def test_fluxes_of_masked_values_are_masked(function):
    result = function(masked([18, np.nan], u.mag, [False, True]))
    assert result.unit == u.uJy
    assert result.mask.tolist() == [False, True]


# Functions of one argument, with its unit.
FUNCTIONS = {
    "flux_to_mag": (photometry.flux_to_mag, u.uJy),
    "mag_to_flux": (photometry.mag_to_flux, u.mag),
    "signed_mag_to_flux": (photometry.signed_mag_to_flux, u.mag),
    "flux_to_signed_mag": (photometry.flux_to_signed_mag, u.uJy),
    "flux_err_to_mag_err": (lambda flux_err: photometry.flux_err_to_mag_err(10 * u.uJy, flux_err), u.uJy),
    "mag_err_to_flux_err": (lambda mag_err: photometry.mag_err_to_flux_err(10 * u.uJy, mag_err), u.mag),
    "limiting_mag": (photometry.limiting_mag, u.uJy),
    "limiting_mag of flux": (lambda flux: photometry.limiting_mag(10 * u.uJy, flux=flux), u.uJy),
    "limiting_mag_from_peak": (lambda mag: photometry.limiting_mag_from_peak(mag, 5 * u.ct, 1 * u.ct), u.mag),
    "rescale_limit": (lambda mag: photometry.rescale_limit(mag, 5, 3), u.mag),
    "flux_to_fluxcal": (photometry.flux_to_fluxcal, u.uJy),
    "fluxcal_to_flux": (photometry.fluxcal_to_flux, None),
    "forced_flux": (
        lambda dpeak: photometry.forced_flux(1 * u.ct, dpeak, 2 * u.pix, 2 * u.pix, 22 * u.mag, 0 * u.mag)[1],
        u.ct,
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_table_columns_are_converted_to_quantities(name):
    function, unit = FUNCTIONS[name]
    expected = function([18, 19] * (unit or u.one))
    result = function(Column([18, 19], name="x", unit=unit))
    assert type(result) is u.Quantity
    assert result.unit == expected.unit
    assert_allclose(result.value, expected.value)
    result = function(MaskedColumn([18, 19], name="x", unit=unit, mask=[False, True]))
    assert result.unit == expected.unit
    assert result.mask.tolist() == [False, True]
    assert_allclose(result.unmasked[0].value, expected[0].value)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_lists_are_converted_to_quantities(name):
    function, unit = FUNCTIONS[name]
    values = [18 * unit, 19 * unit] if unit else [18, 19]
    assert_allclose(function(values).value, function([18, 19] * (unit or u.one)).value)


def test_numbers_without_a_unit_keep_their_mask():
    fluxcal = np.ma.array([1.0, 2.0], mask=[False, True])
    assert photometry.fluxcal_to_flux(fluxcal).mask.tolist() == [False, True]


@pytest.mark.filterwarnings("ignore:The fit failed")
def test_columns_of_a_forced_photometry_file_are_accepted(shared_data):
    job = shared_data / "forced" / "job211831.txt"
    table, lc = Table.read(job, format="atlas.forced"), LightCurve.read(job)
    assert isinstance(table["flux_err"], Column)
    limits = photometry.limiting_mag(table["flux_err"], 5)
    assert_allclose(limits, photometry.limiting_mag(lc["flux_err"], 5))
    assert np.isfinite(limits.unmasked).sum() > 1000


@pytest.mark.parametrize("flux", [3.0, [3.0], np.array([3.0]), np.ma.array([3.0]), Column([3.0]), "3 uJy"])
def test_bare_numbers_are_rejected(flux):
    with pytest.raises(TypeError, match="Quantity"):
        photometry.flux_to_mag(flux)


@pytest.mark.parametrize("call", [lambda: photometry.flux_to_mag(3 * u.s), lambda: photometry.mag_to_flux(3 * u.uJy)])
def test_wrong_units_are_rejected(call):
    with pytest.raises(u.UnitsError):
        call()

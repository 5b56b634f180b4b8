# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fluxes and magnitudes: published numbers, round trips, masks, units, and what the real server gave."""

import json

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Column, MaskedColumn, Table
from astropy.utils.masked import Masked
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from atlasquery import photometry
from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve import LightCurve

magnitudes = st.floats(5, 30)
fluxes = st.floats(1e-3, 1e9)


def masked(values, unit, mask):
    return Masked(u.Quantity(values, unit), mask=mask)


@pytest.mark.parametrize(("flux", "mag"), [(1 * u.uJy, 23.9), (1 * u.mJy, 16.4), (3630.78 * u.Jy, 0.0)])
def test_the_ab_scale(flux, mag):
    assert_allclose(photometry.flux_to_mag(flux).to_value(u.mag), mag, atol=1e-5)
    assert_allclose(photometry.mag_to_flux(mag * u.mag).to_value(u.uJy), flux.to_value(u.uJy), rtol=1e-5)


def test_the_ab_scale_is_astropys():
    assert_allclose(photometry.mag_to_flux(18 * u.mag), (18 * u.ABmag).to(u.uJy), rtol=1e-4)


def test_a_row_of_the_forced_photometry_server():
    # 20.588 +- 1.354 mag is given beside 21 +- 29 uJy, the fluxes rounded to integers.
    assert_allclose(photometry.mag_to_flux(20.588 * u.mag).value, 21, atol=0.5)
    assert_allclose(photometry.flux_err_to_mag_err(21.13 * u.uJy, 26.35 * u.uJy).value, 1.354, atol=0.001)


@given(magnitudes)
def test_magnitude_to_flux_and_back(mag):
    assert_allclose(photometry.flux_to_mag(photometry.mag_to_flux(mag * u.mag)).value, mag, rtol=1e-12)


@given(fluxes, fluxes)
def test_uncertainty_and_back(flux, flux_err):
    flux, flux_err = flux * u.uJy, flux_err * u.uJy
    mag_err = photometry.flux_err_to_mag_err(flux, flux_err)
    assert_allclose(photometry.mag_err_to_flux_err(flux, mag_err), flux_err, rtol=1e-12)
    assert_allclose(photometry.mag_err_to_flux_err(-flux, mag_err), flux_err, rtol=1e-12)


@given(magnitudes)
def test_a_negative_magnitude_is_a_negative_flux_of_the_same_size(mag):
    up, down = photometry.signed_mag_to_flux([mag, -mag] * u.mag)
    assert up == -down
    assert_allclose(up, photometry.mag_to_flux(mag * u.mag))


@given(st.one_of(st.just(0.0), st.floats(1e-3, 1e9), st.floats(-1e9, -1e-3)))
def test_signed_magnitude_and_back(flux):
    mag = photometry.flux_to_signed_mag(flux * u.uJy)
    assert np.isnan(mag.value) if flux == 0 else np.sign(mag.value) == np.sign(flux)
    if flux:
        assert_allclose(photometry.signed_mag_to_flux(mag).value, flux, rtol=1e-12)


def test_a_flux_whose_signed_magnitude_would_mean_another_is_refused():
    with pytest.raises(InvalidQueryError, match=r"3\.6 kJy"):
        photometry.flux_to_signed_mag([-4, 1] * u.kJy)


def test_the_signed_magnitude_of_masked_fluxes_is_masked():
    mag = photometry.flux_to_signed_mag(masked([100, np.nan, -100], u.uJy, [False, True, False]))
    assert mag.mask.tolist() == [False, True, False]


@given(st.floats(-1e9, 1e9))
def test_fluxcal_and_back(flux):
    assert_allclose(photometry.fluxcal_to_flux(photometry.flux_to_fluxcal(flux * u.uJy)).value, flux, rtol=1e-12)


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
    limit = photometry.relimit(photometry.flux_to_mag(flux), snr * dpeak * u.ct, dpeak * u.ct, n_sigma)
    assert_allclose(limit, photometry.limiting_mag(flux_err, n_sigma))


def test_fluxcal():
    assert_allclose(photometry.flux_to_fluxcal(photometry.mag_to_flux(27.5 * u.mag)).value, 1)


def test_without_a_positive_flux_there_is_no_magnitude():
    flux = [100, 0, -100, np.nan] * u.uJy
    assert np.isnan(photometry.flux_to_mag(flux)).tolist() == [False, True, True, True]
    assert np.isnan(photometry.flux_err_to_mag_err(flux, 10 * u.uJy)).tolist() == [False, True, True, True]
    assert np.isnan(photometry.limiting_mag(flux)).tolist() == [False, True, True, True]
    assert np.isnan(photometry.relimit(20 * u.mag, flux.value * u.ct, 1 * u.ct)).tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    "function",
    [
        photometry.flux_to_mag,
        photometry.limiting_mag,
        lambda flux: photometry.flux_err_to_mag_err(flux, flux),
        lambda flux: photometry.relimit(20 * u.mag, flux.value * u.ct, 1 * u.ct),
    ],
)
def test_of_masked_values_what_does_not_exist_is_masked(function):
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
def test_of_masked_values_fluxes_are_masked(function):
    result = function(masked([18, np.nan], u.mag, [False, True]))
    assert result.unit == u.uJy
    assert result.mask.tolist() == [False, True]


# Each with the unit of its first argument.
TAKE = {
    "flux_to_mag": (photometry.flux_to_mag, u.uJy),
    "mag_to_flux": (photometry.mag_to_flux, u.mag),
    "signed_mag_to_flux": (photometry.signed_mag_to_flux, u.mag),
    "flux_to_signed_mag": (photometry.flux_to_signed_mag, u.uJy),
    "flux_err_to_mag_err": (lambda flux_err: photometry.flux_err_to_mag_err(10 * u.uJy, flux_err), u.uJy),
    "mag_err_to_flux_err": (lambda mag_err: photometry.mag_err_to_flux_err(10 * u.uJy, mag_err), u.mag),
    "limiting_mag": (photometry.limiting_mag, u.uJy),
    "limiting_mag of flux": (lambda flux: photometry.limiting_mag(10 * u.uJy, flux=flux), u.uJy),
    "relimit": (lambda mag: photometry.relimit(mag, 5 * u.ct, 1 * u.ct), u.mag),
    "rescale_limit": (lambda mag: photometry.rescale_limit(mag, 5, 3), u.mag),
    "flux_to_fluxcal": (photometry.flux_to_fluxcal, u.uJy),
    "fluxcal_to_flux": (photometry.fluxcal_to_flux, None),
    "forced_flux": (
        lambda dpeak: photometry.forced_flux(1 * u.ct, dpeak, 2 * u.pix, 2 * u.pix, 22 * u.mag, 0 * u.mag)[1],
        u.ct,
    ),
}


@pytest.mark.parametrize("name", TAKE)
def test_a_column_of_a_plain_table_is_taken_as_its_quantity(name):
    function, unit = TAKE[name]
    expected = function([18, 19] * (unit or u.one))
    taken = function(Column([18, 19], name="x", unit=unit))
    assert type(taken) is u.Quantity
    assert taken.unit == expected.unit
    assert_allclose(taken.value, expected.value)
    taken = function(MaskedColumn([18, 19], name="x", unit=unit, mask=[False, True]))
    assert taken.unit == expected.unit
    assert taken.mask.tolist() == [False, True]
    assert_allclose(taken.unmasked[0].value, expected[0].value)


@pytest.mark.parametrize("name", TAKE)
def test_a_list_is_taken_as_its_quantity(name):
    function, unit = TAKE[name]
    values = [18 * unit, 19 * unit] if unit else [18, 19]
    assert_allclose(function(values).value, function([18, 19] * (unit or u.one)).value)


def test_numbers_without_a_unit_keep_their_mask():
    fluxcal = np.ma.array([1.0, 2.0], mask=[False, True])
    assert photometry.fluxcal_to_flux(fluxcal).mask.tolist() == [False, True]


def test_a_table_of_the_forced_photometry_server(shared_data):
    job = shared_data / "forced" / "job211831.txt"
    table, lc = Table.read(job, format="atlas.forced"), LightCurve.read(job)
    assert isinstance(table["flux_err"], Column)
    limits = photometry.limiting_mag(table["flux_err"], 5)
    assert_allclose(limits, photometry.limiting_mag(lc["flux_err"], 5))
    assert np.isfinite(limits.unmasked).sum() > 1000


def test_the_sigma_of_a_limit_may_be_masked():
    for sigma in (Masked(np.array([5.0, np.nan]), mask=[False, True]), MaskedColumn([5.0, 5.0], mask=[False, True])):
        rescaled = photometry.rescale_limit([19, 19] * u.mag, sigma, 3)
        assert rescaled.mask.tolist() == [False, True]
        assert_allclose(rescaled.unmasked[0].value, 19.5546, atol=1e-4)


@pytest.mark.parametrize(
    ("from_sigma", "to_sigma"), [(5, 0), (5, -3), (0, 3), ([5, -5], 3), (Masked(np.array([5.0, 0.0])), 3)]
)
def test_a_limit_at_no_sigma_is_refused(from_sigma, to_sigma):
    with pytest.raises(InvalidQueryError, match="number of standard deviations above 0"):
        photometry.rescale_limit([19, 19] * u.mag, from_sigma, to_sigma)


def test_a_sigma_that_is_masked_or_of_no_limit_is_not_looked_at():
    sigma = Masked(np.array([5.0, 0.0]), mask=[False, True])
    assert photometry.rescale_limit([19, 19] * u.mag, sigma, 3).mask.tolist() == [False, True]
    assert np.isnan(photometry.rescale_limit([19, np.nan] * u.mag, [5, 0], 3)).tolist() == [False, True]


@pytest.mark.parametrize("flux", [3.0, [3.0], np.array([3.0]), np.ma.array([3.0]), Column([3.0]), "3 uJy"])
def test_a_bare_number_is_refused(flux):
    with pytest.raises(TypeError, match="Quantity"):
        photometry.flux_to_mag(flux)


@pytest.mark.parametrize("call", [lambda: photometry.flux_to_mag(3 * u.s), lambda: photometry.mag_to_flux(3 * u.uJy)])
def test_a_wrong_unit_is_refused(call):
    with pytest.raises(u.UnitsError):
        call()


@pytest.mark.parametrize(
    ("number", "measured", "limits"), [("1000005291314656200", 132, 160), ("1134751930091216800", 29, 89)]
)
def test_forced_fluxes_reproduce_what_the_real_server_gave(shared_data, number, measured, limits):
    (record,) = json.loads((shared_data / "recordings" / f"objects_{number}.json").read_text())
    rows = [row for row in record["fp"] if row["mag"] is not None]
    value = {
        key: np.array([row[key] for row in rows])
        for key in rows[0]
        if key not in ("expname", "filter", "date_inserted")
    }
    is_limit = value["limiting_mag"]
    assert ((~is_limit).sum(), is_limit.sum()) == (measured, limits)
    fit = (value["peakfit"] * u.ct, value["dpeak"] * u.ct, value["major"] * u.pix, value["minor"] * u.pix)
    flux, flux_err = photometry.forced_flux(*fit, value["zp"] * u.mag, value["apfit"] * u.mag)
    # Magnitudes are rounded to 0.01.
    mag = photometry.flux_to_mag(flux[~is_limit]).value
    assert np.abs(mag - value["mag"][~is_limit]).max() < 0.0051
    # The server's uncertainty is that of one side.
    one_sided = 2.5 * np.log10(1 + (flux_err / flux)[~is_limit].value)
    assert np.abs(one_sided - value["dm"][~is_limit]).max() < 0.0051
    # The server's limits lack the correction to a large aperture, which its magnitudes have.
    limit = photometry.limiting_mag(flux_err, 3).value - value["apfit"]
    assert np.abs(limit - value["mag"])[is_limit].max() < 0.0051


def test_uJy_of_a_newer_server_is_what_the_fit_gives(shared_data):
    (record,) = json.loads((shared_data / "recorded" / "objects_single.json").read_text())["body"]
    for row in record["fp"]:
        flux, flux_err = photometry.forced_flux(
            row["peakfit"] * u.ct,
            row["dpeak"] * u.ct,
            row["major"] * u.pix,
            row["minor"] * u.pix,
            row["zp"] * u.mag,
            row["apfit"] * u.mag,
            row["texp"] * u.s,
        )
        assert_allclose([flux.value, flux_err.value], [row["uJy"], row["duJy"]], rtol=1e-12)


def test_the_error_beside_a_flux_of_next_to_nothing_is_infinite():
    assert np.isinf(photometry.flux_err_to_mag_err(1e-310 * u.uJy, 10 * u.uJy))

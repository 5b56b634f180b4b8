# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Magnitudes and limits at a given significance."""

import astropy.units as u
import numpy as np
import pytest
from numpy.testing import assert_allclose

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve


def to_floats(column):
    return column.filled(np.nan).value


@pytest.mark.parametrize("n_sigma", [1, 3, 5, 7.5])
def test_a_row_has_either_a_magnitude_or_a_limit(real, n_sigma):
    lc = real.at_significance(n_sigma)
    flux, flux_err = to_floats(lc["flux"]), to_floats(lc["flux_err"])
    significant = flux >= n_sigma * flux_err
    assert np.array_equal(~np.isnan(to_floats(lc["mag"])), significant)
    failed = (real["kind"] == "forced") & np.isnan(flux)
    assert np.array_equal(~np.isnan(to_floats(lc["limit"])), ~significant & ~failed)
    assert_allclose(to_floats(lc["mag"])[significant], 23.9 - 2.5 * np.log10(flux[significant]))
    assert lc.meta["n_sigma"] == n_sigma
    assert "n_sigma" not in real.meta


def test_limits_are_at_the_given_significance(make):
    rows = {
        "lc": [make.detection(1.0, -18.9, 0.1), make.detection(2.0, 18.9, 0.25)],
        "lcnondets": [make.limit(3.0, 19.5)],
        "fp": [make.forced(4.0, -40.0, 20.0, mag=20.2, dm=0.0, limiting_mag=True), make.forced(5.0, None, None)],
    }
    lc = LightCurve.from_record(make.record(**rows)).at_significance(5)
    err = photometry.mag_err_to_flux_err(100 * u.uJy, [0.1, 0.25] * u.mag)
    expected = [*photometry.limiting_mag(err, 5).value, 19.5, photometry.limiting_mag(20 * u.uJy, 5).value, np.nan]
    assert_allclose(to_floats(lc["limit"]), expected)
    assert lc["limit_sigma"].filled(0).tolist() == [5, 5, 5, 5, 0]


def test_the_method_can_be_applied_to_its_result(real):
    once, twice = real.at_significance(3), real.at_significance(7).at_significance(3)
    for name in ("mag", "mag_err", "limit"):
        assert_allclose(to_floats(once[name]), to_floats(twice[name]))


@pytest.mark.parametrize("n_sigma", [0, -3, np.nan, None, "3", True])
def test_invalid_n_sigma_is_rejected(lc, n_sigma):
    with pytest.raises(InvalidInputError, match="`n_sigma`"):
        lc.at_significance(n_sigma)


def test_a_limit_without_limit_sigma_is_rejected(make):
    lc = LightCurve.from_record(make.record(lcnondets=[make.limit(58280.0), make.limit(58281.0)]))
    lc.remove_column("limit_sigma")
    with pytest.raises(InvalidInputError, match=r"2 limits.*`limit_sigma`"):
        lc.at_significance(3)
    lc["limit_sigma"] = [0, 5]
    with pytest.raises(InvalidInputError, match=r"1 limits.*`limit_sigma`"):
        lc.at_significance(3)
    lc["limit_sigma"] = 5
    assert lc.at_significance(3)["limit"].value.tolist() == pytest.approx([20.0546] * 2, abs=1e-4)


def test_limit_sigma_of_rows_without_a_limit_is_ignored(lc):
    expected = lc.at_significance(3)["limit"]
    lc["limit_sigma"] = np.where(lc["limit"].mask, 0.0, lc["limit_sigma"].filled(0.0))
    assert_allclose(to_floats(lc.at_significance(3)["limit"]), to_floats(expected))


@pytest.mark.parametrize("flux_err", [np.nan, np.inf, 0.0])
def test_a_magnitude_without_a_flux_uncertainty_is_rejected(lc, flux_err):
    lc["flux_err"][~lc["mag"].mask] = flux_err * u.uJy
    with pytest.raises(InvalidInputError, match=r"magnitudes.*`flux_err`"):
        lc.at_significance(3)


def test_an_empty_curve_stays_empty(lc):
    assert len(lc[:0].at_significance(3)) == 0


@pytest.mark.parametrize("column", ["flux", "flux_err"])
def test_a_magnitude_without_a_flux_is_rejected(lc, column):
    with pytest.raises(InvalidInputError, match=r"2 magnitudes.*`flux` or `flux_err`"):
        lc[[name for name in lc.colnames if name != column]].at_significance(3)
    only_limits = lc.limits[[name for name in lc.colnames if name != column]]
    assert not only_limits.at_significance(3)["limit"].mask.any()

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Magnitudes and limits at a chosen significance."""

import astropy.units as u
import numpy as np
import pytest
from numpy.testing import assert_allclose

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve


def plain(column):
    return column.filled(np.nan).value


@pytest.mark.parametrize("n_sigma", [1, 3, 5, 7.5])
def test_a_row_is_either_a_magnitude_or_a_limit(real, n_sigma):
    lc = real.at_significance(n_sigma)
    flux, flux_err = plain(lc["flux"]), plain(lc["flux_err"])
    significant = flux >= n_sigma * flux_err
    assert np.array_equal(~np.isnan(plain(lc["mag"])), significant)
    failed = (real["kind"] == "forced") & np.isnan(flux)
    assert np.array_equal(~np.isnan(plain(lc["limit"])), ~significant & ~failed)
    assert_allclose(plain(lc["mag"])[significant], 23.9 - 2.5 * np.log10(flux[significant]))
    assert lc.meta["n_sigma"] == n_sigma
    assert "n_sigma" not in real.meta


def test_limits(make):
    rows = {
        "lc": [make.detection(1.0, -18.9, 0.1), make.detection(2.0, 18.9, 0.25)],
        "lcnondets": [make.limit(3.0, 19.5)],
        "fp": [make.forced(4.0, -40.0, 20.0, mag=20.2, dm=0.0, limiting_mag=True), make.forced(5.0, None, None)],
    }
    lc = LightCurve.from_record(make.record(**rows)).at_significance(5)
    err = photometry.mag_err_to_flux_err(100 * u.uJy, [0.1, 0.25] * u.mag)
    expected = [*photometry.limiting_mag(err, 5).value, 19.5, photometry.limiting_mag(20 * u.uJy, 5).value, np.nan]
    assert_allclose(plain(lc["limit"]), expected)
    assert lc["limit_sigma"].filled(0).tolist() == [5, 5, 5, 5, 0]


def test_another_choice_can_be_made_of_the_result(real):
    once, twice = real.at_significance(3), real.at_significance(7).at_significance(3)
    for name in ("mag", "mag_err", "limit"):
        assert_allclose(plain(once[name]), plain(twice[name]))


@pytest.mark.parametrize("n_sigma", [0, -3, np.nan, None, "3", True])
def test_what_is_no_number_of_sigmas_is_refused(lc, n_sigma):
    with pytest.raises(InvalidInputError, match="n_sigma"):
        lc.at_significance(n_sigma)


def test_a_limit_of_which_nobody_knows_the_sigma(make):
    lc = LightCurve.from_record(make.record(lcnondets=[make.limit(58280.0), make.limit(58281.0)]))
    lc.remove_column("limit_sigma")
    with pytest.raises(InvalidInputError, match="Of 2 limits nobody knows"):
        lc.at_significance(3)
    lc["limit_sigma"] = [0, 5]
    with pytest.raises(InvalidInputError, match="Of 1 limits nobody knows"):
        lc.at_significance(3)
    lc["limit_sigma"] = 5
    assert lc.at_significance(3)["limit"].value.tolist() == pytest.approx([20.0546] * 2, abs=1e-4)


def test_a_sigma_where_there_is_no_limit_does_not_matter(lc):
    expected = lc.at_significance(3)["limit"]
    lc["limit_sigma"] = np.where(lc["limit"].mask, 0.0, lc["limit_sigma"].filled(0.0))
    assert_allclose(plain(lc.at_significance(3)["limit"]), plain(expected))


@pytest.mark.parametrize("flux_err", [np.nan, np.inf, 0.0])
def test_a_magnitude_without_an_uncertainty_of_the_flux_is_not_lost(lc, flux_err):
    lc["flux_err"][~lc["mag"].mask] = flux_err * u.uJy
    with pytest.raises(InvalidInputError, match="magnitudes nobody knows how significant"):
        lc.at_significance(3)


def test_an_empty_curve(lc):
    assert len(lc[:0].at_significance(3)) == 0


@pytest.mark.parametrize("column", ["flux", "flux_err"])
def test_a_magnitude_without_a_flux_is_not_lost(lc, column):
    with pytest.raises(InvalidInputError, match="Of 2 magnitudes nobody knows how significant they are"):
        lc[[name for name in lc.colnames if name != column]].at_significance(3)
    only_limits = lc.limits[[name for name in lc.colnames if name != column]]
    assert not only_limits.at_significance(3)["limit"].mask.any()

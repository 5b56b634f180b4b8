# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Units of the user: results do not depend on them, and a missing unit is rejected."""

import astropy.units as u
import numpy as np
import pytest

from atlasquery.exceptions import InvalidInputError


@pytest.fixture(params=[u.mJy, u.nJy, u.Jy, u.Unit("erg / (s cm2 Hz)")])
def other(curve, request):
    """The same light curve with its flux in another unit."""
    converted = curve.copy()
    converted["flux"] = curve["flux"].to(request.param)
    return converted


def assert_same_columns(table, expected, *names):
    for name in names:
        assert table[name].unit == expected[name].unit, name
        assert np.allclose(table[name].filled(np.nan), expected[name].filled(np.nan), rtol=1e-12, equal_nan=True), name


def test_bins_do_not_depend_on_the_unit(curve, other):
    assert_same_columns(other.bin_nightly(), curve.bin_nightly(), "flux", "flux_err", "mag", "limit")


def test_magnitudes_and_limits_do_not_depend_on_the_unit(curve, other):
    assert_same_columns(other.at_significance(3), curve.at_significance(3), "mag", "mag_err", "limit")


def test_flags_do_not_depend_on_the_unit(curve):
    expected = curve.flag("atclean")["quality"].tolist()
    assert any(expected)
    curve["flux_err"] = curve["flux_err"].to(u.Jy)
    assert curve.flag("atclean")["quality"].tolist() == expected


def test_exports_do_not_depend_on_the_unit(curve, other):
    assert np.allclose(other.to_sncosmo()["flux"], curve.to_sncosmo()["flux"], rtol=1e-12)
    assert other.to_sncosmo()["zp"].tolist() == [23.9] * 4


def test_ab_magnitudes_with_their_own_unit_are_accepted(curve):
    curve["mag"] = [18.9, 18.7, 19.0, 17.4] * u.ABmag
    assert np.allclose(curve.at_significance(3)["mag"].filled(np.nan).value[:2], 23.9 - 2.5 * np.log10([100, 120]))
    curve["limit"], curve["limit_sigma"] = [19.0] * 4 * u.ABmag, 5.0
    curve["flux"][:] = np.nan * u.uJy
    curve.remove_column("mag")
    assert curve.at_significance(5)["limit"].filled(np.nan).value.tolist() == [19.0] * 4


@pytest.mark.parametrize(
    ("column", "got"),
    [([100.0, 120.0, -50.0, 400.0], "none"), ([1, 2, 3, 4] * u.V, "V")],
)
def test_a_flux_without_a_flux_unit_is_rejected(curve, column, got):
    curve["flux"] = column
    for call in (
        curve.bin_nightly,
        curve.to_sncosmo,
        lambda: curve.at_significance(3),
        lambda: curve.flag("saturation"),
    ):
        with pytest.raises(InvalidInputError, match=f"'flux'.* uJy, got {got}"):
            call()


@pytest.mark.parametrize("name", ["flux", "flux_err"])
def test_a_missing_flux_column_is_rejected(curve, name):
    curve.remove_column(name)
    for call in (curve.bin_nightly, curve.to_sncosmo):
        with pytest.raises(InvalidInputError, match=f"column '{name}'"):
            call()


def test_infinite_fluxes_and_uncertainties_are_left_out(curve):
    curve["flux"][0] = np.inf * u.uJy
    curve["flux_err"][1] = np.inf * u.uJy
    assert curve.bin_nightly()["n_points"].tolist() == [1, 1]
    assert len(curve.to_sncosmo()) == 2

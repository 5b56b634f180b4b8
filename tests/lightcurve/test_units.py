# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A user's own units: what is computed does not depend on them, and what has none is refused."""

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve


@pytest.fixture
def curve():
    return LightCurve(
        time=Time(61000 + np.array([0.0, 0.01, 0.02, 5.0]), format="mjd"),
        data={
            "band": ["o", "o", "c", "o"],
            "kind": ["forced"] * 4,
            "flux": [100.0, 120.0, -50.0, 400.0] * u.uJy,
            "flux_err": [10.0, 10.0, 20.0, 300.0] * u.uJy,
            "chi_n": [1.0] * 4,
        },
    )


@pytest.fixture(params=[u.mJy, u.nJy, u.Jy, u.Unit("erg / (s cm2 Hz)")])
def other(curve, request):
    """The same in another unit."""
    curve["flux"] = curve["flux"].to(request.param)
    return curve


def same(ours, theirs, *names):
    for name in names:
        assert ours[name].unit == theirs[name].unit, name
        assert np.allclose(ours[name].filled(np.nan), theirs[name].filled(np.nan), rtol=1e-12, equal_nan=True), name


def test_bins(curve, other):
    same(other.bin_nightly(), curve.bin_nightly(), "flux", "flux_err", "mag", "limit")


def test_magnitudes_and_limits(curve, other):
    same(other.at_significance(3), curve.at_significance(3), "mag", "mag_err", "limit")


def test_flags(curve):
    wanted = curve.flag("atclean")["quality"].tolist()
    assert any(wanted)
    curve["flux_err"] = curve["flux_err"].to(u.Jy)
    assert curve.flag("atclean")["quality"].tolist() == wanted


def test_exports(curve, other):
    assert np.allclose(other.to_sncosmo()["flux"], curve.to_sncosmo()["flux"], rtol=1e-12)
    assert other.to_sncosmo()["zp"].tolist() == [23.9] * 4


def test_magnitudes_of_another_kind(curve):
    curve["mag"] = [18.9, 18.7, 19.0, 17.4] * u.ABmag
    assert np.allclose(curve.at_significance(3)["mag"].filled(np.nan).value[:2], 23.9 - 2.5 * np.log10([100, 120]))
    curve["limit"], curve["limit_sigma"] = [19.0] * 4 * u.ABmag, 5.0
    curve["flux"][:] = np.nan * u.uJy
    curve.remove_column("mag")
    assert curve.at_significance(5)["limit"].filled(np.nan).value.tolist() == [19.0] * 4


@pytest.mark.parametrize(
    ("column", "message"),
    [([100.0, 120.0, -50.0, 400.0], "has no unit"), ([1, 2, 3, 4] * u.V, "is in V, which is no unit like uJy")],
)
def test_what_is_no_flux_is_refused(curve, column, message):
    curve["flux"] = column
    for call in (
        curve.bin_nightly,
        curve.to_sncosmo,
        lambda: curve.at_significance(3),
        lambda: curve.flag("saturation"),
    ):
        with pytest.raises(InvalidInputError, match=f"Column 'flux' {message}"):
            call()


@pytest.mark.parametrize("name", ["flux", "flux_err"])
def test_what_is_not_there_is_refused(curve, name):
    curve.remove_column(name)
    for call in (curve.bin_nightly, curve.to_sncosmo):
        with pytest.raises(InvalidInputError, match=f"no column '{name}'"):
            call()


def test_what_is_infinite_is_not_measured(curve):
    curve["flux"][0] = np.inf * u.uJy
    curve["flux_err"][1] = np.inf * u.uJy
    assert curve.bin_nightly()["n_points"].tolist() == [1, 1]
    assert len(curve.to_sncosmo()) == 2

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows without an exposure name that repeat others exactly count once."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import vstack
from astropy.time import Time

from atlasquery import LightCurve, LightCurves
from atlasquery.exceptions import DataQualityWarning

REPEATS = "rows without exposure names repeat another row exactly: such measurements count once"


@pytest.fixture
def twice(curve):
    """Four measurements without exposure names, each of them twice."""
    return vstack([curve, curve])


def test_repeated_rows_are_combined_once(curve, twice):
    with pytest.warns(DataQualityWarning, match=f"4 {REPEATS}"):
        combined = twice.combined()
    assert combined["flux"].value.tolist() == curve["flux"].value.tolist()
    assert combined["n_rows"].tolist() == [2] * 4


@pytest.mark.parametrize("names", [None, ["", "", "", ""]])
def test_repeated_rows_count_once_in_bins(curve, twice, names):
    if names:
        twice["expname"] = names * 2
    with pytest.warns(DataQualityWarning, match=f"4 {REPEATS}"):
        nights = twice.bin_nightly()
    assert nights["flux_err"].value.tolist() == curve.bin_nightly()["flux_err"].value.tolist()
    assert nights["n_points"].tolist() == [2, 1, 1]
    with pytest.warns(DataQualityWarning, match=f"4 {REPEATS}"):
        assert len(twice.to_sncosmo()) == 4


def test_many_light_curves_give_one_warning(curve, twice):
    for method in ("combined", "bin_nightly"):
        with pytest.warns(DataQualityWarning, match=REPEATS) as record:
            rows = getattr(LightCurves({"A": twice, "B": curve, "C": twice}), method)()
        assert len(record) == 1
        assert [len(item) for item in rows.values()] == [len(getattr(curve, method)())] * 3


@pytest.mark.parametrize(
    ("name", "value"), [("flux", 101 * u.uJy), ("flux_err", 11 * u.uJy), ("band", "c"), ("kind", "detection")]
)
def test_other_measurements_of_one_time_are_kept(curve, name, value):
    other = curve[:1].copy()
    other[name] = [value] if isinstance(value, str) else u.Quantity([value])
    rows = vstack([curve, other])
    assert len(rows.combined()) == 5
    assert rows.bin_nightly()["n_points"].sum() == 5


@pytest.mark.parametrize(("name", "values"), [("site", ["01a", "02a"]), ("ra", [1, 2] * u.deg), ("atlas_id", [0, 0])])
def test_rows_of_other_sites_are_kept(curve, name, values):
    rows = vstack([curve[:1], curve[:1]])
    rows[name] = values
    if name != "atlas_id":
        assert len(rows.combined()) == 2
    else:
        with pytest.warns(DataQualityWarning, match="1 row without an exposure name repeats another row exactly"):
            assert len(rows.combined()) == 1


def test_rows_without_a_flux_are_compared_by_magnitude_and_limit():
    nan = np.nan
    data = {"mag": [18.0, 18.0, 18.1, nan, nan, nan] * u.mag, "limit": [nan, nan, nan, 19.0, 19.0, 19.5] * u.mag}
    rows = LightCurve(time=Time([61000.0] * 6, format="mjd"), data=data)
    with pytest.warns(DataQualityWarning, match=f"2 {REPEATS}"):
        assert rows.combined()["n_rows"].tolist() == [2, 1, 2, 1]


def test_phases_may_be_equal():
    lc = LightCurve(
        time=Time([61000.0, 61001.0], format="mjd"), data={"flux": [9, 9] * u.uJy, "flux_err": [1, 1] * u.uJy}
    )
    assert len(lc.fold(1 * u.d).combined()) == 2
    assert len(lc.combined()) == 2


def test_plots_of_repeated_rows_and_the_summary_do_not_warn(twice):
    pytest.importorskip("matplotlib")
    twice.plot()
    assert LightCurves({"A": twice}).summary()["n_forced"].tolist() == [8]

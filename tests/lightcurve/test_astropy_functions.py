# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Functions of astropy, numpy and matplotlib with light curves: what is documented in docs/light_curves.rst works."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable, hstack, join, unique, vstack
from astropy.timeseries import BinnedTimeSeries, TimeSeries, aggregate_downsample

from atlasquery.exceptions import DataQualityWarning, InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves
from constants import COW


@pytest.fixture
def small(lc):
    return lc["time", "band", "kind", "flux", "mag"]


def test_hstack_with_other_columns(small):
    stacked = hstack([small, QTable({"note": ["a", ""] * 4})])
    assert (type(stacked), stacked.colnames[-1], stacked["note"].tolist()) == (LightCurve, "note", ["a", ""] * 4)
    assert stacked["band"].tolist() == small["band"].tolist()


@pytest.mark.parametrize(
    "combine",
    [
        lambda lc: hstack([lc, lc]),
        lambda lc: hstack([QTable({"note": ["a"] * 8}), lc]),
        lambda lc: join(lc, lc, keys="band"),
        lambda lc: lc.rename_column("time", "when"),
        lambda lc: lc.copy().remove_column("time"),
    ],
)
def test_without_a_first_column_of_times_there_is_one_clear_error(small, combine):
    with pytest.raises(InvalidInputError, match=r"must have 'time' as its first column.*QTable\(lc\).*keys='time'"):
        combine(small)


def test_the_way_of_the_hint(small):
    assert hstack([QTable(small), QTable(small)]).colnames[:2] == ["time_1", "band_1"]
    joined = join(small, small["time", "band", "flux"], keys=["time", "band"])
    assert type(joined) is LightCurve
    assert {"flux_1", "flux_2"} < set(joined.colnames)


def test_join_with_text(small):
    notes = QTable({"band": ["o", "c"], "survey": ["orange", "cyan"]})
    joined = join(small, notes, keys="band")
    assert type(joined) is LightCurve
    assert {(band, survey) for band, survey in joined["band", "survey"].iterrows()} == {("o", "orange"), ("c", "cyan")}
    assert sorted(joined.time.mjd) == sorted(small.time.mjd)
    assert join(small, notes[:1], keys="band", join_type="left")["survey"].mask.sum() == (small["band"] == "c").sum()


def test_unique_by_text_and_time(small):
    assert unique(small, "band")["band"].tolist() == ["c", "o"]
    assert type(unique(small, ["time", "band"])) is LightCurve


def test_aggregate_downsample_of_columns_of_numbers(small):
    binned = aggregate_downsample(small["time", "flux", "mag"], time_bin_size=10 * u.d)
    assert type(binned) is BinnedTimeSeries
    assert binned["flux"].unit == u.uJy


def test_histogram_of_known_magnitudes(lc):
    known = lc["mag"][~lc["mag"].mask].unmasked
    counts, _ = np.histogram(known.value, bins=5)
    assert counts.sum() == len(known) == (~lc["mag"].mask).sum()
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="needs matplotlib")
    assert pyplot.hist(known.value, bins=5)[0].tolist() == counts.tolist()


@pytest.mark.parametrize("other", [TimeSeries, QTable])
def test_other_classes_and_back(lc, other):
    restored = LightCurve(other(lc))
    assert (restored.colnames, restored.meta) == (lc.colnames, lc.meta)
    assert restored["mag"].mask.tolist() == lc["mag"].mask.tolist()
    assert len(restored.bin_nightly()) == len(lc.bin_nightly())


def test_methods_accept_rows_that_vstack_leaves_unsorted(lc):
    rows = vstack([lc[4:], lc[:4]])
    assert (np.diff(rows.time.mjd) < 0).any()
    for method in ("combined", "bin_nightly"):
        found, expected = (getattr(item, method)() for item in (rows, lc))
        assert found.time.mjd.tolist() == expected.time.mjd.tolist()
        assert sorted(map(str, found["flux"])) == sorted(map(str, expected["flux"]))
    summaries = [LightCurves({COW: item}).summary() for item in (rows, lc)]
    assert str(summaries[0]) == str(summaries[1])
    rows.sort("time")
    assert type(rows) is LightCurve
    assert rows.time.mjd.tolist() == lc.time.mjd.tolist()


def test_vstack_of_both_services_does_not_warn_about_descriptions(lc, tmp_path):
    """Columns of a file of the forced-photometry server mean the same as those of the transient server."""
    lc.forced.write(tmp_path / "curve.txt", format="atlas.forced")
    with pytest.warns(DataQualityWarning, match="The fit failed"):
        rows = LightCurve.read(tmp_path / "curve.txt")
    rows.meta = {}
    assert len(vstack([lc, rows])) == len(lc) + 3
    assert "at least 3 sigma" in rows["mag"].info.description

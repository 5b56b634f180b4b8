# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One row an exposure: which rows are one, which of them stays, and what it learns from the others."""

import itertools
import math
from collections import Counter

import astropy.units as u
import numpy as np
import pytest

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve

NAME = {"expname": "02a58285o0375o"}


def combined(make, prefer="forced", **sections):
    return LightCurve.from_record(make.record(**sections)).combined(prefer)


def test_the_recordings(real, real_record, real_counts):
    together = real.combined()
    names = [row["expname"] for section in ("lc", "lcnondets", "fp") for row in real_record[section]]
    assert len(together) == len(set(names))
    assert together["n_rows"].sum() == sum(real_counts) == len(names)
    assert dict(zip(together["expname"].tolist(), together["n_rows"].tolist(), strict=True)) == Counter(names)
    # Every exposure that has forced photometry is represented by it, unless the fit failed.
    failed = [row["expname"] for row in real_record["fp"] if row["peakfit"] is None]
    forced = {row["expname"] for row in real_record["fp"]} - set(failed)
    assert {row["expname"] for row in together if row["kind"] == "forced"} - set(failed) == forced
    assert list(together.time.mjd) == sorted(together.time.mjd)
    assert type(together) is LightCurve
    assert together.meta["combined"] == "forced"
    assert "combined" not in real.meta


@pytest.mark.parametrize(("prefer", "kind", "flux"), [("forced", "forced", 100.0), ("detection", "detection", 120.0)])
def test_which_measurement_is_kept(make, prefer, kind, flux):
    mag = 23.9 - 2.5 * math.log10(120)
    lc = combined(make, prefer, lc=[make.detection(1.0, mag, **NAME)], fp=[make.forced(1.0, **NAME)])
    (row,) = lc
    assert (row["kind"], row["n_rows"]) == (kind, 2)
    assert np.isclose(row["flux"].value, flux)
    assert lc.meta["combined"] == prefer


def test_a_failed_fit_comes_after_everything_measured(make):
    lc = combined(make, lc=[make.detection(1.0, 18.0, **NAME)], fp=[make.forced(1.0, None, None, **NAME)])
    assert lc["kind"].tolist() == ["detection"]


@pytest.mark.parametrize("values", [(np.inf, 10.0), (100.0, np.inf), (100.0, 0.0), (100.0, np.nan)])
def test_what_cannot_be_weighted_comes_after_everything_measured(make, values):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.0, **NAME)], fp=[make.forced(1.0, **NAME)]))
    is_forced = lc["kind"] == "forced"
    lc["flux"][is_forced], lc["flux_err"][is_forced] = values * u.uJy
    assert lc.combined()["kind"].tolist() == ["detection"]
    assert lc.bin_nightly()["n_points"].tolist() == [1]


def test_a_failed_fit_comes_before_a_limit(make):
    lc = combined(make, lcnondets=[make.limit(1.0, **NAME)], fp=[make.forced(1.0, None, None, **NAME)])
    assert lc["kind"].tolist() == ["forced"]


def test_of_several_detections_of_one_exposure_the_best_stays(make):
    rows = [make.detection(1.0, 17.0, err, det=number, **NAME) for number, err in enumerate((0.05, 0.02, 0.04))]
    for order in itertools.permutations(rows):
        (row,) = combined(make, lc=list(order))
        assert (row["det"], row["n_rows"]) == (1, 3)


def test_of_equal_rows_the_first_stays(make):
    (row,) = combined(make, lc=[make.detection(1.0, 17.0, det=number, **NAME) for number in (3, 1, 2)])
    assert row["det"] == 3


def test_rows_without_a_name_are_never_one(make):
    rows = [make.forced(1.0, expname=None), make.forced(1.0, expname=None), make.forced(1.0, expname="")]
    assert len(combined(make, fp=rows)) == 3


def test_the_same_time_is_not_the_same_exposure(make):
    assert len(combined(make, fp=[make.forced(1.0), make.forced(1.0, expname="04a58285o0007o")])) == 2


def test_flux_and_limit_are_of_one_row(make):
    (row,) = combined(make, lcnondets=[make.limit(1.0, 19.5, **NAME)], fp=[make.forced(1.0, **NAME)])
    assert row["limit"].mask
    assert np.ma.is_masked(row["limit_sigma"])


def test_what_is_true_of_the_exposure_is_learned(make):
    told = {"exptime": 110.0, "pointing": "TA244N22"}
    (row,) = combined(make, lcnondets=[make.limit(1.0, **NAME, **told)], fp=[make.forced(1.0, **NAME)])
    assert (row["exptime"], row["pointing"]) == (110 * u.s, "TA244N22")
    assert np.ma.is_masked(row["filename"])


def test_what_is_known_is_not_overwritten(make):
    rows = {"lcnondets": [make.limit(1.0, **NAME)], "fp": [make.forced(1.0, texp=20.0, **NAME)]}
    (row,) = combined(make, **rows)
    assert row["exptime"] == 20 * u.s


def test_twice_is_once(lc):
    once = lc.combined()
    twice = once.combined()
    assert once["n_rows"].tolist() == twice["n_rows"].tolist()
    assert once["flux"].mask.tolist() == twice["flux"].mask.tolist()


def test_sorted_whatever_the_order_was(lc):
    assert lc[::-1].combined().time.mjd.tolist() == lc.combined().time.mjd.tolist()


def test_rows_of_several_objects_are_refused(lc, make):
    lc["atlas_id"] = [make.id] * 4 + [make.id + 1] * 4
    with pytest.raises(InvalidInputError, match="rows are of 2 objects"):
        lc.combined()
    assert len(lc[lc["atlas_id"] == make.id].combined()) > 0


def test_an_empty_curve(lc):
    assert len(lc[:0].combined()) == 0
    assert "n_rows" in lc[:0].combined().colnames


def test_a_curve_made_by_hand():
    lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"flux": [1.0, 2.0] * u.uJy})
    assert len(lc.combined()) == 2


def test_the_curve_is_not_changed(lc):
    before = repr(lc.copy()), list(lc.colnames)
    lc.combined()
    assert (repr(lc), lc.colnames) == before


def test_nothing_else_is_preferred(lc):
    with pytest.raises(InvalidInputError, match="'forced' or 'detection'"):
        lc.combined("limit")

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One row per exposure: which rows are combined, which one is kept, and which values are filled."""

import itertools
import math
from collections import Counter

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve

NAME = {"expname": "02a58285o0375o"}


def combined(make, prefer="forced", **sections):
    return LightCurve.from_record(make.record(**sections)).combined(prefer)


def test_every_recorded_exposure_has_one_row(real, real_record, real_counts):
    exposures = real.combined()
    names = [row["expname"] for section in ("lc", "lcnondets", "fp") for row in real_record[section]]
    assert len(exposures) == len(set(names))
    assert exposures["n_rows"].sum() == sum(real_counts) == len(names)
    assert dict(zip(exposures["expname"].tolist(), exposures["n_rows"].tolist(), strict=True)) == Counter(names)
    # The row of an exposure with forced photometry is the forced one, unless the fit failed.
    failed = [row["expname"] for row in real_record["fp"] if row["peakfit"] is None]
    forced = {row["expname"] for row in real_record["fp"]} - set(failed)
    assert {row["expname"] for row in exposures if row["kind"] == "forced"} - set(failed) == forced
    assert list(exposures.time.mjd) == sorted(exposures.time.mjd)
    assert type(exposures) is LightCurve
    assert exposures.meta["combined"] == "forced"
    assert "combined" not in real.meta


@pytest.mark.parametrize(("prefer", "kind", "flux"), [("forced", "forced", 100.0), ("detection", "detection", 120.0)])
def test_the_preferred_kind_is_kept(make, prefer, kind, flux):
    mag = 23.9 - 2.5 * math.log10(120)
    lc = combined(make, prefer, lc=[make.detection(1.0, mag, **NAME)], fp=[make.forced(1.0, **NAME)])
    (row,) = lc
    assert (row["kind"], row["n_rows"]) == (kind, 2)
    assert np.isclose(row["flux"].value, flux)
    assert lc.meta["combined"] == prefer


def test_a_detection_is_preferred_to_a_failed_fit(make):
    lc = combined(make, lc=[make.detection(1.0, 18.0, **NAME)], fp=[make.forced(1.0, None, None, **NAME)])
    assert lc["kind"].tolist() == ["detection"]


@pytest.mark.parametrize("values", [(np.inf, 10.0), (100.0, np.inf), (100.0, 0.0), (100.0, np.nan)])
def test_a_detection_is_preferred_to_an_invalid_flux_or_uncertainty(make, values):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.0, **NAME)], fp=[make.forced(1.0, **NAME)]))
    is_forced = lc["kind"] == "forced"
    lc["flux"][is_forced], lc["flux_err"][is_forced] = values * u.uJy
    assert lc.combined()["kind"].tolist() == ["detection"]
    assert lc.bin_nightly()["n_points"].tolist() == [1]


def test_a_failed_fit_is_preferred_to_a_limit(make):
    lc = combined(make, lcnondets=[make.limit(1.0, **NAME)], fp=[make.forced(1.0, None, None, **NAME)])
    assert lc["kind"].tolist() == ["forced"]


def test_the_detection_with_the_smallest_uncertainty_is_kept(make):
    rows = [make.detection(1.0, 17.0, err, det=number, **NAME) for number, err in enumerate((0.05, 0.02, 0.04))]
    for order in itertools.permutations(rows):
        (row,) = combined(make, lc=list(order))
        assert (row["det"], row["n_rows"]) == (1, 3)


def test_the_first_of_equal_rows_is_kept(make):
    (row,) = combined(make, lc=[make.detection(1.0, 17.0, det=number, **NAME) for number in (3, 1, 2)])
    assert row["det"] == 3


def test_rows_without_a_name_are_not_combined(make):
    rows = [make.forced(1.0, flux, expname=name) for flux, name in ((100.0, None), (101.0, None), (102.0, ""))]
    assert len(combined(make, fp=rows)) == 3


def test_rows_of_other_exposures_at_the_same_time_are_not_combined(make):
    assert len(combined(make, fp=[make.forced(1.0), make.forced(1.0, expname="04a58285o0007o")])) == 2


def test_flux_and_limit_are_never_mixed(make):
    (row,) = combined(make, lcnondets=[make.limit(1.0, 19.5, **NAME)], fp=[make.forced(1.0, **NAME)])
    assert row["limit"].mask
    assert np.ma.is_masked(row["limit_sigma"])


def test_null_exposure_properties_are_filled_from_other_rows(make):
    properties = {"exptime": 110.0, "pointing": "TA244N22"}
    (row,) = combined(make, lcnondets=[make.limit(1.0, **NAME, **properties)], fp=[make.forced(1.0, **NAME)])
    assert (row["exptime"], row["pointing"]) == (110 * u.s, "TA244N22")
    assert np.ma.is_masked(row["filename"])


def test_known_exposure_properties_are_kept(make):
    rows = {"lcnondets": [make.limit(1.0, **NAME)], "fp": [make.forced(1.0, texp=20.0, **NAME)]}
    (row,) = combined(make, **rows)
    assert row["exptime"] == 20 * u.s


def test_combining_twice_changes_nothing(lc):
    once = lc.combined()
    twice = once.combined()
    assert once["n_rows"].tolist() == twice["n_rows"].tolist()
    assert once["flux"].mask.tolist() == twice["flux"].mask.tolist()


def test_the_result_is_sorted_by_time(lc):
    assert lc[::-1].combined().time.mjd.tolist() == lc.combined().time.mjd.tolist()


def test_rows_of_several_objects_are_rejected(lc, make):
    lc["atlas_id"] = [make.id] * 4 + [make.id + 1] * 4
    with pytest.raises(InvalidInputError, match="2 objects"):
        lc.combined()
    assert len(lc[lc["atlas_id"] == make.id].combined()) > 0


def test_an_empty_curve_stays_empty(lc):
    assert len(lc[:0].combined()) == 0
    assert "n_rows" in lc[:0].combined().colnames


def test_a_curve_without_optional_columns_can_be_combined():
    lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"flux": [1.0, 2.0] * u.uJy})
    assert len(lc.combined()) == 2


def test_the_original_curve_is_not_changed(lc):
    before = repr(lc.copy()), list(lc.colnames)
    lc.combined()
    assert (repr(lc), lc.colnames) == before


def test_other_values_of_prefer_are_rejected(lc):
    with pytest.raises(InvalidInputError, match=r"`prefer`.*'limit'"):
        lc.combined("limit")


def test_rows_of_one_service_are_selected_before_combining(lc):
    services = ["transient"] * 2 + ["forcedphot"] + ["transient"] * 5
    lc["service"] = MaskedColumn(services, mask=[False] * 7 + [True])
    assert lc.combined(service="forcedphot")["service"].tolist() == ["forcedphot"]
    transient = lc.combined(service="transient")
    assert len(transient) == 7  # a row without a service is of the transient server
    assert "forcedphot" not in transient["service"].tolist()
    assert transient.meta == lc.combined().meta
    assert len(lc[2:3].combined(service="transient")) == 0


def test_without_a_service_column_all_rows_are_of_the_transient_server(lc):
    lc = LightCurve({name: lc[name] for name in lc.colnames if name != "service"})
    assert repr(lc.combined(service="transient")) == repr(lc.combined())
    with pytest.raises(InvalidInputError, match=r"`service`.*'transient'.*'forcedphot'"):
        lc.combined(service="forcedphot")


@pytest.mark.parametrize("service", ["forced", "", 3, ["transient"]])
def test_unknown_services_are_rejected(lc, service):
    lc["service"] = "transient"
    with pytest.raises(InvalidInputError, match=r"`service`.*'transient', 'forcedphot'"):
        lc.combined(service=service)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Bins: the rows of each bin, their means, and clipping."""

import math
from datetime import datetime

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time, TimeDelta
from astropy.timeseries import TimeSeries, aggregate_downsample
from astropy.utils.masked import Masked
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurve


def make_curve(mjd, flux, flux_err, band="o"):
    bands = [band] * len(mjd) if isinstance(band, str) else band
    data = {"band": bands, "flux": np.array(flux, float) * u.uJy, "flux_err": np.array(flux_err, float) * u.uJy}
    return LightCurve(time=Time(np.array(mjd, float), format="mjd", scale="utc"), data=data)


def loop_nights(mjd, flux, err, band, gap):
    """Return nights and means from a loop over rows, without any function of the package."""
    nights = []
    for name in sorted(set(band)):
        rows = sorted((t, f, e) for t, f, e, b in zip(mjd, flux, err, band, strict=True) if b == name)
        night = [rows[0]]
        for row in rows[1:]:
            if row[0] - night[-1][0] > gap:
                nights.append((name, night))
                night = []
            night.append(row)
        nights.append((name, night))
    result = []
    for name, rows in nights:
        weights = [1 / e**2 for _, _, e in rows]
        total = math.fsum(weights)
        mean = math.fsum(w * f for w, (_, f, _) in zip(weights, rows, strict=True)) / total
        time = math.fsum(w * t for w, (t, _, _) in zip(weights, rows, strict=True)) / total
        chi2 = math.fsum(((f - mean) / e) ** 2 for _, f, e in rows)
        result.append((time, name, mean, total**-0.5, len(rows), chi2 / (len(rows) - 1) if len(rows) > 1 else np.nan))
    return sorted(result)


def to_floats(column):
    column = column.filled(np.nan) if hasattr(column, "filled") else column
    return np.asarray(getattr(column, "value", column), dtype=float)


def assert_same_bins(binned, expected):
    assert len(binned) == len(expected)
    time, band, flux, flux_err, count, chi2 = zip(*expected, strict=True)
    assert binned["band"].tolist() == list(band)
    assert binned["n_points"].tolist() == list(count)
    assert_allclose(binned.time.mjd, time, rtol=0, atol=1e-8)
    assert_allclose(to_floats(binned["flux"]), flux, rtol=1e-9, atol=1e-9)
    assert_allclose(to_floats(binned["flux_err"]), flux_err, rtol=1e-12)
    assert_allclose(to_floats(binned["chi2_dof"]), chi2, rtol=1e-7, atol=1e-7)


made_rows = st.tuples(
    st.integers(0, 4000).map(lambda n: 58000 + n / 512),
    st.integers(-10000, 10000),
    st.integers(1, 1000),
    st.sampled_from("co"),
)


@pytest.mark.filterwarnings("ignore:A night lasts")
@given(st.lists(made_rows, min_size=1, max_size=40, unique_by=lambda row: row[0]))
def test_nights_agree_with_a_loop_over_rows(sample):
    sample = sorted(sample)
    mjd, flux, err, band = zip(*sample, strict=True)
    assert_same_bins(make_curve(mjd, flux, err, list(band)).bin_nightly(), loop_nights(mjd, flux, err, band, 0.4))


@given(st.integers(1, 50), st.integers(-1000, 1000), st.floats(0.1, 100))
def test_uncertainty_of_equal_measurements(count, flux, err):
    (row,) = make_curve(58000 + np.arange(count) / 1000, [flux] * count, [err] * count).bin_nightly()
    assert_allclose(row["flux_err"].value, err / math.sqrt(count))
    assert_allclose(row["flux"].value, flux, rtol=1e-9, atol=1e-9)
    assert_allclose(row["limit"].value, 23.9 - 2.5 * math.log10(3 * err / math.sqrt(count)))


def test_scatter_of_bins_agrees_with_their_uncertainty():
    rng = np.random.default_rng(20181)
    nights, each = 2000, 4
    err = rng.uniform(10, 40, nights * each)
    mjd = np.repeat(np.arange(nights), each) + np.tile(np.arange(each) * 0.01, nights) + 58000
    binned = make_curve(mjd, 100 + err * rng.standard_normal(nights * each), err).bin_nightly()
    pull = (to_floats(binned["flux"]) - 100) / to_floats(binned["flux_err"])
    assert abs(pull.mean()) < 5 / math.sqrt(nights)
    assert abs(pull.std() - 1) < 5 / math.sqrt(2 * nights)
    assert abs(binned["chi2_dof"].mean() - 1) < 5 * math.sqrt(2 / 3 / nights)


def test_bins_agree_with_aggregate_downsample_for_equal_uncertainties():
    rng = np.random.default_rng(5)
    mjd = np.sort(58000 + rng.uniform(0, 300, 500))
    flux = rng.normal(0, 100, 500)
    binned = make_curve(mjd, flux, [20] * 500).bin(7 * u.day)
    downsampled = aggregate_downsample(
        TimeSeries(time=Time(mjd, format="mjd"), data={"flux": flux}), time_bin_size=7 * u.day
    )
    filled = ~np.ma.getmaskarray(np.ma.masked_invalid(downsampled["flux"].filled(np.nan)))
    assert len(binned) == filled.sum() > 30
    assert_allclose(to_floats(binned["flux"]), np.asarray(downsampled["flux"])[filled])
    start, end = (edge.mjd[filled] for edge in (downsampled.time_bin_start, downsampled.time_bin_end))
    assert (start <= to_floats(binned["first_mjd"]) + 1e-9).all()
    assert (to_floats(binned["last_mjd"]) < end + 1e-9).all()


def test_a_night_continues_after_midnight():
    binned = make_curve([58000.98, 58001.02, 58001.9], [1, 2, 3], [1, 1, 1]).bin_nightly()
    assert binned["n_points"].tolist() == [2, 1]


@pytest.mark.parametrize(("gap", "counts"), [(0.4, [2, 1]), (0.2, [1, 1, 1]), (1.0, [3])])
def test_gap_ends_a_night(gap, counts):
    assert make_curve([1, 1.3, 2], [1, 2, 3], [1, 1, 1]).bin_nightly(gap * u.day)["n_points"].tolist() == counts


def test_bands_are_binned_separately():
    binned = make_curve([1, 1.01, 1.02], [10, 20, 30], [1, 1, 1], ["c", "o", "c"]).bin_nightly()
    assert list(zip(binned["band"], to_floats(binned["flux"]), strict=True)) == [("c", 20), ("o", 20)]


def test_rows_without_a_flux_are_left_out(lc):
    binned = lc.bin_nightly()
    assert binned["n_points"].tolist() == [2, 2, 1]
    assert set(binned["kind"]) == {"binned"}
    assert [binned.meta["atlas_id"], binned.meta["binned"]] == [lc.meta["atlas_id"], {"gap": "0.4 d", "clip": None}]


def test_an_exposure_counts_once(make):
    name = {"expname": "02a58285o0375o"}
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 17.0, **name)], fp=[make.forced(1.0, **name)]))
    (row,) = lc.bin_nightly()
    assert (row["n_points"], row["flux"]) == (1, 100 * u.uJy)
    (row,) = lc.combined("detection").bin_nightly()
    assert row["flux"] > 500 * u.uJy


def test_flags_are_not_applied():
    lc = make_curve([1, 1.01], [10, 1000], [5, 5]).flag([False, True])
    assert lc.bin_nightly()["n_points"].tolist() == [2]
    assert lc.good().bin_nightly()["n_points"].tolist() == [1]


def test_an_outlier_is_clipped():
    lc = make_curve(1 + np.arange(5) / 100, [10, 11, 9, 10, 200], [5] * 5)
    (row,) = lc.bin_nightly(clip=3)
    assert (row["n_points"], row["n_clipped"]) == (4, 1)
    assert_allclose(to_floats(row["flux"]), 10, atol=1e-6)
    assert_allclose(to_floats(row["last_mjd"]), 1.03, atol=1e-6)
    (row,) = lc.bin_nightly()
    assert (row["n_points"], row["n_clipped"]) == (5, 0)


def test_two_points_are_never_clipped():
    (row,) = make_curve([1, 1.01], [0, 1000], [1, 1]).bin_nightly(clip=3)
    assert (row["n_points"], row["n_clipped"]) == (2, 0)


def test_the_largest_outlier_is_clipped_first():
    # Each point deviates from the mean of all by more than 3 sigma.
    (row,) = make_curve(1 + np.arange(4) / 100, [0, 0, 0, 1000], [10] * 4).bin_nightly(clip=3)
    assert (row["n_points"], row["flux"].value) == (3, 0)


@pytest.mark.parametrize("err", [1e-3, 1e-5, 1e-7, 1e-9, 1e-12])
def test_a_dominant_point_is_not_clipped_by_rounding(err):
    (row,) = make_curve(1 + np.arange(4) / 100, [100.1234567, 90, 110, 130], [err, 10, 10, 10]).bin_nightly(clip=3)
    assert (row["n_points"], row["n_clipped"]) == (4, 0)
    assert_allclose(row["flux"].value, 100.1234567)


def test_clipping_of_gaussian_noise_removes_the_expected_number():
    rng = np.random.default_rng(3)
    mjd = np.repeat(np.arange(1000), 5) + np.tile(np.arange(5) * 0.01, 1000)
    clipped = make_curve(mjd, rng.standard_normal(5000), np.ones(5000)).bin_nightly(clip=3)["n_clipped"].sum()
    assert 3 <= clipped <= 30  # 13.5 expected


def test_magnitudes_of_bins():
    binned = make_curve([1, 2], [100, -100], [10, 10]).bin_nightly(n_sigma=5)
    assert binned["mag"].mask.tolist() == [False, True]
    assert_allclose(to_floats(binned["mag"][0]), 18.9, atol=1e-6)
    assert_allclose(to_floats(binned["mag_err"][0]), 0.108574, atol=1e-6)
    assert_allclose(to_floats(binned["limit"]), 23.9 - 2.5 * math.log10(50))
    assert set(binned["limit_sigma"]) == {5}
    assert binned.meta["n_sigma"] == 5


def test_bins_of_fixed_width():
    lc = make_curve([1, 6.9, 8.1, 40], [1, 2, 3, 4], [1] * 4)
    assert lc.bin(7 * u.day)["n_points"].tolist() == [2, 1, 1]
    assert lc.bin(1 * u.week, time_bin_start=Time(5, format="mjd"))["n_points"].tolist() == [1, 2, 1]
    assert lc.bin(1000 * u.h)["n_points"].tolist() == [4]


def test_a_night_longer_than_a_day_gives_a_warning():
    with pytest.warns(DataQualityWarning, match=r"A night lasts 2\.7 days") as caught:
        make_curve(np.arange(10) * 0.3, np.ones(10), np.ones(10)).bin_nightly()
    assert caught[0].filename == __file__


@pytest.mark.parametrize("span", [7 * u.d, TimeDelta(7 * u.d), TimeDelta(7, format="jd")])
def test_time_spans_are_quantities_or_time_deltas(span):
    lc = make_curve([1, 6.9, 8.1, 40], [1, 2, 3, 4], [1] * 4)
    assert lc.bin(span)["n_points"].tolist() == [2, 1, 1]
    assert lc.bin_nightly(gap=span / 10)["n_points"].tolist() == [1, 1, 1, 1]
    assert lc.bin(span).meta["binned"]["width"] == "7 d"


@pytest.mark.parametrize(
    "span",
    [
        0 * u.d,
        -1 * u.d,
        np.nan * u.d,
        np.inf * u.d,
        [1, 2] * u.d,
        Masked(1 * u.d, mask=True),
        TimeDelta(0 * u.d),
        TimeDelta([1, 2] * u.d),
    ],
)
def test_time_spans_must_be_above_0(lc, span):
    with pytest.raises(InvalidInputError, match=r"`gap`.*above 0"):
        lc.bin_nightly(span)
    with pytest.raises(InvalidInputError, match=r"`time_bin_size`.*above 0"):
        lc.bin(span)


@pytest.mark.parametrize("span", [0.4, None, 3 * u.pix])
def test_time_spans_must_have_a_unit_of_time(lc, span):
    with pytest.raises(InvalidTypeError, match=r"`time_bin_size`.*time span"):
        lc.bin(span)
    with pytest.raises(InvalidTypeError, match=r"`gap`.*time span"):
        lc.bin_nightly(span)


@pytest.mark.parametrize("start", [58280.0, 58280, 58280 * u.d])
def test_time_bin_start_must_have_a_format_and_scale(lc, start):
    with pytest.raises(InvalidTypeError, match="`time_bin_start`"):
        lc.bin(1 * u.d, time_bin_start=start)


def test_time_bin_start_may_be_a_string_time_or_datetime(lc):
    starts = ("2018-06-01", Time("2018-06-01"), datetime(2018, 6, 1))
    bins = [lc.bin(3 * u.d, time_bin_start=start)["flux"].filled(np.nan).value for start in starts]
    assert np.array_equal(bins[0], bins[1], equal_nan=True)
    assert np.array_equal(bins[0], bins[2], equal_nan=True)


@pytest.mark.parametrize(
    "start",
    [
        "nonsense",
        np.datetime64("NaT", "D"),
        Time([58280.0, 58281.0], format="mjd"),
        Time(Masked(58280.0, mask=True), format="mjd"),
    ],
)
def test_time_bin_start_must_be_a_single_time(lc, start):
    with pytest.raises(InvalidInputError, match=r"`time_bin_start`.*single time"):
        lc.bin(1 * u.d, time_bin_start=start)


def test_bin_takes_clip_and_start_as_keywords_only(lc):
    with pytest.raises(TypeError, match="positional"):
        lc.bin(1 * u.d, 3)


@pytest.mark.parametrize("value", [0, -3, "3", True, np.nan])
def test_clip_and_n_sigma_must_be_above_0(lc, value):
    with pytest.raises(InvalidInputError, match="`clip`"):
        lc.bin_nightly(clip=value)
    with pytest.raises(InvalidInputError, match="`n_sigma`"):
        lc.bin_nightly(n_sigma=value)


def test_bins_of_bins_average_all_exposures(real):
    nights = real.bin_nightly()
    months, at_once = (curve.bin(30 * u.d, time_bin_start="2017-01-01") for curve in (nights, real))
    assert months["n_points"].sum() == at_once["n_points"].sum() == nights["n_points"].sum()
    assert_allclose(months["flux"].filled(np.nan), at_once["flux"].filled(np.nan), rtol=1e-9)


def test_bins_of_bins_keep_first_and_last_time_and_clipped_count():
    mjd = 61000 + np.array([0.1, 0.2, 0.3, 1.1, 1.2, 2.1, 2.2, 2.3])
    nights = make_curve(mjd, [100, 101, 900, 100, 101, 500, 501, 502], [10.0] * 8).bin_nightly(clip=3)
    assert nights["n_clipped"].tolist() == [1, 0, 0]
    (row,) = nights.bin(10 * u.d)
    assert (row["n_points"], row["n_clipped"]) == (7, 1)
    assert_allclose(to_floats(row["first_mjd"]), 61000.1, rtol=0, atol=1e-8)
    assert_allclose(to_floats(row["last_mjd"]), 61002.3, rtol=0, atol=1e-8)
    (row,) = nights.bin(10 * u.d, clip=3)
    assert (row["n_points"], row["n_clipped"]) == (4, 4)  # the last night, and the clipped point of the first
    assert_allclose(to_floats(row["last_mjd"]), 61001.2, rtol=0, atol=1e-8)


def test_some_rows_may_be_bins():
    lc = make_curve([1.0, 1.1, 2.0], [1, 2, 3], [1] * 3)
    lc["first_mjd"] = Masked([0.5, 0.5, 1.9] * u.d, mask=[False, True, False])
    (row,) = lc.bin(10 * u.d)
    assert (row["first_mjd"].value, row["last_mjd"].value) == (0.5, 2.0)


def test_column_descriptions_describe_bins(lc):
    binned = lc.bin_nightly(n_sigma=4)
    descriptions = {name: binned[name].info.description for name in binned.colnames}
    assert all(descriptions.values())
    assert descriptions["mag"] == lc.at_significance(4)["mag"].info.description
    assert "at least 4 sigma" in descriptions["mag"]
    for name in ("time", "kind", "flux", "flux_err", "limit_sigma"):
        assert descriptions[name] != lc[name].info.description


def test_rows_of_several_objects_are_rejected(lc, make):
    lc["atlas_id"] = [make.id] * 4 + [make.id + 1] * 4
    for call in (lc.bin_nightly, lambda: lc.bin(1 * u.d)):
        with pytest.raises(InvalidInputError, match="2 objects"):
            call()


def test_a_bin_below_n_sigma_has_a_limit_and_no_magnitude():
    lc = make_curve([1.0, 20.0, 40.0], [100.0, 25.0, -10.0], [10.0] * 3)
    assert lc.bin_nightly()["mag"].mask.tolist() == [False, True, True]
    assert lc.bin_nightly(n_sigma=2)["mag"].mask.tolist() == [False, False, True]
    assert not lc.bin_nightly()["limit"].mask.any()


def test_too_many_bins_are_rejected(lc):
    with pytest.raises(InvalidInputError, match="`time_bin_size`"):
        lc.bin(1e-15 * u.s)


def test_no_rows_give_an_empty_typed_result(lc):
    for rows_without_flux in (lc[:0], lc.limits):
        binned = rows_without_flux.bin_nightly(clip=3)
        assert len(binned) == 0
        assert binned["flux"].unit == u.uJy
        assert len(rows_without_flux.bin(1 * u.day)) == 0


def test_bins_can_be_flagged():
    lc = make_curve([1, 1.01, 2], [0, 1000, 5], [10] * 3)
    flagged = lc.bin_nightly(clip=3).flag("atclean_bins")
    assert flagged["quality"].tolist() == [1 << 9, 1 << 11]


def test_nights_of_recorded_answers_agree_with_a_loop_over_rows(real):
    binned = real.bin_nightly()
    exposures = real.combined()
    measured = exposures[(exposures["flux_err"] > 0 * u.uJy)]
    assert binned["n_points"].sum() == len(measured)
    columns = (
        measured.time.mjd,
        to_floats(measured["flux"]),
        to_floats(measured["flux_err"]),
        measured["band"].tolist(),
    )
    assert_same_bins(binned, loop_nights(*columns, 0.4))

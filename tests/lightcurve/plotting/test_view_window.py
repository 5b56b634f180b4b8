# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The part of a light curve that a plot shows, and the title of the legend."""

import io
import json
from datetime import UTC, datetime

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")


def legend_texts(ax):
    """Return the labels and the title of a legend."""
    box = ax.get_legend()
    return {text.get_text() for text in box.get_texts()}, box.get_title().get_text()


def count_points(ax):
    """Return the number of points."""
    return sum(len(container.lines[0].get_xdata()) for container in ax.containers)


def make_curve(make, mjd):
    return LightCurve.from_record(make.record(lc=[make.detection(day, 18.0) for day in mjd]))


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_default_window_of_real_curves_is_around_the_detections(real, y):
    ax = real.plot(y=y)
    is_positive = (real["kind"] == "detection") & (real["flux"] > 0 * u.uJy).filled(False)
    mjd = real.time.mjd[is_positive]
    low, high = ax.get_xlim()
    assert np.median(mjd) > low + 4
    assert np.median(mjd) < high - 4
    assert high - low < 1.2 * np.ptp(mjd) + 20
    assert count_points(ax) < len(real)


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_isolated_exposure_does_not_widen_the_window(make, y):
    # The last detection and the forced measurement are one exposure.
    lc = LightCurve.from_record(
        make.record(
            lc=[make.detection(day, 18.0) for day in (58000.0, 58285.0, 58290.0, 59000.0)], fp=[make.forced(59000.0)]
        )
    )
    ax = lc.plot(y=y)
    assert ax.get_xlim() == (58280, 58295)
    texts, title = legend_texts(ax)
    what = "positive" if y == "mag" else "significant"
    assert title == f"MJD 58280 to 58295\n(around the {what} flux,\n2 isolated exposures not shown)"
    assert {"o detection: 2 of 4", "o forced: 0 of 1"} == texts
    assert lc.plot(y=y, window="all").get_xlim()[1] > 59000


def test_all_seasons_of_a_variable_star_are_shown(make):
    times = [58000.0 + 365 * season + night for season in range(8) for night in (0, 20, 45)]
    assert make_curve(make, times).plot().get_xlim()[1] > times[-1]


def test_isolated_exposures_only_are_all_shown(make):
    ax = make_curve(make, [58000.0, 58500.0, 59000.0]).plot()
    assert ax.get_xlim() == (57950, 59050)
    assert legend_texts(ax)[1].endswith("(around the positive flux)")


def test_two_exposures_of_a_night_are_not_isolated(make):
    low, high = make_curve(make, [58000.0, 58000.01, 59000.0, 59010.0, 59020.0]).plot().get_xlim()
    assert (low < 58000, high > 59020) == (True, True)


def test_years_of_limits_do_not_widen_the_window(shared_data):
    (record,) = json.loads((shared_data / "recordings" / "objects_1000005291314656200.json").read_text())
    ax = LightCurve.from_record(record).plot()
    low, high = ax.get_xlim()
    assert high - low < 50
    assert {"c limit: 15 of 727", "t limit: 0 of 5"} <= legend_texts(ax)[0]


@pytest.mark.parametrize(
    "window",
    [
        (58284, 58286.5),
        (Time(58284, format="mjd"), Time(58286.5, format="mjd", scale="utc").tdb),
        ("2018-06-15", "2018-06-17T12:00:00Z"),
        (datetime(2018, 6, 15), datetime(2018, 6, 17, 12, tzinfo=UTC)),
        [58284, "2018-06-17 12:00"],
    ],
    ids=["MJD", "Time", "string", "datetime", "mixed"],
)
def test_window_accepts_all_kinds_of_times(lc, window):
    ax = lc.plot(window=window)
    assert ax.get_xlim() == pytest.approx((58284, 58286.5), abs=1e-9)
    assert legend_texts(ax)[1].endswith("(as requested)")
    assert "c detection: 0 of 1" in legend_texts(ax)[0]


@pytest.mark.parametrize("window", ["some", 5, (5,), (5, "x"), (6, 5), (np.nan, 5), (5, np.inf), (5 * u.d, 6 * u.d)])
def test_invalid_window_raises_an_error(lc, window):
    with pytest.raises(InvalidInputError, match="`window`"):
        lc.plot(window=window)


def test_title_of_a_short_window_has_decimals(make):
    title = legend_texts(make_curve(make, [58300.3, 58300.4]).plot(window=(58300.28, 58300.52)))[1]
    assert title == "MJD 58300.28 to 58300.52\n(as requested)"


def test_a_few_isolated_exposures_do_not_widen_the_window(make):
    transient = [58285.0 + night / 4 for night in range(100)]
    isolated = [59000.0, 59010.0, 59011.0, 60000.0]
    ax = make_curve(make, transient + isolated).plot()
    assert ax.get_xlim()[1] < 58330
    assert legend_texts(ax)[1].endswith("4 isolated exposures not shown)")


@pytest.mark.parametrize(("n_exposures", "is_isolated"), [(2, True), (5, True), (6, False)])
def test_small_group_after_a_transient_is_isolated(make, n_exposures, is_isolated):
    """A pair is 5 % of 40 exposures: with the limit for variable stars, it would add years of limits to the plot."""
    transient = [58285.0 + night for night in range(40)]
    ax = make_curve(make, transient + [59000.0 + night for night in range(n_exposures)]).plot()
    assert (ax.get_xlim()[1] < 58340) == is_isolated


def test_short_season_of_a_variable_star_is_not_isolated(make):
    """It has as few exposures as a group that is isolated after a transient."""
    seasons = [58285.0 + 365 * season + night for season in range(3) for night in range(40)]
    assert make_curve(make, [*seasons, 59500.0, 59501.0, 59502.0]).plot().get_xlim()[1] > 59502


def test_window_of_fluxes_includes_negative_fluxes(make):
    """Most fluxes are negative for an object that is brighter in the reference image."""
    lc = LightCurve.from_record(
        make.record(
            lc=[make.detection(58000.0 + day, -18.0) for day in range(40)] + [make.detection(58300.0, 18.0)],
            fp=[make.forced(58400.0 + day, -50.0) for day in range(9)]
            + [make.forced(58600.0 + day, 20.0) for day in range(9)],
        )
    )
    assert lc.plot(y="flux").get_xlim() == pytest.approx((58000 - 0.05 * 408, 58408 + 0.05 * 408))
    assert lc.plot().get_xlim() == (58295, 58305)


def test_title_counts_rows_without_a_magnitude(lc, make):
    folded = lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"))
    # One failed fit; the negative detection has a limit.
    assert legend_texts(folded.plot())[1].endswith("(everything except 1\nwithout a magnitude)")
    assert legend_texts(lc.plot(window="all"))[1].endswith("(everything except 1\nwithout a magnitude)")
    assert legend_texts(make_curve(make, [58285.0]).plot(window="all"))[1].endswith("(everything)")


def test_noise_of_a_curve_without_kinds_is_not_significant():
    data = {"flux": [10.0, 100.0, -90.0, -5.0] * u.uJy, "flux_err": [10.0] * 4 * u.uJy}
    lc = LightCurve(time=Time([58000.0, 58300.0, 58310.0, 58600.0], format="mjd"), data=data)
    assert lc.plot(y="flux").get_xlim() == (58295, 58315)


def test_the_window_of_a_mover_is_its_points(make):
    mjd = [58000.0, 58000.02, 58000.04, 58000.06, 58300.0, 58500.0]
    rows = [make.detection(day, 18.0, ra=10 + (day - 58000) / 10, dec=5.0) for day in mjd]
    at_rest = [row | {"ra": 10.0} for row in rows]
    mover, star = (LightCurve.from_record(make.record(lc=items)) for items in (rows, at_rest))
    low, high = mover.plot().get_xlim()
    assert (low < 58000, high > 58500) == (True, True)
    assert "isolated" not in legend_texts(mover.plot())[1]
    assert star.plot().get_xlim()[1] < 58300


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_fits_of_cloudy_exposures_do_not_widen_the_range(y, make):
    rows = [make.forced(58000.5 + n, 100.0 + n, 10.0, mag=18.9, dm=0.1) for n in range(6)]
    rows += [make.forced(58007.5, 9e6, 20000.0, mag=6.5, dm=0.1), make.forced(58008.5, -9e6, 20000.0, mag=-6.5, dm=0.1)]
    ax = LightCurve.from_record(make.record(fp=rows)).plot(y=y)
    low, high = sorted(ax.get_ylim())
    assert (low > 18) if y == "mag" else (high < 200)
    assert "6 of 7" in str([text.get_text() for text in ax.get_legend().get_texts()]) or y == "flux"
    alone = LightCurve.from_record(make.record(fp=rows[-2:])).plot(y=y)
    assert max(alone.get_ylim()) > (6.5 if y == "mag" else 9e6)


@pytest.mark.filterwarnings("ignore:The fit failed")
def test_the_real_file_is_not_squeezed_by_absurd_fits(shared_data):
    lc = LightCurve.read(shared_data / "forced" / "job211831.txt")
    low, high = sorted(lc.plot().get_ylim())
    assert 12 < low < 13.5 < high < 22
    ax = lc.plot()
    ax.set_yscale("log")
    ax.figure.savefig(io.BytesIO())

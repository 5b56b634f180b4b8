# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which part of a light curve a picture shows, and how the legend says so."""

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


def legend(ax):
    """Return the texts of the legend, and its title."""
    box = ax.get_legend()
    return {text.get_text() for text in box.get_texts()}, box.get_title().get_text()


def drawn(ax):
    """Return how many points are drawn."""
    return sum(len(container.lines[0].get_xdata()) for container in ax.containers)


def curve(make, mjd):
    return LightCurve.from_record(make.record(lc=[make.detection(day, 18.0) for day in mjd]))


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_the_default_window_of_the_real_server(real, y):
    ax = real.plot(y=y)
    shines = (real["kind"] == "detection") & (real["flux"] > 0 * u.uJy).filled(False)
    mjd = real.time.mjd[shines]
    low, high = ax.get_xlim()
    assert np.median(mjd) > low + 4
    assert np.median(mjd) < high - 4
    assert high - low < 1.2 * np.ptp(mjd) + 20
    assert drawn(ax) < len(real)


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_a_lone_exposure_does_not_widen_the_window(make, y):
    # The last two are one exposure, detected and measured.
    lc = LightCurve.from_record(
        make.record(
            lc=[make.detection(day, 18.0) for day in (58000.0, 58285.0, 58290.0, 59000.0)], fp=[make.forced(59000.0)]
        )
    )
    ax = lc.plot(y=y)
    assert ax.get_xlim() == (58280, 58295)
    texts, title = legend(ax)
    what = "positive" if y == "mag" else "significant"
    assert title == f"MJD 58280 to 58295\n(around the {what} flux,\n2 stray exposures left out)"
    assert {"o detection: 2 of 4", "o forced: 0 of 1"} == texts
    assert lc.plot(y=y, window="all").get_xlim()[1] > 59000


def test_all_of_a_variable_star_is_shown(make):
    every_season = [58000.0 + 365 * season + night for season in range(8) for night in (0, 20, 45)]
    assert curve(make, every_season).plot().get_xlim()[1] > every_season[-1]


def test_if_all_are_alone_all_are_shown(make):
    ax = curve(make, [58000.0, 58500.0, 59000.0]).plot()
    assert ax.get_xlim() == (57950, 59050)
    assert legend(ax)[1].endswith("(around the positive flux)")


def test_two_exposures_of_a_night_are_not_alone(make):
    low, high = curve(make, [58000.0, 58000.01, 59000.0, 59010.0, 59020.0]).plot().get_xlim()
    assert (low < 58000, high > 59020) == (True, True)


def test_weeks_of_detections_in_years_of_limits(shared_data):
    (record,) = json.loads((shared_data / "recordings" / "objects_1000005291314656200.json").read_text())
    ax = LightCurve.from_record(record).plot()
    low, high = ax.get_xlim()
    assert high - low < 50
    assert {"c limit: 16 of 727", "t limit: 0 of 5"} <= legend(ax)[0]


@pytest.mark.parametrize(
    "window",
    [
        (58284, 58286.5),
        (Time(58284, format="mjd"), Time(58286.5, format="mjd", scale="utc").tdb),
        ("2018-06-15", "2018-06-17T12:00:00Z"),
        (datetime(2018, 6, 15), datetime(2018, 6, 17, 12, tzinfo=UTC)),
        [58284, "2018-06-17 12:00"],
    ],
    ids=["MJD", "Time", "text", "datetime", "both"],
)
def test_a_window_is_as_asked(lc, window):
    ax = lc.plot(window=window)
    assert ax.get_xlim() == pytest.approx((58284, 58286.5), abs=1e-9)
    assert legend(ax)[1].endswith("(as asked)")
    assert "c detection: 0 of 1" in legend(ax)[0]


@pytest.mark.parametrize("window", ["some", 5, (5,), (5, "x"), (6, 5), (np.nan, 5), (5, np.inf), (5 * u.d, 6 * u.d)])
def test_a_wrong_window_is_refused(lc, window):
    with pytest.raises(InvalidInputError, match="window"):
        lc.plot(window=window)


def test_a_short_window_is_said_with_decimals(make):
    title = legend(curve(make, [58300.3, 58300.4]).plot(window=(58300.28, 58300.52)))[1]
    assert title == "MJD 58300.28 to 58300.52\n(as asked)"


def test_a_few_stray_exposures_years_later_do_not_widen_the_window(make):
    transient = [58285.0 + night / 4 for night in range(100)]
    strays = [59000.0, 59010.0, 59011.0, 60000.0]
    ax = curve(make, transient + strays).plot()
    assert ax.get_xlim()[1] < 58330
    assert legend(ax)[1].endswith("4 stray exposures left out)")


@pytest.mark.parametrize(("strays", "is_left_out"), [(2, True), (5, True), (6, False)])
def test_a_pair_beside_a_transient_is_stray(make, strays, is_left_out):
    """Of 40 exposures a twentieth are two: years of limits would stay in sight for a pair."""
    transient = [58285.0 + night for night in range(40)]
    ax = curve(make, transient + [59000.0 + night for night in range(strays)]).plot()
    assert (ax.get_xlim()[1] < 58340) == is_left_out


def test_a_short_season_of_a_variable_star_is_not_stray(make):
    """It has as few exposures as what is left out beside a transient."""
    seasons = [58285.0 + 365 * season + night for season in range(3) for night in range(40)]
    assert curve(make, [*seasons, 59500.0, 59501.0, 59502.0]).plot().get_xlim()[1] > 59502


def test_negative_fluxes_are_in_sight(make):
    """Of an object that is brighter in the reference image most fluxes are negative."""
    lc = LightCurve.from_record(
        make.record(
            lc=[make.detection(58000.0 + day, -18.0) for day in range(40)] + [make.detection(58300.0, 18.0)],
            fp=[make.forced(58400.0 + day, -50.0) for day in range(9)]
            + [make.forced(58600.0 + day, 20.0) for day in range(9)],
        )
    )
    assert lc.plot(y="flux").get_xlim() == pytest.approx((58000 - 0.05 * 408, 58408 + 0.05 * 408))
    assert lc.plot().get_xlim() == (58295, 58305)


def test_what_has_no_magnitude_is_counted(lc, make):
    folded = lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"))
    # A detection of a negative flux, and a failed fit.
    assert legend(folded.plot())[1].endswith("(everything, but 2\nwithout a magnitude)")
    assert legend(lc.plot(window="all"))[1].endswith("(everything, but 2\nwithout a magnitude)")
    assert legend(curve(make, [58285.0]).plot(window="all"))[1].endswith("(everything)")


def test_noise_of_a_curve_without_kinds_is_not_significant():
    data = {"flux": [10.0, 100.0, -90.0, -5.0] * u.uJy, "flux_err": [10.0] * 4 * u.uJy}
    lc = LightCurve(time=Time([58000.0, 58300.0, 58310.0, 58600.0], format="mjd"), data=data)
    assert lc.plot(y="flux").get_xlim() == (58295, 58315)

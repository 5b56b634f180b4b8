# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Axes of the user with other units, astropy times or dates."""

import re
from datetime import UTC, datetime

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time
from astropy.visualization import quantity_support, time_support

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurve

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set
from matplotlib.dates import date2num  # noqa: E402

MJD = np.array([61000.25, 61010.5])
FLUX = np.array([100.0, 400.0]) * u.uJy


@pytest.fixture
def curve():
    data = {"band": ["o", "o"], "flux": FLUX, "flux_err": [10, 10] * u.uJy}
    return LightCurve(time=Time(MJD, format="mjd"), data=data)


def all_points(ax):
    """Return the positions of the points of all light curves, shape (n, 2)."""
    ax.figure.canvas.draw()
    return np.concatenate([container.lines[0].get_xydata() for container in ax.containers])


def half_lengths(ax):
    """Return half the length of each error bar."""
    return [np.ptp(bar[:, 1]) / 2 for c in ax.containers for bars in c.lines[2] for bar in bars.get_segments()]


@pytest.mark.parametrize("unit", [u.mJy, u.Jy, u.uJy, u.erg / u.s / u.cm**2 / u.Hz])
def test_fluxes_are_converted_to_the_unit_of_the_axis(curve, ax, unit):
    with quantity_support():
        ax.plot(MJD, FLUX.to(unit))
        curve.plot(ax, y="flux")
    assert all_points(ax)[:, 1] == pytest.approx(FLUX.to_value(unit), rel=1e-12)
    assert half_lengths(ax) == pytest.approx([(10 * u.uJy).to_value(unit)] * 2)
    assert ax.get_ylabel() == f"Flux [{unit:unicode}]"
    low, high = ax.get_ylim()
    assert low < 0
    assert (400 * u.uJy).to_value(unit) < high < (600 * u.uJy).to_value(unit)


def test_light_curves_in_different_units_share_one_unit(curve, ax):
    curve.plot(ax, y="flux")
    in_mjy = curve.copy()
    for name in ("flux", "flux_err"):
        in_mjy[name] = in_mjy[name].to(u.mJy)
    in_mjy.plot(ax, y="flux")
    assert all_points(ax)[:2] == pytest.approx(all_points(ax)[2:])
    assert ax.get_ylabel() == in_mjy.plot(y="flux").get_ylabel() == f"Flux [{u.uJy:unicode}]"


@pytest.mark.parametrize(("unit", "y"), [(u.mJy, "mag"), (u.mag, "flux"), (u.ABmag, "flux"), (u.s, "flux")])
def test_units_that_cannot_be_converted_raise_an_error(curve, ax, unit, y):
    with quantity_support():
        ax.yaxis.update_units(u.Quantity(1, unit) if unit != u.ABmag else 1 * unit)
    with pytest.raises(InvalidInputError, match=f"`ax`.*`{y}`.*{re.escape(str(unit))}"):
        curve.plot(ax, y=y)
    assert not ax.containers


def test_magnitudes_on_an_axis_of_ab_magnitudes(curve, ax):
    with quantity_support():
        ax.plot(MJD, [19, 20] * u.ABmag)
        curve.plot(ax)
    assert all_points(ax)[:, 1] == pytest.approx(23.9 - 2.5 * np.log10(FLUX.value))


@pytest.mark.parametrize("format", ["jd", "mjd", "isot", "byear_str", "unix", None])
@pytest.mark.parametrize("scale", ["utc", "tdb", None])
def test_times_on_an_axis_of_astropy_times(curve, ax, format, scale):
    with time_support(format=format, scale=scale):
        (line,) = ax.plot(curve.time, [1, 2])
        curve.plot(ax, y="flux")
        ax.figure.canvas.draw()
        assert all_points(ax)[:, 0] == pytest.approx(line.get_xdata(orig=False), rel=1e-12)
        low, high = ax.get_xlim()
        assert low < all_points(ax)[0, 0] < all_points(ax)[1, 0] < high


def test_time_label_is_kept_for_another_time_format(curve, ax):
    with time_support(format="jd", scale="tdb"):
        ax.plot(curve.time, [1, 2])
        curve.plot(ax, y="flux")
    assert ax.get_xlabel() == "Time (tdb)"
    assert not ax.child_axes


def test_new_axes_convert_times_and_quantities_with_astropy_support(curve):
    with quantity_support(), time_support(format="jd"):
        ax = curve.plot(y="flux")
        (line,) = ax.plot(curve.time, FLUX.to(u.mJy))
    assert all_points(ax) == pytest.approx(line.get_xydata())
    assert all_points(ax)[0] == pytest.approx([2461000.75, 100])


def test_times_on_an_axis_of_dates(curve, ax):
    ax.plot([datetime(2025, 11, 21, tzinfo=UTC)], [5])
    curve.plot(ax, y="flux")
    assert all_points(ax)[:, 0] == pytest.approx(date2num(curve.time.datetime), abs=1e-9)
    assert not ax.child_axes
    assert ax.get_xlim()[0] < date2num(datetime(2025, 11, 21))


def test_phases_are_converted_to_the_unit_of_the_axis(curve, ax):
    folded = curve.fold(period=20 * u.d, epoch_time=Time(MJD[0], format="mjd"))
    with quantity_support():
        ax.plot([0, 30] * u.h, [1, 2])
        folded.plot(ax, y="flux")
    assert sorted(all_points(ax)[:, 0]) == pytest.approx([-9.75 * 24, 0])


def test_phases_on_an_axis_of_times_raise_an_error(curve, ax):
    folded = curve.fold(period=20 * u.d, epoch_time=Time(MJD[0], format="mjd"))
    with time_support():
        ax.plot(curve.time, [1, 2])
    with pytest.raises(InvalidInputError, match=r"`ax`.* x axis.*times"):
        folded.plot(ax, y="flux")


def test_axis_of_strings_raises_an_error(curve, ax):
    ax.plot(["a", "b"], [1, 2])
    with pytest.raises(InvalidInputError, match=r"`ax`.* x axis.*StrCategoryConverter"):
        curve.plot(ax)


@pytest.mark.parametrize("wrong", ["x", 5, "list", "array", "figure"])
def test_ax_must_be_axes(curve, ax, wrong):
    wrong = {"list": [ax], "array": np.array([ax]), "figure": ax.figure}.get(wrong, wrong)
    with pytest.raises(InvalidTypeError, match=f"`ax`.*{type(wrong).__name__}") as caught:
        curve.plot(wrong)
    assert ("axes[0]" in str(caught.value)) == isinstance(wrong, list | np.ndarray)


def test_polar_axes_raise_an_error(curve):
    with pytest.raises(InvalidInputError, match=r"`ax`.*polar"):
        curve.plot(plt.subplots(subplot_kw={"projection": "polar"})[1])


def test_times_in_another_scale_are_drawn_in_utc(curve):
    tdb = LightCurve(time=curve.time.tdb, data={"flux": FLUX, "flux_err": [10, 10] * u.uJy})
    assert all_points(tdb.plot(y="flux"))[:, 0] == pytest.approx(MJD, abs=1e-8)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Axes of a plot: dates at the top, colours, grid and legend."""

from itertools import pairwise

import pytest

from atlasquery.lightcurve import LightCurve

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set
from matplotlib.colors import same_color  # noqa: E402
from matplotlib.dates import num2date  # noqa: E402


def make_curve(make, mjd):
    return LightCurve.from_record(make.record(lc=[make.detection(day, 18.0) for day in mjd]))


def test_dates_at_the_top_match_the_mjd_range(make):
    rows = [make.detection(58285.0, 18.0), make.detection(58295.0, 18.0)]
    ax = LightCurve.from_record(make.record(lc=rows)).plot()
    (top,) = ax.child_axes
    ax.figure.canvas.draw()
    low, high = num2date(top.get_xlim())
    assert (low.isoformat(), high.isoformat()) == ("2018-06-11T00:00:00+00:00", "2018-07-01T00:00:00+00:00")


def date_labels(ax):
    """Return the labels of the axis of dates, its offset text, and the sorted pixel ranges of the labels."""
    ax.figure.canvas.draw()
    (top,) = ax.child_axes
    labels = [label for label in top.get_xticklabels() if label.get_text()]
    boxes = [label.get_window_extent() for label in labels]
    texts = [label.get_text() for label in labels], top.xaxis.get_offset_text().get_text()
    return *texts, sorted((box.x0, box.x1) for box in boxes)


def test_days_are_written_with_their_month(make):
    """The first tick can be in the month before the offset text: not "15", "Jul", "15", "Aug" of "2018-Sep"."""
    texts, year, _ = date_labels(make_curve(make, [58300.0]).plot(window=(58280, 58370)))
    assert texts == ["15 Jun", "01 Jul", "15 Jul", "01 Aug", "15 Aug", "01 Sep"]
    assert year == "2018"


@pytest.mark.parametrize("size", [(9, 4.6), (3.6, 2.8)])
@pytest.mark.parametrize("days", [0.01, 0.1, 0.5, 1.9, 2.9, 7, 30, 61, 89, 200, 400, 720, 1000, 3000])
def test_date_labels_do_not_overlap(make, size, days):
    _, ax = plt.subplots(figsize=size, layout="constrained")
    texts, _, boxes = date_labels(make_curve(make, [58475.2]).plot(ax, window=(58475.2, 58475.2 + days)))
    assert len(texts) >= 2
    assert all(left[1] < right[0] for left, right in pairwise(boxes))


@pytest.mark.parametrize("rises", [True, False])
def test_legend_inside_axes_hides_no_points(make, rises):
    rows = [make.detection(58300.0 + day, 18 - (day if rises else -day) / 10) for day in range(20)]
    _, ax = plt.subplots(figsize=(6, 4))
    LightCurve.from_record(make.record(lc=rows)).plot(ax)
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent()
    points = [ax.transData.transform(point) for c in ax.containers for point in c.lines[0].get_xydata()]
    assert len(points) == 20
    assert not any(box.contains(*point) for point in points)


@pytest.mark.parametrize("background", ["black", "white", "#002b36", "none"])
def test_edges_contrast_with_the_background(lc, background):
    with matplotlib.rc_context({"axes.facecolor": background}):
        _, ax = plt.subplots()
    lc.plot(ax, y="flux", bin="nightly", window="all")
    handles = {handle.get_label(): handle for handle in ax.get_legend().legend_handles}
    expected_face, expected_edge = ("white", "black") if background in ("white", "none") else (background, "white")
    assert same_color(handles["o binned"].get_markeredgecolor(), expected_edge)
    assert same_color(handles["o detection"].get_markeredgecolor(), expected_face)
    assert same_color(handles["o forced"].get_markerfacecolor(), expected_face)
    line = ax.xaxis.get_gridlines()[0]
    assert same_color(line.get_color(), expected_edge)
    assert line.get_alpha() < 0.2


def test_grid_of_a_style_is_kept(lc):
    with matplotlib.rc_context({"axes.grid": True, "grid.color": "red"}):
        assert lc.plot().xaxis.get_gridlines()[0].get_color() == "red"


def test_legend_markers_are_as_faded_as_the_points(lc):
    alphas = {
        handle.get_label().partition(":")[0]: handle.get_alpha()
        for handle in lc.plot(y="flux", bin="nightly", window="all").get_legend().legend_handles
    }
    assert alphas["o detection"] < 0.5
    assert alphas["o binned"] is None

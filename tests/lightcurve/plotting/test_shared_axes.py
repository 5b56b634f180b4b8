# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Axes with content of the user or with other light curves."""

import gc
import weakref

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402


def make_curve(make, mjd, mag=18.0):
    return LightCurve.from_record(make.record(lc=[make.detection(day, mag) for day in mjd]))


def legend_labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def shown_texts(ax):
    return {text.get_text() for text in ax.texts} - {""}


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_closed_figure_is_freed(lc, y):
    def draw():
        ax = lc.plot(y=y, label="A")
        lc.plot(ax, y=y, bin="nightly" if y == "flux" else None)
        ax.plot([58280, 58290], [1, 2], label="model")
        lc[:0].plot(ax, y=y)
        plt.close(ax.figure)
        return weakref.ref(ax), weakref.ref(ax.figure)

    references = draw()
    gc.collect()
    assert [reference() for reference in references] == [None, None]


def test_html_representation_keeps_no_figures(lc):
    def figures():
        gc.collect()
        return sum(issubclass(type(thing), Figure) for thing in gc.get_objects())  # isinstance wakes lazy objects

    lc._repr_html_()
    before = figures()
    lc._repr_html_()
    assert figures() == before


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_earlier_content_stays_visible(lc, ax, y):
    ax.plot([58200, 58400], [10, 30], label="model")
    lc.plot(ax, y=y)
    x, upwards = ax.get_xlim(), sorted(ax.get_ylim())
    assert x[0] < 58200 < 58400 < x[1]
    assert upwards[0] < 10 < 30 < upwards[1]
    assert ax.yaxis_inverted() == (y == "mag")


def test_line_across_the_axes_does_not_widen_the_y_axis(make, ax):
    ax.axvline(58300.0)
    make_curve(make, [58285.0]).plot(ax)
    assert ax.get_xlim() == (58280, 58301)
    assert min(ax.get_ylim()) > 17


def test_limits_of_the_user_are_only_widened(make, ax):
    ax.set_xlim(58000, 58281)
    make_curve(make, [58285.0]).plot(ax)
    assert ax.get_xlim() == (58000, 58290)
    assert min(ax.get_ylim()) > 17


def test_panels_with_a_shared_axis_show_both_curves(make):
    _, (top, bottom) = plt.subplots(2, 1, sharex=True)
    make_curve(make, [58285.0]).plot(top)
    make_curve(make, [58385.0], 16.0).plot(bottom)
    assert top.get_xlim() == bottom.get_xlim() == (58280, 58390)
    assert max(bottom.get_ylim()) < 17 < min(top.get_ylim())


@pytest.mark.parametrize("is_listed", [True, False])
def test_legend_entries_of_the_user_are_kept(lc, ax, is_listed):
    ax.plot([58280, 58290], [18, 19], label=r"model $\alpha$")
    ax.plot([58280, 58290], [18, 19])
    handles = [Patch(label="patch"), ax.lines[0]]
    if is_listed:
        ax.legend(handles=handles)
    lc.plot(ax)
    n_own = len(legend_labels(ax)) - 1 - is_listed
    expected = ["patch", r"model $\alpha$"] if is_listed else [r"model $\alpha$"]
    assert legend_labels(ax)[n_own:] == expected
    ax.plot([58280, 58290], [18, 19], label="late")
    lc.plot(ax, label="B")
    assert legend_labels(ax)[2 * n_own :] == [*expected, "late"]
    ax.figure.canvas.draw()


def test_legend_on_axes_of_the_user_has_no_counts(make, lc, ax):
    lc.plot(ax, label="A")
    expected = ["o detection", "c detection", "o forced", "o forced limit", "o detection limit", "c limit"]
    assert legend_labels(ax) == [f"A {name}" for name in expected]
    assert not ax.get_legend().get_title().get_text()
    make_curve(make, [58285.0, 58900.0]).plot(ax, label="B", window=(58800, 58801))  # without any of its points
    assert len(legend_labels(ax)) == 6


def test_long_legend_does_not_shrink_the_axes(make):
    figure, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    make_curve(make, [58285.0]).plot(ax, legend=False)
    figure.canvas.draw()
    before = ax.get_window_extent().height
    for number in range(30):
        make_curve(make, [58285.0]).plot(ax, label=f"{number}")
    figure.canvas.draw()
    assert ax.get_window_extent().height == pytest.approx(before, rel=0.01)


def test_legend_can_be_switched_off(make, lc, ax):
    lc.plot(ax, label="A", legend=False)
    assert ax.get_legend() is None
    make_curve(make, [58285.0]).plot(ax, label="B")
    assert legend_labels(ax) == ["B o detection"]
    make_curve(make, [58285.0]).plot(ax, label="C", legend=False)
    assert legend_labels(ax) == ["B o detection"]
    assert ax.get_ylabel() == "AB magnitude [mag]"
    assert lc.plot(legend=False).get_legend() is None


def test_legend_of_the_user_is_kept_without_a_new_one(lc, ax):
    ax.plot([58280, 58290], [18, 19], label="model")
    ax.legend()
    lc.plot(ax, legend=False)
    assert legend_labels(ax) == ["model"]


def test_axis_labels_of_the_user_are_kept(lc, ax):
    ax.set(xlabel="Day", ylabel="Flux (own label)")
    lc.plot(ax, y="flux")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Day", "Flux (own label)")


@pytest.mark.parametrize("y", ["mag", "flux"])
@pytest.mark.parametrize(
    "properties",
    [{"xticks": [58280, 58285], "yticks": [0, 100]}, {"xscale": "log"}, {"yscale": "log"}, {"yscale": "symlog"}],
    ids=["ticks", "log x", "log y", "symlog y"],
)
def test_ticks_and_scales_of_the_user_are_kept(lc, ax, properties, y):
    ax.set(**properties)
    before = ax.get_xticks()
    lc.plot(ax, y=y, window="all")
    ax.figure.canvas.draw()
    if "xticks" in properties:
        assert ax.get_xticks().tolist() == before.tolist()
    x, upwards = ax.get_xlim(), sorted(ax.get_ylim())
    assert all(x[0] < line.get_xdata().min() <= line.get_xdata().max() < x[1] for line in point_lines(ax))
    if y == "flux" and properties.get("yscale") == "log":
        assert upwards[0] > 0
    assert upwards[1] > max(line.get_ydata().max() for line in point_lines(ax))


def point_lines(ax):
    return [container.lines[0] for container in ax.containers]


def test_logarithmic_axis_of_phases_has_positive_limits(lc, ax):
    ax.set_xscale("log")
    lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd")).plot(ax, y="flux")
    ax.figure.canvas.draw()
    assert 0 < ax.get_xlim()[0] < ax.get_xlim()[1]


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_note_disappears_when_a_curve_is_added(make, lc, y):
    ax = lc[:0].plot(y=y, label="A")
    assert shown_texts(ax) == {"no measurements"}
    make_curve(make, [58285.0]).plot(ax, y=y, label="B")
    assert ax.get_xlim() == (58280, 58290)
    assert not shown_texts(ax)
    assert ax.get_legend().legend_handles[0].get_fillstyle() == "full"
    assert len(ax.child_axes) == 1
    assert ax.xaxis.get_tick_params()["labelbottom"]
    assert ax.get_legend().get_title().get_text().startswith("A no measurements\nB MJD 58280 to 58290")
    lc[:0].plot(ax, y=y)
    assert ax.get_xlim() == (58280, 58290)
    assert not shown_texts(ax)


def test_empty_curve_does_not_change_axes_of_the_user(lc, ax):
    ax.plot([1, 2], [3, 4], label="model")
    ax.legend()
    before = ax.get_xlim(), ax.get_ylim()
    lc[:0].plot(ax)
    assert (ax.get_xlim(), ax.get_ylim()) == before
    assert not shown_texts(ax)
    assert legend_labels(ax) == ["model"]


def test_axes_with_an_empty_curve_can_be_cleared(lc, ax):
    lc[:0].plot(ax)
    ax.clear()
    lc.plot(ax, y="flux")
    assert ax.get_ylabel().startswith("Difference flux")


def test_phases_and_times_on_the_same_axes_raise_an_error(lc):
    folded = lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"))
    normalized = lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"), normalize_phase=True)
    for first, second in ((lc, folded), (folded, lc), (normalized, folded)):
        ax = first.plot()
        count = len(ax.containers)
        with pytest.raises(InvalidInputError, match=r"`ax`.*phase"):
            second.plot(ax)
        assert len(ax.containers) == count


@pytest.mark.parametrize("text", ["$\\x$", "$5 and $6", r"\$", "a_b^c%&#"])
def test_labels_and_bands_are_not_read_as_formulas(make, text):
    lc = LightCurve.from_record(make.record(lc=[make.detection(58285.0, 18.0, filter=text)]))
    ax = lc.plot(label=text)
    ax.figure.canvas.draw()
    assert legend_labels(ax) == [f"{text} {text} detection: 1"]
    for shown in (*ax.get_legend().get_texts(), ax.get_legend().get_title()):
        assert not shown.get_parse_math()


def test_latex_characters_disable_latex(make):
    with matplotlib.rc_context({"text.usetex": True}):
        lc = LightCurve.from_record(make.record(lc=[make.detection(58285.0, 18.0, filter="a_b")]))
        shown = lc.plot().get_legend()
    assert not shown.get_texts()[0].get_usetex()
    assert shown.get_title().get_usetex()


def test_magnitudes_and_limits_are_computed_from_fluxes():
    flux = [100.0, 10.0, -50.0, np.nan]
    time = Time([58285.0, 58286.0, 58287.0, 58288.0], format="mjd")
    lc = LightCurve(time=time, data={"band": ["o"] * 4, "flux": flux * u.uJy, "flux_err": [10, 10, 10, 10] * u.uJy})
    for kind in (None, "forced", "detection"):
        if kind:
            lc["kind"] = [kind] * 4
        ax = lc.plot()
        kind = kind or "forced"
        assert set(legend_labels(ax)) == {f"o {kind}: 1 of 2", f"o {kind} limit: 2"}
        y_by_marker = {line.get_marker() == "o": sorted(line.get_ydata()) for line in point_lines(ax)}
        assert y_by_marker[True] == pytest.approx([18.9])
        assert y_by_marker[False] == pytest.approx([23.9 - 2.5 * np.log10(30)] * 2)
        for fluxes in lc.plot(y="flux").containers:
            assert fluxes.lines[0].get_marker() == "o"


def test_twin_axes_share_dates_and_legend(make, lc, ax):
    lc.plot(ax, y="flux", label="$\\x$", show_limits=False)
    twin = ax.twinx()
    twin.plot([58280, 58290], [18, 19], label=r"model $\alpha$")
    make_curve(make, [58285.0]).plot(twin, label="B")
    own_labels = [r"$\x$ o detection", r"$\x$ c detection", r"$\x$ o forced"]
    assert ax.get_legend() is None
    assert legend_labels(twin) == ["B o detection", r"model $\alpha$", *own_labels]
    assert [text.get_parse_math() for text in twin.get_legend().get_texts()] == [False, True, *[False] * 3]
    assert len(ax.child_axes) + len(twin.child_axes) == 1
    make_curve(make, [58286.0]).plot(ax, y="flux", label="C")
    assert twin.get_legend() is None
    assert legend_labels(ax) == [*own_labels, "C o detection", "B o detection", r"model $\alpha$"]
    ax.figure.canvas.draw()


def test_stacked_panels_have_their_own_dates_and_legends(make):
    _, panels = plt.subplots(2, 1, sharex=True)
    for panel in panels:
        make_curve(make, [58285.0]).plot(panel)
    assert [len(panel.child_axes) for panel in panels] == [1, 1]
    assert all(panel.get_legend() for panel in panels)


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_a_long_legend_is_next_to_the_axes(make, layout):
    lc = LightCurve.from_record(
        make.record(lc=[make.detection(58285.0 + i, 18.0, filter=band) for i, band in enumerate("cotwHIg")])
    )
    figure, ax = plt.subplots(figsize=(9, 5), layout=layout)
    lc.plot(ax, label="A")
    assert len(ax.get_legend().get_texts()) == 7
    lc.plot(ax, label="B")
    assert len(ax.get_legend().get_texts()) == 14
    figure.canvas.draw()
    legend, box = ax.get_legend().get_window_extent(), ax.get_window_extent()
    assert legend.x0 >= box.x1
    assert legend.x1 <= figure.bbox.x1


@pytest.mark.parametrize("order", [("difference", "reduced"), ("reduced", "difference")])
def test_fluxes_of_difference_and_reduced_images_are_not_drawn_on_the_same_axes(lc, order):
    first, second = lc.copy(), lc.copy()
    first.meta["images"], second.meta["images"] = order
    ax = first.plot(y="flux")
    with pytest.raises(InvalidInputError, match=f"fluxes of {order[0]} images, got a light curve of {order[1]} images"):
        second.plot(ax, y="flux")
    second.meta.pop("images")
    second.plot(ax, y="flux")  # nothing says that it is of others

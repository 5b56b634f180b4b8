# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Plot of a light curve: points, limits of the axes, and the legend."""

import builtins
import sys

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time, TimeDelta
from astropy.visualization import quantity_support, time_support

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurve, LightCurves
from atlasquery.lightcurve.plotting.styles import CHEVRON, COLOURS, STYLES

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set
from matplotlib.colors import to_hex  # noqa: E402


def legend_texts(ax):
    """Return the labels and the title of a legend."""
    box = ax.get_legend()
    return {text.get_text() for text in box.get_texts()}, box.get_title().get_text()


def count_points(ax):
    """Return the number of points."""
    return sum(len(container.lines[0].get_xdata()) for container in ax.containers)


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_axes_are_labelled(lc, y):
    ax = lc.plot(y=y)
    ax.figure.canvas.draw()
    assert ax.get_xlabel() == "MJD (UTC) [d]"
    assert ax.get_ylabel() == {"mag": "AB magnitude [mag]", "flux": f"Difference flux [{u.uJy:unicode}]"}[y]
    assert bool(ax.yaxis_inverted()) is (y == "mag")


def test_legend_counts_magnitudes_and_limits(lc):
    texts, title = legend_texts(lc.plot())
    # The negative detection has a limit, the failed fit nothing; one forced magnitude is computed from the flux.
    assert texts == {
        "o detection: 1",
        "o detection limit: 1",
        "c detection: 1",
        "o forced: 1 of 2",
        "o forced limit: 1",
        "c limit: 2",
    }
    assert title == "MJD 58280 to 58292\n(around the positive flux)"


def test_legend_counts_fluxes(lc):
    ax = lc.plot(y="flux", window="all")
    texts, title = legend_texts(ax)
    assert {"o detection: 2", "c detection: 1", "o forced: 2 of 3", "c limit: 2"} == texts
    assert title.endswith("(everything except 1\nwithout a flux)")
    low, high = ax.get_ylim()
    assert low < lc["flux"].unmasked.value[~lc["flux"].mask].min()
    assert high > lc["flux"].unmasked.value[~lc["flux"].mask].max()


def make_curve(make, mjd):
    return LightCurve.from_record(make.record(lc=[make.detection(day, 18.0) for day in mjd]))


def test_y_must_be_mag_or_flux(lc):
    with pytest.raises(InvalidInputError, match=r"`y`.*'magnitude'"):
        lc.plot(y="magnitude")


@pytest.mark.parametrize(
    ("bands", "expected"), [("o", {"o"}), (["c"], {"c"}), (["o", "c"], {"o", "c"}), (("o", "x"), {"o"})]
)
def test_only_selected_bands_are_drawn(lc, bands, expected):
    ax = lc.plot(bands=bands)
    texts = legend_texts(ax)[0] if ax.get_legend() else set()
    assert {text.split()[0] for text in texts} == expected


@pytest.mark.parametrize("bands", ["orange", ["x", "y"], [], "co"])
def test_missing_bands_raise_an_error(lc, bands):
    with pytest.raises(InvalidInputError, match=r"`bands`.*'c', 'o'"):
        lc.plot(bands=bands)
    assert not plt.get_fignums()
    assert lc[:0].plot(bands=bands).texts[0].get_text() == "no measurements"


def test_bands_must_be_a_string_or_a_list(lc):
    with pytest.raises(InvalidTypeError, match=r"`bands`.*5"):
        lc.plot(bands=5)


def test_rows_of_several_objects_raise_an_error(lc, make):
    table = LightCurves({make.id: lc, make.id + 1: lc}).stack()
    with pytest.raises(InvalidInputError, match=" 2 ") as caught:
        LightCurve(table).plot()
    assert str(make.id) in str(caught.value)
    assert not plt.get_fignums()
    LightCurve(table[table["atlas_id"] == make.id]).plot()


def test_limits_can_be_hidden(lc):
    texts, _ = legend_texts(lc.plot(show_limits=False))
    assert texts
    assert not any("limit" in text for text in texts)


def test_bands_and_kinds_have_their_colours_and_markers(lc):
    handles = {
        handle.get_label().partition(":")[0]: handle for handle in lc.plot(window="all").get_legend().legend_handles
    }
    assert {to_hex(handle.get_color()) for name, handle in handles.items() if name.startswith("o ")} == {COLOURS["o"]}
    assert {to_hex(handle.get_color()) for name, handle in handles.items() if name.startswith("c ")} == {COLOURS["c"]}
    assert {name: handle.get_marker() for name, handle in handles.items()} == {
        "o detection": "o",
        "o detection limit": "v",
        "c detection": "s",
        "o forced": "o",
        "o forced limit": "v",
        "c limit": CHEVRON,
    }


def test_colour_of_a_band_does_not_depend_on_the_selection(make):
    lc = LightCurve.from_record(
        make.record(lc=[make.detection(i, 18.0, filter=band) for i, band in enumerate("cotwHI")])
    )

    def colours(ax):
        return {handle.get_label()[0]: handle.get_color() for handle in ax.get_legend().legend_handles}

    all_colours = colours(lc.plot())
    assert len(set(all_colours.values())) == 6
    assert colours(lc.plot(bands=["w", "I"])) == {band: all_colours[band] for band in "wI"}


def test_error_bars_have_the_length_of_the_uncertainty(make):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.0, 0.25)]))
    ax = lc.plot()
    ((segments,),) = [[bar.get_segments()] for c in ax.containers for bar in c.lines[2] if bar.get_segments()]
    assert np.allclose(segments[0][:, 1], [17.75, 18.25])


@pytest.mark.parametrize("magerr", [None, -1.0, 0.0])
def test_point_with_invalid_uncertainty_is_drawn(make, magerr):
    ax = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.0, magerr)])).plot()
    ax.figure.canvas.draw()
    assert count_points(ax) == 1


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_empty_curve_has_a_note(lc, y):
    ax = lc[:0].plot(y=y)
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.texts] == ["no measurements"]
    assert ax.get_legend() is None


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_curve_of_limits_only(lc, y):
    ax = lc.limits.plot(y=y)
    ax.figure.canvas.draw()
    assert legend_texts(ax) == ({"c limit: 2"}, "MJD 58275 to 58295\n(everything)")


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_curve_of_failed_fits_only(make, y):
    ax = LightCurve.from_record(make.record(fp=[make.forced(1.0, None, None)])).plot(y=y)
    ax.figure.canvas.draw()
    assert legend_texts(ax)[0] == {"o forced: 0 of 1"}


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_single_point_has_a_margin_of_5_days(make, y):
    ax = LightCurve.from_record(make.record(lc=[make.detection(58285.0, 18.0)])).plot(y=y)
    assert ax.get_xlim() == (58280, 58290)
    assert count_points(ax) == 1


def test_bright_limits_of_bad_nights_do_not_widen_the_plot(make):
    lc = LightCurve.from_record(
        make.record(lc=[make.detection(10.0, 18.0)], lcnondets=[make.limit(11.0, 12.0), make.limit(9.0, 20.0)])
    )
    ax = lc.plot()
    assert "c limit: 1 of 2" in legend_texts(ax)[0]
    faint, bright = ax.get_ylim()
    assert bright > 17
    assert faint > 20


def test_forced_noise_is_faded(make):
    lc = LightCurve.from_record(make.record(fp=[make.forced(1.0, 100.0, 10.0), make.forced(2.0, 10.0, 10.0)]))
    alphas = {
        float(container.lines[0].get_xdata()[0]): container.lines[0].get_alpha()
        for container in lc.plot(y="flux").containers
        if len(container.lines[0].get_xdata())
    }
    assert alphas[1.0] is None
    assert alphas[2.0] < 0.5


def test_single_points_below_bins_are_faded(real):
    ax = real.plot(y="flux", bin="nightly")
    texts, _ = legend_texts(ax)
    assert {text.partition(":")[0] for text in texts} >= {"o binned", "o forced", "o detection", "o limit"}
    for container in ax.containers:
        line = container.lines[0]
        is_binned = line.get_markersize() == STYLES["binned"]["markersize"]
        if len(line.get_xdata()) and line.get_marker() in ("o", "s") and not is_binned:
            assert line.get_alpha() < 0.5


def test_bin_accepts_a_quantity(lc):
    texts, _ = legend_texts(lc.plot(y="flux", bin=100 * u.day, window="all"))
    assert {"o binned: 1", "c binned: 1"} <= texts


def test_bin_accepts_a_time_delta(lc):
    assert legend_texts(lc.plot(bin=TimeDelta(100 * u.day)))[0] == legend_texts(lc.plot(bin=100 * u.day))[0]


def test_insignificant_bins_are_limits(make):
    lc = LightCurve.from_record(make.record(fp=[make.forced(7.0, 10.0, 10.0), make.forced(9.0, 100.0, 10.0)]))
    assert {"o binned: 1", "o binned limit: 1"} <= legend_texts(lc.plot(bin="nightly"))[0]
    assert {"o binned: 1", "o binned limit: 1"} == legend_texts(lc.bin_nightly().plot())[0]


def make_curve_of_10_4_and_half_sigma(make):
    fluxes = {58285.0: 100.0, 58286.0: 40.0, 58287.0: 5.0}
    rows = [make.forced(mjd, flux, 10.0, mag=20.2, limiting_mag=flux < 30) for mjd, flux in fluxes.items()]
    return LightCurve.from_record(make.record(fp=rows))


@pytest.mark.parametrize(("n_sigma", "measured", "limits"), [(0.1, 3, 0), (3, 2, 1), (5, 1, 2), (20, 0, 3)])
def test_fluxes_below_the_chosen_significance_are_limits(make, n_sigma, measured, limits):
    lc = make_curve_of_10_4_and_half_sigma(make)
    for light_curve, kind in ((lc.at_significance(n_sigma), "forced"), (lc.bin_nightly(n_sigma=n_sigma), "binned")):
        expected = {f"o {kind}: {measured}"} if measured else set()
        expected |= {f"o {kind} limit: {limits}"} if limits else set()
        ax = light_curve.plot(window="all")
        assert legend_texts(ax)[0] == expected
        assert count_points(ax) == 3


def test_limit_is_drawn_at_its_magnitude(make):
    lc = make_curve_of_10_4_and_half_sigma(make).at_significance(5)
    (limits,) = [c.lines[0] for c in lc.plot(window="all").containers if c.lines[0].get_marker() == "v"]
    assert np.allclose(limits.get_ydata(), 23.9 - 2.5 * np.log10(50))


def test_insignificant_detections_are_limits(make):
    rows = [make.detection(58285.0, 18.0, 0.05), make.detection(58286.0, 18.9, 0.25), make.detection(58287.0, -18.9)]
    lc = LightCurve.from_record(make.record(lc=rows, lcnondets=[make.limit(58288.0)]))
    assert legend_texts(lc.plot(window="all"))[0] == {"o detection: 2", "o detection limit: 1", "c limit: 1"}
    assert legend_texts(lc.at_significance(5).plot(window="all"))[0] == {
        "o detection: 1",
        "o detection limit: 2",
        "c limit: 1",
    }
    assert legend_texts(lc.at_significance(5).plot(y="flux", window="all"))[0] == {"o detection: 3", "c limit: 1"}


@pytest.mark.parametrize("n_sigma", [1, 3, 5])
def test_every_measured_row_is_drawn_at_any_significance(real, n_sigma):
    lc = real.at_significance(n_sigma)
    ax = lc.plot(window="all")
    # Limits brighter than all measurements are not shown.
    high = min(ax.get_ylim())
    y = np.where(lc["mag"].mask, lc["limit"].filled(np.nan).value, lc["mag"].filled(np.nan).value)
    assert count_points(ax) == (y >= high).sum()


@pytest.mark.parametrize("bin", ["night", 5, 5.0])
def test_invalid_bin_raises_an_error(lc, bin):
    with pytest.raises(InvalidInputError, match="`bin`"):
        lc.plot(bin=bin)


def test_curves_differ_in_fill_style(make):
    _, ax = plt.subplots()
    for label in "ABCDE":
        make_curve(make, [58300.0]).plot(ax, label=label)
    handles = ax.get_legend().legend_handles
    assert [handle.get_label()[0] for handle in handles] == list("ABCDE")
    assert [handle.get_fillstyle() for handle in handles] == ["full", "left", "bottom", "right", "top"]


def test_kinds_and_bands_of_a_second_curve_differ(make):
    """Half-filled markers have the colour of the band on the face or the edge; each kind and band looks different."""
    days = [58300.0, 58301.0]
    rows = {
        "lc": [make.detection(day, 18.0, filter=band) for day, band in zip(days, "oc", strict=True)],
        "fp": [make.forced(day + 10, filter=band) for day, band in zip(days, "oc", strict=True)],
    }
    lc = LightCurve.from_record(make.record(**rows))
    ax = lc.plot(label="A", bin="nightly")
    lc.plot(ax, label="B", bin="nightly")
    handles = {handle.get_label().partition(":")[0]: handle for handle in ax.get_legend().legend_handles}
    styles = set()
    for kind in ("forced", "detection", "binned"):
        for band in "oc":
            handle = handles[f"B {band} {kind}"]
            colours = [to_hex(handle.get_markerfacecolor()), to_hex(handle.get_markeredgecolor())]
            assert colours.count(COLOURS[band]) == 1
            assert (handle.get_fillstyle(), handles[f"A {band} {kind}"].get_fillstyle()) == ("left", "full")
            styles.add((*colours, handle.get_marker(), handle.get_markersize()))
    assert len(styles) == 6


def test_curves_on_the_same_axes_are_all_visible(make):
    early = LightCurve.from_record(make.record(lc=[make.detection(58285.0, 17.0)]))
    late = LightCurve.from_record(make.record(lc=[make.detection(58385.0, 19.0), make.detection(58395.0, 19.0)]))
    ax = early.plot(label="A")
    assert late.plot(ax, label="B") is ax
    texts, title = legend_texts(ax)
    assert texts == {"A o detection: 1", "B o detection: 2"}
    assert title.count("MJD") == 2
    assert ax.get_xlim() == (58280, 58400)
    faint, bright = ax.get_ylim()
    assert (faint > 19, bright < 17) == (True, True)
    assert len(ax.child_axes) == 1
    edges = {to_hex(handle.get_markeredgecolor()) for handle in ax.get_legend().legend_handles}
    assert len(edges) == 2


def test_cleared_axes_have_no_earlier_entries(make):
    lc = LightCurve.from_record(make.record(lc=[make.detection(58285.0, 17.0)]))
    ax = lc.plot()
    ax.clear()
    lc.plot(ax)
    assert len(legend_texts(ax)[0]) == 1


def test_magnitudes_and_fluxes_on_the_same_axes_raise_an_error(lc):
    with pytest.raises(InvalidInputError, match=r"`y`.*'mag'.*'flux'"):
        lc.plot(lc.plot(), y="flux")


def test_axes_with_astropy_units(lc):
    with quantity_support(), time_support(format="mjd", scale="utc"):
        _, ax = plt.subplots()
        ax.plot(lc.time, np.full(len(lc), 18.0), ".")
        lc.plot(ax)
        ax.figure.canvas.draw()
    assert ax.get_xlim()[0] == pytest.approx(58280, abs=20)


@pytest.mark.parametrize("kind", ["detection", "limit", "forced limit"])
def test_bands_differ_in_markers(make, kind):
    rows = {
        "detection": {"lc": [make.detection(58285.0 + i, 18.0, filter=band) for i, band in enumerate("coHt")]},
        "limit": {"lcnondets": [make.limit(58285.0 + i, filter=band) for i, band in enumerate("coHt")]},
        "forced limit": {"fp": [make.forced(58285.0 + i, 1.0, filter=band) for i, band in enumerate("coHt")]},
    }
    ax = LightCurve.from_record(make.record(**rows[kind])).plot()
    ax.figure.canvas.draw()
    marks = {handle.get_label(): handle.get_marker() for handle in ax.get_legend().legend_handles}
    assert set(marks) == {f"{band} {kind}: 1" for band in "coHt"}
    assert len(set(marks.values())) == 4


def test_an_unknown_kind_is_not_drawn(lc):
    lc["kind"] = ["forced"] * 7 + ["custom"]
    with pytest.raises(InvalidInputError, match="'forced' or 'binned', got 'custom' in row 7"):
        lc.plot(y="flux", window="all")


def test_significant_measurements_with_a_limit_are_not_limits(make):
    """Text files of forced photometry have a limit in every row."""
    lc = LightCurve.from_record(make.record(fp=[make.forced(1.0, 100.0, 10.0, mag=18.9), make.forced(2.0, 5.0, 10.0)]))
    lc["limit"] = [19.5, 19.5] * u.mag
    assert legend_texts(lc.plot())[0] == {"o forced: 1", "o forced limit: 1"}


def test_axes_of_the_user_are_returned(lc):
    figure, axes = plt.subplots(1, 2)
    assert lc.plot(axes[0]) is axes[0]
    assert lc.plot(ax=axes[1], y="flux") is axes[1]
    assert plt.get_fignums() == [figure.number]


def test_second_plot_keeps_magnitudes_inverted(lc):
    ax = lc.plot()
    lc.plot(ax)
    assert ax.yaxis_inverted()


def test_a_curve_without_values_is_an_error(curve):
    for y in ("mag", "flux"):
        with pytest.raises(InvalidInputError, match="column 'flux', 'mag' or 'limit', got none"):
            curve["time", "band", "kind"].plot(y=y)
    assert "No picture: The light curve must have a column" in curve["time", "band"]._repr_html_()
    assert count_points(curve["time", "band"][:0].plot()) == 0


def test_fluxes_of_magnitudes_are_an_error_that_says_how_to_make_them():
    time = ["2026-11-01", "2026-11-02"]
    lc = LightCurve(time=time, data={"band": ["o", "o"], "mag": [18, 19] * u.mag, "mag_err": [0.1, 0.2] * u.mag})
    for kwargs in ({"y": "flux"}, {"bin": "nightly"}):
        with pytest.raises(InvalidInputError, match=r"mag_to_flux\(lc\['mag'\]\).*mag_err_to_flux_err"):
            lc.plot(**kwargs)
    lc["flux"] = photometry.mag_to_flux(lc["mag"])
    lc["flux_err"] = photometry.mag_err_to_flux_err(lc["flux"], lc["mag_err"])
    assert legend_texts(lc.plot(bin="nightly"))[0] == {"o forced: 2", "o binned: 2"}
    assert lc.bin_nightly()["mag"].value.tolist() == pytest.approx([18, 19])


def test_curve_without_kinds_and_bands():
    lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"flux": [10.0, -5.0] * u.uJy})
    assert legend_texts(lc.plot(y="flux", window="all"))[0] == {"? forced: 2"}


def test_light_curve_is_not_changed(lc):
    before = repr(lc.copy())
    lc.plot()
    assert repr(lc) == before


def test_missing_matplotlib_error_names_the_extra(lc, monkeypatch):
    real_import = builtins.__import__

    def no_matplotlib(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "matplotlib.pyplot")
    monkeypatch.setattr(builtins, "__import__", no_matplotlib)
    with pytest.raises(ImportError, match=r'pip install "atlasquery\[plot\]"'):
        lc.plot()


@pytest.fixture(params=[False, True], ids=["days", "normalized"])
def folded(lc, request):
    epoch = Time(58280.0, format="mjd")
    return lc.fold(period=2.3 * u.d, epoch_time=epoch, normalize_phase=request.param), request.param


@pytest.mark.parametrize("y", ["mag", "flux"])
def test_folded_curve_is_drawn_against_the_phase(folded, y):
    light_curve, is_normalized = folded
    ax = light_curve.plot(y=y)
    low, high = (-0.9, 1.1) if not is_normalized else (-0.9 / 2.3, 1.1 / 2.3)
    assert ax.get_xlabel() == ("Phase" if is_normalized else "Phase [d]")
    assert ax.get_xlim() == pytest.approx((low - 0.05 * (high - low), high + 0.05 * (high - low)))
    assert ax.get_legend().get_title().get_text().startswith("phase")


def test_window_of_a_folded_curve_is_in_phases(folded):
    light_curve, is_normalized = folded
    assert light_curve.plot(window=(-0.2, 0.3)).get_xlim() == (-0.2, 0.3)
    unit = u.percent if is_normalized else u.h
    expected = (-0.06, 0.12) if is_normalized else (-0.25, 0.5)
    assert light_curve.plot(window=(-6 * unit, 12 * unit)).get_xlim() == pytest.approx(expected)
    with pytest.raises(InvalidInputError, match=r"`window`.*phases"):
        light_curve.plot(window=(Time(58280.0, format="mjd"), Time(58281.0, format="mjd")))
    with pytest.raises(InvalidInputError, match="folded"):
        light_curve.plot(bin="nightly")

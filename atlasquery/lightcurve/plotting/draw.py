# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The picture of a light curve, and of several on the same axes."""

import weakref
from dataclasses import dataclass, field

import astropy.units as u
from astropy.time import TimeDelta

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import string_array
from atlasquery.lightcurve.checks import require_single_object
from atlasquery.lightcurve.plotting import axes
from atlasquery.lightcurve.plotting.axis_units import AxisUnits, check_axes
from atlasquery.lightcurve.plotting.plot_data import PlotData, band_set
from atlasquery.lightcurve.plotting.styles import PALE, band_styles, draw_order, marker_style
from atlasquery.lightcurve.plotting.view_window import time_window, value_limits
from atlasquery.lightcurve.times import TimeAxis, time_axis

__all__ = ["draw", "draw_beside_legend", "draw_grid"]

CLOSE_UP = 5.0  # days, below which the edges of a window need decimals


@dataclass
class PlotState:
    """What has been drawn on some axes before: other curves may join it.

    It refers only weakly to what is on the axes, which otherwise would be kept alive by it.
    """

    y: str
    scale: TimeAxis
    note: weakref.ref  # a text on the axes; without one there are no measurements
    is_ours: bool = False
    has_dates: bool = False
    curves: int = 0  # with measurements
    is_labelled: bool = False
    handles: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    legend: weakref.ref | None = None
    entries: int = 0  # of us in the legend

    @property
    def is_there(self):
        """Whether the axes have not been cleared since."""
        return getattr(self.note(), "axes", None) is not None


PLOT_STATES = weakref.WeakKeyDictionary()  # of axes


def draw(light_curve, ax, *, y, bands, show_limits, window, bin, label, legend):
    """Draw a light curve: what `atlasquery.LightCurve.plot` does.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        What to draw; it is not changed.
    ax, y, bands, show_limits, window, bin, label, legend
        As for `atlasquery.LightCurve.plot`.

    Returns
    -------
    ax : `~matplotlib.axes.Axes`
        The axes.
    """
    if y not in ("mag", "flux"):
        raise InvalidInputError(f"y is {y!r}, but can be 'mag' or 'flux'.")
    check_axes(ax)
    require_single_object(light_curve)
    _check_bands(bands, [light_curve])
    points = PlotData(light_curve, y, bands, show_limits)
    if bin is not None:
        points = points.with_bins(PlotData(_binned(light_curve, bin), y, bands, show_limits))
    low, high, why = time_window(points, window)
    within = (points.when >= low) & (points.when <= high)
    edges = value_limits(points, within)
    inside = within & (points.y >= edges[0]) & (points.y <= edges[1])
    coordinates, drawn = _get_axes(ax, y, points.scale)
    name = f"{label} " if label else ""
    looks = band_styles(string_array(light_curve, "band", "?"), drawn.curves, axes.background_colour(coordinates.ax))
    frame = axes.axis_limits(coordinates, (low, high), edges)  # before anything of us widens what the axes show
    handles = _draw(coordinates, points, inside, looks, name, is_counted=drawn.is_ours)
    drawn.curves += bool(len(points))
    axes.finish_axes(coordinates, drawn, frame if len(points) else None)
    if legend:
        drawn.handles += handles
        drawn.titles += [f"{name}{_window_text(points, low, high, why)}"] if drawn.is_ours else []
        axes.draw_legend(coordinates.ax, drawn)
    return coordinates.ax


def draw_beside_legend(light_curve, ax):
    """Draw the magnitudes on axes that have room for a legend beside them; fluxes, if there are no magnitudes."""
    y = "flux" if "mag" not in light_curve.colnames and "flux" in light_curve.colnames else "mag"
    _start_axes(ax, y, time_axis(light_curve), is_ours=True)
    return light_curve.plot(ax, y=y)


def draw_grid(panels, curves, *, bands=None, **kwargs):
    """Draw each of the light curves, which are by their id, in a panel of its own, with one legend below all.

    A curve that has none of the bands has an empty panel.
    """
    _check_bands(bands, curves.values())
    for ax, (atlas_id, curve) in zip(panels, curves.items(), strict=True):
        is_there = bands is None or not band_set(bands).isdisjoint(string_array(curve, "band", "?"))
        (curve if is_there else curve[:0]).plot(ax, bands=bands, **kwargs)
        axes.disable_math_text(ax.set_title(curve.meta.get("name") or str(atlas_id), fontsize="small"))
    axes.share_legend(panels)


def _check_bands(bands, curves):
    """Refuse bands of which there is none in any of the light curves; in empty ones there is nothing to find."""
    there = {band for curve in curves for band in string_array(curve, "band", "?").tolist()}
    if bands is not None and there and there.isdisjoint(band_set(bands)):
        known = ", ".join(repr(band) for band in sorted(there))
        raise InvalidInputError(f"bands is {bands!r}, but there {'is' if len(there) == 1 else 'are'} only {known}.")


def _window_text(points, low, high, why):
    """Return the window in words."""
    if not len(points):
        return "no measurements"
    digits = max(points.scale.digits, 2 if high - low < CLOSE_UP else 0)
    return f"{points.scale.name} {low:.{digits}f} to {high:.{digits}f}\n({why})"


def _binned(light_curve, width):
    """Return the bins that are asked for."""
    if time_axis(light_curve).is_folded:
        raise InvalidInputError("A folded light curve has no nights to bin.", hint="Bin first, then fold.")
    if isinstance(width, str) and width == "nightly":
        return light_curve.bin_nightly()
    if not isinstance(width, u.Quantity | TimeDelta):
        raise InvalidInputError(f"bin is {width!r}, but can be 'nightly' or a span of time such as 7 * u.day.")
    return light_curve.bin(width)


def _get_axes(ax, y, of):
    """Return the coordinates of the axes, new ones if there are none, and what has been drawn on them."""
    if ax is None:
        ax = axes.new_axes()
        return _start_axes(ax, y, of, is_ours=True)
    drawn = PLOT_STATES.get(ax)
    if drawn is None or not drawn.is_there:
        return _start_axes(ax, y, of)
    for name, there, asked in (("y", drawn.y, y), ("times", drawn.scale.name, of.name)):
        if there != asked:
            raise InvalidInputError(f"The axes show {there} already, so that {name} cannot be {asked}.")
    return AxisUnits(ax, of, y), drawn


def _start_axes(ax, y, of, *, is_ours=False):
    """Return the coordinates of axes on which nothing of us is, and the record of what will be."""
    coordinates = AxisUnits(ax, of, y)
    coordinates.set_default_units()
    drawn = PlotState(y, of, weakref.ref(axes.add_note(ax)), is_ours)
    PLOT_STATES[ax] = drawn
    return coordinates, drawn


def _draw(coordinates, points, inside, looks, name, *, is_counted):
    """Draw these points; return what stands for them in the legend, what matters most first."""
    handles = []
    for rows, look, title in _style_groups(points, looks):
        shown = rows & inside
        for chosen, style in ((shown & points.is_faded, look | PALE), (shown & ~points.is_faded, look)):
            if chosen.any():
                _draw_points(coordinates, points, chosen, style)
        is_pale = shown.any() and points.is_faded[shown].all()
        if is_counted or shown.any():
            count = _count(rows, shown) if is_counted else ""
            handles.append(_handle(f"{name}{title}{count}", look | PALE if is_pale else look))
    return handles[::-1]


def _style_groups(points, looks):
    """Yield rows that look alike, with their look and a name for the legend."""
    for mark in draw_order(points.mark.tolist()):
        for band in sorted(set(points.band[points.mark == mark].tolist())):
            yield (points.mark == mark) & (points.band == band), marker_style(mark, looks[band]), f"{band} {mark}"


def _draw_points(coordinates, points, rows, style):
    """Draw these rows; limits have no uncertainty."""
    err = None if points.is_limit[rows].all() else coordinates.y(points.err[rows])
    x, y = coordinates.x(points.when[rows]), coordinates.y(points.y[rows])
    coordinates.ax.errorbar(x, y, yerr=err, elinewidth=1.0, **style)


def _count(rows, shown):
    """Return how many of these rows are drawn, for the legend."""
    count, total = int(shown.sum()), int(rows.sum())
    return f": {count}" + (f" of {total}" if total > count else "")


def _handle(label, look):
    """Return what stands for rows in the legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **look)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Plots of a light curve, alone or with others on the same axes."""

import weakref
from dataclasses import dataclass, field

import astropy.units as u
from astropy.time import TimeDelta

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import string_array
from atlasquery.lightcurve.checks import require_single_object
from atlasquery.lightcurve.plotting import axes
from atlasquery.lightcurve.plotting.axis_units import AxisUnits, check_axes
from atlasquery.lightcurve.plotting.legend import draw_legend, share_legend
from atlasquery.lightcurve.plotting.plot_data import PlotData, band_set
from atlasquery.lightcurve.plotting.styles import FADED, band_styles, draw_order, marker_style
from atlasquery.lightcurve.plotting.view_window import time_window, value_limits
from atlasquery.lightcurve.times import TimeAxis, time_axis
from atlasquery.utils.text import abbreviate

__all__ = ["draw", "draw_beside_legend", "draw_grid"]

MIN_WHOLE_DAY_SPAN = 5.0  # days; the title of a shorter window has decimals


@dataclass
class PlotState:
    """Light curves drawn on some axes so far.

    References to content of the axes are weak: strong ones would keep the axes alive.
    """

    y: str
    time_axis: TimeAxis
    note: weakref.ref  # text "no measurements"
    is_own_axes: bool = False  # created by the package
    has_dates: bool = False
    n_curves: int = 0  # with measurements
    is_labelled: bool = False
    images: str | None = None  # that were measured, difference or reduced
    handles: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    legend: weakref.ref | None = None
    n_legend_entries: int = 0  # of light curves

    @property
    def is_valid(self):
        """Whether the axes have not been cleared since."""
        return getattr(self.note(), "axes", None) is not None


PLOT_STATES: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()  # by axes


def draw(light_curve, ax, *, y, bands, show_limits, window, bin, label, legend):
    """Draw a light curve as documented in `atlasquery.LightCurve.plot`, and return the axes."""
    _check_arguments(light_curve, ax, y, bands)
    points = PlotData(light_curve, y, bands, show_limits)
    if bin is not None:
        points = points.with_bins(PlotData(_bin_light_curve(light_curve, bin), y, bands, show_limits))
    start, end, reason = time_window(points, window)
    in_window = (points.times >= start) & (points.times <= end)
    low, high = value_limits(points, in_window)
    is_visible = in_window & (points.y >= low) & (points.y <= high)
    axis_units, state = _get_axes(ax, y, points.time_axis)
    state.images = state.images or light_curve.meta.get("images")
    # Determined before the points widen the limits of the axes.
    limits = axes.axis_limits(axis_units, (start, end), (low, high)) if len(points) else None
    prefix = f"{label} " if label else ""
    background = axes.background_colour(axis_units.ax)
    styles = band_styles(string_array(light_curve, "band", "?"), state.n_curves, background)
    handles = _draw_groups(axis_units, points, is_visible, styles, prefix, show_counts=state.is_own_axes)
    state.n_curves += bool(len(points))
    axes.finish_axes(axis_units, state, limits)
    if legend:
        state.handles += handles
        state.titles += [f"{prefix}{_window_text(points, start, end, reason)}"] if state.is_own_axes else []
        draw_legend(axis_units.ax, state)
    return axis_units.ax


def _check_arguments(light_curve, ax, y, bands):
    if y not in ("mag", "flux"):
        raise InvalidInputError(f"`y` must be 'mag' or 'flux', got {abbreviate(y)}.")
    check_axes(ax)
    require_single_object(light_curve)
    _check_bands(bands, [light_curve])


def draw_beside_legend(light_curve, ax):
    """Draw magnitudes, or fluxes if there are none, on axes with room for a legend next to them."""
    y = "flux" if "mag" not in light_curve.colnames and "flux" in light_curve.colnames else "mag"
    _start_axes(ax, y, time_axis(light_curve), is_own_axes=True)
    return light_curve.plot(ax, y=y)


def draw_grid(panels, curves, *, bands=None, **kwargs):
    """Draw each light curve of a dict by id in its own panel, with one legend below; without its bands it is empty."""
    _check_bands(bands, curves.values())
    for ax, (atlas_id, curve) in zip(panels, curves.items(), strict=True):
        has_band = bands is None or not band_set(bands).isdisjoint(string_array(curve, "band", "?"))
        (curve if has_band else curve[:0]).plot(ax, bands=bands, **kwargs)
        axes.disable_math_text(ax.set_title(curve.meta.get("name") or str(atlas_id), fontsize="small"))
    share_legend(panels)


def _check_bands(bands, curves):
    """Raise an error if no light curve has any of the bands; empty light curves are not checked."""
    available = {band for curve in curves for band in string_array(curve, "band", "?").tolist()}
    if bands is not None and available and available.isdisjoint(band_set(bands)):
        choice = ", ".join(repr(band) for band in sorted(available))
        raise InvalidInputError(f"`bands` must include one of {choice}, got {abbreviate(bands)}.")


def _window_text(points, start, end, reason):
    """Return the title of the legend: the window and the reason for it."""
    if not len(points):
        return "no measurements"
    digits = max(points.time_axis.digits, 2 if end - start < MIN_WHOLE_DAY_SPAN else 0)
    return f"{points.time_axis.name} {start:.{digits}f} to {end:.{digits}f}\n({reason})"


def _bin_light_curve(light_curve, bin):
    if time_axis(light_curve).is_folded:
        raise InvalidInputError("Cannot bin a folded light curve: it has no nights.", hint="Bin first, then fold.")
    if isinstance(bin, u.Quantity | TimeDelta):
        return light_curve.bin(bin)
    if isinstance(bin, str) and bin == "nightly":
        return light_curve.bin_nightly()
    error = InvalidInputError if isinstance(bin, str) else InvalidTypeError
    raise error(f"`bin` must be 'nightly' or a time span such as 7 * u.day, got {abbreviate(bin)}.")


def _get_axes(ax, y, time_axis):
    """Return the units and the state of the axes, of new ones if there are none; raise an error if they do not fit."""
    if ax is None:
        return _start_axes(axes.new_axes(), y, time_axis, is_own_axes=True)
    state = PLOT_STATES.get(ax)
    if state is None or not state.is_valid:
        return _start_axes(ax, y, time_axis)
    if y != state.y:
        raise InvalidInputError(f"`y` must be {state.y!r} as on the axes so far, got {y!r}.")
    if time_axis.name != state.time_axis.name:
        raise InvalidInputError(f"`ax` must show {time_axis.name}, got axes of {state.time_axis.name}.")
    return AxisUnits(ax, time_axis, y), state


def _start_axes(ax, y, time_axis, *, is_own_axes=False):
    """Return the units of axes without light curves, and their new state."""
    axis_units = AxisUnits(ax, time_axis, y)
    axis_units.set_default_units()
    state = PlotState(y, time_axis, weakref.ref(axes.add_note(ax)), is_own_axes)
    PLOT_STATES[ax] = state
    return axis_units, state


def _draw_groups(axis_units, points, is_visible, styles, prefix, *, show_counts):
    """Draw the visible points; return the handles for the legend, most important first."""
    handles = []
    for rows, style, name in _style_groups(points, styles):
        visible_rows = rows & is_visible
        is_faded = visible_rows & points.is_faded
        for part, part_style in ((is_faded, style | FADED), (visible_rows & ~is_faded, style)):
            if part.any():
                _draw_points(axis_units, points, part, part_style)
        if show_counts or visible_rows.any():
            all_faded = visible_rows.any() and is_faded.sum() == visible_rows.sum()
            count = _count_text(rows, visible_rows) if show_counts else ""
            handles.append(_legend_handle(f"{prefix}{name}{count}", style | FADED if all_faded else style))
    return handles[::-1]


def _style_groups(points, styles):
    """Yield the mask, the marker style and the legend label of each category and band."""
    for category in draw_order(points.category.tolist()):
        in_category = points.category == category
        for band in sorted(set(points.band[in_category].tolist())):
            yield in_category & (points.band == band), marker_style(category, styles[band]), f"{band} {category}"


def _draw_points(axis_units, points, rows, style):
    """Draw these rows; limits have no error bars."""
    err = None if points.is_limit[rows].all() else axis_units.to_y(points.err[rows])
    x, y = axis_units.to_x(points.times[rows]), axis_units.to_y(points.y[rows])
    axis_units.ax.errorbar(x, y, yerr=err, elinewidth=1.0, **style)


def _count_text(rows, visible_rows):
    """Return the number of visible rows, and of all if some are not visible."""
    count, total = int(visible_rows.sum()), int(rows.sum())
    return f": {count}" + (f" of {total}" if total > count else "")


def _legend_handle(label, style):
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **style)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Plots of a light curve, alone or with others on the same axes."""

import weakref

import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import string_array
from atlasquery.lightcurve.curve_keys import note_key
from atlasquery.lightcurve.images import images_of
from atlasquery.lightcurve.plotting import axes
from atlasquery.lightcurve.plotting.arguments import check_appearance, check_title
from atlasquery.lightcurve.plotting.axis_units import AxisUnits, check_axes
from atlasquery.lightcurve.plotting.legend import draw_legend, share_legend
from atlasquery.lightcurve.plotting.plot_data import band_set
from atlasquery.lightcurve.plotting.state import PLOT_STATES, PlotState
from atlasquery.lightcurve.plotting.styles import faded
from atlasquery.lightcurve.plotting.title import object_title, set_object_title, set_title
from atlasquery.lightcurve.plotting.view import check_bands, make_view
from atlasquery.lightcurve.plotting.view_window import lowest_positive
from atlasquery.lightcurve.plotting.y_scale import follow_scale
from atlasquery.lightcurve.times import time_axis

__all__ = ["draw", "draw_beside_legend", "draw_grid"]


def draw(
    light_curve,
    ax,
    *,
    label,
    legend,
    title=None,
    color=None,
    marker=None,
    alpha=None,
    markersize=None,
    **selection,
):
    """Draw a light curve as documented in `atlasquery.LightCurve.plot`, and return the axes."""
    check_axes(ax)
    title, appearance = check_title(title), check_appearance(color, marker, alpha, markersize)
    view = make_view(light_curve, **selection)
    axis_units, state = _get_axes(ax, selection["y"], view.points.time_axis)
    _check_images(state, images_of(light_curve.meta))
    # Determined before the points widen the limits of the axes.
    limits = axes.axis_limits(axis_units, (view.start, view.end), view.value_limits) if len(view.points) else None
    prefix = f"{label} " if label else ""
    groups = view.groups(appearance, state.n_curves, axes.background_colour(axis_units.ax))
    handles = _draw_groups(axis_units, view, groups, prefix, show_counts=state.is_own_axes)
    state.n_curves += bool(len(view.points))
    if limits:
        lowest = lowest_positive(view.points, view.is_visible)
        state.include_values(*axis_units.to_y(np.array([*view.value_range, lowest])).tolist())
    axes.finish_axes(axis_units, state, limits)
    if legend:
        state.handles += handles
        state.titles += [f"{prefix}{view.window_text()}"] if state.is_own_axes else []
        draw_legend(axis_units.ax, state)
    _set_title(axis_units.ax, state, title, light_curve)
    return axis_units.ax


def draw_beside_legend(light_curve, ax):
    """Draw magnitudes, or fluxes if there are none, on axes with room for a legend next to them."""
    y = "flux" if "mag" not in light_curve.colnames and "flux" in light_curve.colnames else "mag"
    _start_axes(ax, y, time_axis(light_curve), is_own_axes=True)
    return light_curve.plot(ax, y=y, title=False)


def draw_grid(panels, curves, *, bands=None, title=None, **kwargs):
    """Draw each light curve of a dict by id in its own panel, with one legend below; without its bands it is empty."""
    title = check_title(title)
    check_bands(bands, curves.values())
    for ax, (key, curve) in zip(panels, curves.items(), strict=True):
        has_band = bands is None or not band_set(bands).isdisjoint(string_array(curve, "band", "?"))
        with note_key(key):
            (curve if has_band else curve[:0]).plot(ax, bands=bands, title=False, **kwargs)
    share_legend(panels)
    if title is not False:
        for ax, (atlas_id, curve) in zip(panels, curves.items(), strict=True):
            set_title(ax, [str(curve.meta.get("name") or atlas_id)], fontsize="small")
    if isinstance(title, str) and len(panels):
        panels[0].get_figure(root=True).suptitle(title)


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


def _check_images(state, images):
    """Keep which images the axes show; raise an error for fluxes of others, which are no measure of the same source."""
    if state.y == "flux" and state.n_curves and images and state.images and images != state.images:
        raise InvalidInputError(
            f"The axes must show fluxes of {state.images} images, got a light curve of {images} images.",
            hint="Draw it on axes of its own.",
        )
    state.images = state.images or images


def _start_axes(ax, y, time_axis, *, is_own_axes=False):
    """Return the units of axes without light curves, and their new state."""
    axis_units = AxisUnits(ax, time_axis, y)
    axis_units.set_default_units()
    content = ax.dataLim.intervaly, ax.dataLim.minposy  # of the user
    state = PlotState(y, time_axis, weakref.ref(axes.add_note(ax)), is_own_axes)
    if np.isfinite(content[0]).all():
        state.include_values(*content[0].tolist(), float(content[1]))
    PLOT_STATES[ax] = state
    if y == "flux":
        follow_scale(ax)
    return axis_units, state


def _draw_groups(axis_units, view, groups, prefix, *, show_counts):
    """Draw the visible points; return the handles for the legend, most important first."""
    handles = []
    for rows, style, name in groups:
        visible_rows = rows & view.is_visible
        is_faded = visible_rows & view.points.is_faded
        for part, part_style in ((is_faded, faded(style)), (visible_rows & ~is_faded, style)):
            if part.any():
                _draw_points(axis_units, view.points, part, part_style)
        if show_counts or visible_rows.any():
            all_faded = visible_rows.any() and is_faded.sum() == visible_rows.sum()
            count = view.count_text(rows) if show_counts else ""
            handles.append(_legend_handle(f"{prefix}{name}{count}", faded(style) if all_faded else style))
    return handles[::-1]


def _draw_points(axis_units, points, rows, style):
    """Draw these rows; limits have no error bars."""
    err = None if points.is_limit[rows].all() else axis_units.to_y(points.err[rows])
    x, y = axis_units.to_x(points.times[rows]), axis_units.to_y(points.y[rows])
    axis_units.ax.errorbar(x, y, yerr=err, elinewidth=1.0, **style)


def _legend_handle(label, style):
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **style)


def _set_title(ax, state, title, light_curve):
    """Set the title of the user; without one, new axes of the package have that of a single object."""
    shown_object = object_title(light_curve)
    if isinstance(title, str):
        set_title(ax, title.splitlines())
    elif title or (title is None and state.is_own_axes and not state.has_title):
        state.default_title, state.titled_object = set_object_title(ax, *shown_object), shown_object
    elif title is None and state.titled_object not in (None, shown_object) and ax.get_title() == state.default_title:
        ax.set_title("")
    state.has_title = True

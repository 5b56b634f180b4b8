# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Legends of axes and of grids of panels."""

import math
import weakref

from atlasquery.lightcurve.plotting.axes import twin_axes
from atlasquery.lightcurve.plotting.title import disable_math_text

__all__ = ["draw_legend", "share_legend"]

MIN_OUTSIDE_ENTRIES = 12  # a legend with as many would hide points
FONT_SIZES = ("small", 7, 6, 5, 4)  # the largest with which a legend fits next to the axes
MAX_WIDTH_SHARE = 0.5  # of the width of the axes, for the legend next to them
PAD = 0.01  # of the width of the axes, between them and the legend
GRID_LEGEND_COLUMNS = 6
OUTSIDE = {"loc": "upper left", "borderaxespad": 0.0, "frameon": False}
INSIDE = {"loc": "best", "framealpha": 0.85, "edgecolor": "none", "fontsize": "small", "title_fontsize": "small"}
MAX_ROWS = 14  # of a column of a legend inside the axes


def draw_legend(ax, state):
    """Draw the legend: next to axes of the package, inside axes of the user, whose other entries come last.

    A long one is next to axes of the user, too.
    """
    if not state.handles:
        return
    own_entries = [(handle.get_label(), handle, False) for handle in state.handles]
    labels, handles, parse_math = zip(*own_entries, *_foreign_entries(ax, state), strict=True)
    _restore_position(ax, state)
    content = {"handles": handles, "labels": labels, "title": "\n".join(state.titles)}

    def draw(**place):
        legend = ax.legend(**content, **place)
        legend.set_alignment("left")
        for text, is_math in zip([legend.get_title(), *legend.get_texts()], (False, *parse_math), strict=True):
            if not is_math:
                disable_math_text(text)
        return legend

    is_outside = state.is_own_axes or len(labels) >= MIN_OUTSIDE_ENTRIES
    legend = _draw_outside(ax, state, draw) if is_outside else None
    if legend is None:
        legend = draw(**INSIDE, ncols=1 + len(labels) // MAX_ROWS)
        legend.set_in_layout(False)  # inside, a long legend would shrink the axes
    state.legend, state.n_legend_entries = weakref.ref(legend), len(state.handles)


def _draw_outside(ax, state, draw):
    """Draw a legend next to the axes, in the largest font with which it fits; return None if none is small enough."""
    box, left = ax.get_window_extent(), _right_edge(ax)
    place = OUTSIDE | {"bbox_to_anchor": (left, 1.0)}
    max_width = box.width * MAX_WIDTH_SHARE
    for size in FONT_SIZES:
        place |= {"fontsize": size, "title_fontsize": size}
        legend = draw(**place)
        if legend.get_title().get_usetex():  # measured by LaTeX, which should run when the figure is drawn
            return legend
        n_columns = math.ceil(legend.get_window_extent().height / box.height)
        if n_columns > 1:
            legend = draw(**place, ncols=n_columns)
        extent = legend.get_window_extent()
        if extent.width <= max_width and extent.height <= box.height:
            _make_room(ax, state, extent.width / box.width + left - 1)
            return legend
    if state.is_own_axes:  # inside, it would hide all points
        return legend
    legend.remove()
    return None


def _right_edge(ax):
    """Return where labels at the right of the axes end, as those of a twin, in widths of the axes."""
    from matplotlib import rcParams

    box = ax.get_window_extent()
    if rcParams["text.usetex"]:  # labels are measured by LaTeX, which should run when the figure is drawn
        return 1 + PAD
    axes = [ax, *twin_axes(ax), *ax.child_axes]
    extents = [extent for shown in axes if (extent := shown.yaxis.get_tightbbox()) is not None]
    return max([box.x1, *(extent.x1 for extent in extents)], default=box.x1) / box.width - box.x0 / box.width + PAD


def _make_room(ax, state, share):
    """Make axes narrower by a share of their width for the legend, unless a layout does so."""
    if ax.get_figure(root=True).get_layout_engine() is not None:
        return
    full = ax.get_position()
    narrow = [full.x0, full.y0, full.width * (1 - share), full.height]
    for shown in (*twin_axes(ax), ax):  # twins are found by their equal position
        shown.set_position(narrow)
        shown.set_in_layout(True)  # for a call of tight_layout()
    state.full_position = full.bounds, ax.get_position().bounds


def _restore_position(ax, state):
    """Undo `_make_room` before a new legend is drawn, unless the axes have been moved since."""
    if state.full_position is not None and ax.get_position().bounds == state.full_position[1]:
        for shown in (*twin_axes(ax), ax):
            shown.set_position(state.full_position[0])
            shown.set_in_layout(True)
    state.full_position = None


def _foreign_entries(ax, state):
    """Return the label, the handle and whether math is parsed of each entry that is not of a light curve."""
    legend = ax.get_legend()
    is_own_legend = state.legend is not None and state.legend() is legend
    entries = dict(_legend_entries(legend)[state.n_legend_entries if is_own_legend else 0 :]) if legend else {}
    entries |= {label: (handle, True) for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    own_labels = {handle.get_label() for handle in state.handles}
    for twin in twin_axes(ax):
        if legend := twin.get_legend():
            entries |= {label: entry for label, entry in _legend_entries(legend) if label not in own_labels}
            legend.remove()  # the legends of twins would overlap
    return [(label, *entry) for label, entry in entries.items()]


def _legend_entries(legend):
    """Return the label of each entry of a legend, with its handle and whether math is parsed."""
    pairs = zip(legend.get_texts(), legend.legend_handles, strict=True)
    return [(text.get_text(), (handle, text.get_parse_math())) for text, handle in pairs]


def share_legend(panels):
    """Replace the legends of all panels by one below them."""
    legends = [legend for ax in panels if (legend := ax.get_legend())]
    handles = {}
    for legend in legends:
        for handle in legend.legend_handles:
            handles.setdefault((handle.get_label(), handle.get_color(), handle.get_marker()), handle)
        legend.remove()
    if handles:
        labels = [label for label, *_ in handles]
        _draw_below(panels[0].figure, list(handles.values()), labels)


def _draw_below(figure, handles, labels):
    """Draw the legend of a figure below all panels, with as many columns as there is room for."""
    place = {"loc": "outside lower center", "frameon": False, "fontsize": "small"}
    for n_columns in range(GRID_LEGEND_COLUMNS, 0, -1):
        legend = figure.legend(handles, labels, ncols=n_columns, **place)
        for text in legend.get_texts():
            disable_math_text(text)
        if n_columns == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()

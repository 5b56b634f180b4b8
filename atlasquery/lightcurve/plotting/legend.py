# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Legends of axes and of grids of panels."""

import weakref

from atlasquery.lightcurve.plotting.axes import disable_math_text, twin_axes

__all__ = ["draw_legend", "share_legend"]

MAX_ROWS = 14  # of a column of a legend inside the axes
GRID_LEGEND_COLUMNS = 6
OUTSIDE = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, "frameon": False}
INSIDE = {"loc": "best", "framealpha": 0.85, "edgecolor": "none"}


def draw_legend(ax, state):
    """Draw the legend: next to axes of the package, inside axes of the user, whose other entries come last."""
    if not state.handles:
        return
    own_entries = [(handle.get_label(), handle, False) for handle in state.handles]
    labels, handles, parse_math = zip(*own_entries, *_foreign_entries(ax, state), strict=True)
    place = OUTSIDE if state.is_own_axes else INSIDE | {"ncols": 1 + len(labels) // MAX_ROWS}
    title = "\n".join(state.titles)
    legend = ax.legend(handles, labels, title=title, fontsize="small", title_fontsize="small", **place)
    legend.set_in_layout(state.is_own_axes)  # inside, a long legend would shrink the axes
    legend.set_alignment("left")
    for text, is_math in zip([legend.get_title(), *legend.get_texts()], (False, *parse_math), strict=True):
        if not is_math:
            disable_math_text(text)
    state.legend, state.n_legend_entries = weakref.ref(legend), len(state.handles)


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
        place = {"loc": "outside lower center", "ncols": GRID_LEGEND_COLUMNS, "frameon": False, "fontsize": "small"}
        legend = panels[0].figure.legend(list(handles.values()), labels, **place)
        for text in legend.get_texts():
            disable_math_text(text)

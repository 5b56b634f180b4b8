# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Interactive figures of light curves, with plotly; points, styles and window are those of other plots."""

from html import escape

import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.images import images_of
from atlasquery.lightcurve.plotting.arguments import check_appearance, check_title
from atlasquery.lightcurve.plotting.axes import y_label
from atlasquery.lightcurve.plotting.axis_units import UNITS
from atlasquery.lightcurve.plotting.hover import describe_points
from atlasquery.lightcurve.plotting.styles import LIMIT_MARKERS, faded
from atlasquery.lightcurve.plotting.title import object_title
from atlasquery.lightcurve.plotting.view import make_view

__all__ = ["draw_interactive"]

PIXELS_PER_POINT = 96 / 72
# Symbols of plotly by marker of matplotlib. There is none for the vertices of the limits in other bands than o.
LIMIT_SYMBOLS = dict(
    zip(LIMIT_MARKERS.values(), ("arrow", "triangle-down", "y-down", "star-triangle-down"), strict=True)
)
SYMBOLS = LIMIT_SYMBOLS | {
    "o": "circle",
    ".": "circle",
    ",": "circle",
    "s": "square",
    "D": "diamond",
    "d": "diamond-tall",
    "^": "triangle-up",
    "v": "triangle-down",
    "<": "triangle-left",
    ">": "triangle-right",
    "*": "star",
    "P": "cross",
    "X": "x",
    "+": "cross-thin",
    "x": "x-thin",
    "|": "line-ns",
    "_": "line-ew",
    "p": "pentagon",
    "h": "hexagon",
    "H": "hexagon2",
    "8": "octagon",
    "1": "y-down",
    "2": "y-up",
    "3": "y-left",
    "4": "y-right",
}


def draw_interactive(light_curve, ax, *, label, legend, title, color, marker, alpha, markersize, **selection):
    """Return the figure of plotly that `atlasquery.LightCurve.plot` documents."""
    graph_objects = _import_plotly()
    if ax is not None:
        raise InvalidInputError("`ax` must be None for an interactive figure, which has its own axes.")
    title, appearance = check_title(title), check_appearance(color, marker, alpha, markersize)
    view = make_view(light_curve, **selection)
    traces = _make_traces(view, appearance, f"{label} " if label else "")
    figure = graph_objects.Figure([graph_objects.Scatter(trace) for trace in traces])
    value_label = y_label(selection["y"], images_of(light_curve.meta))
    figure.update_layout(_layout(view, selection["y"], value_label, label, legend), title=_title(light_curve, title))
    return figure


def _import_plotly():
    try:
        import plotly.graph_objects as graph_objects
    except ImportError as error:
        raise ImportError('Interactive plots need plotly: pip install "atlasquery[interactive]".') from error
    return graph_objects


def _to_html(text):
    """Return text of the server or of the user as the markup of plotly that shows it literally."""
    # Plotly knows no entity for quotation marks; text between dollar signs would be a formula.
    return escape(text, quote=False).replace("$", "&#36;").replace("\n", "<br>")


def _make_traces(view, appearance, prefix):
    """Return the traces, most important last: pale points and others of each group share a legend entry."""
    details, traces = np.array([_to_html(text) for text in describe_points(view.points)], dtype=object), []
    for rows, style, name in view.groups(appearance):
        is_faded = rows & view.points.is_faded
        parts = [(is_faded, faded(style)), (rows & ~is_faded, style)]
        parts = [part for part in parts if part[0].any()]
        for part, part_style in parts:
            trace = _make_trace(view.points, part, part_style, details)
            trace |= {"name": _to_html(f"{prefix}{name}{view.count_text(rows)}"), "legendgroup": _to_html(name)}
            traces.append(trace | {"showlegend": part is parts[-1][0]})
    return traces


def _make_trace(points, rows, style, details):
    trace = {
        "x": points.times[rows],
        "y": points.y[rows],
        "mode": "markers",
        "marker": _marker(style),
        "opacity": style.get("alpha", 1.0),
        "hovertext": details[rows],
        "hoverinfo": "text",
    }
    if not points.is_limit[rows].all():
        error_bar = {"type": "data", "array": points.err[rows], "thickness": 1, "width": 0}
        trace["error_y"] = error_bar | {"color": _to_colour(style["color"])}
    return trace


def _marker(style):
    """Return the marker of plotly for the arguments of `~matplotlib.lines.Line2D`."""
    marker, colour = style["marker"], _to_colour(style["color"])
    if not (isinstance(marker, str | tuple) and marker in SYMBOLS):
        choice = ", ".join(repr(name) for name in SYMBOLS if isinstance(name, str))
        raise InvalidInputError(f"`marker` of an interactive figure must be one of {choice}, got {marker!r}.")
    face, symbol = style.get("markerfacecolor", style["color"]), SYMBOLS[marker]
    is_open = face == "none" or symbol.startswith(("line", "y-")) or "thin" in symbol
    edge = colour if is_open else _to_colour(style["markeredgecolor"])
    width = style["markeredgewidth"] * PIXELS_PER_POINT
    return {
        "symbol": f"{symbol}-open" if is_open else symbol,
        "size": style["markersize"] * PIXELS_PER_POINT,
        "color": colour if is_open else _to_colour(face),
        "line": {"width": max(width, 1.0) if is_open else width, "color": edge},
    } | ({"angle": 180} if symbol == "arrow" else {})


def _to_colour(colour):
    from matplotlib.colors import to_rgba

    red, green, blue, alpha = to_rgba(colour)
    return f"rgba({255 * red:.0f}, {255 * green:.0f}, {255 * blue:.0f}, {alpha:g})"


def _layout(view, y, value_label, label, legend):
    """Return the layout: axes with the ranges of the view, from which one can zoom out to all points."""
    low, high = view.value_limits
    unit = UNITS[y].to_string("unicode")
    axis = {"showline": True, "linecolor": "black", "mirror": True, "ticks": "outside", "gridcolor": "#ebebeb"}
    # Plotly would write 58,285 or 58.3k.
    axis |= {"exponentformat": "none", "tickformat": "~f", "zeroline": False}
    prefix = f"{label} " if label else ""
    return {
        "template": "plotly_white",
        "hovermode": "closest",
        "dragmode": "zoom",
        "showlegend": bool(legend),
        "legend": {"title": {"text": _to_html(prefix + view.window_text())}, "traceorder": "reversed"},
        "xaxis": axis | {"title": {"text": view.points.time_axis.label}, "range": [view.start, view.end]},
        "yaxis": axis
        | {"title": {"text": f"{value_label} [{unit}]"}, "range": [high, low] if y == "mag" else [low, high]},
    }


def _title(light_curve, title):
    """Return the title of plotly: that of the user, or the names of the object with its id below."""
    if title is False:
        return None
    names, atlas_id = object_title(light_curve)
    if isinstance(title, str):
        names, atlas_id = title, ""
    first, second = (names, atlas_id) if names else (atlas_id, "")
    return {"text": _to_html(first), "subtitle": {"text": _to_html(second)}}

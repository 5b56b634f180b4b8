# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The picture of a light curve, and of several on the same axes."""

from dataclasses import dataclass, field
from itertools import cycle
from weakref import WeakKeyDictionary

import astropy.units as u
import numpy as np

from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve import axes as furniture
from atlasquery.lightcurve.instants import scale
from atlasquery.lightcurve.plain import texts
from atlasquery.lightcurve.points import Points
from atlasquery.lightcurve.window import edges_of, window_of

__all__ = ["draw", "draw_beside_legend"]

COLOURS = {"c": "#0097a7", "o": "#f57c00"}  # cyan and orange, as everybody draws them
OTHER_COLOURS = ("#7b4fa3", "#4b9b3e", "#c2185b", "#5d6d7e", "#8d6e63", "#3f51b5")
# Bands differ in their marks too, for who cannot tell the colours, or prints without.
MARKERS = {"c": "s", "o": "o"}
OTHER_MARKERS = ("D", "^", "P", "X", "p", "h")

# How each kind of mark looks, in the order of drawing: what matters most comes last.
STYLES = {
    "limit": {"marker": "v", "markersize": 4.5, "markeredgewidth": 0, "alpha": 0.3},
    "forced limit": {"marker": "v", "markersize": 4.5, "markeredgewidth": 0.8, "markerfacecolor": "none", "alpha": 0.5},
    "binned limit": {"marker": "v", "markersize": 6.5, "markeredgewidth": 1.0, "markerfacecolor": "none", "alpha": 0.8},
    "forced": {"markersize": 4.5, "markeredgewidth": 0.9, "markerfacecolor": "white"},
    "detection": {"markersize": 6.0, "markeredgewidth": 0.6, "markeredgecolor": "white"},
    "binned": {"markersize": 7.5, "markeredgewidth": 0.9, "markeredgecolor": "black"},
}
OTHER_STYLE = {"markersize": 5.0, "markeredgewidth": 0.6}  # a kind that somebody made up
PALE = {"alpha": 0.3, "zorder": 2}
# The second curve on the same axes, and the next: marks filled by half, which neither forced ones nor bins are.
HALF = {"markerfacecoloralt": "white"}
OTHER_CURVES = (
    {"markeredgecolor": "black", "fillstyle": "left"} | HALF,
    {"markeredgecolor": "#7f0000", "fillstyle": "bottom"} | HALF,
    {"markeredgecolor": "#00007f", "fillstyle": "right"} | HALF,
    {"markeredgecolor": "#005f00", "fillstyle": "top"} | HALF,
)
CLOSE_UP = 5.0  # days, below which the edges of a window need decimals


@dataclass
class Drawn:
    """What has been drawn on some axes before: other curves may join it."""

    y: str
    is_ours: bool
    window: tuple = (np.inf, -np.inf)
    edges: tuple = (np.inf, -np.inf)
    handles: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    titles: list = field(default_factory=list)

    @property
    def is_there(self):
        """Whether the axes have not been cleared since."""
        return all(line.axes is not None for line in self.lines)


DRAWN = WeakKeyDictionary()  # of axes


def draw(light_curve, ax, *, y, bands, show_limits, window, bin, label):
    """Draw a light curve: what `atlasquery.LightCurve.plot` does.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        What to draw; it is not changed.
    ax, y, bands, show_limits, window, bin, label
        As for `atlasquery.LightCurve.plot`.

    Returns
    -------
    ax : `~matplotlib.axes.Axes`
        The axes.
    """
    if y not in ("mag", "flux"):
        raise InvalidQueryError(f"y is {y!r}, but can be 'mag' or 'flux'.")
    points = Points(light_curve, y, bands, show_limits)
    if bin is not None:
        points = points.and_binned(Points(_binned(light_curve, bin), y, bands, show_limits))
    low, high, why = window_of(points, window)
    edges = edges_of(points, (points.when >= low) & (points.when <= high))
    inside = (points.when >= low) & (points.when <= high) & (points.y >= edges[0]) & (points.y <= edges[1])
    ax, drawn = _axes(ax, y)
    number = len(drawn.titles)
    looks = _looks(texts(light_curve, "band", "?"), number)
    name = f"{label} " if label else ""
    handles = []
    for rows, look, title in _layers(points, looks):
        drawn.lines += _draw(ax, points, rows & inside, look)
        shown = look | PALE if points.is_pale[rows & inside].any() and points.is_pale[rows & inside].all() else look
        handles.append(_handle(rows, inside, shown, name + title))
    drawn.handles += handles[::-1]
    drawn.titles.append(f"{name}{points.scale.name} {_span(low, high, points.scale)}\n({why})")
    drawn.window = min(low, drawn.window[0]), max(high, drawn.window[1])
    drawn.edges = min(edges[0], drawn.edges[0]), max(edges[1], drawn.edges[1])
    unit = light_curve[y].unit if y in light_curve.colnames else {"mag": u.mag, "flux": u.uJy}[y]
    furniture.finish(ax, drawn, unit, points.scale, is_empty=not len(points))
    return ax


def draw_beside_legend(light_curve, ax):
    """Draw the magnitudes on axes that have room for a legend beside them; fluxes, if there are no magnitudes."""
    y = "flux" if "mag" not in light_curve.colnames and "flux" in light_curve.colnames else "mag"
    DRAWN[ax] = Drawn(y, is_ours=True)
    return light_curve.plot(ax, y=y)


def _span(low, high, scale):
    digits = max(scale.digits, 2 if high - low < CLOSE_UP else 0)
    return f"{low:.{digits}f} to {high:.{digits}f}"


def _binned(light_curve, width):
    """Return the bins that are asked for."""
    if scale(light_curve).is_folded:
        raise InvalidQueryError("A folded light curve has no nights to bin.", hint="Bin first, then fold.")
    if isinstance(width, str) and width == "nightly":
        return light_curve.bin_nightly()
    if isinstance(width, str) or not hasattr(width, "unit"):
        raise InvalidQueryError(f"bin is {width!r}, but can be 'nightly' or a span of time such as 7 * u.day.")
    return light_curve.bin(width)


def _axes(ax, y):
    """Return the axes, and what has been drawn on them."""
    drawn = DRAWN.get(ax) if ax is not None else None
    if drawn is None or not drawn.is_there:
        drawn = Drawn(y, is_ours=ax is None)
        ax = furniture.new_axes() if ax is None else ax
        DRAWN[ax] = drawn
    if drawn.y != y:
        raise InvalidQueryError(f"The axes show {drawn.y} already, so that y cannot be {y!r}.")
    return ax, drawn


def _looks(bands, number):
    """Return colour and marker of each band; the curves after the first have marks of their own."""
    others = sorted(set(bands.tolist()) - set(COLOURS))
    colours = COLOURS | dict(zip(others, cycle(OTHER_COLOURS), strict=False))
    markers = MARKERS | dict(zip(others, cycle(OTHER_MARKERS), strict=False))
    looks = {band: {"color": colour, "marker": markers[band]} for band, colour in colours.items()}
    if number:
        curve = OTHER_CURVES[(number - 1) % len(OTHER_CURVES)]
        looks = {band: look | curve for band, look in looks.items()}
    return looks


def _layers(points, looks):
    """Yield rows that look alike, with their look and a name for the legend."""
    marks = set(points.mark.tolist())
    for mark in [*sorted(marks - set(STYLES)), *(mark for mark in STYLES if mark in marks)]:
        for band in sorted(set(points.band[points.mark == mark].tolist())):
            base = {"markeredgecolor": looks[band]["color"], "linestyle": "none", "zorder": 3}
            look = base | looks[band] | STYLES.get(mark, OTHER_STYLE)
            if "markeredgecolor" in looks[band]:
                look["markeredgecolor"] = looks[band]["markeredgecolor"]
            yield (points.mark == mark) & (points.band == band), look, f"{band} {mark}"


def _draw(ax, points, rows, look):
    """Draw these rows; return the lines that were made."""
    lines = []
    for chosen, style in ((rows & points.is_pale, look | PALE), (rows & ~points.is_pale, look)):
        if chosen.any():
            err = None if points.is_limit[chosen].all() else points.err[chosen]
            lines.append(ax.errorbar(points.when[chosen], points.y[chosen], yerr=err, elinewidth=1.0, **style).lines[0])
    return lines


def _handle(rows, inside, look, title):
    """Return what stands for these rows in the legend, with how many of them are drawn."""
    from matplotlib.lines import Line2D

    count, total = int((rows & inside).sum()), int(rows.sum())
    return Line2D([], [], label=f"{title}: {count}" + (f" of {total}" if total > count else ""), **look)

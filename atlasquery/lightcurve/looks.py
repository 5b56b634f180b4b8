# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How the points of a picture look: bands differ in colour and marks, kinds in how these are filled."""

from itertools import cycle

__all__ = ["COLOURS", "PALE", "STYLES", "in_order", "looks_of", "style_of"]

COLOURS = {"c": "#0097a7", "o": "#f57c00"}  # cyan and orange, as everybody draws them
OTHER_COLOURS = ("#7b4fa3", "#4b9b3e", "#c2185b", "#5d6d7e", "#8d6e63", "#3f51b5")
# Bands differ in their marks too, for who cannot tell the colours, or prints without.
MARKERS = {"c": "s", "o": "o"}
OTHER_MARKERS = ("D", "^", "P", "X", "p", "h")
# So do the limits, all of which point downwards; tuples are corners.
CHEVRON = ((-1, 0.8), (0, 0), (1, 0.8), (1, 0.1), (0, -0.9), (-1, 0.1), (-1, 0.8))
WEDGE = ((-0.5, 1), (0.5, 1), (0, -1), (-0.5, 1))
SHIELD = ((-0.8, 1), (0.8, 1), (0.8, -0.1), (0, -1), (-0.8, -0.1), (-0.8, 1))
LIMIT_MARKERS = {MARKERS["c"]: CHEVRON, MARKERS["o"]: "v", "D": WEDGE, "^": SHIELD}

# How each kind of mark looks, in the order of drawing: what matters most comes last.
OPEN_LIMIT = {"markersize": 4.5, "markeredgewidth": 0.8, "markerfacecolor": "none", "alpha": 0.5}
STYLES = {
    "limit": {"markersize": 4.5, "markeredgewidth": 0, "alpha": 0.3},
    "detection limit": OPEN_LIMIT,
    "forced limit": OPEN_LIMIT,
    "binned limit": {"markersize": 6.5, "markeredgewidth": 1.0, "markerfacecolor": "none", "alpha": 0.8},
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


def looks_of(bands, number):
    """Return colour and marker of each band; the curves after the first have marks of their own."""
    others = sorted(set(bands.tolist()) - set(COLOURS))
    colours = COLOURS | dict(zip(others, cycle(OTHER_COLOURS), strict=False))
    markers = MARKERS | dict(zip(others, cycle(OTHER_MARKERS), strict=False))
    looks = {band: {"color": colour, "marker": markers[band]} for band, colour in colours.items()}
    if number:
        curve = OTHER_CURVES[(number - 1) % len(OTHER_CURVES)]
        looks = {band: look | curve for band, look in looks.items()}
    return looks


def style_of(mark, look):
    """Return all that a marker of this kind needs, in the look of its band."""
    known = STYLES.get(mark, OPEN_LIMIT if mark.endswith(" limit") else OTHER_STYLE)
    style = {"markeredgecolor": look["color"], "linestyle": "none", "zorder": 3} | look | known
    if mark == "limit" or mark.endswith(" limit"):
        style["marker"] = LIMIT_MARKERS.get(look["marker"], WEDGE)
    if "markeredgecolor" in look:
        style["markeredgecolor"] = look["markeredgecolor"]
    return style


def in_order(marks):
    """Return kinds of marks in the order of drawing, those that nobody knows first."""
    return [*sorted(set(marks) - set(STYLES)), *(mark for mark in STYLES if mark in set(marks))]

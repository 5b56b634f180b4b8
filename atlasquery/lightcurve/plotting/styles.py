# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How the points of a picture look: bands differ in colour and marks, kinds in how these are filled."""

from itertools import cycle

__all__ = ["COLOURS", "PALE", "STYLES", "band_styles", "contrast_colour", "draw_order", "marker_style"]

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

# Two colours that depend on what the axes are: theirs, and what stands out from it.
BACKGROUND, FOREGROUND = "paper", "ink"
# How each kind of mark looks, in the order of drawing: what matters most comes last.
OPEN_LIMIT = {"markersize": 4.5, "markeredgewidth": 0.8, "markerfacecolor": "none", "alpha": 0.5}
STYLES = {
    "limit": {"markersize": 4.5, "markeredgewidth": 0, "alpha": 0.3},
    "detection limit": OPEN_LIMIT,
    "forced limit": OPEN_LIMIT,
    "binned limit": {"markersize": 6.5, "markeredgewidth": 1.0, "markerfacecolor": "none", "alpha": 0.8},
    "forced": {"markersize": 4.5, "markeredgewidth": 0.9, "markerfacecolor": BACKGROUND},
    "detection": {"markersize": 6.0, "markeredgewidth": 0.6, "markeredgecolor": BACKGROUND},
    "binned": {"markersize": 7.5, "markeredgewidth": 0.9, "markeredgecolor": FOREGROUND},
}
OTHER_STYLE = {"markersize": 5.0, "markeredgewidth": 0.6}  # a kind that somebody made up
PALE = {"alpha": 0.3, "zorder": 2}
# The second curve on the same axes, and the next: marks filled by half, which neither forced ones nor bins are.
HALVES = ("left", "bottom", "right", "top")
EDGES = (FOREGROUND, "#7f0000", "#00007f", "#005f00")
EDGES_ON_DARK = (FOREGROUND, "#ff9e9e", "#a9b4ff", "#9ee09e")
DARK = 0.5  # luminance; below it black would be lost
WEIGHTS = (0.2126, 0.7152, 0.0722)  # of red, green and blue in it (ITU-R BT.709)


def band_styles(bands, number, ground="white"):
    """Return colour and marker of each band on this ground; the curves after the first have marks of their own."""
    others = sorted(set(bands.tolist()) - set(COLOURS))
    colours = COLOURS | dict(zip(others, cycle(OTHER_COLOURS), strict=False))
    markers = MARKERS | dict(zip(others, cycle(OTHER_MARKERS), strict=False))
    marks = _marks_of(number, ground)
    return {band: {"color": colour, "marker": markers[band], **marks} for band, colour in colours.items()}


def _marks_of(number, ground):
    """Return what the marks of a curve have in common: the colours of the ground, and of other curves a half filled."""
    marks = {BACKGROUND: ground, FOREGROUND: contrast_colour(ground)}
    if number:
        turn = (number - 1) % len(HALVES)
        edge = (EDGES if contrast_colour(ground) == "black" else EDGES_ON_DARK)[turn]
        marks |= {"markeredgecolor": edge, "fillstyle": HALVES[turn], "markerfacecoloralt": BACKGROUND}
    return marks


def contrast_colour(ground):
    """Return black or white, whichever stands out from a colour."""
    from matplotlib.colors import to_rgb

    luminance = sum(weight * part for weight, part in zip(WEIGHTS, to_rgb(ground), strict=True))
    return "white" if luminance < DARK else "black"


def marker_style(mark, look):
    """Return all that a marker of this kind needs, in the look of its band."""
    known = STYLES.get(mark, OPEN_LIMIT if mark.endswith(" limit") else OTHER_STYLE)
    style = {"markeredgecolor": look["color"], "linestyle": "none", "zorder": 3} | look | known
    if mark == "limit" or mark.endswith(" limit"):
        style["marker"] = LIMIT_MARKERS.get(look["marker"], WEDGE)
    if "fillstyle" in look:
        # The colour of the band fills one half, that of the curve the edge; what was forced has it the other way round.
        inside, edge = (look["color"], look["markeredgecolor"])[:: -1 if mark == "forced" else 1]
        style |= {"markerfacecolor": inside, "markeredgecolor": edge}
    grounds = {name: style.pop(name) for name in (BACKGROUND, FOREGROUND)}
    return {key: grounds.get(value, value) for key, value in style.items()}


def draw_order(marks):
    """Return kinds of marks in the order of drawing, those that nobody knows first."""
    return [*sorted(set(marks) - set(STYLES)), *(mark for mark in STYLES if mark in set(marks))]

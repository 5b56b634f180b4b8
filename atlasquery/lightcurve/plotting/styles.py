# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Marker styles: bands differ in colour and marker, categories in fill and size."""

from itertools import cycle

__all__ = ["COLOURS", "STYLES", "band_styles", "contrast_colour", "draw_order", "faded", "marker_style"]

COLOURS = {"c": "#0097a7", "o": "#f57c00"}  # cyan and orange, as usual for these bands
OTHER_COLOURS = ("#7b4fa3", "#4b9b3e", "#c2185b", "#5d6d7e", "#8d6e63", "#3f51b5")
# Markers differ too, for colour-blind readers and prints without colour.
MARKERS = {"c": "s", "o": "o"}
OTHER_MARKERS = ("D", "^", "P", "X", "p", "h")
# Markers of limits point downwards; tuples are the vertices.
CHEVRON = ((-1, 0.8), (0, 0), (1, 0.8), (1, 0.1), (0, -0.9), (-1, 0.1), (-1, 0.8))
WEDGE = ((-0.5, 1), (0.5, 1), (0, -1), (-0.5, 1))
SHIELD = ((-0.8, 1), (0.8, 1), (0.8, -0.1), (0, -1), (-0.8, -0.1), (-0.8, 1))
LIMIT_MARKERS = {MARKERS["c"]: CHEVRON, MARKERS["o"]: "v", "D": WEDGE, "^": SHIELD}

# Placeholders for two colours that depend on the axes.
BACKGROUND, FOREGROUND = "background", "foreground"
# By category, in the order of drawing: the most important one is drawn last.
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
FADED = {"alpha": 0.3, "zorder": 2}
# The second and later curves on the same axes have half-filled markers, which no category has.
HALF_FILLS = ("left", "bottom", "right", "top")
EDGE_COLOURS = (FOREGROUND, "#7f0000", "#00007f", "#005f00")
EDGE_COLOURS_ON_DARK = (FOREGROUND, "#ff9e9e", "#a9b4ff", "#9ee09e")
MIN_LIGHT_LUMINANCE = 0.5  # black would be invisible on a darker background
LUMINANCE_WEIGHTS = (0.2126, 0.7152, 0.0722)  # of red, green and blue (ITU-R BT.709)


def band_styles(bands, curve_index, background="white"):
    """Return the style of each band on this background; later curves on the same axes have half-filled markers."""
    others = sorted(set(bands.tolist()) - set(COLOURS))
    colours = COLOURS | dict(zip(others, cycle(OTHER_COLOURS), strict=False))
    markers = MARKERS | dict(zip(others, cycle(OTHER_MARKERS), strict=False))
    common = _curve_style(curve_index, background)
    return {band: {"color": colour, "marker": markers[band], **common} for band, colour in colours.items()}


def _curve_style(curve_index, background):
    """Return the style that all markers of a curve share, with the colours of both placeholders."""
    style = {BACKGROUND: background, FOREGROUND: contrast_colour(background)}
    if curve_index:
        turn = (curve_index - 1) % len(HALF_FILLS)
        edge = (EDGE_COLOURS if contrast_colour(background) == "black" else EDGE_COLOURS_ON_DARK)[turn]
        style |= {"markeredgecolor": edge, "fillstyle": HALF_FILLS[turn], "markerfacecoloralt": BACKGROUND}
    return style


def contrast_colour(background):
    """Return black on a light background, white on a dark one."""
    from matplotlib.colors import to_rgb

    luminance = sum(weight * part for weight, part in zip(LUMINANCE_WEIGHTS, to_rgb(background), strict=True))
    return "white" if luminance < MIN_LIGHT_LUMINANCE else "black"


def marker_style(category, band_style):
    """Return the keyword arguments of `~matplotlib.lines.Line2D` for a category in a band."""
    is_limit = category == "limit" or category.endswith(" limit")
    style = {"markeredgecolor": band_style["color"], "linestyle": "none", "zorder": 3} | band_style | STYLES[category]
    if is_limit:
        is_known = isinstance(band_style["marker"], str)  # one of the user may be unhashable
        style["marker"] = LIMIT_MARKERS.get(band_style["marker"], WEDGE) if is_known else WEDGE
    if "fillstyle" in band_style:
        # The band colours one half and the curve the edge; for forced measurements it is the other way round.
        colours = band_style["color"], band_style["markeredgecolor"]
        face, edge = colours[::-1] if category == "forced" else colours
        style |= {"markerfacecolor": face, "markeredgecolor": edge}
    elif not is_limit and not _has_face(style["marker"]):
        style |= {"markeredgecolor": band_style["color"]}  # an edge in the colour of the background would hide it
    colours = {placeholder: style.pop(placeholder) for placeholder in (BACKGROUND, FOREGROUND)}
    return {key: colours.get(value, value) for key, value in style.items()}


def _has_face(marker):
    from matplotlib.markers import MarkerStyle

    return MarkerStyle(marker).is_filled()


def faded(style):
    """Return the style of points that are drawn pale, behind others."""
    return style | FADED | {"alpha": FADED["alpha"] * style.get("alpha", 1.0)}


def draw_order(categories):
    """Return the distinct categories in the order of drawing."""
    present = set(categories)
    return [category for category in STYLES if category in present]

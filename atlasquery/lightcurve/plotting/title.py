# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Titles of axes: the name of the object, and text that fits the axes."""

import textwrap

from atlasquery.lightcurve.checks import atlas_ids_in

__all__ = ["LATEX_CHARACTERS", "disable_math_text", "object_title", "set_object_title", "set_title"]

LATEX_CHARACTERS = set("\\$%&#_{}~^")
FITTING_SHARE = 0.6  # of the width of axes; a narrower title fits whatever the layout is
MAX_WORD = 24  # characters; longer words are broken, an id of 19 digits is not
MAX_SHRINKING = 0.75  # of the font before lines are wrapped
MIN_FONT_SIZE = 3.0  # points


def object_title(light_curve):
    """Return the names of the object, such as "ATLAS18qqn = 2018cow", and its id; "" where there is none.

    A light curve without either has the key in `~atlasquery.LightCurves` from which it was taken.
    """
    meta = light_curve.meta
    names = [str(meta[key]) for key in ("name", "tns_name") if meta.get(key)]
    ids = atlas_ids_in(light_curve)
    atlas_id = meta.get("atlas_id") or (ids[0] if ids else "")
    key = light_curve._key_in_curves
    if not (names or atlas_id) and key is not None:
        names = [str(key)]
    return " = ".join(dict.fromkeys(" ".join(name.split()) for name in names)), str(atlas_id)


def set_object_title(ax, names, atlas_id):
    """Set the title to the names of the object and its id in small digits, below them if one line is too long."""
    if not (names and atlas_id) or set(names) & LATEX_CHARACTERS:
        return set_title(ax, [line for line in (names, atlas_id) if line])
    # A subscript is the only part of a text with another size.
    small_id = rf"$_{{\mathdefault{{{atlas_id}}}}}$"
    text = ax.set_title(f"{names}  {small_id}")
    text.set_parse_math(True)
    if text.get_usetex() or _width(text) <= _room(ax, text):
        return text.get_text()
    return set_title(ax, [names], line_below=small_id)


def disable_math_text(text):
    """Show a text unchanged: a dollar sign in a name or a band does not begin a formula."""
    text.set_parse_math(False)
    if set(text.get_text()) & LATEX_CHARACTERS:
        text.set_usetex(False)


def set_title(ax, lines, *, line_below="", **kwargs):
    """Set a title that fits the axes: its lines are wrapped at spaces, and its font is made smaller; return it.

    ``line_below`` is not wrapped, and may have mathematical text.
    """
    lines = [" ".join(_split_word(word) for word in line.split()) for line in lines]
    text = ax.set_title(_join(lines, line_below), **kwargs)
    text.set_parse_math(True)
    if not line_below:
        disable_math_text(text)
    if text.get_usetex():  # measured by LaTeX, which should run once only, when the figure is drawn
        return text.get_text()
    width = _room(ax, text)
    _shrink(text, width, MAX_SHRINKING * text.get_fontsize())
    if _width(text) > width:
        n_characters = int(max(map(len, lines), default=1) * width / _width(text))
        wrap = textwrap.TextWrapper(max(n_characters, 1), break_long_words=False, break_on_hyphens=False).wrap
        text.set_text(_join([part for line in lines for part in wrap(line)], line_below))
    _shrink(text, width, MIN_FONT_SIZE)
    return text.get_text()


def _shrink(text, width, smallest):
    """Make the font smaller until the text is not wider than this, or until it has the smallest size."""
    if (current := _width(text)) > width:
        text.set_fontsize(max(0.98 * text.get_fontsize() * width / current, smallest))


def _split_word(word):
    return " ".join(word[start : start + MAX_WORD] for start in range(0, len(word), MAX_WORD))


def _join(lines, line_below):
    return "\n".join([*lines, *([line_below] if line_below else [])])


def _width(text):
    return text.get_window_extent().width


def _room(ax, text):
    """Return the width of the axes; a layout that decides it is computed if the text is nearly as wide."""
    figure = ax.get_figure(root=True)
    engine = figure.get_layout_engine()
    if engine is not None and _width(text) > FITTING_SHARE * ax.get_window_extent().width:
        in_layout = text.get_in_layout()
        text.set_in_layout(False)
        engine.execute(figure)
        text.set_in_layout(in_layout)
    return ax.get_window_extent().width

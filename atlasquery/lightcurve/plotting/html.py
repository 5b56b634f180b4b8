# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Pieces of HTML for notebooks: everything is in the page itself, nothing is run or fetched, all text is escaped."""

import base64
import importlib.util
import io
from html import escape

from atlasquery.exceptions import InvalidInputError

__all__ = ["block", "light_curve_image", "not_shown", "pictures", "rows"]

SIZE = (8.0, 3.8)  # inches
PANEL, COLUMNS = (3.4, 2.8), 3  # of a grid of pictures
DPI = 80


def block(title, *parts):
    """Return a title in bold and the parts below it."""
    lines = "<br>".join(escape(line) for line in title.splitlines())
    return "\n".join(["<div>", f"<p><b>{lines}</b></p>", *(part for part in parts if part), "</div>"])


def rows(facts):
    """Return a table of two columns, of a dict of words to values; what is None or empty is left out."""
    cells = (
        f'<tr><th style="text-align:left">{escape(word)}</th><td style="text-align:left">{escape(str(value))}</td></tr>'
        for word, value in facts.items()
        if value not in (None, "")
    )
    return "\n".join(["<table>", *cells, "</table>"])


def not_shown(what, error):
    """Return why something is not shown."""
    return f"<p>No {what}: {escape(str(error))}</p>"


def light_curve_image(light_curve):
    """Return the picture of a light curve as an image inside the page; nothing without matplotlib or measurements."""
    from atlasquery.lightcurve.plotting.draw import draw_beside_legend

    return _image(lambda figure: draw_beside_legend(light_curve, figure.add_subplot())) if len(light_curve) else ""


def pictures(curves):
    """Return the pictures of some light curves, which are by their id, as one image."""
    from atlasquery.lightcurve.plotting.axes import grid
    from atlasquery.lightcurve.plotting.draw import draw_grid

    return _image(lambda figure: draw_grid(grid(figure, len(curves), COLUMNS, PANEL), curves)) if curves else ""


def _image(draw):
    """Return what is drawn on a figure as an image; where it cannot be drawn, why: a notebook shows the rest then."""
    if importlib.util.find_spec("matplotlib") is None:
        return ""
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")  # not pyplot's: it appears once, and is closed by itself
    try:
        draw(figure)
    except InvalidInputError as error:
        return not_shown("light_curve_image", error)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    content = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<img alt="light curve" src="data:image/png;base64,{content}">'

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""HTML for notebooks: self-contained, without scripts or links, all text escaped."""

import base64
import importlib.util
import io
from html import escape

from atlasquery.exceptions import InvalidInputError

__all__ = ["block", "light_curve_image", "not_shown", "pictures", "rows"]

FIGURE_SIZE = (8.0, 3.8)  # inches
PANEL_SIZE, COLUMNS = (3.4, 2.8), 3  # inches; of a grid
DPI = 80


def block(title, *parts):
    """Return a bold title with the parts below it."""
    lines = "<br>".join(escape(line) for line in title.splitlines())
    return "\n".join(["<div>", f"<p><b>{lines}</b></p>", *(part for part in parts if part), "</div>"])


def rows(facts):
    """Return a table with one row for each item of a dict; values that are None or empty are left out."""
    cells = (
        f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(str(value))}</td></tr>'
        for name, value in facts.items()
        if value not in (None, "")
    )
    return "\n".join(["<table>", *cells, "</table>"])


def not_shown(name, error):
    """Return a paragraph with the reason why a part is missing."""
    return f"<p>No {name}: {escape(str(error))}</p>"


def light_curve_image(light_curve):
    """Return the plot of a light curve as an image, "" without matplotlib or measurements."""
    from atlasquery.lightcurve.plotting.draw import draw_beside_legend

    return _draw_image(lambda figure: draw_beside_legend(light_curve, figure.add_subplot())) if len(light_curve) else ""


def pictures(curves):
    """Return the plots of light curves, a dict by id, as one image."""
    from atlasquery.lightcurve.plotting.axes import add_panels
    from atlasquery.lightcurve.plotting.draw import draw_grid

    if not curves:
        return ""
    return _draw_image(lambda figure: draw_grid(add_panels(figure, len(curves), COLUMNS, PANEL_SIZE), curves))


def _draw_image(draw):
    """Return the image of a figure that ``draw`` fills, or the reason why it failed: a notebook shows the rest."""
    if importlib.util.find_spec("matplotlib") is None:
        return ""
    from matplotlib.figure import Figure

    figure = Figure(figsize=FIGURE_SIZE, layout="constrained")  # without pyplot, which would show it a second time
    try:
        draw(figure)
    except InvalidInputError as error:
        return not_shown("picture", error)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    content = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<img alt="light curve" src="data:image/png;base64,{content}">'

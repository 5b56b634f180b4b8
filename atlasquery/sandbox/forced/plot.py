# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Plots of results: a PDF page with the fluxes over time."""

import io

from PIL import Image, ImageDraw

__all__ = ["make_plot"]

PAGE_SIZE = (600, 420)  # pixels
LEFT, TOP, WIDTH, HEIGHT = 60, 30, 480, 300  # of the frame
RADIUS = 1.5  # of a point
COLOURS = {"c": "darkcyan", "o": "darkorange"}


def make_plot(rows):
    """Return the PDF of the rows of a result, of which there is at least one."""
    times, fluxes = ([float(row[name]) for row in rows] for name in ("MJD", "uJy"))
    page = Image.new("RGB", PAGE_SIZE, "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT), outline="black")
    for row, x, y in zip(rows, _scale(times), _scale(fluxes), strict=True):
        centre = LEFT + WIDTH * x, TOP + HEIGHT * (1 - y)
        draw.circle(centre, RADIUS, fill=COLOURS.get(row["F"], "black"))
    label = f"MJD {min(times):.2f} to {max(times):.2f}; {min(fluxes):.0f} to {max(fluxes):.0f} uJy"
    draw.text((LEFT, TOP + HEIGHT + 20), label, fill="black")
    content = io.BytesIO()
    page.save(content, format="PDF")
    return content.getvalue()


def _scale(values):
    """Return where values are between the smallest and the largest."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.5 for value in values]

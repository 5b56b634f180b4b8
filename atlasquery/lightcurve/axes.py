# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What stands around the points of a picture: axes, dates, legend."""

import numpy as np

__all__ = ["finish", "new_axes", "new_grid"]

MJD_OF_DATES = 40587.0  # 1970-01-01, from which matplotlib counts days
LABELS = {"mag": "AB magnitude", "flux": "Difference flux"}


def new_axes():
    """Return the axes of a new figure."""
    return _pyplot().subplots(figsize=(9, 4.6), layout="constrained")[1]


def new_grid(count, columns, size):
    """Return the axes of a new figure with so many panels."""
    rows = -(-count // columns)
    figure = _pyplot().figure(figsize=(size[0] * min(columns, max(count, 1)), size[1] * max(rows, 1)))
    figure.set_layout_engine("constrained")
    panels = [figure.add_subplot(rows, min(columns, count), number + 1) for number in range(count)]
    return np.array(panels, dtype=object)


def _pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError('Plots need matplotlib: pip install "atlasquery[plot]".') from error
    return plt


def finish(ax, drawn, unit, scale, *, is_empty):
    """Label the axes, set the edges of the picture and draw the legend."""
    is_first = len(drawn.titles) == 1
    if is_first:
        _label(ax, drawn.y, unit, scale)
    if is_first and not is_empty and not scale.is_folded:
        _add_dates(ax)
    _frame(ax, drawn, is_empty=is_empty)
    _legend(ax, drawn)


def _label(ax, y, unit, scale):
    ax.set_ylabel(f"{LABELS[y]} [{unit.to_string('unicode')}]")
    ax.set_xlabel(scale.label)
    ax.locator_params(axis="x", nbins=7, steps=[1, 2, 5, 10])
    ax.ticklabel_format(axis="x", useOffset=False, style="plain")
    ax.grid(visible=True, color="0.92", linewidth=0.8)
    ax.set_axisbelow(True)
    if y == "flux":
        ax.axhline(0, color="0.6", linewidth=0.8, zorder=1)


def _add_dates(ax):
    """Add an axis of calendar dates on top."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    top = ax.secondary_xaxis("top", functions=(lambda mjd: mjd - MJD_OF_DATES, lambda days: days + MJD_OF_DATES))
    locator = AutoDateLocator(minticks=3, maxticks=8)
    top.xaxis.set_major_locator(locator)
    # The year belongs to the ticks: beside the axis it would be taken for an offset.
    top.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=True))
    top.tick_params(labelsize="small")


def _frame(ax, drawn, *, is_empty):
    """Set the edges of the picture; brighter is upwards."""
    if is_empty and len(drawn.titles) == 1:
        ax.text(0.5, 0.5, "no measurements", transform=ax.transAxes, ha="center", va="center", color="0.5")
        ax.tick_params(labelbottom=False, labelleft=False)
    ax.set_xlim(*drawn.window)
    ax.set_ylim(*(drawn.edges[::-1] if drawn.y == "mag" else drawn.edges))


def _legend(ax, drawn):
    """Draw the legend: beside a picture of our own, inside one of somebody else's."""
    if not drawn.handles:
        return
    place = (
        {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, "frameon": False}
        if drawn.is_ours
        else {"loc": "upper right", "framealpha": 0.85, "edgecolor": "none"}
    )
    title = "\n".join(drawn.titles)
    legend = ax.legend(handles=drawn.handles[::-1], title=title, fontsize="small", title_fontsize="small", **place)
    legend.set_alignment("left")

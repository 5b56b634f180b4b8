# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What stands around the points of a picture: axes, dates, legend."""

import textwrap

import numpy as np

__all__ = ["finish", "headline", "new_axes", "new_grid", "share_legend"]

MJD_OF_DATES = 40587.0  # 1970-01-01, from which matplotlib counts days
# Of ticks at years, months, days, hours, minutes, seconds, and beside them. A day has its month with it: the first tick
# may be the 15th of the month before the one that is named.
TICKS = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S.%f"]
ROUND_TICKS = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
BESIDE_TICKS = ["", "%Y", "%Y", "%d %b %Y", "%d %b %Y", "%d %b %Y %H:%M"]
NARROW = 4.0  # inches
IN_A_LINE = 6  # entries of a legend
LETTERS = 12  # of a title in an inch
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
    # With fewer ticks than these the locator finds no steps for some spans, and warns.
    fewest, most = (2, 5) if ax.get_window_extent().width < NARROW * ax.figure.dpi else (3, 8)
    locator = AutoDateLocator(minticks=fewest, maxticks=most)
    top.xaxis.set_major_locator(locator)
    style = {"formats": TICKS, "zero_formats": ROUND_TICKS, "offset_formats": BESIDE_TICKS}
    top.xaxis.set_major_formatter(ConciseDateFormatter(locator, **style))
    top.tick_params(labelsize="small")
    top.xaxis.get_offset_text().set_size("small")


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
        else {"loc": "best", "framealpha": 0.85, "edgecolor": "none"}
    )
    title = "\n".join(drawn.titles)
    legend = ax.legend(handles=drawn.handles, title=title, fontsize="small", title_fontsize="small", **place)
    legend.set_alignment("left")


def share_legend(panels):
    """Draw one legend below all panels in place of theirs, for which there is no room; it has no counts."""
    legends = [legend for ax in panels if (legend := ax.get_legend())]
    looks = {}
    for legend in legends:
        for handle in legend.legend_handles:
            name = handle.get_label().rpartition(": ")[0]
            looks.setdefault((name, handle.get_color(), handle.get_marker()), handle)
        legend.remove()
    if looks:
        names = [name for name, *_ in looks]
        place = {"loc": "outside lower center", "ncols": IN_A_LINE, "frameon": False, "fontsize": "small"}
        panels[0].figure.legend(list(looks.values()), names, **place)


def headline(ax, lines):
    """Write a title on the left; what is longer than the axes are wide is broken, and stays off their neighbours."""
    width = max(int(ax.get_window_extent().width / ax.figure.dpi * LETTERS), 1)
    broken = [part for line in lines for part in textwrap.wrap(line, width, break_on_hyphens=False)]
    ax.set_title("\n".join(broken), loc="left", fontsize="medium")

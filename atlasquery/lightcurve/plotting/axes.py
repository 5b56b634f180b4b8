# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What stands around the points of a picture: axes, dates, legend."""

import textwrap
import weakref

import numpy as np

from atlasquery.lightcurve.plotting.axis_units import mjd_of_dates
from atlasquery.lightcurve.plotting.styles import contrast_colour

__all__ = [
    "add_note",
    "axis_limits",
    "background_colour",
    "close_figure",
    "disable_math_text",
    "draw_legend",
    "finish_axes",
    "grid",
    "new_axes",
    "new_grid",
    "set_title",
    "share_legend",
]

# Of ticks at years, months, days, hours, minutes, seconds, and beside them. A day has its month with it: the first tick
# may be the 15th of the month before the one that is named.
TICKS = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S.%f"]
ROUND_TICKS = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
BESIDE_TICKS = ["", "%Y", "%Y", "%d %b %Y", "%d %b %Y", "%d %b %Y %H:%M"]
NARROW = 4.0  # inches
IN_A_LINE = 6  # entries of a legend
IN_A_COLUMN = 14  # of one inside the axes
CHARS_PER_INCH = 12  # of a title in an inch
MARGIN = 0.05  # of an axis, around what somebody else has drawn
FAINT = 0.08  # how much of black or white there is in a line of the grid
LATEX = set("\\$%&#_{}~^")  # letters that mean something to it
LABELS = {"mag": "AB magnitude", "flux": "Difference flux"}


def new_axes():
    """Return the axes of a new figure."""
    return _pyplot().subplots(figsize=(9, 4.6), layout="constrained")[1]


def new_grid(count, columns, size):
    """Return the axes of a new figure with so many panels."""
    return grid(_pyplot().figure(), count, columns, size) if count else np.array([], dtype=object)


def grid(figure, count, columns, size):
    """Return the axes of so many panels, each of this size in inches, of which a figure is made."""
    rows, columns = -(-count // columns), min(columns, count)
    figure.set_size_inches(size[0] * columns, size[1] * rows)
    figure.set_layout_engine("constrained")
    return np.array([figure.add_subplot(rows, columns, number + 1) for number in range(count)], dtype=object)


def close_figure(panels):
    """Close the figure of these panels, if it is one of pyplot's."""
    for figure in {ax.figure for ax in panels}:
        _pyplot().close(figure)


def _pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError('Plots need matplotlib: pip install "atlasquery[plot]".') from error
    return plt


def add_note(ax):
    """Return a text amid the axes that says nothing yet."""
    return ax.text(0.5, 0.5, "", transform=ax.transAxes, ha="center", va="center", color="0.5")


def background_colour(ax):
    """Return the colour on which is drawn; what is transparent shows the figure."""
    from matplotlib.colors import to_rgba

    return next((one for one in (ax.get_facecolor(), ax.figure.get_facecolor()) if to_rgba(one)[3] > 0), "white")


def axis_limits(coordinates, window, edges):
    """Return the limits of both axes that show this window, these edges, and all that has been there before."""
    ax = coordinates.ax
    return _widen_limits(ax, "x", coordinates.x(np.array(window))), _widen_limits(
        ax, "y", coordinates.y(np.array(edges))
    )


def _widen_limits(ax, name, ours):
    """Return limits, widened by what is on an axis; with a margin, unless somebody has set them."""
    ours = min(ours), max(ours)
    theirs, is_set = _current_limits(ax, name)
    low, high = min(*ours, *theirs), max(*ours, *theirs)
    margin = 0 if is_set else MARGIN * (high - low)
    return low - margin * (low < ours[0]), high + margin * (high > ours[1])


def _current_limits(ax, name):
    """Return between which numbers an axis shows something, nothing if it does not, and whether these are set."""
    if not getattr(ax, f"get_autoscale{name}_on")():
        return getattr(ax, f"get_{name}lim")(), True
    # Not the limits that matplotlib would choose: around a single line it leaves a wide margin.
    siblings = getattr(ax, f"get_shared_{name}_axes")().get_siblings(ax)
    numbers = np.array([getattr(one.dataLim, f"interval{name}") for one in siblings]).ravel()
    return numbers[np.isfinite(numbers)], False


def finish_axes(coordinates, drawn, frame):
    """Label the axes and set the edges of the picture; of an empty curve there is no frame."""
    ax = coordinates.ax
    if not drawn.is_labelled:
        _label(coordinates, drawn.y)
        drawn.is_labelled = True
    if frame and not drawn.has_dates:
        _add_dates(coordinates)
        drawn.has_dates = True
    _note(ax, drawn, is_empty=not frame)
    if frame:
        # Of a logarithmic axis the limits are above 0.
        low, high = ax.yaxis.limit_range_for_scale(*frame[1])
        ax.set_xlim(*ax.xaxis.limit_range_for_scale(*frame[0]))
        ax.set_ylim(*((high, low) if drawn.y == "mag" else (low, high)))  # brighter is upwards


def _label(coordinates, y):
    """Write what the axes show, unless somebody has written it."""
    from matplotlib import rcParams
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    ax = coordinates.ax
    if ax.yaxis.isDefault_label or not ax.get_ylabel():
        ax.set_ylabel(f"{LABELS[y]} [{coordinates.unit.to_string('unicode')}]")
    if coordinates.is_plain:
        if ax.xaxis.isDefault_label or not ax.get_xlabel():
            ax.set_xlabel(coordinates.scale.label)
        if isinstance(ax.xaxis.get_major_locator(), MaxNLocator):
            ax.locator_params(axis="x", nbins=7, steps=[1, 2, 5, 10])
        if isinstance(ax.xaxis.get_major_formatter(), ScalarFormatter):
            ax.ticklabel_format(axis="x", useOffset=False, style="plain")
    if not rcParams["axes.grid"]:  # a style that has lines of its own keeps them
        ax.grid(visible=True, color=contrast_colour(background_colour(ax)), alpha=FAINT, linewidth=0.8)
    ax.set_axisbelow(True)
    if y == "flux" and ax.get_yscale() != "log":
        ax.axhline(0, color="0.6", linewidth=0.8, zorder=1)


def _add_dates(coordinates):
    """Add an axis of calendar dates on top, where the numbers below are MJDs."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    ax = coordinates.ax
    if coordinates.scale.is_folded or not coordinates.is_plain or ax.get_xscale() != "linear":
        return
    beside = [child.xaxis.get_major_locator() for twin in _twin_axes(ax) for child in twin.child_axes]
    if any(isinstance(locator, AutoDateLocator) for locator in beside):
        return
    epoch = mjd_of_dates()
    top = ax.secondary_xaxis("top", functions=(lambda mjd: mjd - epoch, lambda days: days + epoch))
    # With fewer ticks than these the locator finds no steps for some spans, and warns.
    fewest, most = (2, 5) if ax.get_window_extent().width < NARROW * ax.figure.dpi else (3, 8)
    locator = AutoDateLocator(minticks=fewest, maxticks=most)
    top.xaxis.set_major_locator(locator)
    style = {"formats": TICKS, "zero_formats": ROUND_TICKS, "offset_formats": BESIDE_TICKS}
    top.xaxis.set_major_formatter(ConciseDateFormatter(locator, **style))
    top.tick_params(labelsize="small")
    top.xaxis.get_offset_text().set_size("small")


def _twin_axes(ax):
    """Return the other axes that share the times and the place on the figure, as of `matplotlib.axes.Axes.twinx`."""
    place = ax.get_position().bounds
    others = (one for one in ax.get_shared_x_axes().get_siblings(ax) if one is not ax)
    return [one for one in others if one.figure is ax.figure and np.allclose(one.get_position().bounds, place)]


def _note(ax, drawn, *, is_empty):
    """Say that there are no measurements where nothing is shown at all, and no more once there is something."""
    note = drawn.note()
    nothing = is_empty and not drawn.curves and not len(_current_limits(ax, "x")[0])
    if nothing != bool(note.get_text()):
        note.set_text("no measurements" if nothing else "")
        ax.tick_params(labelbottom=not nothing, labelleft=not nothing)


def draw_legend(ax, drawn):
    """Draw the legend: beside a picture of our own, inside one of somebody else's; their entries come last."""
    if not drawn.handles:
        return
    ours = [(handle.get_label(), handle, False) for handle in drawn.handles]
    labels, handles, may_be_formulas = zip(*ours, *_foreign_entries(ax, drawn), strict=True)
    place = (
        {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, "frameon": False}
        if drawn.is_ours
        else {"loc": "best", "framealpha": 0.85, "edgecolor": "none", "ncols": 1 + len(labels) // IN_A_COLUMN}
    )
    title = "\n".join(drawn.titles)
    legend = ax.legend(handles, labels, title=title, fontsize="small", title_fontsize="small", **place)
    legend.set_in_layout(drawn.is_ours)  # inside, a long one would squeeze the axes
    legend.set_alignment("left")
    for text, may_be_formula in zip([legend.get_title(), *legend.get_texts()], (False, *may_be_formulas), strict=True):
        if not may_be_formula:
            disable_math_text(text)
    drawn.legend, drawn.entries = weakref.ref(legend), len(drawn.handles)


def _foreign_entries(ax, drawn):
    """Return the entries of the legend that are not ours: label, handle, and whether the label may be a formula."""
    legend = ax.get_legend()
    is_ours = drawn.legend is not None and drawn.legend() is legend
    theirs = dict(_listed(legend)[drawn.entries if is_ours else 0 :]) if legend else {}
    theirs |= {label: (one, True) for one, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    ours = {handle.get_label() for handle in drawn.handles}
    for twin in _twin_axes(ax):
        if legend := twin.get_legend():
            theirs |= {label: entry for label, entry in _listed(legend) if label not in ours}
            legend.remove()  # one of the two would lie on the other
    return [(label, *entry) for label, entry in theirs.items()]


def _listed(legend):
    """Return each label of a legend, with its handle and whether it may be a formula."""
    pairs = zip(legend.get_texts(), legend.legend_handles, strict=True)
    return [(text.get_text(), (handle, text.get_parse_math())) for text, handle in pairs]


def disable_math_text(text):
    """Make matplotlib show a text as it is: names come from elsewhere, and a dollar in them is no formula."""
    text.set_parse_math(False)
    if set(text.get_text()) & LATEX:
        text.set_usetex(False)


def share_legend(panels):
    """Draw one legend below all panels in place of theirs, for which there is no room."""
    legends = [legend for ax in panels if (legend := ax.get_legend())]
    looks = {}
    for legend in legends:
        for handle in legend.legend_handles:
            looks.setdefault((handle.get_label(), handle.get_color(), handle.get_marker()), handle)
        legend.remove()
    if looks:
        names = [name for name, *_ in looks]
        place = {"loc": "outside lower center", "ncols": IN_A_LINE, "frameon": False, "fontsize": "small"}
        legend = panels[0].figure.legend(list(looks.values()), names, **place)
        for text in legend.get_texts():
            disable_math_text(text)


def set_title(ax, lines):
    """Write a title on the left; what is longer than the axes are wide is broken, and stays off their neighbours."""
    width = max(int(ax.get_window_extent().width / ax.figure.dpi * CHARS_PER_INCH), 1)
    broken = [part for line in lines for part in textwrap.wrap(line, width, break_on_hyphens=False)]
    disable_math_text(ax.set_title("\n".join(broken), loc="left", fontsize="medium"))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Axes of a plot: figures and panels, limits, labels and the axis of dates."""

import numpy as np

from atlasquery.lightcurve.plotting.axis_units import mjd_of_date_epoch
from atlasquery.lightcurve.plotting.styles import contrast_colour
from atlasquery.lightcurve.plotting.y_scale import scaled_limits

__all__ = [
    "add_note",
    "add_panels",
    "axis_limits",
    "background_colour",
    "close_figure",
    "finish_axes",
    "new_axes",
    "new_grid",
    "twin_axes",
    "y_label",
]

# Formats for ticks at years, months, days, hours, minutes and seconds. A day is written with its month: the first tick
# may be the 15th of the month before the one in the offset text.
TICK_FORMATS = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S.%f"]
ZERO_FORMATS = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
OFFSET_FORMATS = ["", "%Y", "%Y", "%d %b %Y", "%d %b %Y", "%d %b %Y %H:%M"]
MAX_NARROW_WIDTH = 4.0  # inches
TIME_TICKS = 7
TIME_TICK_WIDTH = 0.65  # inches, for a label of five digits
AXIS_MARGIN = 0.05  # of the range of an axis, next to earlier content
GRID_ALPHA = 0.08
Y_LABELS = {"mag": "AB magnitude", "flux": "Flux"}
FLUX_LABELS = {"difference": "Difference flux", "reduced": "Flux in the reduced images"}


def new_axes():
    """Return the axes of a new figure."""
    return _import_pyplot().subplots(figsize=(9, 4.6), layout="constrained")[1]


def new_grid(count, columns, size):
    """Return the axes of ``count`` panels in a new figure; without panels no figure is made."""
    return add_panels(_import_pyplot().figure(), count, columns, size) if count else np.array([], dtype=object)


def add_panels(figure, count, columns, size):
    """Return the axes of ``count`` new panels of a figure, each of this size in inches; the figure is resized."""
    rows, columns = -(-count // columns), min(columns, count)
    figure.set_size_inches(size[0] * columns, size[1] * rows)
    figure.set_layout_engine("constrained")
    return np.array([figure.add_subplot(rows, columns, index + 1) for index in range(count)], dtype=object)


def close_figure(panels):
    """Close the figure of these panels, if pyplot made it."""
    for figure in {ax.figure for ax in panels}:
        _import_pyplot().close(figure)


def _import_pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError('Plots need matplotlib: pip install "atlasquery[plot]".') from error
    return plt


def add_note(ax):
    """Return a new empty text in the centre of the axes."""
    return ax.text(0.5, 0.5, "", transform=ax.transAxes, ha="center", va="center", color="0.5")


def background_colour(ax):
    """Return the colour behind the points: that of the figure where the axes are transparent."""
    from matplotlib.colors import to_rgba

    colours = (ax.get_facecolor(), ax.figure.get_facecolor())
    return next((colour for colour in colours if to_rgba(colour)[3] > 0), "white")


def axis_limits(axis_units, time_range, value_range):
    """Return the limits of both axes that show these ranges and all earlier content."""
    x, y = axis_units.to_x(np.array(time_range)), axis_units.to_y(np.array(value_range))
    return _widen_limits(axis_units.ax, "x", x), _widen_limits(axis_units.ax, "y", y)


def _widen_limits(ax, axis_name, new_limits):
    """Return limits that include the current ones, with a margin unless the user has set these."""
    new_limits = min(new_limits), max(new_limits)
    current_limits, is_set = _current_limits(ax, axis_name)
    low, high = min(*new_limits, *current_limits), max(*new_limits, *current_limits)
    margin = 0 if is_set else AXIS_MARGIN * (high - low)
    return low - margin * (low < new_limits[0]), high + margin * (high > new_limits[1])


def _current_limits(ax, axis_name):
    """Return the range of the content of an axis (empty without content), and whether the user has set it."""
    if not getattr(ax, f"get_autoscale{axis_name}_on")():
        return getattr(ax, f"get_{axis_name}lim")(), True
    # Data limits: the view limits of matplotlib have a wide margin around a single line.
    siblings = getattr(ax, f"get_shared_{axis_name}_axes")().get_siblings(ax)
    limits = np.array([getattr(sibling.dataLim, f"interval{axis_name}") for sibling in siblings]).ravel()
    return limits[np.isfinite(limits)], False


def finish_axes(axis_units, state, limits):
    """Label the axes and set their limits; ``limits`` is None for an empty light curve."""
    ax = axis_units.ax
    if not state.is_labelled:
        _label_axes(axis_units, state.y, state.images)
        state.is_labelled = True
    if limits and not state.has_dates:
        _add_dates(axis_units)
        state.has_dates = True
    _update_note(ax, state, is_empty=not limits)
    if limits:
        low, high = _y_limits(ax, state, limits[1])
        ax.set_xlim(*ax.xaxis.limit_range_for_scale(*limits[0]))
        ax.set_ylim(*((high, low) if state.y == "mag" else (low, high)))  # brighter is upwards
        state.y_limits = ax.get_ylim()


def _y_limits(ax, state, limits):
    """Return limits of the y axis for its scale; those of a logarithmic axis must be above 0."""
    state.y_scale, is_free = ax.get_yscale(), ax.get_autoscaley_on() or ax.get_ylim() == state.y_limits
    if state.y != "flux" or state.y_scale == "linear" or not is_free:
        state.linear_limits = limits if state.y_scale == "linear" else None
        return ax.yaxis.limit_range_for_scale(*limits)
    state.linear_limits = None
    return scaled_limits(ax)


def _label_axes(axis_units, y, images):
    """Set labels, tick formats and grid; labels of the user stay."""
    from matplotlib import rcParams

    ax = axis_units.ax
    if ax.yaxis.isDefault_label or not ax.get_ylabel():
        ax.set_ylabel(f"{y_label(y, images)} [{axis_units.unit.to_string('unicode')}]")
    if axis_units.has_plain_times:
        _label_times(ax, axis_units.time_axis.label)
    if not rcParams["axes.grid"]:  # the grid of a style stays
        ax.grid(visible=True, color=contrast_colour(background_colour(ax)), alpha=GRID_ALPHA, linewidth=0.8)
    ax.set_axisbelow(True)
    if y == "flux" and ax.get_yscale() != "log":
        ax.axhline(0, color="0.6", linewidth=0.8, zorder=1)


def y_label(y, images):
    """Return the label of an axis of values, without their unit."""
    return FLUX_LABELS.get(images, Y_LABELS[y]) if y == "flux" else Y_LABELS[y]


def _label_times(ax, label):
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    if ax.xaxis.isDefault_label or not ax.get_xlabel():
        ax.set_xlabel(label)
    if isinstance(ax.xaxis.get_major_locator(), MaxNLocator):
        n_ticks = int(ax.get_window_extent().width / ax.get_figure(root=True).dpi / TIME_TICK_WIDTH)
        ax.locator_params(axis="x", nbins=min(max(n_ticks, 1), TIME_TICKS), steps=[1, 2, 5, 10])
    if isinstance(ax.xaxis.get_major_formatter(), ScalarFormatter):
        ax.ticklabel_format(axis="x", useOffset=False, style="plain")


def _add_dates(axis_units):
    """Add an axis of calendar dates at the top, if the x axis is linear in MJD and has none yet."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    ax = axis_units.ax
    if axis_units.time_axis.is_folded or not axis_units.has_plain_times or ax.get_xscale() != "linear":
        return
    locators = [child.xaxis.get_major_locator() for twin in twin_axes(ax) for child in twin.child_axes]
    if any(isinstance(locator, AutoDateLocator) for locator in locators):
        return
    epoch = mjd_of_date_epoch()
    top = ax.secondary_xaxis("top", functions=(lambda mjd: mjd - epoch, lambda days: days + epoch))
    # With fewer ticks the locator finds no step for some time spans, and warns.
    min_ticks, max_ticks = (2, 5) if ax.get_window_extent().width < MAX_NARROW_WIDTH * ax.figure.dpi else (3, 8)
    locator = AutoDateLocator(minticks=min_ticks, maxticks=max_ticks)
    top.xaxis.set_major_locator(locator)
    formats = {"formats": TICK_FORMATS, "zero_formats": ZERO_FORMATS, "offset_formats": OFFSET_FORMATS}
    top.xaxis.set_major_formatter(ConciseDateFormatter(locator, **formats))
    top.tick_params(labelsize="small")
    top.xaxis.get_offset_text().set_size("small")


def twin_axes(ax):
    """Return the other axes with the same times and position, as made by `matplotlib.axes.Axes.twinx`."""
    position = ax.get_position().bounds
    siblings = (sibling for sibling in ax.get_shared_x_axes().get_siblings(ax) if sibling is not ax)
    return [
        sibling
        for sibling in siblings
        if sibling.figure is ax.figure and np.allclose(sibling.get_position().bounds, position)
    ]


def _update_note(ax, state, *, is_empty):
    """Show "no measurements" while the axes have no content."""
    note = state.note()
    has_no_content = is_empty and not state.n_curves and not len(_current_limits(ax, "x")[0])
    if has_no_content != bool(note.get_text()):
        note.set_text("no measurements" if has_no_content else "")
        ax.tick_params(labelbottom=not has_no_content, labelleft=not has_no_content)

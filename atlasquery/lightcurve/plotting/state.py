# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves that axes show so far, by axes."""

import weakref
from dataclasses import dataclass, field
from math import inf

from atlasquery.lightcurve.times import TimeAxis

__all__ = ["PLOT_STATES", "PlotState"]


@dataclass
class PlotState:
    """Light curves drawn on some axes so far.

    References to content of the axes are weak: strong ones would keep the axes alive.
    """

    y: str
    time_axis: TimeAxis
    note: weakref.ref  # text "no measurements"
    is_own_axes: bool = False  # created by the package
    value_range: tuple | None = None  # of the content in units of the y axis, without a margin
    lowest_positive: float = inf  # value on the y axis that a logarithmic axis shows
    y_scale: str = "linear"
    y_limits: tuple | None = None  # that were set last, unless by the user
    linear_limits: tuple | None = None  # of the y axis before it got another scale
    has_dates: bool = False
    n_curves: int = 0  # with measurements
    is_labelled: bool = False
    images: str | None = None  # that were measured, difference or reduced
    handles: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    legend: weakref.ref | None = None
    n_legend_entries: int = 0  # of light curves
    full_position: tuple | None = None  # of the axes before, and after they made room for the legend
    has_title: bool = False  # or none on purpose
    default_title: str | None = None
    titled_object: tuple | None = None  # names and id in the default title

    @property
    def is_valid(self):
        """Whether the axes have not been cleared since."""
        return getattr(self.note(), "axes", None) is not None

    def include_values(self, low, high, lowest_positive):
        """Include a range of values, and the lowest one that a logarithmic axis shows; inf for none."""
        if self.value_range is not None:
            low, high = min(low, self.value_range[0]), max(high, self.value_range[1])
            lowest_positive = min(lowest_positive, self.lowest_positive)
        self.value_range, self.lowest_positive = (low, high), lowest_positive


PLOT_STATES: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()

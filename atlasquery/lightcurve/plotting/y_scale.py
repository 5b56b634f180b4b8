# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Limits of a y axis that is not linear: a logarithmic one has no place for negative fluxes and error bars below 0."""

from functools import partial
from math import inf

import numpy as np

from atlasquery.lightcurve.plotting.state import PLOT_STATES
from atlasquery.lightcurve.plotting.view_window import MARGIN, add_value_margin

__all__ = ["follow_scale", "scaled_limits"]


def follow_scale(ax):
    """Make the y limits of axes of fluxes follow their scale, which the user may set after a light curve is drawn."""
    # Matplotlib has an event for new limits, but none for a new scale.
    if not (isinstance(ax.stale_callback, partial) and ax.stale_callback.func is _on_change):
        ax.stale_callback = partial(_on_change, ax.stale_callback)


def _on_change(earlier_callback, ax, is_stale):
    if earlier_callback is not None:
        earlier_callback(ax, is_stale)
    state = PLOT_STATES.get(ax)
    if state is not None and ax.get_yscale() != state.y_scale:
        state.y_scale = ax.get_yscale()
        if state.value_range is not None:
            _adapt_limits(ax, state)


def _adapt_limits(ax, state):
    """Set the limits for the new scale; limits of the user are kept, except those that have no logarithm."""
    current = ax.get_ylim()
    if current == state.y_limits:
        limits = state.linear_limits if state.y_scale == "linear" else None
        ax.set_ylim(limits or scaled_limits(ax))
        state.y_limits = ax.get_ylim()
    elif state.y_scale == "log" and min(current) <= 0 < max(current):
        low, high = min(scaled_limits(ax)), max(current)
        ax.set_ylim((low, high) if current[0] < current[1] else (high, low))


def scaled_limits(ax):
    """Return limits that show the fluxes with a margin that is even on the scale of the y axis."""
    states = [PLOT_STATES.get(sibling) for sibling in ax.get_shared_y_axes().get_siblings(ax)]
    states = [state for state in states if state is not None and state.value_range is not None]
    low, high = min(state.value_range[0] for state in states), max(state.value_range[1] for state in states)
    if ax.get_yscale() == "linear":
        return add_value_margin(low, high)
    if ax.get_yscale() == "log" and low <= 0:
        low = min(state.lowest_positive for state in states)
        if low == inf:  # nothing is positive: an empty axis
            return 0.1, 1.0
    transform = ax.yaxis.get_transform()
    ends = transform.transform(np.array([low, max(low, high)], dtype=float))
    margin = MARGIN * np.ptp(ends) or MARGIN
    low, high = transform.inverted().transform(ends + np.array([-margin, margin]))
    return float(low), float(high)

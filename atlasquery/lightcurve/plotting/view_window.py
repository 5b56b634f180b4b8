# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The part of a light curve that a plot shows.

A light curve of the server has years of limits around weeks of measurements: a plot of all would show no detail. By
default it shows the time span from the first to the last significant flux (for magnitudes: positive flux) with a
margin, and the legend says how many exposures lie outside.
"""

from datetime import datetime

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery.exceptions import InvalidInputError
from atlasquery.inputs.times import check_since
from atlasquery.lightcurve.exposure_gaps import find_isolated
from atlasquery.lightcurve.times import MJD
from atlasquery.utils.text import abbreviate

__all__ = ["add_value_margin", "lowest_positive", "time_window", "value_range"]

MARGIN = 0.05  # of the range that is shown
MIN_VALUE_MARGIN = 0.5  # magnitudes or uJy, for a single point without an uncertainty


def time_window(points, window):
    """Return the first and the last MJD or phase to show, and the reason as text for the legend."""
    if window is None and points.is_significant.any() and not points.time_axis.is_folded:
        return _significant_window(points)
    if window is None or (isinstance(window, str) and window == "all"):
        return *_add_margin(points.times, points.time_axis.smallest_margin), _everything_text(points)
    start, end = _parse_window(window, points.time_axis)
    if not start < end:
        raise InvalidInputError(f"`window` must start before it ends, got {points.time_axis.name} {start} to {end}.")
    return start, end, "as requested"


def _parse_window(window, time_axis):
    """Return the start and the end of the window of the user as floats."""
    try:
        start, end = (_parse_bound(bound, time_axis) for bound in window)
    except (TypeError, ValueError):
        start = end = np.nan
    if not np.isfinite([start, end]).all():
        kind = "phases" if time_axis.is_folded else "finite times (Time, ISO string, datetime or MJD)"
        raise InvalidInputError(f"`window` must be 'all' or two {kind}, got {abbreviate(window)}.")
    return start, end


def _everything_text(points):
    """Return the reason for showing all data, with the number of rows without a value, which cannot be shown."""
    n_missing = int((~points.is_limit & np.isnan(points.y)).sum())
    name = "magnitude" if points.is_mag else "flux"
    return f"everything except {n_missing}\nwithout a {name}" if n_missing else "everything"


def _parse_bound(bound, time_axis):
    """Return a bound of the window as a float in the unit of the time axis."""
    if time_axis.is_folded and isinstance(bound, u.Quantity | TimeDelta):
        return float(bound.to_value(time_axis.unit or u.one))
    if not time_axis.is_folded and isinstance(bound, Time | str | datetime):
        return check_since(bound).mjd
    return float(bound)


def _significant_window(points):
    """Return the window around the significant measurements except isolated ones, and the reason."""
    mjd, name = points.times[points.is_significant], "positive" if points.is_mag else "significant"
    is_isolated, n_isolated = find_isolated(mjd, is_moving=points.is_moving())
    plural = "s" if n_isolated > 1 else ""
    exception = f",\n{n_isolated} isolated exposure{plural} not shown" if n_isolated else ""
    return *_add_margin(mjd[~is_isolated], MJD.smallest_margin), f"around the {name} flux{exception}"


def _add_margin(times, min_margin):
    """Return the range of the times with a margin, 0 to 1 without times."""
    if not len(times):
        return 0.0, 1.0
    margin = max(MARGIN * np.ptp(times), min_margin)
    return times.min() - margin, times.max() + margin


def value_range(points, in_window):
    """Return the lowest and the highest value to show, without a margin.

    They are those of the significant measurements. Bright limits, the noise of bad nights and the fits of exposures
    that were not photometric are left out: they carry no information and would compress the rest. Faint limits are
    included: they show when the object was fainter.
    """
    is_measured = in_window & points.is_measured
    is_leading = is_measured & ~points.is_noise
    choices = (is_leading & ~points.is_poor, is_leading, is_measured, in_window)
    rows = next((rows for rows in choices if rows.any()), in_window)
    err, y = np.nan_to_num(points.err)[rows], points.y[rows]
    low, high = (np.nanmin(y - err), np.nanmax(y + err)) if (~np.isnan(y)).any() else (0.0, 1.0)
    if points.is_mag:
        high = np.nanmax([high, *points.y[in_window]])
    else:
        low, high = _include_noise(min(low, 0.0), max(high, 0.0), points.y[is_measured])
    return low, high


def add_value_margin(low, high):
    """Return a range of values with a margin."""
    margin = MARGIN * (high - low) or MIN_VALUE_MARGIN
    return low - margin, high + margin


def lowest_positive(points, is_visible):
    """Return the lowest flux that a logarithmic axis shows, inf without a positive one.

    It is that of the significant measurements and limits; noise is included as on a linear axis, where it is lower by
    at most half of the range.
    """
    rows = is_visible & (points.y > 0)
    if not rows.any():
        return np.inf
    is_leading = rows & (points.is_significant | points.is_limit)
    leading, logs = np.log10(points.y[is_leading if is_leading.any() else rows]), np.log10(points.y[rows])
    return float(10 ** _include_noise(leading.min(), leading.max(), logs)[0])


def _include_noise(low, high, fluxes):
    """Return limits widened by fluxes that are outside by at most half of the range."""
    half = (high - low) / 2
    return np.min([low, *fluxes[fluxes > low - half]]), np.max([high, *fluxes[fluxes < high + half]])

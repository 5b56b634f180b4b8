# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which part of a light curve a picture shows.

A curve of the server has years of limits around weeks of measurements, so that a picture of all of it shows nothing. It
is drawn from the first to the last significant flux (as magnitudes: positive flux), with a margin, and says how
much lies outside.
"""

from datetime import datetime

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery.exceptions import InvalidInputError
from atlasquery.inputs.times import check_since
from atlasquery.lightcurve.exposure_gaps import find_isolated
from atlasquery.lightcurve.times import MJD

__all__ = ["time_window", "value_limits"]

MARGIN = 0.05  # of the time that is drawn
SMALLEST_RANGE = 0.5  # for a single point without an uncertainty


def time_window(points, window):
    """Return the first and the last MJD to draw, and in words why."""
    if window is None and points.is_significant.any() and not points.scale.is_folded:
        return _significant_window(points.when[points.is_significant], "positive" if points.is_mag else "significant")
    if window is None or (isinstance(window, str) and window == "all"):
        return *_with_margin(points.when, points.scale.smallest_margin), _everything(points)
    try:
        low, high = (_edge(edge, points.scale) for edge in window)
        if not np.isfinite([low, high]).all():
            raise ValueError("nothing is drawn up to infinity")
    except (TypeError, ValueError):
        what = "phases" if points.scale.is_folded else "moments: Times, ISO texts, datetimes or MJDs"
        raise InvalidInputError(f"window is {window!r}, but can be 'all' or two {what}.") from None
    if not low < high:
        name = points.scale.name
        raise InvalidInputError(f"window ends ({name} {high}) before it begins ({name} {low}).")
    return low, high, "as asked"


def _everything(points):
    """Return in words that all is drawn that can be: a negative flux has no magnitude, and a failed fit nothing."""
    missing = int((~points.is_limit & np.isnan(points.y)).sum())
    what = "magnitude" if points.is_mag else "flux"
    return f"everything, but {missing}\nwithout a {what}" if missing else "everything"


def _edge(edge, scale):
    """Return an edge of the window as a number in the scale of the curve."""
    if scale.is_folded and isinstance(edge, u.Quantity | TimeDelta):
        return float(edge.to_value(scale.unit or u.one))
    if not scale.is_folded and isinstance(edge, Time | str | datetime):
        return check_since(edge).mjd
    return float(edge)


def _significant_window(mjd, what):
    """Return the window around these times, without stray ones."""
    is_stray, outside = find_isolated(mjd)
    left_out = f",\n{outside} stray exposure{'s' if outside > 1 else ''} left out" if outside else ""
    return *_with_margin(mjd[~is_stray], MJD.smallest_margin), f"around the {what} flux{left_out}"


def _with_margin(when, smallest):
    if not len(when):
        return 0.0, 1.0
    margin = max(MARGIN * np.ptp(when), smallest)
    return when.min() - margin, when.max() + margin


def value_limits(points, inside):
    """Return the lowest and the highest value to draw.

    They are those of the significant measurements. Limits of bad nights, far brighter than anything measured, tell
    nothing and would squeeze the picture, as would the noise of such nights; faint limits tell when there was nothing
    to be seen.
    """
    measured = inside & points.is_measured
    leading = measured & ~points.is_noise
    rows = next((rows for rows in (leading, measured, inside) if rows.any()), inside)
    err = np.nan_to_num(points.err)[rows]
    y = points.y[rows]
    low, high = (np.nanmin(y - err), np.nanmax(y + err)) if (~np.isnan(y)).any() else (0.0, 1.0)
    if points.is_mag:
        high = np.nanmax([high, *points.y[inside]])
    else:
        low, high = min(low, 0.0), max(high, 0.0)
        noise = points.y[measured]
        half = (high - low) / 2
        low, high = np.min([low, *noise[noise > low - half]]), np.max([high, *noise[noise < high + half]])
    margin = MARGIN * (high - low) or SMALLEST_RANGE
    return low - margin, high + margin

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The times of a light curve as plain numbers: MJDs, or the phases of a curve that was folded."""

from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery.exceptions import InvalidInputError

__all__ = ["MAX_MJD", "MIN_MJD", "MJD", "PHASE", "PHASE_DAYS", "TimeAxis", "mjd_values", "time_axis", "time_values"]

SMALLEST_MARGIN = 5.0  # days
SMALLEST_PHASE = 1e-3  # of a single phase
MIN_MJD, MAX_MJD = -678575.0, 2973484.0  # MJDs that have a date, of the years 1 to 9999


@dataclass(frozen=True)
class TimeAxis:
    """What the numbers are: in a sentence, on an axis, their unit in a table, and how many digits matter."""

    name: str
    label: str
    unit: u.UnitBase | None
    digits: int
    smallest_margin: float
    is_folded: bool


MJD = TimeAxis("MJD", "MJD (UTC) [d]", None, 0, SMALLEST_MARGIN, is_folded=False)
PHASE_DAYS = TimeAxis("phase in days", "Phase [d]", u.d, 3, SMALLEST_PHASE, is_folded=True)
PHASE = TimeAxis("phase", "Phase", None, 3, SMALLEST_PHASE, is_folded=True)


def time_axis(light_curve):
    """Return what the times of a curve are: `~astropy.timeseries.TimeSeries.fold` leaves no `~astropy.time.Time`."""
    if isinstance(light_curve.time, TimeDelta):
        return PHASE_DAYS
    return MJD if isinstance(light_curve.time, Time) else PHASE


def time_values(light_curve):
    """Return the times of a curve as floats, in its `time_axis`."""
    time, of = light_curve.time, time_axis(light_curve)
    if of is MJD:
        return mjd_values(light_curve)
    return time.to_value(u.d) if of is PHASE_DAYS else u.Quantity(time).to_value(u.one)


def mjd_values(light_curve):
    """Return the times of a curve as MJDs (UTC); of a folded one there are none, which is an error."""
    if time_axis(light_curve) is not MJD:
        raise InvalidInputError("The times of a folded light curve are phases.", hint="Do it before folding the curve.")
    if light_curve.time.scale == "local":
        raise InvalidInputError("The times are local ones, of which nobody can tell the UTC.")
    mjd = light_curve.time.utc.mjd
    if np.ma.is_masked(mjd) or getattr(mjd, "mask", np.False_).any():
        raise InvalidInputError("Some of the times are masked.", hint="Leave these rows out.")
    return np.asarray(mjd)

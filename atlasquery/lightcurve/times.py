# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Times of a light curve as floats: MJD, or the phases of a folded curve."""

from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery.exceptions import InvalidInputError

__all__ = [
    "MAX_MJD",
    "MIN_MJD",
    "MJD",
    "PHASE",
    "PHASE_DAYS",
    "PLAUSIBLE_MJD",
    "TimeAxis",
    "mjd_values",
    "plausible_mjd_values",
    "time_axis",
    "time_values",
]

MIN_MARGIN_DAYS = 5.0
MIN_MARGIN_PHASE = 1e-3  # in phase, or days of phase
PLAUSIBLE_MJD = (15020.0, 124593.0)  # the years 1900 to 2200; numbers outside are no MJDs
MIN_MJD, MAX_MJD = -678575.0, 2973484.0  # the years 1 to 9999, for which datetime has dates


@dataclass(frozen=True)
class TimeAxis:
    """Kind of the times: name, axis label, unit in a table, shown digits, and the minimum margin of a plot."""

    name: str
    label: str
    unit: u.UnitBase | None
    digits: int
    smallest_margin: float
    is_folded: bool


MJD = TimeAxis("MJD", "MJD (UTC) [d]", None, 0, MIN_MARGIN_DAYS, is_folded=False)
PHASE_DAYS = TimeAxis("phase in days", "Phase [d]", u.d, 3, MIN_MARGIN_PHASE, is_folded=True)
PHASE = TimeAxis("phase", "Phase", None, 3, MIN_MARGIN_PHASE, is_folded=True)


def time_axis(light_curve):
    """Return the kind of the times: `~astropy.timeseries.TimeSeries.fold` replaces them by phases."""
    if isinstance(light_curve.time, TimeDelta):
        return PHASE_DAYS
    return MJD if isinstance(light_curve.time, Time) else PHASE


def time_values(light_curve):
    """Return the times of a curve as floats, in the unit of its `time_axis`."""
    time, kind = light_curve.time, time_axis(light_curve)
    if kind is MJD:
        return mjd_values(light_curve)
    return time.to_value(u.d) if kind is PHASE_DAYS else u.Quantity(time).to_value(u.one)


def mjd_values(light_curve):
    """Return the times of a curve as MJD (UTC); phases, local times and masked times raise `InvalidInputError`."""
    if time_axis(light_curve) is not MJD:
        raise InvalidInputError("`time` must hold times, got phases.", hint="Do this before folding the light curve.")
    if light_curve.time.scale == "local":
        raise InvalidInputError("`time` must have a scale that converts to UTC, got 'local'.")
    mjd = light_curve.time.utc.mjd
    if np.ma.is_masked(mjd) or getattr(mjd, "mask", np.False_).any():
        raise InvalidInputError("`time` must not be masked.", hint="Leave the masked rows out.")
    return np.asarray(mjd)


def plausible_mjd_values(light_curve):
    """Return `mjd_values`; raise an error for years that are refused when the file is read."""
    mjd = mjd_values(light_curve)
    is_plausible = (mjd >= PLAUSIBLE_MJD[0]) & (mjd <= PLAUSIBLE_MJD[1])
    if not is_plausible.all():
        raise InvalidInputError(
            f"Cannot write times outside of the years 1900 to 2200, got MJD {mjd[~is_plausible][0]:.12g}."
        )
    return mjd

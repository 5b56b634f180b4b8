# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""UTC of far years, without the warnings of erfa that its leap seconds are unknown.

Such warnings are of no use here, and silencing them would change the filters of the whole process, in all its threads.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import Any

import erfa
import numpy as np
from astropy.time import Time, TimeDelta
from numpy.typing import NDArray

__all__ = ["iso_from_utc_mjd", "time_from_datetime", "time_from_datetime64", "utc_iso", "utc_mjd"]

# In these years erfa knows all leap seconds: 1972 to 2026.
_FIRST_SURE_MJD, _LAST_SURE_MJD = 41317.0, 61406.0
_MJD_1970 = 40587
_MJD_0 = datetime(1858, 11, 17)
_MICROSECONDS_PER_DAY = 86_400_000_000


@functools.cache
def _leap_seconds() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the MJDs (UTC) from which TAI - UTC has a new value, and these values in seconds, from 1972 on."""
    rows = [row for row in erfa.leap_seconds.get() if row["year"] >= 1972]
    days = [(datetime(int(row["year"]), int(row["month"]), 1) - _MJD_0).days for row in rows]
    return np.array(days, dtype=float), np.array([row["tai_utc"] for row in rows], dtype=float)


def time_from_datetime64(values: Any) -> Time:
    """Return UTC times, as ``datetime64[us]``, as `~astropy.time.Time` of the format isot."""
    microseconds = np.asarray(values, dtype="datetime64[us]").astype(np.int64)
    days, rest = np.divmod(microseconds, _MICROSECONDS_PER_DAY)
    days = days + _MJD_1970
    # A day that ends with a leap second is longer; the Julian dates of UTC are stretched over it.
    changes, _ = _leap_seconds()
    seconds_per_day = np.where(np.isin(days + 1, changes[1:]), 86401.0, 86400.0)
    time = Time(days + 2_400_000.5, rest / 1e6 / seconds_per_day, format="jd", scale="utc")
    time.format = "isot"
    return time


def time_from_datetime(value: datetime) -> Time:
    """Return a datetime, in UTC unless it has an offset, as `~astropy.time.Time`."""
    naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return time_from_datetime64(np.datetime64(naive, "us"))


def utc_mjd(time: Time) -> Any:
    """Return times of any scale as MJD in UTC; those of years with unknown leap seconds have the latest known ones."""
    if time.scale == "utc":
        return time.mjd
    mjd = np.asarray(np.ma.filled(getattr(time.mjd, "unmasked", time.mjd), np.nan), dtype=float)
    if time.scale == "ut1" or np.all((mjd >= _FIRST_SURE_MJD) & (mjd < _LAST_SURE_MJD) | np.isnan(mjd)):
        return time.utc.mjd
    tai = time.tai
    changes, offsets = _leap_seconds()
    row = np.clip(np.searchsorted(changes + offsets / 86400, tai.mjd, side="right") - 1, 0, None)
    return (tai - TimeDelta(offsets[row], format="sec")).mjd


def utc_iso(time: Time) -> str:
    """Return a single time as ISO 8601 in UTC, to a microsecond."""
    mjd = float(utc_mjd(time))
    if _FIRST_SURE_MJD <= mjd < _LAST_SURE_MJD:
        return str(Time(time, precision=6).utc.isot)
    return iso_from_utc_mjd(mjd)


def iso_from_utc_mjd(mjd: float) -> str:
    """Return a MJD as ISO 8601, to a microsecond and without leap seconds."""
    return (_MJD_0 + timedelta(microseconds=round(mjd * _MICROSECONDS_PER_DAY))).isoformat(timespec="microseconds")

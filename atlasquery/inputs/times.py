# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Times and time spans given by the user: the date of a write, and `Since`, the lower bound of a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from numbers import Number
from typing import Any, TypeAlias

import numpy as np
from astropy import units as u
from astropy.time import Time, TimeDelta
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate, shorten_repr
from atlasquery.utils.utc import time_from_datetime, time_from_datetime64, utc_iso, utc_mjd

__all__ = [
    "DateLike",
    "Since",
    "SinceLike",
    "check_date",
    "check_since",
    "check_time",
    "column_to_floats",
    "is_time_span",
]

DateLike: TypeAlias = Time | str | date | np.datetime64
# A time, or a time span before now.
SinceLike: TypeAlias = DateLike | TimeDelta | timedelta | np.timedelta64 | u.Quantity

_TIME_SPANS = (TimeDelta, u.Quantity, timedelta, np.timedelta64)
_SINCE_HINT = "Write Time(mjd, format='mjd') for a Modified Julian Date, or 30 * u.day for a time span."
_DATE_HINT = "Write Time(mjd, format='mjd') for a Modified Julian Date."

_MJD_0 = datetime(1858, 11, 17)
# The server reads years of four digits, and has no data before 1900.
_MIN_MJD, _MAX_MJD = 15020.0, 2973483.0
_MAX_ABS_MJD = 1e9
# A time taken from a row may have been converted to another scale and back: 9 microseconds.
_TOLERANCE_DAYS = 1e-10
# The server drops rows exactly at the bound in two of three sections: half of the last digit of its times.
_MJD_MARGIN_DAYS = 5e-9


@dataclass(frozen=True)
class Since:
    """Lower bound on times, inclusive.

    The server treats its bounds differently in each endpoint. Slightly earlier bounds are sent, and `keeps` is applied
    to the answer.

    Examples
    --------
    >>> from atlasquery.inputs.times import Since
    >>> since = Since(58285.5)
    >>> since.date_threshold, bool(since.keeps(58285.5))
    ('2018-06-16T11:59:58Z', True)
    """

    mjd: float  # UTC

    @property
    def mjd_payload(self) -> float:
        """MJD to send where the server takes one."""
        return self.mjd - _MJD_MARGIN_DAYS

    @property
    def date_threshold(self) -> str:
        """ISO date to send where the server takes one: two seconds earlier, as it drops rows at the bound itself."""
        # astropy would warn of leap seconds that are not announced yet.
        days = min(max(self.mjd, _MIN_MJD), _MAX_MJD)
        return (_MJD_0 + timedelta(days=days, seconds=-2)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def __str__(self) -> str:
        """Return the bound as an ISO date, to a second, for messages."""
        days = min(max(self.mjd, _MIN_MJD), _MAX_MJD)
        return (_MJD_0 + timedelta(seconds=round(days * 86400))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def keeps(self, times: Any) -> Any:
        """Return a mask of the times (`~astropy.time.Time` or MJDs) at or after the bound; False where masked."""
        mjd = column_to_floats(times.utc.mjd) if isinstance(times, Time) else times
        return mjd >= self.mjd - _TOLERANCE_DAYS


def column_to_floats(column: Any) -> NDArray[np.float64]:
    """Return a column as floats in its own unit, NaN where masked."""
    masks = np.broadcast_to(getattr(column, "mask", False), np.shape(column))
    values = getattr(column, "value", column)
    return np.where(masks, np.nan, np.asarray(getattr(values, "unmasked", np.ma.getdata(values)), dtype=float))


def is_time_span(value: Any) -> bool:
    """Return whether a value is a time span, which is counted back from now."""
    return isinstance(value, _TIME_SPANS)


def check_since(since: SinceLike | None, name: str = "since") -> Since | None:
    """Return the argument ``since`` as `Since`, or `None` for `None`.

    Parameters
    ----------
    since : `~astropy.time.Time`, str, `~datetime.datetime`, `~astropy.units.Quantity` or None
        A time in any scale, an ISO 8601 string, a `~datetime.datetime`, `~datetime.date` or `numpy.datetime64` (UTC
        unless it has an offset), or a positive time span before now (also a `~astropy.time.TimeDelta`,
        `~datetime.timedelta` or `numpy.timedelta64`).
    name : str
        Name of the argument, for errors.

    Raises
    ------
    InvalidQueryTypeError
        If it is a bare number, or of another type.
    InvalidQueryError
        If it is not a single finite time, or not a positive time span.

    Examples
    --------
    >>> from atlasquery.inputs.times import check_since
    >>> check_since("2018-06-16T12:00:00Z")
    Since(mjd=58285.5)
    """
    if since is None:
        return None
    mjd, _ = _check_time(since, name, _time_or_span, "a Time, ISO string, datetime or time span", _SINCE_HINT)
    return Since(mjd)


def check_time(time: DateLike, name: str) -> float:
    """Return the argument of a name, a single time, as MJD (UTC); raises as `check_date`."""
    return _check_time(time, name, _to_time, "a Time, ISO string or datetime", _DATE_HINT)[0]


def check_date(date: DateLike | None) -> str | None:
    """Return the argument ``date`` as the server reads it: ISO 8601 in UTC, to a microsecond; `None` for `None`.

    Parameters
    ----------
    date : `~astropy.time.Time`, str, `~datetime.datetime` or None
        A time in any scale, an ISO 8601 string, a `~datetime.datetime`, `~datetime.date` or `numpy.datetime64` (UTC
        unless it has an offset).

    Raises
    ------
    InvalidQueryTypeError
        If it is a bare number, a time span, or of another type.
    InvalidQueryError
        If it is not a single finite time in the years 1858 to 9999.

    Examples
    --------
    >>> from atlasquery.inputs.times import check_date
    >>> check_date("2026-11-20 01:02:03")
    '2026-11-20T01:02:03Z'
    """
    if date is None:
        return None
    mjd, iso = _check_time(date, "date", _to_time, "a Time, ISO string or datetime", _DATE_HINT)
    if not 0 <= mjd < _MAX_MJD:
        raise InvalidQueryError(f"`date` must be in the years 1858 to 9999, got {abbreviate(date)}.")
    # The server has no leap seconds: second 60 is written as the one before.
    return iso.replace(":60", ":59").rstrip("0").rstrip(".") + "Z"


def _check_time(
    value: Any, name: str, convert: Callable[[Any, str], Time | None], expected: str, hint: str
) -> tuple[float, str]:
    """Return a single time as MJD and as ISO 8601 string to a microsecond, in UTC."""
    try:
        time = convert(value, name)
        mjd = None if time is None else column_to_floats(utc_mjd(time))
        iso = utc_iso(time) if time is not None and time.isscalar and _is_in_calendar(mjd) else ""
    except InvalidQueryError as error:
        if isinstance(value, str):
            error.hint = error.hint or hint
        raise
    except Exception as error:  # astropy raises many types; each becomes a message with its reason
        raise InvalidQueryError(f"`{name}` must be a time in UTC, got {abbreviate(value)}: {error}") from error
    if mjd is None:
        got = f"the bare number {shorten_repr(value)}" if isinstance(value, Number) else abbreviate(value)
        raise InvalidQueryTypeError(f"`{name}` must be {expected}, got {got}.", hint=hint)
    if np.ndim(mjd):
        raise InvalidQueryError(f"`{name}` must be a single time, got an array of shape {np.shape(mjd)}.")
    if not np.isfinite(mjd):
        raise InvalidQueryError(f"`{name}` must be a finite time, got {abbreviate(value)}.")
    if abs(mjd) > _MAX_ABS_MJD:
        raise InvalidQueryError(f"`{name}` must be a time in UTC of a year that has a date, got {abbreviate(value)}.")
    return float(mjd), iso


def _time_or_span(value: Any, name: str) -> Time | None:
    """Return a time, or the time that is a time span before now."""
    return Time.now().tai - _look_back(value, name) if isinstance(value, _TIME_SPANS) else _to_time(value, name)


def _to_time(value: Any, name: str) -> Time | None:
    """Return a time of any type as `~astropy.time.Time`, None for other types."""
    if isinstance(value, Time):
        return value
    if isinstance(value, str):
        value = _parse_iso(value, name)
    if isinstance(value, np.datetime64) and np.isnat(value):
        raise InvalidQueryError(f"`{name}` must be a finite time, got NaT.")
    if isinstance(value, np.datetime64):
        return time_from_datetime64(value)
    if isinstance(value, datetime):
        return time_from_datetime(value)
    return time_from_datetime64(np.datetime64(value)) if isinstance(value, date) else None


def _is_in_calendar(mjd: Any) -> bool:
    """Return whether a time is in the years 1858 to 9999, which ISO 8601 can write."""
    return bool(0 <= mjd < _MAX_MJD)


def _parse_iso(text: str, name: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidQueryError(f"`{name}` must be an ISO 8601 date or time, got {text!r}: {error}") from error


def _look_back(since: TimeDelta | u.Quantity | timedelta | np.timedelta64, name: str) -> TimeDelta:
    """Return a time span as `TimeDelta`; a negative one would silently mean the future."""
    try:
        days = _to_days(since)
    except (u.UnitsError, TypeError) as error:
        raise InvalidQueryError(f"`{name}` must be a time span, got {since!s}: {error}") from error
    if np.ndim(days) or not (np.isfinite(days) and days > 0):
        raise InvalidQueryError(f"`{name}` must be a single positive time span before now, got {since!s}.")
    return TimeDelta(days, format="jd")


def _to_days(span: Any) -> Any:
    if isinstance(span, timedelta):
        return span / timedelta(days=1)
    if not isinstance(span, np.timedelta64):
        return span.to_value(u.day)
    if np.datetime_data(span.dtype)[0] == "generic":
        raise TypeError("it has no unit.")
    return float(span / np.timedelta64(1, "D"))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Check the arguments of `Sandbox` before the server starts."""

from datetime import UTC, date, datetime
from numbers import Integral, Real

from atlasquery.sandbox.fault import KINDS, Fault
from atlasquery.utils.near_names import near_names

__all__ = ["MAX_OBJECTS", "check_choice", "check_end", "check_faults", "check_integer", "check_seconds"]

MAX_OBJECTS = 100_000
# MJD of 1968 and 2050; a number outside is probably a Julian date or a year.
MIN_END, MAX_END = 40_000.0, 70_000.0


def check_integer(name, value, minimum, maximum):
    """Return an integer as an int; the bounds are inclusive."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"`{name}` must be an integer, got {value!r}.")
    if not minimum <= value <= maximum:
        raise ValueError(f"`{name}` must be from {minimum} to {maximum}, got {value}.")
    return int(value)


def check_seconds(name, value):
    """Return a finite duration of at least 0 as a float."""
    if not _is_number(value):
        raise TypeError(f"`{name}` must be a number of seconds, got {value!r}.")
    if not 0 <= value < float("inf"):
        raise ValueError(f"`{name}` must be finite and at least 0, got {value}.")
    return float(value)


def check_choice(name, value, choices):
    """Return a value that is one of the choices."""
    if value not in choices:
        raise ValueError(f"`{name}` must be one of {', '.join(map(repr, choices))}, got {value!r}.")
    return value


def check_end(end):
    """Return the end of the observations as MJD (UTC): a time, a number as MJD, or for `None` the last midnight."""
    mjd = float(end) if _is_number(end) else _to_mjd(end)
    if not MIN_END <= mjd <= MAX_END:
        raise ValueError(f"`end` must be from MJD {MIN_END:.0f} to {MAX_END:.0f}, got {end!r}.")
    return mjd


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def _to_mjd(end):
    # Imported here: astropy would add half a second to the import of the sandbox.
    from astropy.time import Time

    if end is None:
        return float(int(Time.now().utc.mjd))
    if isinstance(end, date):  # a datetime is a date too
        end = _to_utc_datetime(end)
    if not isinstance(end, str | datetime | Time):
        raise TypeError(f"`end` must be a Time, an ISO date, a datetime or an MJD, got {end!r}.")
    try:
        return float((end if isinstance(end, Time) else Time(end, scale="utc")).utc.mjd)
    except (ValueError, TypeError):
        raise ValueError(f"`end` must be a single time, such as '2026-11-01' or an MJD, got {end!r}.") from None


def _to_utc_datetime(day):
    if not isinstance(day, datetime):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return day.replace(tzinfo=UTC) if day.tzinfo is None else day


def check_faults(faults):
    """Return the faults as a list; accept a single fault and `None` too."""
    if faults is None:
        return []
    is_one = isinstance(faults, (Fault, str)) or not hasattr(faults, "__iter__")
    fault_list = [faults] if is_one else list(faults)
    for fault in fault_list:
        if not isinstance(fault, Fault):
            kinds = near_names(fault, KINDS, n=1)
            guess = f"; did you mean Fault({kinds[0]!r})?" if kinds else "."
            raise TypeError(f"`faults` must be a Fault or a list of Fault, got {fault!r}{guess}")
    return fault_list

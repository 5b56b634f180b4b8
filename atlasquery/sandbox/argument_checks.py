# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What somebody says a sandbox shall be, checked before anything is started."""

from datetime import UTC, date, datetime
from numbers import Integral, Real

from atlasquery.sandbox.fault import Fault

__all__ = ["MAX_OBJECTS", "checked_end", "checked_faults", "checked_integer"]

MAX_OBJECTS = 100_000
FIRST_END, LAST_END = 40_000.0, 70_000.0  # MJD; a number beyond is a Julian date, or a year, or a slip


def checked_integer(name, value, low, high):
    """Return a whole number as an int.

    Parameters
    ----------
    name : str
        Of the argument, for the message.
    value : int
        Also of numpy.
    low, high : int
        The range, both included.

    Returns
    -------
    int
        The number.

    Raises
    ------
    TypeError
        If it is no whole number.
    ValueError
        If it is outside.

    Examples
    --------
    >>> from atlasquery.sandbox.argument_checks import checked_integer
    >>> checked_integer("port", 8000, 0, 65535)
    8000
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name}: expected a whole number, found {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name}: expected {low} to {high}, found {value}")
    return int(value)


def checked_end(end):
    """Return the end of the observations as MJD.

    Parameters
    ----------
    end : `~astropy.time.Time`, str, `~datetime.datetime`, `~datetime.date`, float or None
        A moment, a number as MJD, or by default last midnight UTC; without a time zone UTC is meant.

    Returns
    -------
    float
        MJD (UTC).

    Raises
    ------
    TypeError
        If it is of another type.
    ValueError
        If it is no date, or not within 1968 to 2050.

    Examples
    --------
    >>> from atlasquery.sandbox.argument_checks import checked_end
    >>> checked_end("2026-11-01")
    61345.0
    """
    mjd = float(end) if _is_number(end) else _mjd(end)
    if not FIRST_END <= mjd <= LAST_END:
        raise ValueError(f"end: expected MJD {FIRST_END:.0f} to {LAST_END:.0f}, found {end!r}")
    return mjd


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def _mjd(end):
    # Not at the top: astropy would cost every user of the sandbox half a second.
    from astropy.time import Time

    if end is None:
        return float(int(Time.now().utc.mjd))
    if isinstance(end, date):  # also a datetime
        end = _utc(end)
    if not isinstance(end, str | datetime | Time):
        raise TypeError(f"end: expected a Time, an ISO date, a datetime or an MJD, found {end!r}")
    try:
        return float((end if isinstance(end, Time) else Time(end, scale="utc")).utc.mjd)
    except (ValueError, TypeError):
        raise ValueError(f"end: expected one moment, such as '2026-11-01' or an MJD, found {end!r}") from None


def _utc(moment):
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def checked_faults(faults):
    """Return the faults as a list; one alone needs none.

    Parameters
    ----------
    faults : Fault, iterable of Fault or None
        What shall go wrong.

    Returns
    -------
    list of Fault
        The same.

    Raises
    ------
    TypeError
        If something else is among them.

    Examples
    --------
    >>> from atlasquery.sandbox.argument_checks import checked_faults
    >>> from atlasquery.sandbox.fault import Fault
    >>> [fault.kind for fault in checked_faults(Fault("html"))]
    ['html']
    """
    found = [faults] if isinstance(faults, Fault) or not hasattr(faults, "__iter__") else list(faults)
    found = [] if faults is None else found
    for fault in found:
        if not isinstance(fault, Fault):
            raise TypeError(f"faults: expected Fault(...) or a list of them, found {fault!r}")
    return found

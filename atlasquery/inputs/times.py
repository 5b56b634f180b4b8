# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Times and time spans that the user gives."""

import warnings
from datetime import date, datetime, timedelta
from numbers import Number

import numpy as np
from astropy import units as u
from astropy.time import Time, TimeDelta
from erfa import ErfaWarning

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = ["format_date_threshold", "is_not_before", "since_mjd"]


def since_mjd(since):
    """Check the moment from which rows are wanted.

    Parameters
    ----------
    since : `~astropy.time.Time`, str, `~datetime.datetime`, `~astropy.units.Quantity` or None
        A moment in any scale, an ISO 8601 text or a `~datetime.datetime` (UTC unless they carry an offset; of a
        `~datetime.date` its midnight, and a `numpy.datetime64` too), or a positive duration (also a
        `~astropy.time.TimeDelta`, `~datetime.timedelta` or `numpy.timedelta64`) that looks back from now. `None` is
        everything.

    Returns
    -------
    float or None
        The moment as Modified Julian Date in UTC.

    Raises
    ------
    InvalidQueryTypeError
        If it is a bare number, whose meaning would be a guess.
    InvalidQueryError
        If it is not one finite moment, or no positive duration.

    Examples
    --------
    >>> from astropy.time import Time
    >>> from atlasquery.inputs.times import since_mjd
    >>> since_mjd("2018-06-16T12:00:00Z")
    58285.5
    >>> since_mjd(Time(58285.5, format="mjd", scale="tai"))
    58285.49957175926
    """
    if since is None:
        return None
    try:
        with warnings.catch_warnings():
            # Of the far past and future nobody knows the leap seconds; here they do not matter.
            warnings.simplefilter("ignore", ErfaWarning)
            moment = _to_time(since).utc
            mjd = np.ma.filled(moment.mjd, np.nan)
    except InvalidQueryError:
        raise
    except Exception as error:  # whatever astropy could not do is said to the user, with its reason
        raise InvalidQueryError(f"since={since!r} is not a moment in UTC: {error}") from error
    if np.ndim(mjd):
        raise InvalidQueryError(f"since= takes one moment, not an array of shape {np.shape(mjd)}.")
    if not np.isfinite(mjd):
        raise InvalidQueryError(f"since={since!r} is not a finite moment.")
    return float(mjd)


def _to_time(since):
    """The moment that the user means."""
    if isinstance(since, Time):
        return since
    if isinstance(since, (TimeDelta, u.Quantity, timedelta, np.timedelta64)):
        return Time.now() - _look_back(since)
    if isinstance(since, str):
        return Time(_parse_iso(since), scale="utc")
    if isinstance(since, date) and not isinstance(since, datetime):
        return Time(since.isoformat(), scale="utc")
    if isinstance(since, np.datetime64) and np.isnat(since):
        raise InvalidQueryError("since=NaT is not a finite moment.")
    if isinstance(since, (datetime, np.datetime64)):
        return Time(since, scale="utc")
    kind = f"a bare number ({since!r})" if isinstance(since, Number) else abbreviate(since)
    raise InvalidQueryTypeError(
        f"since= is a Time, an ISO text, a datetime or a duration such as 30 * u.day, not {kind}.",
        hint="For a Modified Julian Date write Time(mjd, format='mjd').",
    )


def _parse_iso(text):
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidQueryError(f"since={text!r} is not an ISO 8601 date or date-time: {error}") from error


def _look_back(since):
    """A positive time span; the sign would otherwise decide silently between past and future."""
    try:
        days = _days(since)
    except (u.UnitsError, TypeError) as error:
        raise InvalidQueryError(f"since={since!s} is not a duration: {error}") from error
    if np.ndim(days) or not (np.isfinite(days) and days > 0):
        raise InvalidQueryError(f"since={since!s} must be one positive duration; it looks back from now.")
    return TimeDelta(days, format="jd")


def _days(since):
    if isinstance(since, timedelta):
        return since / timedelta(days=1)
    if not isinstance(since, np.timedelta64):
        return since.to_value(u.day)
    if np.datetime_data(since.dtype)[0] == "generic":
        raise TypeError("it has no unit.")
    return float(since / np.timedelta64(1, "D"))


# A moment that was taken from a row, and went through another time scale, still includes that row: 9 microseconds.
_RADIUS_TOLERANCE = 1e-10
_MJD_0 = datetime(1858, 11, 17)
# All that the server has is between them: 1900, and the last day whose year has four digits.
_EARLIEST, _LATEST = 15020.0, 2973483.0


def format_date_threshold(mjd):
    """Write a moment for the server, which leaves out the moment itself: two seconds earlier, in whole seconds.

    A moment before 1900 is written as that, and one after 9999 as its end: the server reads years of four digits.

    Parameters
    ----------
    mjd : float
        Modified Julian Date (UTC).

    Returns
    -------
    str
        ISO 8601 in UTC.

    Examples
    --------
    >>> from atlasquery.inputs.times import format_date_threshold
    >>> format_date_threshold(58285.5)
    '2018-06-16T11:59:58Z'
    """
    # Not by astropy, which warns of leap seconds that are not announced yet.
    days = min(max(mjd, _EARLIEST), _LATEST)
    return (_MJD_0 + timedelta(days=days, seconds=-2)).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_not_before(times, mjd):
    """Tell which moments are not before another one.

    Parameters
    ----------
    times : `~astropy.time.Time`, shape (n,)
        The moments, masked where there is none.
    mjd : float
        Modified Julian Date (UTC); a row of exactly this moment counts.

    Returns
    -------
    `numpy.ndarray` of bool, shape (n,)
        False where masked.

    Examples
    --------
    >>> from astropy.time import Time
    >>> from atlasquery.inputs.times import is_not_before
    >>> is_not_before(Time(["2018-06-16T12:00:00", "2018-06-17T12:00:00"]), 58286.0)
    array([False,  True])
    """
    return _to_floats(times.utc.mjd) >= mjd - _RADIUS_TOLERANCE


def _to_floats(column):
    """Plain floats in the column's own unit, NaN where masked."""
    values = getattr(column, "value", column)
    return np.asarray(np.ma.filled(getattr(values, "filled", lambda _: values)(np.nan), np.nan), dtype=float)

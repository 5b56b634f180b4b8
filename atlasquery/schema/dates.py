# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion of the server's dates to `~astropy.time.Time`.

Dates are ``YYYY-MM-DDTHH:MM:SSZ`` in UTC; those without the ``Z`` are UTC too.
"""

import contextlib
import functools
import re
from datetime import UTC, datetime

import numpy as np
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning
from atlasquery.utils.utc import time_from_datetime64
from atlasquery.utils.warnings import warn_user

__all__ = ["are_dates", "parse_dates"]

_ISOT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
# Value under the mask: any date valid in astropy.
FILL_DATE = "2000-01-01T00:00:00"


def parse_dates(texts, mask, name):
    """Return strings as `~astropy.time.Time` (utc, isot), masked where ``mask`` is true or a date is invalid.

    Without masked elements the result has no mask. Invalid dates cause a `DataQualityWarning` with the column ``name``.
    """
    # The server inserts many rows at once: they have few dates.
    known = texts[~mask].tolist()
    if not known:
        return _null_times(len(texts))
    numbers = {text: number for number, text in enumerate(dict.fromkeys([FILL_DATE, *known]))}
    rows = np.zeros(len(texts), dtype=int)
    rows[~mask] = [numbers[text] for text in known]
    try:
        time = _make_time([text.removesuffix("Z") for text in numbers])[rows]
    except ValueError:
        dates = [text.removesuffix("Z") for text in np.where(mask, FILL_DATE, texts).tolist()]
        dates, mask = _parse_individually(dates, mask, name)
        time = _make_time(dates)
    if mask.any():
        time[mask] = np.ma.masked
    return time


def are_dates(texts, mask):
    """Return whether all strings that are not masked are dates of the usual form."""
    return _to_datetime64([text.removesuffix("Z") for text in set(texts[~mask].tolist())]) is not None


@functools.cache
def _fill_time():
    return _make_time([FILL_DATE])


def _null_times(length):
    time = _fill_time()[np.zeros(length, dtype=int)]
    if length:
        time[:] = np.ma.masked
    return time


def _to_datetime64(texts):
    """Return ISO 8601 strings without time zone as an array, None if one has another form."""
    if all(map(_ISOT.fullmatch, texts)):  # numpy also reads words such as "now"
        with contextlib.suppress(ValueError):  # a leap second, or no date
            return np.array(texts, dtype="datetime64[us]")
    return None


def _make_time(texts):
    """Return the `~astropy.time.Time` of ISO 8601 strings without time zone."""
    if (dates := _to_datetime64(texts)) is not None:
        return time_from_datetime64(dates)
    return Time(np.array(texts, dtype=str), format="isot", scale="utc")


def _parse_individually(texts, mask, name):
    """Return the dates as ISO 8601 in UTC, and the mask with invalid dates added."""
    dates = [_to_iso_utc(text) for text in texts]
    is_invalid = np.array([date is None for date in dates])
    if is_invalid.any():
        row = int(np.argmax(is_invalid))
        warn_user(
            f"Column {name!r} has {is_invalid.sum()} invalid dates, which are masked; the first is {texts[row]!r} "
            f"(row {row}).",
            DataQualityWarning,
        )
    return [FILL_DATE if date is None else date for date in dates], mask | is_invalid


def _to_iso_utc(text):
    """Return a date as ISO 8601 in UTC without time zone, or None if it is invalid."""
    try:
        return str(_make_time([text])[0])
    except ValueError:
        pass  # it may be another form of ISO 8601: with a blank, or with an offset from UTC
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date.astimezone(UTC).replace(tzinfo=None) if date.tzinfo else date).isoformat()

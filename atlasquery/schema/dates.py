# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion of the server's dates to `~astropy.time.Time`.

Dates are ``YYYY-MM-DDTHH:MM:SSZ`` in UTC; those without the ``Z`` are UTC too.
"""

import contextlib
import re
from datetime import UTC, datetime

import numpy as np
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning
from atlasquery.utils.utc import time_from_datetime64
from atlasquery.utils.warnings import warn_user

__all__ = ["parse_dates"]

_ISOT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
# Value under the mask: any date valid in astropy.
FILL_DATE = "2000-01-01T00:00:00"


def parse_dates(texts, mask, name):
    """Return strings as `~astropy.time.Time` (utc, isot), masked where ``mask`` is true or a date is invalid.

    Without masked elements the result has no mask. Invalid dates cause a `DataQualityWarning` with the column ``name``.
    """
    pairs = zip(texts.tolist(), mask.tolist(), strict=True)
    dates = [FILL_DATE if is_null else text.removesuffix("Z") for text, is_null in pairs]
    try:
        time = _make_time(dates)
    except ValueError:
        dates, mask = _parse_individually(dates, mask, name)
        time = _make_time(dates)
    if mask.any():
        time[mask] = np.ma.masked
    return time


def _make_time(texts):
    """Return the `~astropy.time.Time` of ISO 8601 strings without time zone."""
    if all(map(_ISOT.fullmatch, texts)):  # numpy also reads words such as "now"
        with contextlib.suppress(ValueError):  # a leap second
            return time_from_datetime64(np.array(texts, dtype="datetime64[us]"))
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

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The server's dates as `~astropy.time.Time`.

Dates are written ``YYYY-MM-DDTHH:MM:SSZ`` and are UTC; some lack the ``Z`` and are UTC all the same.
"""

from datetime import UTC, datetime

import numpy as np
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning
from atlasquery.utils.warnings import warn_user

__all__ = ["parse_dates"]

# What lies under the mask: any date that astropy can hold.
FILLER = "2000-01-01T00:00:00"


def parse_dates(texts, mask, name):
    """Return the dates as `~astropy.time.Time` (utc, isot), masked where null or unreadable.

    Parameters
    ----------
    texts : `~numpy.ndarray` of str, shape (n,)
        The dates as the server wrote them; what lies under the mask is not read.
    mask : `~numpy.ndarray` of bool, shape (n,)
        Where there is no date.
    name : str
        Name of the column, for the warning.

    Returns
    -------
    time : `~astropy.time.Time`, shape (n,)
        Masked only where there is something to mask.

    Warns
    -----
    DataQualityWarning
        If a date cannot be read; it is masked.

    Examples
    --------
    >>> import numpy as np
    >>> from atlasquery.schema.dates import parse_dates
    >>> dates = np.array(["2018-06-17T13:03:29Z", ""])
    >>> parse_dates(dates, dates == "", "date_modified")
    <Time object: scale='utc' format='isot' value=['2018-06-17T13:03:29.000'                       ———]>
    """
    pairs = zip(texts.tolist(), mask.tolist(), strict=True)
    plain = [FILLER if null else text.removesuffix("Z") for text, null in pairs]
    try:
        time = _isot(plain)
    except ValueError:
        plain, mask = _parse_individually(plain, mask, name)
        time = _isot(plain)
    if mask.any():
        time[mask] = np.ma.masked
    return time


def _isot(texts):
    """Return the `~astropy.time.Time` of strings that are all in ISO 8601 without a zone."""
    # None at all still have a width: astropy 7.1 makes numpy warn of those of one letter.
    return Time(np.array(texts, dtype=str if texts else "U23"), format="isot", scale="utc")


def _parse_individually(texts, mask, name):
    """Read the dates one by one; return them in the usual form, and the mask with those that cannot be read."""
    dates = [_to_iso_utc(text) for text in texts]
    bad = np.array([date is None for date in dates])
    if bad.any():
        row = int(np.argmax(bad))
        warn_user(
            f"{name}: {bad.sum()} dates cannot be read and are masked, the first is {texts[row]!r} (row {row}).",
            DataQualityWarning,
        )
    return [FILLER if date is None else date for date in dates], mask | bad


def _to_iso_utc(text):
    """Return one date as ISO 8601 in UTC without a zone, or None if it is no date."""
    try:
        return str(_isot([text])[0])
    except ValueError:
        pass  # perhaps another spelling of ISO 8601: with a blank, or with an offset from UTC
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date.astimezone(UTC).replace(tzinfo=None) if date.tzinfo else date).isoformat()

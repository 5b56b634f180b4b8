# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Dates in the server's format: ISO 8601 in UTC, to the second, with a ``Z``."""

import numpy as np

__all__ = ["format_date", "format_dates"]

_UNIX_MJD = 40587  # 1970-01-01


def format_dates(mjd):
    """Format times (MJD) as a list of strings such as ``"2018-06-16T10:35:02Z"``."""
    seconds = np.rint((np.asarray(mjd, dtype=float) - _UNIX_MJD) * 86400.0).astype(np.int64)
    unique_seconds, inverse = np.unique(seconds, return_inverse=True)
    unique_dates = np.datetime_as_string(unique_seconds.astype("datetime64[s]"), timezone="UTC").tolist()
    return [unique_dates[index] for index in inverse.tolist()]


def format_date(mjd):
    """Format one time (MJD) as a string.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.dates import format_date
    >>> format_date(58285.4409954)
    '2018-06-16T10:35:02Z'
    """
    return format_dates([mjd])[0]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Times as the server writes them: ISO 8601 in UTC, to the second, with or without a ``Z``."""

import numpy as np

__all__ = ["iso", "iso_list"]

_UNIX_MJD = 40587


def iso_list(mjd):
    """Write times.

    Parameters
    ----------
    mjd : array_like of float
        Times [days].

    Returns
    -------
    list of str
        For example ``"2018-06-16T10:35:02Z"``.
    """
    seconds = np.rint((np.asarray(mjd, dtype=float) - _UNIX_MJD) * 86400.0).astype(np.int64)
    distinct, where = np.unique(seconds, return_inverse=True)
    text = np.datetime_as_string(distinct.astype("datetime64[s]"), timezone="UTC").tolist()
    return [text[index] for index in where.tolist()]


def iso(mjd, zone="Z"):
    """Write one time.

    Parameters
    ----------
    mjd : float
        Time [days].
    zone : str, optional
        What stands behind it; the server leaves it out in some places.

    Returns
    -------
    str
        The time.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.dates import iso
    >>> iso(58285.4409954)
    '2018-06-16T10:35:02Z'
    """
    return iso_list([mjd])[0][:-1] + zone

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Object ids and names, by the schemes of the server and of the Transient Name Server."""

import numpy as np

__all__ = ["calendar_year", "designation", "letters", "object_ids", "serial_numbers"]

_MJD_2000 = 51544


def object_ids(ra, dec):
    """Make 19-digit object ids from positions: ``1 HHMMSSss s DDMMSSs nn``, digits truncated.

    Parameters
    ----------
    ra, dec : `~numpy.ndarray` of float
        Positions of the first detections [deg].

    Returns
    -------
    `~numpy.ndarray` of int64
        The ids; the last two digits count those that would otherwise be equal.

    Examples
    --------
    >>> import numpy as np
    >>> from atlasquery.sandbox.sky.names import object_ids
    >>> object_ids(np.array([244.000917]), np.array([22.268031]))
    array([1161600221221604900])
    """
    # A hundredth of the last digit is added: 1.1 must not become 1.0999.
    time = np.floor(np.mod(ra, 360.0) / 15.0 * 360000.0 + 1e-4).astype(np.int64) % (24 * 360000)
    angle = np.floor(np.abs(dec) * 36000.0 + 1e-4).astype(np.int64)
    hours, minutes, hundredths = time // 360000, time // 6000 % 60, time % 6000
    degrees, arcmin, tenths = angle // 36000, angle // 600 % 60, angle % 600
    body = ((hours * 100 + minutes) * 10000 + hundredths) * 10 + (np.asarray(dec) >= 0)
    body = (body * 100 + degrees) * 100000 + arcmin * 1000 + tenths
    return (10**16 + body) * 100 + _occurrence(body)


def _occurrence(values):
    """Count how often each value came before."""
    order = np.argsort(values, kind="stable")
    values = values[order]
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    repeat = np.arange(len(values)) - np.repeat(starts, np.diff(np.append(starts, len(values))))
    occurrence = np.empty(len(values), dtype=np.int64)
    occurrence[order] = repeat
    return occurrence


def calendar_year(mjd):
    """Tell the calendar year and how much of it has passed.

    Parameters
    ----------
    mjd : `~numpy.ndarray` of float
        Times [days].

    Returns
    -------
    tuple of `~numpy.ndarray`
        Years (int), and fractions of them (float).
    """
    dates = (np.floor(mjd).astype(np.int64) - 40587).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    starts = years.astype("datetime64[D]").astype(np.int64) + 40587
    return years.astype(int) + 1970, (mjd - starts) / 366.0


def serial_numbers(mjd, a_year, step=2, first=0):
    """Number objects within their year so that numbers grow with time and none is used twice.

    Parameters
    ----------
    mjd : `~numpy.ndarray` of float
        Times of the discoveries.
    a_year : int
        How many there are in a year.
    step, first : int, optional
        Numbers are `first` modulo `step`, so that several series can share the numbers.

    Returns
    -------
    tuple of `~numpy.ndarray` of int
        Years and numbers.
    """
    year, fraction = calendar_year(mjd)
    wanted = (fraction * a_year / step).astype(np.int64) + year * 10_000_000
    order = np.argsort(mjd, kind="stable")
    # The running maximum of (wanted - place) + place is the smallest strictly growing series above `wanted`.
    place = np.arange(len(mjd))
    number = np.empty(len(mjd), dtype=np.int64)
    number[order] = np.maximum.accumulate(wanted[order] - place) + place
    return year, number % 10_000_000 * step + first + 27 * 26


def letters(number):
    """Write a number in letters as survey names do: 1 is ``a``, 26 ``z``, 27 ``aa``.

    Parameters
    ----------
    number : int
        From 1.

    Returns
    -------
    str
        The letters.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.names import letters
    >>> letters(11948), letters(2441)
    ('qqn', 'cow')
    """
    text = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        text = chr(97 + digit) + text
    return text


def designation(prefix, year, number):
    """Put a name together.

    Parameters
    ----------
    prefix : str
        ``"ATLAS"`` (two-digit year) or ``""`` (four-digit year, as the Transient Name Server writes it).
    year, number : int
        Year and number in it.

    Returns
    -------
    str
        For example ``"ATLAS18qqn"`` or ``"2018cow"``.
    """
    return f"{prefix}{year % 100:02d}{letters(number)}" if prefix else f"{year}{letters(number)}"

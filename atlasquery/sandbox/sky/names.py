# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Object ids and designations in the formats of the server and of the Transient Name Server."""

import numpy as np

__all__ = ["assign_numbers", "format_designation", "letters_from_number", "make_object_ids", "year_and_fraction"]


def make_object_ids(ra, dec):
    """Make 19-digit object ids from the positions of the first detections [deg].

    The digits are ``1 HHMMSSss s DDMMSSs nn``, truncated; ``nn`` counts ids that would otherwise be equal.

    Examples
    --------
    >>> import numpy as np
    >>> from atlasquery.sandbox.sky.names import make_object_ids
    >>> make_object_ids(np.array([244.000917]), np.array([22.268031]))
    array([1161600221221604900])
    """
    # Add a small part of the last digit, so that rounding does not turn 1.1 into 1.0999.
    ra_hundredths = np.floor(np.mod(ra, 360.0) / 15.0 * 360000.0 + 1e-4).astype(np.int64) % (24 * 360000)
    dec_tenths = np.floor(np.abs(dec) * 36000.0 + 1e-4).astype(np.int64)
    hours, minutes, hundredths = ra_hundredths // 360000, ra_hundredths // 6000 % 60, ra_hundredths % 6000
    degrees, arcmin, tenths = dec_tenths // 36000, dec_tenths // 600 % 60, dec_tenths % 600
    digits = ((hours * 100 + minutes) * 10000 + hundredths) * 10 + (np.asarray(dec) >= 0)
    digits = (digits * 100 + degrees) * 100000 + arcmin * 1000 + tenths
    return (10**16 + digits) * 100 + _count_earlier_equal(digits)


def _count_earlier_equal(values):
    """Count for each value the equal values before it."""
    order = np.argsort(values, kind="stable")
    values = values[order]
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    rank_in_group = np.arange(len(values)) - np.repeat(starts, np.diff(np.append(starts, len(values))))
    occurrence = np.empty(len(values), dtype=np.int64)
    occurrence[order] = rank_in_group
    return occurrence


def year_and_fraction(mjd):
    """Return calendar years (int) and the fraction of each that has passed at times (MJD)."""
    dates = (np.floor(mjd).astype(np.int64) - 40587).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    starts = years.astype("datetime64[D]").astype(np.int64) + 40587
    return years.astype(int) + 1970, (mjd - starts) / 366.0


def assign_numbers(mjd, n_per_year, step=2, first=0):
    """Assign to each discovery time (MJD) a number in its year; return years and numbers.

    Numbers increase with time and are unique. They are `first` modulo `step`, so that several series can share a year.
    """
    year, fraction = year_and_fraction(mjd)
    lowest_number = (fraction * n_per_year / step).astype(np.int64) + year * 10_000_000
    order = np.argsort(mjd, kind="stable")
    # The running maximum of the differences gives the smallest strictly increasing series above `lowest_number`.
    position_in_order = np.arange(len(mjd))
    number = np.empty(len(mjd), dtype=np.int64)
    number[order] = np.maximum.accumulate(lowest_number[order] - position_in_order) + position_in_order
    return year, number % 10_000_000 * step + first + 27 * 26


def letters_from_number(number):
    """Convert a positive number to letters: 1 is ``a``, 26 ``z``, 27 ``aa``.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.names import letters_from_number
    >>> letters_from_number(11948), letters_from_number(2441)
    ('qqn', 'cow')
    """
    text = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        text = chr(97 + digit) + text
    return text


def format_designation(prefix, year, number):
    """Format a designation: ``"ATLAS18qqn"`` with a prefix, ``"2018cow"`` without."""
    return (
        f"{prefix}{year % 100:02d}{letters_from_number(number)}" if prefix else f"{year}{letters_from_number(number)}"
    )

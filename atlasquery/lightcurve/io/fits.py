# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in FITS: what FITS wants of the plain table."""

import io

import numpy as np
from astropy.table import Column, MaskedColumn, Table

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask
from atlasquery.lightcurve.io import files
from atlasquery.lightcurve.io.column_types import NULL_BOOL

__all__ = ["read_fits", "write_fits"]

KEY = "ATLASQ"  # a keyword of FITS has eight letters
TIMES = "UTC"
LONGEST_NAME = 68


def read_fits(file, **kwargs):
    """Return the table in a file, and what was written beside it."""
    content = files.read_bytes(file) if hasattr(file, "read") else None  # astropy closes it, but it may be read twice
    table = _table(file, content, kwargs)
    note = table.meta.pop(KEY, None)
    if note is None and "astropy_native" not in kwargs and _has_fits_times(table):
        table = _table(file, content, kwargs | {"astropy_native": True})
    return table, note


def _table(file, content, kwargs):
    return Table.read(file if content is None else io.BytesIO(content), format="fits", **kwargs)


def _has_fits_times(table):
    """Whether there are times as FITS has them: of two floats, as astropy writes, or since a day that is told."""
    since = {"MJDREF", "JDREF"} & set(table.meta)  # astropy does not know of MJDREFI and MJDREFF
    return bool(since) or any(table[name].shape[1:] == (2,) for name in table.colnames)


def write_fits(table, note, path, **kwargs):
    """Write a plain table."""
    for name in table.colnames:
        _check(name, table[name])
        table[name] = _set_null_value(table[name])
    table.meta |= {KEY: note, "TIMESYS": TIMES}
    table.write(path, format="fits", **kwargs)


def _check(name, column):
    if not name.isascii() or len(name) > LONGEST_NAME:
        raise InvalidInputError(f"The name of the column {name!r} cannot be written: FITS has ASCII only.")
    if column.dtype.kind == "U" and not all(word.isascii() for word in column.tolist()):
        raise InvalidInputError(f"FITS has ASCII only, but column {name!r} has other letters.")


def _set_null_value(column):
    """Return a column of integers with a number that none of its values has, which stands for those that are masked.

    Astropy would take 999999, and mask what is really 999999.
    """
    if column.dtype == np.int16:
        return MaskedColumn(column, mask=column == NULL_BOOL, fill_value=NULL_BOOL)
    if column.dtype.kind != "i":
        return column
    if not column_mask(column).any():
        return Column(column)
    column.fill_value = _unused_integer(np.asarray(column)[~column_mask(column)])
    return column


def _unused_integer(values):
    """Return the smallest integer that is not among the values."""
    smallest = np.iinfo(values.dtype).min
    among = set(values.tolist())
    return next(number for number in range(smallest, smallest + len(among) + 1) if number not in among)

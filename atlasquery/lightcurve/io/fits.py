# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in FITS: null values, ASCII strings and times of the standard."""

import io

import numpy as np
from astropy.table import Column, MaskedColumn, Table

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask
from atlasquery.lightcurve.io import files
from atlasquery.lightcurve.io.column_types import NULL_BOOL

__all__ = ["read_fits", "write_fits"]

KEY = "ATLASQ"  # of the note; FITS keywords have at most eight characters
TIME_SYSTEM = "UTC"
MAX_NAME_LENGTH = 68


def read_fits(file, **kwargs):
    """Return the table in a file, and its note or None."""
    content = files.read_bytes(file) if hasattr(file, "read") else None  # astropy closes it after the first reading
    table = _read_table(file, content, kwargs)
    note = table.meta.pop(KEY, None)
    if note is None and "astropy_native" not in kwargs and _has_fits_times(table):
        table = _read_table(file, content, kwargs | {"astropy_native": True})
    return table, note


def _read_table(file, content, kwargs):
    return Table.read(file if content is None else io.BytesIO(content), format="fits", **kwargs)


def _has_fits_times(table):
    """Return whether times have a reference day, or are pairs of floats as astropy writes them."""
    reference_keys = {"MJDREF", "JDREF"} & set(table.meta)  # astropy does not support MJDREFI and MJDREFF
    return bool(reference_keys) or any(table[name].shape[1:] == (2,) for name in table.colnames)


def write_fits(table, note, path, **kwargs):
    """Write a plain table and its note."""
    for name in table.colnames:
        _check_ascii(name, table[name])
        table[name] = _set_null_value(table[name])
    table.meta |= {KEY: note, "TIMESYS": TIME_SYSTEM}
    table.write(path, format="fits", **kwargs)


def _check_ascii(name, column):
    if not name.isascii() or len(name) > MAX_NAME_LENGTH:
        raise InvalidInputError(
            f"Cannot write column {name!r}: names in FITS must be ASCII of at most {MAX_NAME_LENGTH} characters."
        )
    if column.dtype.kind == "U" and not all(string.isascii() for string in column.tolist()):
        raise InvalidInputError(f"Cannot write column {name!r}: strings in FITS must be ASCII.")


def _set_null_value(column):
    """Return an integer column whose null value differs from all its values.

    The default of astropy is 999999, which would mask rows that have this value.
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
    """Return the smallest integer of the dtype that is not among the values."""
    smallest = np.iinfo(values.dtype).min
    used = set(values.tolist())
    return next(integer for integer in range(smallest, smallest + len(used) + 1) if integer not in used)

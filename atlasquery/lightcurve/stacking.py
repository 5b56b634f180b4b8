# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One table of many. Columns are joined as plain arrays, which is ten times as fast as vstack for a thousand tables."""

import numpy as np
from astropy import units as u
from astropy.table import Column, QTable, TableMergeError, vstack
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, fits_int64, plain_array
from atlasquery.schema.columns import masked_column, masked_quantity, with_description

__all__ = ["stack_tables"]

FILL_VALUES = {"f": np.nan, "i": 0, "u": 0, "b": False, "U": ""}
MAX_EXACT_INTEGER = 2**53  # up to here a float holds an integer


def stack_tables(tables):
    """Return the rows of all tables one below the other.

    Parameters
    ----------
    tables : list of dict of str to column
        The columns of each, at least one; a table of them would cost more than all that is done here.

    Returns
    -------
    table : `~astropy.table.QTable`
        The columns in the order in which they are met. One that a table does not have is masked in its rows; one that
        is of numbers in one table and of text in another is of text.

    Raises
    ------
    InvalidInputError
        If columns of a name cannot be one, as those of lengths and of magnitudes.
    """
    names = dict.fromkeys(name for table in tables for name in table)
    return QTable({name: _joined(name, tables) for name in names}, copy=False)


def _joined(name, tables):
    known = {n: table[name] for n, table in enumerate(tables) if name in table}
    lengths = [_length(table) for table in tables]
    try:
        return _one_column(name, known, lengths, tables)
    except (u.UnitConversionError, TableMergeError, ValueError) as error:
        words = sorted({_type_text(part) for part in known.values()})
        raise InvalidInputError(
            f"Columns {name!r} cannot be one: there are {' and '.join(words)}.",
            hint="Leave this column out, or give it the same type and unit in each light curve.",
        ) from error


def _type_text(part):
    unit = part.info.unit
    return f"{type(part).__name__}{'' if unit is None else f' in {unit}'}"


def _one_column(name, known, lengths, tables):
    for kind, join in ((u.Quantity, _quantities), (Column, _columns), (Time, _times)):
        if all(_is_simple(part, kind) for part in known.values()):
            first = next(iter(known.values()))
            joined = join(known, lengths, first)
            joined.info.format = first.info.format
            return with_description(joined, first.info.description)
    return _vstack_column(name, tables)


def _length(table):
    return len(next(iter(table.values())))


def _is_simple(part, kind):
    """Whether a column is nothing but an array, which may be taken apart."""
    if not isinstance(part, kind) or part.ndim != 1:
        return False
    if kind is Time:
        return part.scale == "utc" and part.location is None
    return part.dtype.kind in FILL_VALUES and (part.unit is None or isinstance(part.unit, u.UnitBase))


def _quantities(known, lengths, first):
    data = {n: plain_array(part.to_value(first.unit)) for n, part in known.items()}
    return masked_quantity(_concatenated(data, lengths, np.nan), _mask(known, lengths), first.unit, None)


def _columns(known, lengths, first):
    data = _to_common_type({n: plain_array(part) for n, part in known.items()})
    filler = FILL_VALUES[next(iter(data.values())).dtype.kind]
    column = masked_column(_concatenated(data, lengths, filler), _mask(known, lengths), None)
    column.unit = first.unit
    return column


def _times(known, lengths, first):
    data = [{n: plain_array(getattr(part, name)) for n, part in known.items()} for name in ("jd1", "jd2")]
    day, rest = (_concatenated(values, lengths, filler) for values, filler in zip(data, (2451544.5, 0.0), strict=True))
    time = Time(day, rest, format="jd", scale="utc")
    time.format = first.format
    mask = _mask(known, lengths)
    if mask.any():
        time[mask] = np.ma.masked
    return time


def _mask(known, lengths):
    return _concatenated({n: column_mask(part) for n, part in known.items()}, lengths, True)


def _concatenated(data, lengths, filler):
    """Return arrays as one, with a filler for those tables that have none."""
    return np.concatenate([data[n] if n in data else np.full(length, filler) for n, length in enumerate(lengths)])


def _to_common_type(data):
    """Return arrays as they are if they can be one; otherwise all of them as text."""
    if len({array.dtype.kind for array in data.values()}) == 1:
        return data
    data = {n: _signed(array) for n, array in data.items()}
    kinds = {array.dtype.kind for array in data.values()}
    integers = [array for array in data.values() if array.dtype.kind == "i"]
    if kinds == {"i"} or (
        kinds == {"f", "i"} and all((np.abs(array) <= MAX_EXACT_INTEGER).all() for array in integers)
    ):
        return data
    return {n: array.astype(str) for n, array in data.items()}


def _signed(array):
    """Return unsigned integers as signed ones if they fit: numpy makes floats of both, and ids would lose digits."""
    return array.astype(np.int64) if array.dtype.kind == "u" and fits_int64(array) else array


def _vstack_column(name, tables):
    """Return a column of another kind, such as coordinates."""
    parts = [QTable({"row": np.arange(_length(table))}) for table in tables]
    for part, table in zip(parts, tables, strict=True):
        if name in table:
            part[name] = table[name]
    return vstack(parts, metadata_conflicts="silent")[name]

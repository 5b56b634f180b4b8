# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Stack many tables into one. Columns are joined as plain arrays: ten times as fast as vstack for 1000 tables."""

import numpy as np
from astropy import units as u
from astropy.table import Column, QTable, TableMergeError, vstack
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, fits_int64, plain_array
from atlasquery.schema.columns import masked_column, masked_quantity, with_description
from atlasquery.schema.undeclared import MAX_EXACT_INTEGER

__all__ = ["stack_tables"]

FILL_VALUES = {"f": np.nan, "i": 0, "u": 0, "b": False, "U": ""}


def stack_tables(tables):
    """Return the rows of at least one table, given as dicts of columns, as one table.

    Returns
    -------
    table : `~astropy.table.QTable`
        The columns in order of appearance, masked in the rows of tables without the column. A column of numbers in one
        table and strings in another becomes a column of strings.

    Raises
    ------
    InvalidInputError
        If columns of one name cannot be joined, such as lengths and magnitudes.
    """
    names = dict.fromkeys(name for table in tables for name in table)
    return QTable({name: _join_columns(name, tables) for name in names}, copy=False)


def _join_columns(name, tables):
    parts = {n: table[name] for n, table in enumerate(tables) if name in table}
    lengths = [_table_length(table) for table in tables]
    try:
        return _join_parts(name, parts, lengths, tables)
    except (u.UnitConversionError, TableMergeError, ValueError) as error:
        types = sorted({_type_text(part) for part in parts.values()})
        raise InvalidInputError(
            f"Column {name!r} must have one type and unit in all light curves, got {' and '.join(types)}.",
            hint="Leave this column out, or convert it.",
        ) from error


def _type_text(part):
    unit = part.info.unit
    return f"{type(part).__name__}{'' if unit is None else f' in {unit}'}"


def _join_parts(name, parts, lengths, tables):
    """Return the column of these parts, by table number, with the format and description of the first."""
    for kind, join in ((u.Quantity, _join_quantities), (Column, _join_plain_columns), (Time, _join_times)):
        if all(_is_simple(part, kind) for part in parts.values()):
            first = next(iter(parts.values()))
            joined = join(parts, lengths, first)
            joined.info.format = first.info.format
            return with_description(joined, first.info.description)
    return _vstack_column(name, tables)


def _table_length(table):
    return len(next(iter(table.values())))


def _is_simple(part, kind):
    """Return whether a column of this kind can be joined as plain arrays."""
    if not isinstance(part, kind) or part.ndim != 1:
        return False
    if kind is Time:
        return part.scale == "utc" and part.location is None
    return part.dtype.kind in FILL_VALUES and (part.unit is None or isinstance(part.unit, u.UnitBase))


def _join_quantities(parts, lengths, first):
    data = {n: plain_array(part if part.unit == first.unit else part.to_value(first.unit)) for n, part in parts.items()}
    return masked_quantity(_concatenate(data, lengths, np.nan), _join_masks(parts, lengths), first.unit, None)


def _join_plain_columns(parts, lengths, first):
    data = _to_common_type({n: plain_array(part) for n, part in parts.items()})
    fill_value = FILL_VALUES[next(iter(data.values())).dtype.kind]
    column = masked_column(_concatenate(data, lengths, fill_value), _join_masks(parts, lengths), None)
    column.unit = first.unit
    return column


def _join_times(parts, lengths, first):
    jd1, jd2 = (
        _concatenate({n: plain_array(getattr(part, name)) for n, part in parts.items()}, lengths, fill_value)
        for name, fill_value in (("jd1", 2451544.5), ("jd2", 0.0))  # any valid date serves under the mask
    )
    time = Time(jd1, jd2, format="jd", scale="utc")
    time.format = first.format
    mask = _join_masks(parts, lengths)
    if mask.any():
        time[mask] = np.ma.masked
    return time


def _join_masks(parts, lengths):
    return _concatenate({n: column_mask(part) for n, part in parts.items()}, lengths, True)


def _concatenate(arrays, lengths, fill_value):
    """Return arrays by table number as one, filled for the tables without an array."""
    return np.concatenate(
        [arrays[n] if n in arrays else np.full(length, fill_value) for n, length in enumerate(lengths)]
    )


def _to_common_type(arrays):
    """Return arrays unchanged if numpy can concatenate them without loss; otherwise all as strings."""
    if len({array.dtype.kind for array in arrays.values()}) == 1:
        return arrays
    arrays = {n: _to_signed(array) for n, array in arrays.items()}
    kinds = {array.dtype.kind for array in arrays.values()}
    integers = [array for array in arrays.values() if array.dtype.kind == "i"]
    if kinds == {"i"} or (
        kinds == {"f", "i"} and all((np.abs(array) <= MAX_EXACT_INTEGER).all() for array in integers)
    ):
        return arrays
    return {n: array.astype(str) for n, array in arrays.items()}


def _to_signed(array):
    """Return unsigned integers as signed if they fit: numpy joins both as floats, and ids would lose digits."""
    return array.astype(np.int64) if array.dtype.kind == "u" and fits_int64(array) else array


def _vstack_column(name, tables):
    """Return a column of any other kind, such as coordinates, joined by astropy."""
    parts = [QTable({"row": np.arange(_table_length(table))}) for table in tables]
    for part, table in zip(parts, tables, strict=True):
        if name in table:
            part[name] = table[name]
    return vstack(parts, metadata_conflicts="silent")[name]

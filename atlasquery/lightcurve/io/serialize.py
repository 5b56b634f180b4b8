# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The plain table that a file can hold, and the way back.

FITS has no null strings and no null bools, and nothing but ECSV has a `~astropy.time.Time` with a mask. In a plain
table the time is a float MJD, a date its ISO 8601, an unknown string empty, and a bool an int16 with -1 for unknown.
What each column was is written down beside the table, as JSON, so that the same light curve comes back.
"""

import json

import numpy as np
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve.io.column_types import column_type, convert_foreign_column, restore_column, to_plain_column
from atlasquery.lightcurve.times import mjd_values

__all__ = ["KEY", "from_plain_table", "to_plain_table"]

KEY = "atlasquery"  # under which a file keeps what the columns were


def to_plain_table(light_curve):
    """Return the plain table, and what its columns and the meta were, as JSON.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        What to write.

    Returns
    -------
    table : `~astropy.table.Table`
        With masked columns of numbers and strings only.
    note : str
        JSON; see `from_plain_table`.

    Raises
    ------
    InvalidInputError
        If a column or something in ``meta`` cannot be expressed, or the curve is folded.
    """
    mjd_values(light_curve)  # a folded curve has no times that could be written
    kinds = {name: column_type(name, light_curve[name]) for name in light_curve.colnames}
    columns = {name: _plain(name, kind, light_curve[name]) for name, kind in kinds.items()}
    return Table(columns, copy=False), _metadata_json(kinds, light_curve.meta)


def _plain(name, kind, column):
    if not name.isprintable() or name != name.strip() or not name:
        raise InvalidInputError(f"The name of the column {name!r} cannot be written.", hint="Rename it.")
    try:
        plain = to_plain_column(kind, column)
    except ValueError as error:
        raise InvalidInputError(f"Column {name!r} cannot be written: {error}.") from error
    plain.description = column.info.description
    return plain


def _metadata_json(kinds, meta):
    meta = dict(meta)
    try:
        _check_keys(meta)
        return json.dumps({"columns": kinds, "meta": meta}, default=_as_json)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"The meta of the light curve cannot be written: {error}.") from error


def _check_keys(value):
    """Raise a `TypeError` if a dict, at any depth, has keys that JSON would turn into strings."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is a {type(key).__name__}, not a str")
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    for part in value:
        _check_keys(part)


def _as_json(value):
    """Return what JSON does not know as something that it does."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) is np.ndarray:  # a quantity would lose its unit
        return value.tolist()
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def from_plain_table(table, note):
    """Return the columns and the meta of the light curve that a plain table was.

    Parameters
    ----------
    table : `~astropy.table.Table`
        As it was read.
    note : str
        What was written beside it.

    Returns
    -------
    columns : dict of str to column
        The first is ``time``.
    meta : dict
        The meta.

    Raises
    ------
    UnreadableFileError
        If the note is damaged, or of other columns.
    """
    try:
        told = json.loads(note)
        kinds, meta = dict(told["columns"]), dict(told["meta"])
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableFileError(f"What atlasquery wrote into the file cannot be read: {str(note)[:60]!r}.") from error
    if "time" not in table.colnames or not set(kinds) <= set(table.colnames):
        raise UnreadableFileError(
            f"The file has the columns {', '.join(table.colnames)}, but expected are {', '.join(kinds)}."
        )
    names = ["time", *(name for name in table.colnames if name != "time")]
    # A column that was added by another program is kept, as whatever it is.
    return {name: _restored(kinds.get(name), table[name]) for name in names}, meta


def _restored(kind, column):
    return restore_column(kind, column) if kind else convert_foreign_column(column)

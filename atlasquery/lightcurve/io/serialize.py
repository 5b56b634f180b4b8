# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion of a light curve to a plain table that every format can hold, and back.

FITS has no null strings and no null bools, and only ECSV has a `~astropy.time.Time` with a mask. In a plain table the
time is a float MJD, a date an ISO 8601 string, a null string empty, and a bool an int16 with -1 for null. The type of
each column is stored with the table as JSON, so that the same light curve can be restored.
"""

import json

import numpy as np
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.io.column_types import column_type, convert_foreign_column, restore_column, to_plain_column
from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.times import mjd_values
from atlasquery.utils.text import shorten

__all__ = ["KEY", "from_plain_table", "to_json", "to_named_plain_column", "to_plain_table"]

KEY = "atlasquery"  # of the note in a file


def to_plain_table(light_curve):
    """Return a plain table of numbers and strings, and a note with the types of its columns and the meta, as JSON.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        The light curve.

    Returns
    -------
    table : `~astropy.table.Table`
        The plain table.
    note : str
        JSON; see `from_plain_table`.

    Raises
    ------
    InvalidInputError
        If a column or an item of ``meta`` cannot be written, or the light curve is folded.
    """
    mjd_values(light_curve)  # raises an error for a folded light curve, which has no times
    kinds = {name: column_type(name, light_curve[name]) for name in light_curve.colnames}
    columns = {name: to_named_plain_column(name, kind, light_curve[name]) for name, kind in kinds.items()}
    return Table(columns, copy=False), to_json({"columns": kinds, "meta": dict(light_curve.meta)})


def to_named_plain_column(name, kind, column):
    """Return a column as plain numbers or strings, with its description; an error names it."""
    if not name.isprintable() or name != name.strip() or not name:
        raise InvalidInputError(
            f"Cannot write column {name!r}: names must be printable and must not begin or end with a blank.",
            hint="Rename it.",
        )
    try:
        plain = to_plain_column(kind, column)
    except ValueError as error:
        raise InvalidInputError(f"Cannot write column {name!r}: {error}.") from error
    plain.description = column.info.description
    return plain


def to_json(content):
    """Return the note of a file; values that JSON does not have are those of ``meta``."""
    try:
        _check_keys(content)
        return json.dumps(content, default=_to_json_value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"Cannot write `meta`: {error}.") from error


def _check_keys(value):
    """Raise a `TypeError` if a dict, at any depth, has keys that JSON would turn into strings."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"keys must be strings, got {type(key).__name__} ({key!r})")
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    for item in value:
        _check_keys(item)


def _to_json_value(value):
    """Return a numpy scalar or array as a Python value; raise a `TypeError` for other types."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) is np.ndarray:  # not a subclass: a quantity would lose its unit
        return value.tolist()
    raise TypeError(f"values must have a JSON type, got {type(value).__name__} ({value!r})")


def from_plain_table(table, note, file=None):
    """Return the columns and the meta of the light curve that was converted to a plain table.

    Parameters
    ----------
    table : `~astropy.table.Table`
        The plain table.
    note : str
        The note that was stored with it.
    file : str, path or file object, optional
        The file, for error messages.

    Returns
    -------
    columns : dict of str to column
        The first is ``time``.
    meta : dict
        The meta.

    Raises
    ------
    UnreadableFileError
        If the note is damaged, or columns are missing.
    """
    try:
        content = dict(json.loads(note))
        kinds, meta = dict(content["columns"]), dict(content["meta"])
    except (ValueError, TypeError, KeyError) as error:
        reason = f"the note of atlasquery must be valid JSON, got {shorten(repr(note))}."
        raise unreadable_file(file, reason, value=note) from error
    if "curves" in content:
        reason = f"the file must be of a single light curve, got one of LightCurves with {len(content['curves'])}."
        raise unreadable_file(file, reason, hint="Use LightCurves.read.")
    if missing := [name for name in ("time", *kinds) if name not in table.colnames]:
        reason = f"the file must have the column {missing[0]!r}, got {', '.join(table.colnames)}."
        raise unreadable_file(file, reason, column=missing[0])
    names = ["time", *(name for name in table.colnames if name != "time")]
    # Columns that another program has added are kept.
    return {name: _restore_or_convert(kinds.get(name), table[name]) for name in names}, meta


def _restore_or_convert(kind, column):
    return restore_column(kind, column) if kind else convert_foreign_column(column)

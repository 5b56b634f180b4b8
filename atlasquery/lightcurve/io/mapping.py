# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The plain table that a file can hold, and the way back.

FITS has no null strings and no null bools, and nothing but ECSV has a `~astropy.time.Time` with a mask. In a plain
table the time is a float MJD, a date its ISO 8601, an unknown string empty, and a bool an int16 with -1 for unknown.
What each column was is written down beside the table, as JSON, so that the same light curve comes back.
"""

import json

import astropy.units as u
import numpy as np
from astropy.table import Column, MaskedColumn, Table
from astropy.time import Time

from atlasquery.exceptions import InvalidQueryError, UnreadableAnswerError
from atlasquery.lightcurve.instants import mjds
from atlasquery.lightcurve.plain import masks
from atlasquery.schema.columns import described, masked_column, masked_quantity

__all__ = ["KEY", "from_plain", "to_plain"]

KEY = "atlasquery"  # under which a file keeps what the columns were
UNKNOWN_FLAG = -1
KINDS = {"f": "float", "i": "integer", "u": "integer", "b": "flag", "U": "text"}


def to_plain(light_curve):
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
        JSON; see `from_plain`.

    Raises
    ------
    InvalidQueryError
        If a column or something in ``meta`` cannot be expressed, or the curve is folded.
    """
    mjds(light_curve)  # a folded curve has no times that could be written
    columns, kinds = {}, {}
    for name in light_curve.colnames:
        column = light_curve[name]
        kinds[name] = _kind(name, column)
        columns[name] = PLAIN[kinds[name]](column)
        columns[name].description = column.info.description
    try:
        note = json.dumps({"columns": kinds, "meta": dict(light_curve.meta)}, default=_as_json)
    except TypeError as error:
        raise InvalidQueryError(f"The meta of the light curve cannot be written: {error}.") from None
    return Table(columns, copy=False), note


def from_plain(table, note=None):
    """Return the columns and the meta of the light curve that a plain table was.

    Parameters
    ----------
    table : `~astropy.table.Table`
        As it was read.
    note : str, optional
        What was written beside it. Without it, in a file of somebody else's, numbers and strings stay what they are,
        and there has to be a column ``time`` of MJDs.

    Returns
    -------
    columns : dict of str to column
        The first is ``time``.
    meta : dict
        The meta.

    Raises
    ------
    UnreadableAnswerError
        If there is no ``time``, or the note is of other columns.
    """
    try:
        told = json.loads(note) if note else {"columns": {}, "meta": {}}
        kinds, meta = told["columns"], told["meta"]
    except (ValueError, TypeError, KeyError):
        raise UnreadableAnswerError(
            f"What atlasquery wrote into the file cannot be read: {str(note)[:60]!r}."
        ) from None
    if "time" not in table.colnames or not set(kinds) <= set(table.colnames):
        raise UnreadableAnswerError(
            f"The file has the columns {', '.join(table.colnames)}, but expected are "
            f"{', '.join(kinds) or 'time and others'}."
        )
    columns = {}
    for name in ["time", *(name for name in table.colnames if name != "time")]:
        kind = kinds.get(name) or ("time" if name == "time" else _kind(name, table[name]))
        columns[name] = RESTORE[kind](table[name], table[name].info.description)
    return columns, meta


def _kind(name, column):
    """Return what a column is, in a word."""
    if isinstance(column, Time):
        return "time" if name == "time" else "date"
    data = np.asarray(getattr(column, "unmasked", column))
    kind = KINDS.get(data.dtype.kind if data.dtype.kind != "S" else "U")
    if kind is None or data.ndim != 1:
        raise InvalidQueryError(
            f"Column {name!r} cannot be written: it is a {type(column).__name__} of dtype {data.dtype}.",
            hint="Remove it, or turn it into numbers or strings.",
        )
    return "quantity" if kind == "float" and getattr(column, "unit", None) is not None else kind


def _as_json(value):
    """Return what JSON does not know as something that it does."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _plain_time(column):
    return Column(column.utc.mjd, unit=u.d)


def _plain_date(column):
    known = ~masks(column)
    words = np.full(len(column), "", dtype="U23")
    words[known] = column.utc.isot[known]
    return Column(words)


def _plain_float(column):
    values = np.array(column.filled(np.nan) if hasattr(column, "filled") else column, dtype=float)
    return MaskedColumn(values, mask=np.isnan(values), unit=getattr(column, "unit", None))


def _plain_integer(column):
    return MaskedColumn(np.asarray(np.ma.filled(column, 0), dtype=np.int64), mask=masks(column))


def _plain_flag(column):
    return Column(np.where(masks(column), UNKNOWN_FLAG, np.asarray(np.ma.filled(column, False))).astype(np.int16))


def _plain_text(column):
    return Column(np.array(np.ma.filled(column, ""), dtype=str))


PLAIN = {
    "time": _plain_time,
    "date": _plain_date,
    "quantity": _plain_float,
    "float": _plain_float,
    "integer": _plain_integer,
    "flag": _plain_flag,
    "text": _plain_text,
}


def _time(column, description):
    if isinstance(column, Time):
        return described(column.copy(), description)
    return described(Time(np.asarray(column, dtype=float), format="mjd", scale="utc"), description)


def _date(column, description):
    if isinstance(column, Time):
        return described(column.copy(), description)
    words = _words(column)
    unknown = words == ""
    time = Time(np.where(unknown, "2000-01-01T00:00:00.000", words), format="isot", scale="utc")
    if unknown.any():
        time[unknown] = np.ma.masked
    return described(time, description)


def _floats(column):
    values = np.array(column.filled(np.nan) if hasattr(column, "filled") else column, dtype=float)
    return values, np.isnan(values)


def _quantity(column, description):
    return masked_quantity(*_floats(column), column.unit, description)


def _float(column, description):
    return masked_column(*_floats(column), description)


def _integer(column, description):
    return masked_column(np.array(np.ma.filled(column, 0), dtype=np.int64), np.array(masks(column)), description)


def _flag(column, description):
    values = np.array(np.ma.filled(column, UNKNOWN_FLAG)).astype(np.int16)
    return masked_column(values > 0, values == UNKNOWN_FLAG, description)


def _text(column, description):
    words = _words(column)
    return masked_column(words, words == "", description)


def _words(column):
    words = np.array(np.ma.filled(column, b"" if column.dtype.kind == "S" else ""))
    # numpy 1 makes floats of no words at all
    return (np.char.decode(words, "utf-8") if words.dtype.kind == "S" else words).astype(str)


RESTORE = {
    "time": _time,
    "date": _date,
    "quantity": _quantity,
    "float": _float,
    "integer": _integer,
    "flag": _flag,
    "text": _text,
}

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What kinds of columns there are, and how each becomes plain numbers or words, and itself again.

A kind is a word, or for times a dict, which says the scale and the format beside it.
"""

import astropy.units as u
import numpy as np
from astropy.coordinates import EarthLocation
from astropy.table import Column, MaskedColumn
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, column_to_floats, fits_int64, null_mask, plain_array
from atlasquery.schema.columns import masked_column, masked_quantity, with_description

__all__ = ["NULL_BOOL", "as_time", "column_type", "convert_foreign_column", "restore_column", "to_plain_column"]

NULL_BOOL = -1
KINDS = {"f": "float", "i": "integer", "u": "integer", "b": "flag", "U": "text", "S": "text"}
WITH_UNIT = {"float": "quantity", "integer": "count"}
SHORT_DATE = "2000-01-01T00:00:00.000"  # also under a mask
LONG_DATE = f"{SHORT_DATE}000000"


def column_type(name, column):
    """Return the kind of a column; raise `~atlasquery.exceptions.InvalidInputError` if it is of none."""
    if not _has_kind(column):
        raise InvalidInputError(
            f"Column {name!r} cannot be written: it is a {_type(column)}.",
            hint="Remove it, or turn it into plain numbers or strings.",
        )
    if isinstance(column, Time):
        return _kind_of_time(name, column)
    kind, unit = KINDS[plain_array(column).dtype.kind], getattr(column, "unit", None)
    return kind if unit is None else WITH_UNIT[kind]


def _has_kind(column):
    """Whether a column is of one of the kinds."""
    if isinstance(column, Time):
        return column.ndim == 1 and column.scale != "local"
    data, unit = plain_array(column), getattr(column, "unit", None)
    kind = KINDS.get(data.dtype.kind)
    if data.ndim != 1 or kind is None:
        return False
    # A magnitude with AB in its unit is no quantity: it cannot be read from a file again.
    return unit is None or (kind in WITH_UNIT and not isinstance(unit, u.function.FunctionUnitBase))


def _type(column):
    if isinstance(column, Time):
        return f"Time of scale {column.scale} and shape {column.shape}"
    unit, data = getattr(column, "unit", None), plain_array(column)
    of_unit = "" if unit is None else f" in {unit}"
    return f"{type(column).__name__} of dtype {data.dtype} and shape {data.shape}{of_unit}"


def _kind_of_time(name, column):
    kind = {"kind": "time" if name == "time" else "date"}
    kind |= {attribute: getattr(column, attribute) for attribute in ("scale", "format", "precision")}
    if column.location is None:
        return kind
    if column.location.ndim:
        raise InvalidInputError(f"Column {name!r} cannot be written: each of its times has a place of its own.")
    return kind | {"location": [axis.to_value(u.m).item() for axis in column.location.geocentric]}


def to_plain_column(kind, column):
    """Return a column as one of numbers or words; raise a `ValueError` if that would lose something."""
    return PLAIN[kind["kind"] if isinstance(kind, dict) else kind](column)


def restore_column(kind, column):
    """Return the column that a plain one was."""
    if isinstance(kind, dict):
        return _restored_time(kind, column)
    return RESTORE[kind](column, column.info.description)


def convert_foreign_column(column):
    """Return a column of somebody else's as light curves have them; what they do not have stays what it is."""
    if isinstance(column, Time) or not _has_kind(column):
        return column
    return restore_column(column_type(None, column), column)


def _restored_time(kind, column):
    # Times are written in UTC, dates in their own scale.
    time = column.copy() if isinstance(column, Time) else as_time(kind, column)
    if "location" in kind:
        time = Time(time, location=EarthLocation.from_geocentric(*kind["location"], unit=u.m))
    time = getattr(time, kind["scale"])
    time.format, time.precision = kind["format"], kind["precision"]
    return with_description(time, column.info.description)


def as_time(kind, plain):
    """Return a plain column of times as a `~astropy.time.Time`, for a format that has them."""
    time = _date(plain, None, kind["scale"]) if kind["kind"] == "date" else _time(plain, None)
    time.precision = 9 if plain.dtype.itemsize == np.dtype(f"U{len(LONG_DATE)}").itemsize else 3
    return with_description(time, plain.description)


def _plain_time(column):
    return Column(column.utc.mjd, unit=u.d)


def _plain_date(column):
    known = ~column_mask(column)
    words = np.full(len(column), "", dtype=f"U{len(LONG_DATE)}")
    words[known] = _iso_words(column[known])
    return Column(words.tolist(), dtype=str)  # as wide as the words are


def _iso_words(column):
    """Return times in ISO 8601 to the nanosecond, or to the millisecond if that is all there is."""
    words = Time(column, format="isot", precision=9).value.tolist()
    if any(len(word) != len(LONG_DATE) for word in words):
        raise ValueError("it has dates that are not in the years 0 to 9999")
    short = all(word.endswith("000000") for word in words)
    return [word[: len(SHORT_DATE)] if short else word for word in words]


def _plain_float(column):
    values = column_to_floats(column)
    return MaskedColumn(values, mask=null_mask(values), unit=getattr(column, "unit", None))


def _plain_integer(column):
    values = np.array(column.filled(0) if hasattr(column, "filled") else column)
    if not fits_int64(values):
        raise ValueError("it has integers that do not fit 64 bits with a sign")
    unit = getattr(column, "unit", None)
    return MaskedColumn(values.astype(np.int64), mask=np.array(column_mask(column)), unit=unit)


def _plain_flag(column):
    return Column(np.where(column_mask(column), NULL_BOOL, plain_array(column)).astype(np.int16))


def _plain_text(column):
    return Column(_words(column))


def _words(column):
    words = np.array(np.ma.filled(column, b"" if column.dtype.kind == "S" else ""))
    # numpy 1 makes floats of no words at all
    return (np.char.decode(words, "utf-8") if words.dtype.kind == "S" else words).astype(str)


PLAIN = {
    "time": _plain_time,
    "date": _plain_date,
    "quantity": _plain_float,
    "float": _plain_float,
    "count": _plain_integer,
    "integer": _plain_integer,
    "flag": _plain_flag,
    "text": _plain_text,
}


def _time(column, description):
    if isinstance(column, Time):
        return with_description(column.copy(), description)
    return with_description(Time(column_to_floats(column), format="mjd", scale="utc"), description)


def _date(column, description, scale="utc"):
    if isinstance(column, Time):
        return with_description(column.copy(), description)
    words = _words(column)
    mask = null_mask(words)
    time = Time(np.where(mask, SHORT_DATE, words), format="isot", scale=scale)
    if mask.any():
        time[mask] = np.ma.masked
    return with_description(time, description)


def _quantity(column, description):
    values = column_to_floats(column)
    return masked_quantity(values, null_mask(values), column.unit, description)


def _float(column, description):
    values = column_to_floats(column)
    return masked_column(values, null_mask(values), description)


def _integers(column):
    values = column.filled(0) if hasattr(column, "filled") else column
    return np.array(getattr(values, "value", values), dtype=np.int64), np.array(column_mask(column))


def _count(column, description):
    values, mask = _integers(column)
    return with_description(Masked(u.Quantity(values, column.unit, dtype=np.int64), mask=mask), description)


def _integer(column, description):
    return masked_column(*_integers(column), description)


def _flag(column, description):
    # A column of somebody else's is of bools, with a mask; one of ours is of numbers.
    values = np.where(column_mask(column), NULL_BOOL, plain_array(column).astype(np.int16))
    return masked_column(values > 0, values == NULL_BOOL, description)


def _text(column, description):
    words = _words(column)
    return masked_column(words, null_mask(words), description)


RESTORE = {
    "time": _time,
    "date": _date,
    "quantity": _quantity,
    "float": _float,
    "count": _count,
    "integer": _integer,
    "flag": _flag,
    "text": _text,
}

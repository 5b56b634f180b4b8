# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Types of columns, and the conversion of each type to plain numbers or strings and back.

A kind is a string, or for times a dict with the scale, the format and the precision. Files store kinds: their names
must not change.
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
KINDS_WITH_UNIT = {"float": "quantity", "integer": "count"}
DATE_TO_MILLISECOND = "2000-01-01T00:00:00.000"  # also the value under a mask
DATE_TO_NANOSECOND = f"{DATE_TO_MILLISECOND}000000"


def column_type(name, column):
    """Return the kind of a column; raise an `~atlasquery.exceptions.InvalidInputError` if it is not supported."""
    if not _has_kind(column):
        raise InvalidInputError(
            f"Cannot write column {name!r}: {_describe_type(column)} is not supported.",
            hint="Remove it, or convert it to numbers or strings.",
        )
    if isinstance(column, Time):
        return _describe_times(name, column)
    kind, unit = KINDS[plain_array(column).dtype.kind], getattr(column, "unit", None)
    return kind if unit is None else KINDS_WITH_UNIT[kind]


def _has_kind(column):
    """Return whether the type of a column is supported."""
    if isinstance(column, Time):
        return column.ndim == 1 and column.scale != "local"
    data, unit = plain_array(column), getattr(column, "unit", None)
    kind = KINDS.get(data.dtype.kind)
    if data.ndim != 1 or kind is None:
        return False
    # Units such as mag(AB) cannot be read from a file.
    return unit is None or (kind in KINDS_WITH_UNIT and not isinstance(unit, u.function.FunctionUnitBase))


def _describe_type(column):
    if isinstance(column, Time):
        return f"Time of scale {column.scale} and shape {column.shape}"
    unit, data = getattr(column, "unit", None), plain_array(column)
    unit_text = "" if unit is None else f" in {unit}"
    return f"{type(column).__name__} of dtype {data.dtype} and shape {data.shape}{unit_text}"


def _describe_times(name, column):
    kind = {"kind": "time" if name == "time" else "date"}
    kind |= {attribute: getattr(column, attribute) for attribute in ("scale", "format", "precision")}
    if column.location is None:
        return kind
    if column.location.ndim:
        raise InvalidInputError(f"Cannot write column {name!r}: its times must have a common location.")
    return kind | {"location": [axis.to_value(u.m).item() for axis in column.location.geocentric]}


def to_plain_column(kind, column):
    """Return a column as plain numbers or strings; raise a `ValueError` if information would be lost."""
    return TO_PLAIN[kind["kind"] if isinstance(kind, dict) else kind](column)


def restore_column(kind, column):
    """Return the column that was converted to a plain one."""
    if isinstance(kind, dict):
        return _restore_time(kind, column)
    return FROM_PLAIN[kind](column, column.info.description)


def convert_foreign_column(column):
    """Return a column of another program with the type that light curves use; unsupported types stay."""
    if isinstance(column, Time) or not _has_kind(column):
        return column
    return restore_column(column_type(None, column), column)


def _restore_time(kind, column):
    # Times are written in UTC, dates in their own scale.
    time = column.copy() if isinstance(column, Time) else as_time(kind, column)
    if "location" in kind:
        time = Time(time, location=EarthLocation.from_geocentric(*kind["location"], unit=u.m))
    time = getattr(time, kind["scale"])
    time.format, time.precision = kind["format"], kind["precision"]
    return with_description(time, column.info.description)


def as_time(kind, plain):
    """Return a plain column of times as a `~astropy.time.Time`."""
    time = _to_date(plain, None, kind["scale"]) if kind["kind"] == "date" else _to_time(plain, None)
    time.precision = 9 if plain.dtype.itemsize == np.dtype(f"U{len(DATE_TO_NANOSECOND)}").itemsize else 3
    return with_description(time, plain.description)


def _plain_time(column):
    return Column(column.utc.mjd, unit=u.d)


def _plain_date(column):
    is_known = ~column_mask(column)
    strings = np.full(len(column), "", dtype=f"U{len(DATE_TO_NANOSECOND)}")
    strings[is_known] = _iso_strings(column[is_known])
    return Column(strings.tolist(), dtype=str)  # only as wide as the longest string


def _iso_strings(column):
    """Return times in ISO 8601 with nanoseconds, or with milliseconds if no time has more digits."""
    strings = Time(column, format="isot", precision=9).value.tolist()
    if any(len(string) != len(DATE_TO_NANOSECOND) for string in strings):
        raise ValueError("dates must be in the years 0 to 9999")
    is_short = all(string.endswith("000000") for string in strings)
    return [string[: len(DATE_TO_MILLISECOND)] if is_short else string for string in strings]


def _plain_float(column):
    values = column_to_floats(column)
    return MaskedColumn(values, mask=null_mask(values), unit=getattr(column, "unit", None))


def _plain_integer(column):
    values = np.array(column.filled(0) if hasattr(column, "filled") else column)
    if not fits_int64(values):
        raise ValueError("integers must fit 64 bits with a sign")
    unit = getattr(column, "unit", None)
    return MaskedColumn(values.astype(np.int64), mask=np.array(column_mask(column)), unit=unit)


def _plain_flag(column):
    return Column(np.where(column_mask(column), NULL_BOOL, plain_array(column)).astype(np.int16))


def _plain_text(column):
    return Column(_to_strings(column))


def _to_strings(column):
    strings = np.array(np.ma.filled(column, b"" if column.dtype.kind == "S" else ""))
    # numpy 1 decodes an empty array to floats.
    return (np.char.decode(strings, "utf-8") if strings.dtype.kind == "S" else strings).astype(str)


TO_PLAIN = {
    "time": _plain_time,
    "date": _plain_date,
    "quantity": _plain_float,
    "float": _plain_float,
    "count": _plain_integer,
    "integer": _plain_integer,
    "flag": _plain_flag,
    "text": _plain_text,
}


def _to_time(column, description):
    if isinstance(column, Time):
        return with_description(column.copy(), description)
    return with_description(Time(column_to_floats(column), format="mjd", scale="utc"), description)


def _to_date(column, description, scale="utc"):
    if isinstance(column, Time):
        return with_description(column.copy(), description)
    strings = _to_strings(column)
    mask = null_mask(strings)
    time = Time(np.where(mask, DATE_TO_MILLISECOND, strings), format="isot", scale=scale)
    if mask.any():
        time[mask] = np.ma.masked
    return with_description(time, description)


def _to_quantity(column, description):
    values = column_to_floats(column)
    return masked_quantity(values, null_mask(values), column.unit, description)


def _to_float(column, description):
    values = column_to_floats(column)
    return masked_column(values, null_mask(values), description)


def _integers_and_mask(column):
    values = column.filled(0) if hasattr(column, "filled") else column
    return np.array(getattr(values, "value", values), dtype=np.int64), np.array(column_mask(column))


def _to_count(column, description):
    values, mask = _integers_and_mask(column)
    return with_description(Masked(u.Quantity(values, column.unit, dtype=np.int64), mask=mask), description)


def _to_integer(column, description):
    return masked_column(*_integers_and_mask(column), description)


def _to_flag(column, description):
    # Files of atlasquery have integers, those of other programs bools with a mask.
    values = np.where(column_mask(column), NULL_BOOL, plain_array(column).astype(np.int16))
    return masked_column(values > 0, values == NULL_BOOL, description)


def _to_text(column, description):
    strings = _to_strings(column)
    return masked_column(strings, null_mask(strings), description)


FROM_PLAIN = {
    "time": _to_time,
    "date": _to_date,
    "quantity": _to_quantity,
    "float": _to_float,
    "count": _to_count,
    "integer": _to_integer,
    "flag": _to_flag,
    "text": _to_text,
}

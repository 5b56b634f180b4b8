# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of any table (astropy, pandas, dicts of lists) as columns of astropy, whose nulls are masked."""

import sys
from collections.abc import Mapping
from datetime import date, datetime
from numbers import Integral, Real

import astropy.units as u
import numpy as np
from astropy.table import Column, MaskedColumn, QTable, Table
from astropy.time import Time

from atlasquery.exceptions import InvalidTypeError
from atlasquery.lightcurve.arrays import column_mask, plain_array
from atlasquery.lightcurve.columns import SERVER_COLUMNS
from atlasquery.utils.text import abbreviate, shorten_repr

__all__ = ["NULL_WORDS", "OpenTable", "text_to_numbers", "to_column"]

NULL_WORDS = ("", "-", "--", "na", "n/a", "<na>", "nan", "nat", "none", "null")
NULL_TYPES = ("NAType", "NaTType", "MaskedConstant")


class OpenTable:
    """The columns of a table by name, not converted yet, with its units, its meta and the name of its times, if any.

    ``is_own`` says whether it was a light curve, whose values that are no measurements are masked already.
    """

    def __init__(self, table):
        self.units, self.meta, self.time = {}, {}, None
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(table, pandas.DataFrame):
            self._open_frame(table, pandas)
        elif isinstance(table, Mapping):
            self.columns = {str(name): values for name, values in table.items()}
        else:
            self._open_table(table)
        self.is_own = self.time is not None or set(SERVER_COLUMNS) <= set(self.columns)

    def _open_frame(self, frame, pandas):
        self.columns = {str(name): frame.iloc[:, n] for n, name in enumerate(frame.columns)}
        self.units, self.meta = dict(frame.attrs.get("units", {})), dict(frame.attrs.get("meta", {}))
        if isinstance(frame.index, pandas.DatetimeIndex):
            name = str(frame.index.name or "time")
            self.columns = {name: frame.index.to_series()} | self.columns
        if "meta" in frame.attrs and self.units.get("mjd") == "d" and {"time", "mjd"} <= set(self.columns):
            del self.columns["time"]  # of `LightCurve.to_pandas`, whose mjd has more digits
            self.time = "mjd"

    def _open_table(self, table):
        opened = table if isinstance(table, Table) else _table_or_none(table)
        if opened is None:
            raise InvalidTypeError(
                f"`table` must be a Table, a DataFrame or a dict of columns, got {abbreviate(table)}."
            )
        self.columns, self.meta = dict(opened.columns), dict(opened.meta)


def _table_or_none(rows):
    """Return an array with names, or a list of dicts, as a table; None for other objects."""
    if not isinstance(rows, np.ndarray | list | tuple):
        return None
    try:
        return QTable(rows)
    except Exception:  # noqa: BLE001 -- of any content
        return None


def to_column(values):
    """Return values as a column of astropy, masked where they are null; raise a `ValueError` for mixed types."""
    if hasattr(values, "to_numpy") and hasattr(values, "isna"):
        values = _from_series(values)
    if isinstance(values, Time | u.Quantity):
        return values
    if isinstance(values, list | tuple):
        values, items = np.empty(len(values), dtype=object), values
        values[:] = items
    if not hasattr(values, "info") or type(values) is np.ndarray:
        values = np.asanyarray(values)
    if not values.shape:
        raise ValueError("a single value")
    if getattr(getattr(values, "dtype", None), "kind", "") != "O":
        return _as_column(values)
    return _from_objects(plain_array(values).tolist(), column_mask(values).tolist(), getattr(values, "unit", None))


def _as_column(values):
    if isinstance(values, Column) or not isinstance(values, np.ndarray):
        return values
    if values.dtype.kind == "M":
        return _from_datetimes(values)
    return MaskedColumn(values) if np.ma.isMaskedArray(values) else Column(values)


def _from_series(series):
    """Return a pandas series as an array; that of a pandas type as objects, which keep all digits of integers."""
    if getattr(series.dtype, "tz", None) is not None:
        series = series.to_series(index=range(len(series))) if not hasattr(series, "dt") else series
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    if isinstance(series.dtype, np.dtype):
        return series.to_numpy()
    return [None if null else value for value, null in zip(series.tolist(), series.isna().tolist(), strict=True)]


def _from_datetimes(values):
    is_null = np.isnat(values)
    time = Time(np.where(is_null, np.datetime64("2000-01-01", "ns"), values.astype("datetime64[ns]")), scale="utc")
    if is_null.any():
        time[is_null] = np.ma.masked
    return time


def _from_objects(items, mask, unit):
    """Return a list as a column of numbers, bools, strings, quantities or times."""
    nulls = np.array([null or _is_null(item) for item, null in zip(items, mask, strict=True)], dtype=bool)
    known = [item for item, null in zip(items, nulls, strict=True) if not null]
    for types, convert in CONVERSIONS:
        if known and all(isinstance(item, types) for item in known):
            return _with_nulls(convert(known), nulls, unit)
    if known:
        names = sorted({type(item).__name__ for item in known})
        raise ValueError(f"values of {' and '.join(names)}, such as {shorten_repr(known[0])}")
    return MaskedColumn(np.full(len(items), np.nan), mask=nulls, unit=unit)


def _is_null(item):
    return item is None or type(item).__name__ in NULL_TYPES or (isinstance(item, float) and item != item)


def _with_nulls(known, nulls, unit):
    """Return known values with masked ones between them."""
    positions = np.maximum(np.cumsum(~nulls) - 1, 0)  # of the last known value
    if isinstance(known, Time):
        time = known[positions]
        if nulls.any():
            time[nulls] = np.ma.masked
        return time
    unit = getattr(known, "unit", None) or unit
    return MaskedColumn(plain_array(getattr(known, "value", known))[positions], mask=nulls, unit=unit)


def _to_integers(items):
    """Return integers; raise a `ValueError` if they do not fit 64 bits."""
    try:
        return np.array([int(item) for item in items], dtype=np.int64)
    except OverflowError:
        raise ValueError("integers that do not fit 64 bits") from None


CONVERSIONS = (
    ((bool, np.bool_), lambda items: np.array(items, dtype=bool)),
    (Integral, _to_integers),
    (Real, lambda items: np.array(items, dtype=float)),
    (str, lambda items: np.array(items, dtype=str)),
    (bytes, lambda items: np.array(items, dtype=bytes)),
    (u.Quantity, lambda items: u.Quantity(items)),
    (Time, lambda items: Time(items)),
    (datetime, lambda items: Time(items)),
    (date, lambda items: Time([item.isoformat() for item in items])),
    (np.datetime64, lambda items: _from_datetimes(np.array(items))),
)


def text_to_numbers(column):
    """Return strings as numbers, and other columns unchanged; raise a `ValueError` with the first that is none."""
    strings = plain_array(column)
    if strings.dtype.kind not in "US":
        return column
    strings = np.char.strip(strings.astype(str))
    nulls = column_mask(column) | np.isin(np.char.lower(strings), NULL_WORDS)
    numbers = np.full(len(strings), np.nan)
    for row in np.flatnonzero(~nulls):
        try:
            numbers[row] = float(strings[row])
        except ValueError:
            raise ValueError(f"the text {shorten_repr(str(strings[row]))} in row {row}") from None
    return MaskedColumn(numbers, mask=nulls, unit=column.unit, description=column.info.description)

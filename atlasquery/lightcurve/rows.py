# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Insert rows into a light curve: values that are not given are masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import astropy.units as u
import numpy as np
from astropy.table import Column
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import plain_array
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.stacking import stack_tables
from atlasquery.lightcurve.times import PLAUSIBLE_MJD
from atlasquery.lightcurve.unknown_names import unknown_column
from atlasquery.schema.columns import masked_column, masked_quantity
from atlasquery.utils.text import abbreviate

__all__ = ["RowsMixin"]

NULL_TIME = 51544.0  # any valid MJD serves under the mask
NUMBERS, CASTS = "iuf", {"f": "iuf", "i": "iu", "u": "iu", "b": "b"}  # kinds of values that a kind of column holds


class RowsMixin(Mixin):
    """The methods of a light curve that add rows."""

    def insert_row(self, index: int, vals: Mapping[str, Any] | Sequence[Any] | None = None, mask: Any = None) -> None:
        """Insert a row before a row; `~astropy.timeseries.TimeSeries.add_row` adds one at the end.

        Parameters
        ----------
        index : int
            The row, from 0; ``len(lc)`` is the end.
        vals : dict, list or tuple
            Values by name, or one value for each column. Columns that are not in the dict, and values that are None,
            are masked. Quantities are converted to the unit of the column; a time is a `~astropy.time.Time`, a string,
            or a number in the format of the column. ``time`` must be given.
        mask : dict, list or tuple, optional
            Which of the values are masked.

        Raises
        ------
        InvalidInputError
            If ``time`` is missing, there is no such column, or the type or unit of a value is not that of its column.
        IndexError
            If there is no such row.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01"], data={"band": ["o"], "flux": [100.0] * u.uJy})
        >>> lc.add_row({"time": "2026-11-02", "flux": 0.003 * u.mJy})
        >>> lc["flux"], lc["band"].tolist()
        (<MaskedQuantity [100.,   3.] uJy>, ['o', None])
        """
        values = _values_by_name(self.colnames, vals, mask)
        if _is_null(values.get("time")):
            raise InvalidInputError(
                "`vals` must have a time, got none.", hint='Pass for example {"time": "2026-11-01"}.'
            )
        if not -len(self) <= index <= len(self):
            raise IndexError(f"`index` must be {-len(self)} to {len(self)}, got {index}.")
        row = {name: _one_row(name, self[name], values.get(name)) for name in self.colnames}
        parts = [dict(self[:index].columns), row, dict(self[index:].columns)]
        self._replace_rows(stack_tables(parts))

    def _replace_rows(self, table):
        """Replace all columns, and make the indices of the old ones, which may be those of a larger table, anew."""
        indices = [[column.info.name for column in index.columns] for index in self.indices]
        primary_key = self.primary_key
        columns = self.TableColumns()
        for name in self.colnames:
            column = columns[name] = table[name]
            column.info.meta = self[name].info.meta
            column.info.parent_table = self
        self.columns = columns
        self.primary_key = None
        for names in indices:
            self.add_index(names)
        self.primary_key = primary_key
        self.__dict__.pop("_groups", None)  # a grouped table is not grouped any more


def _values_by_name(names, values, mask):
    """Return the values by name, None where they are masked."""
    if isinstance(values, Mapping):
        if unknown := [name for name in [*values, *(mask or {})] if name not in names]:
            raise InvalidInputError(
                f"`vals` must name columns of the light curve: {_no_such_column(unknown[0], names)}"
            )
        return {name: None if (mask or {}).get(name, False) else value for name, value in values.items()}
    if values is None or isinstance(values, str) or not np.iterable(values):
        raise InvalidTypeError(f"`vals` must be a dict, list or tuple of values, got {abbreviate(values)}.")
    values = list(values)
    mask = [False] * len(values) if mask is None else list(mask)
    if not len(values) == len(mask) == len(names):
        raise InvalidInputError(f"`vals` must have one value for each of {len(names)} columns, got {len(values)}.")
    return {name: None if null else value for name, value, null in zip(names, values, mask, strict=True)}


def _no_such_column(name, names):
    message = str(unknown_column(KeyError(name), names).args[0])
    return message if message.endswith("?") else f"{message}."


def _is_null(value):
    """Return whether a value is None, masked, or the null of pandas."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return np.ndim(getattr(value, "mask", False)) == 0 and bool(getattr(value, "mask", False))


def _one_row(name, column, value):
    """Return a column of one row like another column, with this value, masked if it is null."""
    try:
        return _one_value(column, None if _is_null(value) else value)
    except (ValueError, TypeError, u.UnitsError) as error:
        unit = getattr(column, "unit", None)
        expected = type(column).__name__ if unit is None else f"a value in a unit such as {unit}"
        expected = "a time (numbers are MJDs of the years 1900 to 2200)" if isinstance(column, Time) else expected
        kind = getattr(getattr(column, "dtype", None), "name", "")
        raise InvalidInputError(
            f"`vals` must have {expected}{f' of {kind}' if unit is None and kind else ''} for column {name!r}, got "
            f"{abbreviate(value)}."
        ) from error


def _one_value(column, value):
    if isinstance(column, Time):
        return _one_time(column, value)
    if column.ndim != 1 or not isinstance(column, Column | u.Quantity):
        one = type(column).info.new_like([column], 1)  # astropy sets the class for the info of a class only
        one[0] = np.ma.masked if value is None else value
        return one
    if isinstance(column, u.Quantity):
        number = np.nan if value is None else u.Quantity(value).to_value(column.unit)
        return masked_quantity(np.array([number], dtype=float), np.array([value is None]), column.unit, None)
    kind = column.dtype.kind
    if kind in "US":
        if value is not None and not isinstance(value, str | bytes):
            raise TypeError("not a string")
        return masked_column(np.array([value or ""], dtype=str), np.array([value is None]), None)
    return _one_plain_number(column, kind, value)


def _one_plain_number(column, kind, value):
    if value is None:
        one = masked_column(np.zeros(1, column.dtype), np.array([True]), None)
    else:
        data = plain_array(u.Quantity(value).to_value(column.unit or u.one) if hasattr(value, "unit") else value)
        if kind in CASTS and data.dtype.kind not in CASTS[kind]:
            raise TypeError("other type")
        one = masked_column(np.array([data]).astype(column.dtype), np.array([False]), None)
    one.unit = column.unit
    return one


def _one_time(column, value):
    if value is None:
        time = Time([NULL_TIME], format="mjd", scale=column.scale, location=_location(column))
        time[0] = np.ma.masked
        return time
    if not isinstance(value, Time):
        is_number = np.ndim(value) == 0 and plain_array(value).dtype.kind in NUMBERS
        if is_number and column.format == "mjd" and not PLAUSIBLE_MJD[0] <= value <= PLAUSIBLE_MJD[1]:
            raise ValueError("a number that is no MJD of the years 1900 to 2200")
        value = Time(value, format=column.format if is_number else None, scale=None if not is_number else column.scale)
    value = getattr(value, column.scale)
    return Time([value.jd1], [value.jd2], format="jd", scale=column.scale, location=_location(column))


def _location(column):
    """Return the location that all times of a column have, None if there is none."""
    return column.location if column.location is not None and column.location.isscalar else None

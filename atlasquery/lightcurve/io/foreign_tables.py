# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion of tables of other programs to light curves: their times and the types of their columns."""

from functools import partial

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, column_to_floats
from atlasquery.lightcurve.io.column_types import convert_foreign_column
from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.io.text_lines import is_number
from atlasquery.lightcurve.times import MIN_MJD, PLAUSIBLE_MJD
from atlasquery.lightcurve.unknown_names import standard_name
from atlasquery.schema.columns import with_description
from atlasquery.utils.text import shorten

__all__ = ["from_foreign_table", "time_order", "to_time"]

YEAR_FORMATS = ("byear", "decimalyear")  # astropy accepts only floats for them, no quantities
UNITS = {"flux": "uJy", "mag": "mag"}  # examples for a hint; uncertainties follow
TIME_FORMAT_HINT = 'Pass `time_format`, such as "jd" or "mjd".'


def from_foreign_table(table, file=None, *, time_column="time", time_format=None, time_scale=None):
    """Return the columns of a light curve, sorted by time.

    Parameters
    ----------
    table : `~astropy.table.Table`
        The table; numbers and strings are kept as they are.
    file : str, path or file object, optional
        The file, for error messages.
    time_column : str
        The column of times.
    time_format : str, optional
        The format of `~astropy.time.Time`; by default numbers are MJDs, of the years 1900 to 2200.
    time_scale : str, optional
        The scale of `~astropy.time.Time`; by default UTC.

    Returns
    -------
    columns : dict of str to column
        The first is ``time``.

    Raises
    ------
    UnreadableFileError
        If the column is missing, or a row has no time.
    InvalidInputError
        If the meaning of the times is ambiguous.
    """
    fail = partial(unreadable_file, file)
    _check_time_column(table, time_column, fail)
    column = table[time_column]
    time = to_time(column, time_column, time_format, time_scale, fail)
    columns = {"time": with_description(time, column.info.description)} | {
        name: convert_foreign_column(table[name]) for name in table.colnames if name != time_column
    }
    order = time_order(time)
    return {name: column[order] for name, column in columns.items()}


def _check_time_column(table, name, fail):
    """Raise an error unless the column exists, and is the only one of times."""
    if name not in table.colnames:
        raise _no_time_column(table.colnames, name, fail)
    if name != "time" and "time" in table.colnames:
        raise InvalidInputError(
            f"`time_column` must be 'time' for a table with a column of that name, got {name!r}.",
            hint="Read it as a table and rename the column.",
        )


def _no_time_column(names, name, fail):
    """Return the error of a table without a column of times, or of a file that has no table with names."""
    if names and all(map(is_number, names[:2])):
        return fail(f"the file must have column names above its rows, got the numbers {', '.join(names)}.")
    if names and names[0].startswith("<"):
        return fail(f"the file must have a table, got a page of a website, {shorten(names[0])!r}.")
    reason = f"the file must have the column {name!r}, got {', '.join(names)}."
    return fail(reason, column=name, hint=_describe_hint(names))


def _describe_hint(names):
    """Return how to describe a table with these names, as far as they are known."""
    known = {name: standard_name(name) for name in names}
    time = next((name for name, standard in known.items() if standard == "time"), names[0] if names else "mjd")
    columns = {name: standard for name, standard in known.items() if standard not in (None, "time", name)}
    units = {name: UNITS[name] for name in UNITS if name in columns.values() or name in names}
    described = "".join(f", {name}={value}" for name, value in (("columns", columns), ("units", units)) if value)
    return f"Pass the column of times as `time` or `time_column`, as in time={time!r}{described}."


def time_order(time):
    """Return the indices that sort by time; rows of equal time keep their order."""
    return np.argsort(time.mjd, kind="stable")


def to_time(column, name, format, scale, fail):
    """Return a column of times, numbers or strings as a `~astropy.time.Time`, with a time in each row.

    ``fail`` makes an error from its reason, the hint, and the row and column.
    """
    _check_no_nulls(column, name, fail)
    if isinstance(column, Time):
        _check_not_given(column, name, format, scale)
        return _check_years(column, name)
    values = np.asarray(column)
    if values.dtype.kind in "iuf":
        values = _to_mjd(column, name) if format is None else _to_time_values(column, name, format)
        format = format or "mjd"
    elif values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8")
    try:
        time = Time(values, format=format, scale=scale)
    except ValueError as error:
        raise fail(f"column {name!r} must have valid times: {error}", column=name) from error
    return _check_years(time, name, format)


def _check_years(time, name, format=None):
    """Return times; raise an error if they are of years that only a wrong format gives, such as MJDs read as JDs.

    Years before 1900 are valid for a format that is given, or for dates.
    """
    mjd = time.mjd
    if len(time) and not (mjd.min() >= MIN_MJD and mjd.max() <= PLAUSIBLE_MJD[1]):
        as_format = f" as {format!r}" if format else ""
        raise InvalidInputError(
            f"Column {name!r} must have times of the years 1 to 2200, got MJD {mjd.min():.12g} to {mjd.max():.12g}"
            f"{as_format}.",
            hint="Check `time_format`: JD is MJD + 2400000.5.",
        )
    return time


def _check_no_nulls(column, name, fail):
    is_float = not isinstance(column, Time) and column.dtype.kind == "f"
    is_missing = column_mask(column) | (np.isnan(column_to_floats(column)) if is_float else False)
    if is_missing.any():
        row = int(is_missing.argmax())
        raise fail(f"column {name!r} must have a time, got a missing value.", column=name, row=row)


def _check_not_given(column, name, format, scale):
    for argument, value, own_value in (("time_format", format, column.format), ("time_scale", scale, column.scale)):
        if value is not None:
            raise InvalidInputError(
                f"`{argument}` must be None for column {name!r}, which is stored as {own_value!r}, got {value!r}."
            )


def _to_time_values(column, name, format):
    """Return numbers for a format of `~astropy.time.Time`, with their unit, which astropy converts."""
    if getattr(column, "unit", None) is None:
        return column_to_floats(column)
    quantity = _to_time_quantity(column, name)
    return quantity.to_value(u.yr) if format in YEAR_FORMATS else quantity


def _to_time_quantity(column, name):
    quantity = u.Quantity(column_to_floats(column), column.unit)
    if not quantity.unit.is_equivalent(u.d):
        raise InvalidInputError(f"Column {name!r} must have a unit of time, got {column.unit}.", hint=TIME_FORMAT_HINT)
    return quantity


def _to_mjd(column, name):
    """Return numbers as MJDs; raise an error if they are not plausible."""
    has_unit = getattr(column, "unit", None) is not None
    days = _to_time_quantity(column, name).to_value(u.d) if has_unit else column_to_floats(column)
    if len(days) and not (PLAUSIBLE_MJD[0] <= days.min() and days.max() <= PLAUSIBLE_MJD[1]):
        raise InvalidInputError(
            f"Column {name!r} must have MJDs of the years 1900 to 2200, got {days.min():.12g} to {days.max():.12g}.",
            hint=TIME_FORMAT_HINT,
        )
    return days

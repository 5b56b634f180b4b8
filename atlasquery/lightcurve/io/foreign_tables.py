# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tables that other people wrote, as light curves: where their times are, and which."""

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve.arrays import column_mask, column_to_floats
from atlasquery.lightcurve.io.column_types import convert_foreign_column
from atlasquery.schema.columns import with_description

__all__ = ["from_foreign_table", "time_order"]

PLAUSIBLE_MJD = (15020.0, 124593.0)  # MJDs of the years 1900 to 2200
YEARS = ("byear", "decimalyear")  # of which astropy takes floats only
HINT = 'Say what they are, such as time_format="jd", or "mjd".'


def from_foreign_table(table, *, time_column="time", time_format=None, time_scale=None):
    """Return the columns of a light curve, sorted by time.

    Parameters
    ----------
    table : `~astropy.table.Table`
        As it was read. Numbers and strings stay what they are.
    time_column : str
        Which column has the times.
    time_format : str, optional
        What they are, as for `~astropy.time.Time`. By default numbers are MJDs, and have to look like it.
    time_scale : str, optional
        Their scale, by default UTC.

    Returns
    -------
    columns : dict of str to column
        The first is ``time``.

    Raises
    ------
    UnreadableFileError
        If there is no such column, or a row has no time.
    InvalidInputError
        If it is not clear what the times are.
    """
    if time_column not in table.colnames:
        raise UnreadableFileError(
            f"The file has the columns {', '.join(table.colnames)}, but expected are {time_column} and others.",
            hint="Say which has the times with time_column=.",
        )
    if time_column != "time" and "time" in table.colnames:
        raise InvalidInputError(f"There is a column 'time' beside {time_column!r}.", hint="Read it as a table.")
    column = table[time_column]
    _check_known(column, time_column)
    time = with_description(_to_time(column, time_column, time_format, time_scale), column.info.description)
    columns = {"time": time} | {
        name: convert_foreign_column(table[name]) for name in table.colnames if name != time_column
    }
    order = time_order(time)
    return {name: column[order] for name, column in columns.items()}


def _check_known(column, name):
    is_float = not isinstance(column, Time) and column.dtype.kind == "f"
    unknown = column_mask(column) | (np.isnan(column_to_floats(column)) if is_float else False)
    if unknown.any():
        raise UnreadableFileError("A measurement has no time.", column=name, row=int(unknown.argmax()))


def time_order(time):
    """Return the order of rows by time; rows of the same time stay in theirs."""
    return np.argsort(time.mjd, kind="stable")


def _to_time(column, name, format, scale):
    """Return the times, whatever they are written as."""
    if isinstance(column, Time):
        if format is not None or scale is not None:
            raise InvalidInputError(f"Column {name!r} says itself what its times are: {column.format}, {column.scale}.")
        return column
    values = np.asarray(column)
    if values.dtype.kind in "iuf":
        format, values = format or "mjd", _days(column, name) if format is None else _numbers(column, name, format)
    elif values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8")
    try:
        return Time(values, format=format, scale=scale)
    except ValueError as error:
        raise UnreadableFileError(f"Column {name!r} has no times: {error}", column=name) from error


def _numbers(column, name, format):
    """Return numbers of a format of `~astropy.time.Time`, which converts them if they have a unit."""
    if getattr(column, "unit", None) is None:
        return column_to_floats(column)
    quantity = _quantity(column, name)
    return quantity.to_value(u.yr) if format in YEARS else quantity


def _quantity(column, name):
    """Return numbers that have a unit as a quantity, if it is one of time."""
    quantity = u.Quantity(column_to_floats(column), column.unit)
    if not quantity.unit.is_equivalent(u.d):
        raise InvalidInputError(f"Column {name!r} is in {column.unit}, which is no unit of time.", hint=HINT)
    return quantity


def _days(column, name):
    """Return numbers that are not said to be anything else as MJDs, if they look like it."""
    days = column_to_floats(column) if getattr(column, "unit", None) is None else _quantity(column, name).to_value(u.d)
    if len(days) and not (PLAUSIBLE_MJD[0] <= days.min() and days.max() <= PLAUSIBLE_MJD[1]):
        raise InvalidInputError(
            f"The times in {name!r}, from {days.min():.12g} to {days.max():.12g}, are no MJDs of our centuries.",
            hint=HINT,
        )
    return days

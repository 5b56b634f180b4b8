# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of a light curve as plain arrays, whatever they are made of, and also where they are not there at all."""

import astropy.units as u
import numpy as np
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.columns import ALL_COLUMNS

__all__ = [
    "column_mask",
    "column_to_floats",
    "copy_rows",
    "false_where_masked",
    "fits_int64",
    "float_array",
    "has_flux",
    "int_array",
    "null_mask",
    "plain_array",
    "string_array",
]


def float_array(light_curve, name):
    """Return a column as floats in the unit that is declared for it, NaN where it is masked or there is none."""
    if name not in light_curve.colnames:
        return np.full(len(light_curve), np.nan)
    column = light_curve[name]
    try:
        values = column_to_floats(column)
    except (TypeError, ValueError):
        raise InvalidInputError(f"Column {name!r} does not hold numbers.") from None
    return values * _unit_factor(name, getattr(column, "unit", None))


def column_to_floats(column):
    """Return a column as floats in its own unit, NaN where it is masked."""
    column = column.astype(float)  # an integer column could not be filled with NaN
    column = column.filled(np.nan) if hasattr(column, "filled") else column
    return np.array(getattr(column, "value", column), dtype=float)


def _unit_factor(name, unit):
    """Return what a number in a unit is to be multiplied with; a user may choose mJy where uJy is declared."""
    declared = getattr(ALL_COLUMNS.get(name), "unit", None)
    if declared is None or unit == declared or (declared == u.mag and unit == u.ABmag):
        return 1.0
    if unit is None:
        raise InvalidInputError(
            f"Column {name!r} has no unit.", hint=f"Give it one, as lc[{name!r}] = lc[{name!r}] * u.{declared}."
        )
    try:
        return u.Unit(unit).to(declared)
    except u.UnitConversionError as error:
        raise InvalidInputError(f"Column {name!r} is in {unit}, which is no unit like {declared}.") from error


def has_flux(light_curve):
    """Return which rows have a flux that can be weighted: it is finite, and so is its uncertainty, which is above 0."""
    flux, flux_err = (float_array(light_curve, name) for name in ("flux", "flux_err"))
    return np.isfinite(flux) & np.isfinite(flux_err) & (flux_err > 0)


def string_array(light_curve, name, missing=""):
    """Return a column as strings, with a word for what is masked or not there."""
    if name not in light_curve.colnames:
        return np.full(len(light_curve), missing)
    values = plain_array(light_curve[name])
    # A column of objects has None where there is nothing; and a word may be longer than the column is wide.
    is_nothing = column_mask(light_curve[name]) | (values == None)  # noqa: E711
    return np.where(is_nothing, missing, values.astype(str))


def int_array(light_curve, name, missing=0):
    """Return a column as integers, with a number for what is masked or not there."""
    return _filled(light_curve, name, missing).astype(np.int64)


def plain_array(column):
    """Return a column, or other values, as a plain array, with whatever lies under the mask."""
    return np.ma.getdata(np.asarray(getattr(column, "unmasked", column)))


def fits_int64(data):
    """Whether integers fit 64 bits with a sign, as all that is not unsigned does."""
    return data.dtype.kind != "u" or not (data > np.iinfo(np.int64).max).any()


def column_mask(column):
    """Return the mask of a column, which need not have one."""
    return np.broadcast_to(getattr(column, "mask", False), len(column))


def null_mask(data):
    """Return where plain arrays have nothing: NaN among floats, an empty string among words."""
    if data.dtype.kind == "f":
        return np.isnan(data)
    return data == "" if data.dtype.kind == "U" else np.zeros(len(data), dtype=bool)


def false_where_masked(condition):
    """Return a masked condition as a plain one: a row of which nothing is known does not meet it."""
    if not (np.ma.isMaskedArray(condition) or isinstance(condition, Masked)) or condition.dtype.kind != "b":
        return condition
    return condition.filled(False) if hasattr(condition, "filled") else condition.unmasked & ~condition.mask


def _filled(light_curve, name, missing):
    if name not in light_curve.colnames:
        return np.full(len(light_curve), missing)
    column = light_curve[name]
    return np.array(column.filled(missing) if hasattr(column, "filled") else column)


def copy_rows(light_curve):
    """Return the same rows, on their own.

    `~astropy.table.Table.copy` fails for a curve whose times are bare phases, those of ``fold(normalize_phase=True)``.
    """
    return light_curve[np.arange(len(light_curve))]

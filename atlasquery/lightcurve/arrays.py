# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert light-curve columns to plain arrays; a missing column gives nulls."""

import astropy.units as u
import numpy as np
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.columns import ALL_COLUMNS

__all__ = [
    "column_mask",
    "column_to_floats",
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
    """Return a column as floats in its declared unit, NaN where it is masked; all NaN if it is missing."""
    if name not in light_curve.colnames:
        return np.full(len(light_curve), np.nan)
    column = light_curve[name]
    try:
        values = column_to_floats(column)
    except (TypeError, ValueError):
        raise InvalidInputError(f"Column {name!r} must hold numbers, got dtype {column.dtype}.") from None
    return values * _unit_factor(name, getattr(column, "unit", None))


def column_to_floats(column):
    """Return a column as floats in its own unit, NaN where it is masked."""
    values = plain_array(column).astype(float)
    values[column_mask(column)] = np.nan
    return values


def _unit_factor(name, unit):
    """Return the factor from a unit to the declared one: a user may choose mJy where uJy is declared."""
    declared = getattr(ALL_COLUMNS.get(name), "unit", None)
    if declared is None or unit == declared or (declared == u.mag and unit == u.ABmag):
        return 1.0
    if unit is None:
        raise InvalidInputError(
            f"Column {name!r} must have a unit such as {declared}, got none.",
            hint=f"Set it, as in lc[{name!r}] = lc[{name!r}] * u.{declared}.",
        )
    try:
        return u.Unit(unit).to(declared)
    except u.UnitConversionError as error:
        raise InvalidInputError(f"Column {name!r} must have a unit such as {declared}, got {unit}.") from error


def has_flux(light_curve):
    """Return which rows have a finite flux with a finite uncertainty above 0."""
    flux, flux_err = (float_array(light_curve, name) for name in ("flux", "flux_err"))
    return np.isfinite(flux) & np.isfinite(flux_err) & (flux_err > 0)


def string_array(light_curve, name, missing=""):
    """Return a column as strings, not to be changed; ``missing`` where it is masked or there is no such column."""
    if name not in light_curve.colnames:
        return np.full(len(light_curve), missing)
    values = plain_array(light_curve[name])
    if values.dtype.kind == "U" and not column_mask(light_curve[name]).any():
        return values
    # A column of objects may have None; `missing` may be longer than the strings of the column.
    is_null = column_mask(light_curve[name]) | (values == None)  # noqa: E711
    return np.where(is_null, missing, values.astype(str))


def int_array(light_curve, name, missing=0):
    """Return a column as integers; ``missing`` where it is masked or there is no such column."""
    if name not in light_curve.colnames:
        return np.full(len(light_curve), missing, dtype=np.int64)
    column = light_curve[name]
    return np.array(column.filled(missing) if hasattr(column, "filled") else column).astype(np.int64)


def plain_array(column):
    """Return a column, or other values, as a plain array with the values under the mask."""
    if isinstance(column, np.ndarray):
        return np.ndarray.view(column, np.ndarray)  # `unmasked` and `value` copy attributes, and take ten times as long
    return np.ma.getdata(np.asarray(getattr(column, "unmasked", column)))


def fits_int64(data):
    """Return whether integers fit into signed 64 bits."""
    return data.dtype.kind != "u" or not (data > np.iinfo(np.int64).max).any()


def column_mask(column):
    """Return the mask of a column; all False if it has none."""
    mask = getattr(column, "mask", False)
    # The length of a quantity takes a view of it, as long as all else here.
    return mask if isinstance(mask, np.ndarray) and mask.shape else np.broadcast_to(mask, len(column))


def null_mask(data):
    """Return where a plain array is null: NaN among floats, an empty string among strings."""
    if data.dtype.kind == "f":
        return np.isnan(data)
    return data == "" if data.dtype.kind == "U" else np.zeros(len(data), dtype=bool)


def false_where_masked(condition):
    """Return a masked array of bools as a plain one, False where masked; other values unchanged."""
    if not (np.ma.isMaskedArray(condition) or isinstance(condition, Masked)) or condition.dtype.kind != "b":
        return condition
    return condition.filled(False) if hasattr(condition, "filled") else condition.unmasked & ~condition.mask

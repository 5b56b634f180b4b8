# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the functions take, and how what does not exist is told in what they give."""

from functools import wraps

import astropy.units as u
import numpy as np
from astropy.table import Column
from astropy.utils.masked import Masked

__all__ = ["as_mag", "filled_values", "log10", "nan_unless_positive", "quantity_column_input"]


def quantity_column_input(**units):
    """Check the units of arguments as `~astropy.units.quantity_input` does, but take columns of any table and lists."""

    def decorate(function):
        checked = u.quantity_input(**units)(function)

        @wraps(function)
        def with_quantities(*args, **kwargs):
            return checked(*map(_quantity, args), **{name: _quantity(value) for name, value in kwargs.items()})

        return with_quantities

    return decorate


def _quantity(value):
    """Return a column or a list as a quantity, masked where it is; without a unit as an array."""
    if isinstance(value, list | tuple):
        return u.Quantity(value) if any(isinstance(each, u.Quantity) for each in value) else np.asarray(value)
    value, unit = (value.data, value.unit) if isinstance(value, Column) else (value, None)
    value = Masked(value) if np.ma.isMaskedArray(value) else value
    return value if unit is None else value << unit


def nan_unless_positive(values):
    """Return the values with NaN for those that are not positive."""
    return np.where(values > 0, values, np.nan)


def log10(values):
    """Return decimal logarithms, NaN of what is not positive."""
    return np.log10(nan_unless_positive(values))


def as_mag(values):
    """Return numbers as magnitudes; if they are masked, NaN is masked too."""
    if isinstance(values, Masked):
        values = Masked(values.unmasked, mask=values.mask | np.isnan(values.unmasked))
    return values * u.mag


def filled_values(values):
    """Return the numbers, NaN where they are masked."""
    return values.filled(np.nan).value if isinstance(values, Masked) else values.value

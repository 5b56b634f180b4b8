# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert the arguments of the functions to quantities, and undefined results to NaN or masked values."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

import astropy.units as u
import numpy as np
from astropy.table import Column
from astropy.utils.masked import Masked
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
QuantityLike: TypeAlias = u.Quantity | Column
NumberLike: TypeAlias = float | np.integer | np.floating | NDArray[Any]

__all__ = [
    "NumberLike",
    "QuantityLike",
    "as_mag",
    "filled_values",
    "log10",
    "nan_unless_positive",
    "quantity_column_input",
]


def quantity_column_input(**units: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Check units of arguments like `~astropy.units.quantity_input`, but also accept table columns and lists."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        checked_function = u.quantity_input(**units)(_without_annotations(function))

        @wraps(function)
        def convert_and_call(*args: P.args, **kwargs: P.kwargs) -> R:
            quantities = {name: _to_quantity(value) for name, value in kwargs.items()}
            return checked_function(*map(_to_quantity, args), **quantities)

        return convert_and_call

    return decorate


def _without_annotations(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function without annotations, which astropy would read as units."""

    @wraps(function)
    def call_without_annotations(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    parameters = inspect.signature(function).parameters.values()
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    call_without_annotations.__signature__ = inspect.Signature(plain)  # type: ignore[attr-defined]
    call_without_annotations.__annotations__ = {}
    return call_without_annotations


def _to_quantity(value: Any) -> Any:
    """Return a column or list as a quantity with the same mask; one without a unit as an array."""
    if isinstance(value, list | tuple):
        return u.Quantity(value) if any(isinstance(item, u.Quantity) for item in value) else np.asarray(value)
    value, unit = (value.data, value.unit) if isinstance(value, Column) else (value, None)
    value = Masked(value) if np.ma.isMaskedArray(value) else value
    return value if unit is None else value << unit


def nan_unless_positive(values: Any) -> Any:
    """Return the values, NaN where they are not positive."""
    return np.where(values > 0, values, np.nan)


def log10(values: Any) -> Any:
    """Return decimal logarithms, NaN where the values are not positive."""
    return np.log10(nan_unless_positive(values))


def as_mag(values: Any) -> u.Quantity:
    """Return numbers as magnitudes; NaN in a masked array is masked."""
    if isinstance(values, Masked):
        values = Masked(values.unmasked, mask=values.mask | np.isnan(values.unmasked))
    return values * u.mag


def filled_values(values: Any) -> Any:
    """Return the values of a quantity, NaN where they are masked."""
    return values.filled(np.nan).value if isinstance(values, Masked) else values.value

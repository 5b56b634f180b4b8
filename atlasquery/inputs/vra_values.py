# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Values that are written for the Virtual Research Assistant (VRA): probabilities, ranks and flags."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = ["check_flag", "check_probability", "check_rank"]


def check_probability(name: str, value: Any) -> float:
    """Return a probability, 0 to 1, as a float, or raise for any other value."""
    number = _check_number(name, value, "a number from 0 to 1")
    if not 0 <= number <= 1:  # NaN is not either
        raise InvalidQueryError(f"`{name}` must be a number from 0 to 1, got {number!r}.")
    return number


def check_rank(name: str, value: Any) -> float:
    """Return a rank as a float, or raise for a value that is not a finite number."""
    number = _check_number(name, value, "a finite number")
    if not math.isfinite(number):
        raise InvalidQueryError(f"`{name}` must be a finite number, got {number!r}.")
    return number


def check_flag(name: str, value: Any) -> bool:
    """Return a bool, or raise; also for the integers 0 and 1, as other integers would be invalid."""
    value = _to_scalar(value)
    if np.ma.is_masked(value) or not isinstance(value, (bool, np.bool_)):
        hint = "Write bool(value) to convert a number." if isinstance(value, Real) else None
        raise InvalidQueryTypeError(f"`{name}` must be True or False, got {_describe(value)}.", hint=hint)
    return bool(value)


def _check_number(name: str, value: Any, expected: str) -> float:
    value = _to_scalar(value)
    if np.ma.is_masked(value) or isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise InvalidQueryTypeError(f"`{name}` must be {expected}, got {_describe(value)}.")
    try:
        return float(value)
    except OverflowError:
        raise InvalidQueryError(f"`{name}` must be {expected}, got {abbreviate(value)}.") from None


def _to_scalar(value: Any) -> Any:
    """Return an array of zero dimensions as its value; a column of a table has such."""
    if isinstance(value, np.ndarray) and value.ndim == 0 and not np.ma.is_masked(value) and not hasattr(value, "unit"):
        return value[()]
    return value


def _describe(value: Any) -> str:
    if value is None:
        return "None"
    return "a masked value" if np.ma.is_masked(value) else abbreviate(value)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`with_timeout`: decorator of the public methods, for their argument ``timeout``."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from numbers import Real
from typing import Any, ParamSpec, TypeAlias, TypeVar

from astropy import units as u

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.transport import Deadline, limit_call
from atlasquery.utils.text import abbreviate

__all__ = ["TimeoutLike", "with_timeout"]

TimeoutLike: TypeAlias = float | u.Quantity
_P = ParamSpec("_P")
_R = TypeVar("_R")


def with_timeout(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Limit the time of a call, and of the iterator that it returns, to the argument ``timeout``."""

    @functools.wraps(function)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        timeout = kwargs.get("timeout")
        if timeout is None:
            return function(*args, **kwargs)
        deadline = Deadline(_check_timeout(timeout))
        with limit_call(deadline):
            result = function(*args, **kwargs)
        return _limit_iterator(result, deadline) if isinstance(result, Iterator) else result  # type: ignore[return-value]

    return wrapper


def _check_timeout(timeout: Any) -> float:
    """Return a time limit in seconds."""
    if isinstance(timeout, bool) or not isinstance(timeout, (Real, u.Quantity)):
        raise InvalidQueryTypeError(f"`timeout` must be a number of seconds or a Quantity, got {abbreviate(timeout)}.")
    try:
        seconds = float(timeout.to_value(u.s) if isinstance(timeout, u.Quantity) else timeout)
    except (u.UnitsError, TypeError) as error:
        raise InvalidQueryTypeError(f"`timeout` must be a single time span, got {timeout!s}: {error}") from error
    if not (math.isfinite(seconds) and seconds > 0):
        raise InvalidQueryError(f"`timeout` must be finite and above 0, got {timeout!s}.")
    return seconds


def _limit_iterator(iterator: Iterator[Any], deadline: Deadline) -> Iterator[Any]:
    """Yield the items of a generator, whose requests end at the deadline."""
    try:
        while True:
            with limit_call(deadline):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item
    finally:
        iterator.close()  # type: ignore[attr-defined]

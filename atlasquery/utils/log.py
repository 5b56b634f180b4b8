# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Log messages of the package, with a number that ties the lines of one call together.

They go to the logger ``atlasquery`` of the standard library. Without any configuration, Python prints warnings on
standard error, and nothing below.
"""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

__all__ = ["log_event", "numbered_call"]

_LOGGER = logging.getLogger("atlasquery")
_NUMBERS = itertools.count(1)
_CURRENT: ContextVar[int | None] = ContextVar("atlasquery_call", default=None)

_P = ParamSpec("_P")
_R = TypeVar("_R")


def log_event(level: int, message: str) -> None:
    """Log a message in one line, with the number of the call, which is also ``call`` of the record."""
    if _LOGGER.isEnabledFor(level):
        number = _CURRENT.get() or next(_NUMBERS)
        _LOGGER.log(level, "[%d] %s", number, " ".join(message.split()), extra={"call": number})


def numbered_call(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Decorate a method: the messages of a call of it, and of the iterator that it returns, have one number."""

    @functools.wraps(function)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if _CURRENT.get() is not None:
            return function(*args, **kwargs)
        number = next(_NUMBERS)
        token = _CURRENT.set(number)
        try:
            result = function(*args, **kwargs)
        finally:
            _CURRENT.reset(token)
        return _number_iterator(result, number) if isinstance(result, Iterator) else result  # type: ignore[return-value]

    return wrapper


def _number_iterator(iterator: Iterator[Any], number: int) -> Iterator[Any]:
    """Yield the items of a generator, whose messages have the number."""
    try:
        while True:
            token = _CURRENT.set(number)
            try:
                item = next(iterator)
            except StopIteration:
                return
            finally:
                _CURRENT.reset(token)
            yield item
    finally:
        iterator.close()  # type: ignore[attr-defined]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`with_timeout`: decorator of the public methods, for their argument ``timeout``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from atlasquery.inputs.time_limit import TimeoutLike, check_timeout
from atlasquery.transport import Deadline, limit_call

__all__ = ["TimeoutLike", "with_timeout"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def with_timeout(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Limit the time of a call, and of the iterator that it returns, to the argument ``timeout``."""

    @functools.wraps(function)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        timeout = kwargs.get("timeout")
        if timeout is None:
            return function(*args, **kwargs)
        deadline = Deadline(check_timeout(timeout))
        with limit_call(deadline):
            result = function(*args, **kwargs)
        return _limit_iterator(result, deadline) if isinstance(result, Iterator) else result  # type: ignore[return-value]

    return wrapper


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

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Warnings that point at the line of the user's call, from any depth of the package."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

__all__ = ["collect_warnings", "join_warnings", "warn_user"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

_PACKAGE_DIR = f"{Path(__file__).parents[1]}{os.sep}"


def warn_user(message: str, category: type[Warning]) -> None:
    """Issue a warning at the line of the user's call; within a call of `join_warnings` one of its category waits."""
    collected = _COLLECTED.get()
    if collected is not None and category is collected.category:
        collected.texts.setdefault(message, False)
        return
    _warn(message, category)


def _warn(message: str, category: type[Warning]) -> None:
    # Python 3.12 has the argument skip_file_prefixes of `warnings.warn` for this.
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE_DIR):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)


class _Collected:
    """Texts of the warnings of a call, in order, and whether each was issued."""

    def __init__(self, category: type[Warning]) -> None:
        self.category = category
        self.texts: dict[str, bool] = {}

    def issue(self, result: Any = None) -> None:
        """Issue the new texts as one warning; turned into an error, it carries the result in ``results``."""
        new = [text for text, is_issued in self.texts.items() if not is_issued]
        self.texts = dict.fromkeys(self.texts, True)
        if not new:
            return
        try:
            _warn(" ".join(new), self.category)
        except Warning as error:
            error.results = result  # type: ignore[attr-defined]
            raise


_COLLECTED: ContextVar[_Collected | None] = ContextVar("atlasquery_warnings", default=None)


def join_warnings(category: type[Warning]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decorate a function: a call of it, or the iterator that it returns, has one warning of a category.

    A column that the server leaves out would otherwise have one for each of many objects.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(function)
        def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            if _COLLECTED.get() is not None:
                return function(*args, **kwargs)
            collected = _Collected(category)
            result = _collect(collected, lambda: function(*args, **kwargs))
            collected.issue(result)
            return _join_of_iterator(result, collected) if isinstance(result, Iterator) else result  # type: ignore[return-value]

        return wrapper

    return decorate


@contextlib.contextmanager
def collect_warnings(category: type[Warning]) -> Iterator[dict[str, bool]]:
    """Collect the texts of the warnings of a category, as the keys of a dict, instead of issuing them."""
    collected = _Collected(category)
    token = _COLLECTED.set(collected)
    try:
        yield collected.texts
    finally:
        _COLLECTED.reset(token)


def _collect(collected: _Collected, call: Callable[[], _R]) -> _R:
    """Return the result of a call, whose warnings are collected; before an error they are issued."""
    token = _COLLECTED.set(collected)
    try:
        return call()
    except StopIteration:
        raise
    except BaseException:
        _COLLECTED.set(None)
        with contextlib.suppress(Warning):  # turned into an error, it would replace this one
            collected.issue()
        raise
    finally:
        _COLLECTED.reset(token)


def _join_of_iterator(iterator: Iterator[Any], collected: _Collected) -> Iterator[Any]:
    """Yield the items of a generator; a text that was issued before is not issued again."""
    try:
        while True:
            try:
                item = _collect(collected, lambda: next(iterator))
            except StopIteration:
                return
            collected.issue()
            yield item
    finally:
        iterator.close()  # type: ignore[attr-defined]

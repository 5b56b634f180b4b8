# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`limit_call`: a time limit of a whole call, which may send several requests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from atlasquery.transport.deadline import Deadline

__all__ = ["call_deadline", "limit_call"]

_DEADLINE: ContextVar[Deadline | None] = ContextVar("atlasquery_call_deadline", default=None)


@contextlib.contextmanager
def limit_call(deadline: Deadline) -> Iterator[None]:
    """Let no request in the block, also of threads that it starts, last longer than the deadline."""
    before = _DEADLINE.set(deadline)
    try:
        yield
    finally:
        _DEADLINE.reset(before)


def call_deadline() -> Deadline | None:
    """Return the time limit of the current call, None without one."""
    return _DEADLINE.get()

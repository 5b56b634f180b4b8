# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Cancellation`: ends requests of another thread whose result is no longer needed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar

__all__ = ["Cancellation", "current_cancellation"]


class Cancellation:
    """Closes the connection of running requests, and prevents retries and new requests, where it is active.

    Examples
    --------
    >>> from atlasquery.transport import Cancellation
    >>> cancellation = Cancellation()
    >>> cancellation.cancel()
    >>> cancellation.is_cancelled
    True
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callbacks: set[Callable[[], None]] = set()

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """End the requests; can be called from any thread, also repeatedly."""
        self._event.set()
        for callback in list(self._callbacks):
            callback()

    @contextlib.contextmanager
    def activate(self) -> Iterator[None]:
        """Make requests of this thread, within the block, subject to this cancellation."""
        before = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(before)

    @contextlib.contextmanager
    def on_cancel(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call ``callback`` on `cancel` within the block; at once if it is cancelled already."""
        self._callbacks.add(callback)
        try:
            if self.is_cancelled:
                callback()
            yield
        finally:
            self._callbacks.discard(callback)

    def wait(self, seconds: float) -> None:
        """Sleep, at most until `cancel` is called."""
        self._event.wait(seconds)


_CURRENT: ContextVar[Cancellation | None] = ContextVar("atlasquery_cancellation", default=None)
_NEVER = Cancellation()


def current_cancellation() -> Cancellation:
    """Return the active `Cancellation` of this thread, or one that is never cancelled."""
    return _CURRENT.get() or _NEVER

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForkSafeLock`: a lock that a forked child finds free."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

__all__ = ["ForkSafeLock"]


class ForkSafeLock:
    """A reentrant lock, replaced by a free one after a fork, where the thread that holds it does not exist.

    Parameters
    ----------
    on_fork : callable, optional
        Called once in a forked child, before the lock is acquired there.
    """

    def __init__(self, on_fork: Callable[[], None] = lambda: None) -> None:
        self._on_fork = on_fork
        self._process = os.getpid()
        self._lock = threading.RLock()

    def __enter__(self) -> ForkSafeLock:
        if self._process != os.getpid():
            self._process, self._lock = os.getpid(), threading.RLock()
            self._on_fork()
        self._lock.acquire()
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.release()

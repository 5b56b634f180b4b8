# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForkSafeLock`: a lock that a forked child finds free."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

__all__ = ["ForkSafeLock"]


class ForkSafeLock:
    """A reentrant lock, replaced by a free one after a fork, where the thread that holds it does not exist.

    It is used as ``with lock.current:``. A lock with ``__enter__`` in Python could stay locked after Ctrl-C, which may
    come after it is acquired and before the block begins.

    Parameters
    ----------
    on_fork : callable, optional
        Called once in a forked child, before the lock is acquired there.
    """

    def __init__(self, on_fork: Callable[[], None] = lambda: None) -> None:
        self._on_fork = on_fork
        self._process = os.getpid()
        self._lock = threading.RLock()

    @property
    def current(self) -> threading.RLock:
        """The lock of this process."""
        if self._process != os.getpid():
            self._process, self._lock = os.getpid(), threading.RLock()
            self._on_fork()
        return self._lock

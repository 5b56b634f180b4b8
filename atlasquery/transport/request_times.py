# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`RequestTimes`: when the requests of one user were made, as far as this process knows."""

from __future__ import annotations

import itertools
import threading
import time

__all__ = ["RequestTimes"]


class RequestTimes:
    """Times of requests within a sliding window, in seconds of a clock that only runs forward.

    Parameters
    ----------
    window : float
        Length of the window in seconds.
    """

    def __init__(self, window: float) -> None:
        self._window = window
        self._lock = threading.Lock()
        self._keys = itertools.count()
        self._times: dict[int, float] = {}  # in the order of time
        self._blocked_until = 0.0

    def now(self) -> float:
        """Return the time of the clock."""
        return time.monotonic()

    def add(self, max_requests: int | None = None) -> int | None:
        """Add a request and return its key, or None if ``max_requests`` are in the window or it is blocked."""
        with self._lock:
            self._remove_old()
            is_full = len(self._times) >= max_requests if max_requests is not None else False
            if is_full or (max_requests is not None and self.now() < self._blocked_until):
                return None
            key = next(self._keys)
            self._times[key] = self.now()
            return key

    def confirm(self, key: int) -> None:
        """Set the time of a request to that of its answer: the server counted it before, at an unknown time."""
        with self._lock:
            self._times.pop(key, None)  # it may have left the window during the request
            self._times[key] = self.now()

    def remove(self, key: int) -> None:
        """Remove a request, which the server does not count."""
        with self._lock:
            self._times.pop(key, None)

    def block(self, seconds: float) -> None:
        """Record that nothing is left for some seconds."""
        self._blocked_until = self.now() + seconds

    def read(self) -> tuple[list[float], float]:
        """Return the times of the requests in the window, the oldest first, and the time until which it is blocked."""
        with self._lock:
            self._remove_old()
            return list(self._times.values()), self._blocked_until

    def _remove_old(self) -> None:
        start = self.now() - self._window
        while self._times and (oldest := next(iter(self._times.items())))[1] <= start:
            del self._times[oldest[0]]

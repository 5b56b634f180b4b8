# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Deadline`: total time limit of a call; shuts the socket down when it has passed.

A time-out limits the wait for each part of an answer. A server that sends single bytes, of headers or body, never
exceeds it; shutting the socket down ends whatever waits for it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from atlasquery.transport.cancellation import current_cancellation
from atlasquery.transport.connecting import connect_in_thread
from atlasquery.utils.threads import start_thread

__all__ = ["Deadline", "DeadlineAdapter"]


class Deadline:
    """A time limit.

    Parameters
    ----------
    seconds : float
        Length from now.
    clock : callable, optional
        Returns the time in seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left, 0 once passed."""
        return max(0.0, self._end - self._clock())

    @property
    def has_passed(self) -> bool:
        """Whether no time is left."""
        return not self.remaining

    @contextlib.contextmanager
    def enforced(self) -> Iterator[None]:
        """Shut down a connection of a `DeadlineAdapter`, within the block, at the deadline or on cancellation."""
        watchdog = _SocketWatchdog(self)
        before = _WATCHDOG.set(watchdog)
        try:
            with current_cancellation().on_cancel(watchdog.shut_down):
                yield
        finally:
            _WATCHDOG.reset(before)
            watchdog.stop()


class _SocketWatchdog:
    """Shuts down the watched socket once, at the deadline or on cancellation.

    Without threads it does so on cancellation only, and the time-outs of the socket remain.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._closed = False
        self._timer = threading.Timer(deadline.remaining, self.shut_down)
        self._timer.daemon = True
        self.has_thread = start_thread(self._timer)

    def watch(self, connected: socket.socket) -> None:
        with self._lock:
            self._socket = connected
        if self._closed:
            self.shut_down()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def shut_down(self) -> None:
        with self._lock:
            self._closed = True
            if self._socket is not None:
                # The method of the plain socket: that of TLS would change its state while another thread reads.
                with contextlib.suppress(OSError):  # it is closed already
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


_WATCHDOG: ContextVar[_SocketWatchdog | None] = ContextVar("atlasquery_watchdog", default=None)


def _watch(connected: socket.socket | None) -> None:
    if (watchdog := _WATCHDOG.get()) is not None and connected is not None:
        watchdog.watch(connected)


class _WatchedConnection:
    """Mixin of a connection that registers each socket it uses with the watchdog."""

    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        connect, watchdog = super()._new_conn, _WATCHDOG.get()  # type: ignore[misc]
        if watchdog is None or not watchdog.has_thread:
            connected = connect()
        else:
            connected = connect_in_thread(connect, self, watchdog.deadline.remaining)
        _watch(connected)
        return connected

    def getresponse(self) -> Any:
        _watch(self.sock)
        return super().getresponse()  # type: ignore[misc]


class _WatchedHTTP(_WatchedConnection, HTTPConnection):
    pass


class _WatchedHTTPS(_WatchedConnection, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    @property
    def ConnectionCls(self) -> type:  # type: ignore[override]
        """Class of a new connection: the watched one, or that of a test double, such as a cassette of vcr."""
        current = HTTPConnectionPool.ConnectionCls
        return _WatchedHTTP if current is HTTPConnection else current


class _HTTPSPool(HTTPSConnectionPool):
    @property
    def ConnectionCls(self) -> type:  # type: ignore[override]
        """As that of `_HTTPPool`."""
        current = HTTPSConnectionPool.ConnectionCls
        return _WatchedHTTPS if current is HTTPSConnection else current


class DeadlineAdapter(HTTPAdapter):
    """Adapter of requests whose connections a `Deadline` can shut down; it retries nothing."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the pools of watched connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Create the pools of watched connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
        return manager

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The time a call may take in all, and the shears that cut its connection when it is over.

A time-out bounds the wait for one piece. A server that sends a byte now and then, of the header lines or of the body,
never meets it; shutting the socket ends whatever waits for it.
"""

import contextlib
import socket
import threading
import time
from contextvars import ContextVar

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from atlasquery.transport.cancellation import current_cancellation

__all__ = ["Deadline", "DeadlineAdapter"]

_WATCHDOG = ContextVar("atlasquery_shears", default=None)


class Deadline:
    """A moment some seconds from now.

    Parameters
    ----------
    seconds : float
        How long from now.
    """

    def __init__(self, seconds):
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self):
        """Seconds left; 0 once it is over."""
        return max(0.0, self._end - time.monotonic())

    @property
    def has_passed(self):
        """Whether the time is over."""
        return not self.remaining

    @contextlib.contextmanager
    def enforced(self):
        """Within this, a connection of a `DeadlineAdapter` is cut when the time is over, or nobody waits any more."""
        shears = _SocketWatchdog(self)
        before = _WATCHDOG.set(shears)
        try:
            with current_cancellation().on_cancel(shears.shut_down):
                yield
        finally:
            _WATCHDOG.reset(before)
            shears.stop()


class _SocketWatchdog:
    """Shuts the socket it watches, once: at the deadline, or when the request is called off."""

    def __init__(self, deadline):
        self._lock = threading.Lock()
        self._socket = None
        self._closed = False
        self._timer = threading.Timer(deadline.remaining, self.shut_down)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connected):
        with self._lock:
            self._socket = connected
        if self._closed:
            self.shut_down()

    def stop(self):
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def shut_down(self):
        with self._lock:
            self._closed = True
            if self._socket is not None:
                # The plain socket's way: TLS's own would pull its state from under the thread that reads.
                with contextlib.suppress(OSError):  # it is closed already
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _watch(connected):
    if (shears := _WATCHDOG.get()) is not None and connected is not None:
        shears.watch(connected)


class _WatchedConnection:
    """A connection that shows each socket it uses to the shears."""

    def _new_conn(self):
        connected = super()._new_conn()
        _watch(connected)
        return connected

    def getresponse(self):
        _watch(self.sock)
        return super().getresponse()


class _WatchedHTTP(_WatchedConnection, HTTPConnection):
    pass


class _WatchedHTTPS(_WatchedConnection, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


class DeadlineAdapter(HTTPAdapter):
    """requests' adapter, with connections that a `Deadline` can cut. It repeats nothing by itself."""

    def init_poolmanager(self, *args, **kwargs):
        """Make the pools of connections, ours among them."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def proxy_manager_for(self, proxy, **proxy_kwargs):
        """The same for the connections that pass a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
        return manager

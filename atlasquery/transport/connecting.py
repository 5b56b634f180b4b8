# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`connect_in_thread`: a new connection in limited time, the look-up of the host name included."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

from urllib3.exceptions import ConnectTimeoutError

from atlasquery.transport.cancellation import current_cancellation
from atlasquery.utils.threads import start_thread

__all__ = ["connect_in_thread"]


def connect_in_thread(connect: Callable[[], socket.socket], connection: Any, seconds: float) -> socket.socket:
    """Return a new connection, made in a thread: nothing else can end the look-up of a host name.

    It takes at most ``seconds``, and the time-out of ``connection``; an interruption of the user ends it too.
    """
    attempt = _Connecting(connect)
    if not start_thread(attempt):
        return connect()
    limit = connection.timeout if isinstance(connection.timeout, (int, float)) else seconds
    with current_cancellation().on_cancel(attempt.give_up):
        return attempt.wait(min(limit, seconds), connection)


class _Connecting(threading.Thread):
    """An attempt to connect; a connection that comes too late is closed."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        super().__init__(name="atlasquery connection", daemon=True)
        self._connect = connect
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._is_given_up = False
        self._socket: socket.socket | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            connected = self._connect()
        except BaseException as error:  # noqa: BLE001  (raised again where it is waited for)
            self._error = error
        else:
            with self._lock:
                self._socket = connected
                if self._is_given_up:
                    connected.close()
        self._done.set()

    def give_up(self) -> None:
        """Wait no longer."""
        with self._lock:
            self._is_given_up = True
        self._done.set()

    def wait(self, seconds: float, connection: Any) -> socket.socket:
        """Return the connection, or raise what prevented it."""
        try:
            self._done.wait(seconds)
        except BaseException:
            self._close()
            raise
        if self._error is not None:
            raise self._error
        with self._lock:
            if self._socket is not None and not self._is_given_up:
                return self._socket
        self._close()
        raise ConnectTimeoutError(connection, f"no connection within {seconds:g} s")

    def _close(self) -> None:
        """Close the connection, now or when it is made."""
        with self._lock:
            self._is_given_up = True
            if self._socket is not None:
                self._socket.close()

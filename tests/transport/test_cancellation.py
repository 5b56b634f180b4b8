# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A cancelled request ends wherever it is, and is not sent again."""

import threading

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import RateLimitError, ServerError, ServerTimeoutError, ServerUnreachableError
from atlasquery.transport import Cancellation
from atlasquery.transport.cancellation import current_cancellation


class RequestThread(threading.Thread):
    """Sends a request in a thread; ``error`` is its exception."""

    def __init__(self, send):
        super().__init__(daemon=True)
        self.cancellation = Cancellation()
        self._send = send
        self.error = None
        self.start()

    def run(self):
        with self.cancellation.activate():
            try:
                self._send()
            except ServerError as error:
                self.error = error

    def cancel(self):
        self.cancellation.cancel()
        self.join(10)
        assert not self.is_alive()
        return self.error


@pytest.fixture
def long_timeouts():
    """Time limits that only a cancellation can shorten."""
    with conf.set_temp("timeout", 30), conf.set_temp("deadline", 100), conf.set_temp("backoff", 20):
        yield


@pytest.mark.parametrize("kind", ["stall", "stall_midbody", "drip"])
@pytest.mark.usefixtures("long_timeouts")
def test_connection_is_shut_down(server, send, kind):
    server.order(kind, times=None, seconds=60)
    thread = RequestThread(send)
    server.wait_for_request()
    assert isinstance(thread.cancel(), ServerTimeoutError)
    server.reset()
    assert send().status == 200
    assert len(server.received) == 1


@pytest.mark.usefixtures("long_timeouts")
def test_no_retry(server, send, recorded_waits):
    server.order("status", status=503, times=None)
    thread = RequestThread(send)
    recorded_waits.wait_for_first()
    assert isinstance(thread.cancel(), ServerUnreachableError)
    assert len(server.received) == 1


def test_no_wait_for_the_quota(server, send, recorded_waits):
    server.order("status", status=429, headers={"Retry-After": "60"}, times=None)
    with conf.set_temp("max_wait", 100):
        thread = RequestThread(send)
        recorded_waits.wait_for_first()
        assert isinstance(thread.cancel(), ServerUnreachableError)
    assert len(server.received) == 1
    with pytest.raises(RateLimitError):
        send()


@pytest.mark.usefixtures("long_timeouts")
def test_waiting_request_is_not_sent(server, send):
    server.order("stall", seconds=60)
    first = RequestThread(send)
    server.wait_for_request()
    second = RequestThread(send)
    second.cancellation.cancel()
    assert isinstance(first.cancel(), ServerTimeoutError)
    assert isinstance(second.cancel(), ServerUnreachableError)
    assert len(server.received) == 1


def test_other_requests_are_not_cancelled(send):
    cancellation = Cancellation()
    with cancellation.activate():
        cancellation.cancel()
        with pytest.raises(ServerUnreachableError, match="cancelled before"):
            send()
    assert not current_cancellation().is_cancelled
    assert send().status == 200


def test_callback_after_cancel_is_called_at_once():
    cancellation, cuts = Cancellation(), []
    cancellation.cancel()
    with cancellation.on_cancel(lambda: cuts.append(1)):
        assert cuts == [1]
    cancellation.cancel()
    assert cuts == [1]

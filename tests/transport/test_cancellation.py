# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A request that nobody waits for any more ends at once, wherever it is, and is not repeated."""

import threading
import time

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import RateLimitError, ServerError, ServerTimeoutError, ServerUnreachableError
from atlasquery.transport import Cancellation
from atlasquery.transport.cancellation import current_cancellation

AT_ONCE = 1.0  # seconds, on a busy machine


class Asking(threading.Thread):
    """Asks in a thread of its own; ``error`` is what became of it."""

    def __init__(self, send):
        super().__init__(daemon=True)
        self.nobody_waits = Cancellation()
        self._send = send
        self.error = None
        self.start()

    def run(self):
        with self.nobody_waits.activate():
            try:
                self._send()
            except ServerError as error:
                self.error = error

    def call_off(self):
        begin = time.monotonic()
        self.nobody_waits.cancel()
        self.join(10)
        assert time.monotonic() - begin < AT_ONCE
        return self.error


@pytest.fixture
def patient():
    """A patience that only a call-off can shorten."""
    with conf.set_temp("timeout", 30), conf.set_temp("deadline", 100), conf.set_temp("backoff", 20):
        yield


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["stall", "stall_midbody", "drip"])
@pytest.mark.usefixtures("patient")
def test_its_connection_is_cut(server, send, kind):
    server.order(kind, times=None, seconds=60)
    asking = Asking(send)
    until(lambda: server.seen)
    time.sleep(0.1)
    assert isinstance(asking.call_off(), ServerTimeoutError)
    server.as_new()
    assert send().status == 200
    assert len(server.seen) == 1


@pytest.mark.usefixtures("patient")
def test_it_is_not_repeated(server, send, said):
    server.order("status", status=503, times=None)
    asking = Asking(send)
    until(said)
    assert isinstance(asking.call_off(), ServerUnreachableError)
    assert len(server.seen) == 1


def test_it_does_not_wait_for_the_quota(server, send):
    server.order("status", status=429, headers={"Retry-After": "60"}, times=None)
    with conf.set_temp("max_wait", 100):
        asking = Asking(send)
        until(lambda: server.seen)
        time.sleep(0.1)
        assert isinstance(asking.call_off(), ServerUnreachableError)
    assert len(server.seen) == 1
    with pytest.raises(RateLimitError):
        send()


@pytest.mark.usefixtures("patient")
def test_it_does_not_take_its_turn(server, send):
    server.order("stall", seconds=60)
    first = Asking(send)
    until(lambda: server.seen)
    second = Asking(send)
    second.nobody_waits.cancel()
    assert isinstance(first.call_off(), ServerTimeoutError)
    assert isinstance(second.call_off(), ServerUnreachableError)
    assert len(server.seen) == 1


def test_others_do_not_hear_it(send):
    nobody_waits = Cancellation()
    with nobody_waits.activate():
        nobody_waits.cancel()
        with pytest.raises(ServerUnreachableError, match="cancelled before"):
            send()
    assert not current_cancellation().is_cancelled
    assert send().status == 200


def test_what_begins_too_late_is_cut_at_once():
    nobody_waits, cuts = Cancellation(), []
    nobody_waits.cancel()
    with nobody_waits.on_cancel(lambda: cuts.append(1)):
        assert cuts == [1]
    nobody_waits.cancel()
    assert cuts == [1]

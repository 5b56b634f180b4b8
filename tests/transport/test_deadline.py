# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The deadline over everything, and the cap on what is read."""

import gzip
import socket
import threading
import time

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import ServerTimeoutError, UnreadableAnswerError
from atlasquery.transport.deadline import _WATCHDOG, Deadline


@pytest.mark.parametrize("kind", ["drip", "drip_headers"])
@pytest.mark.parametrize("retry", [True, False])
def test_a_server_that_drips_is_cut(server, send, kind, retry):
    server.order(kind, seconds=0.05, times=None)
    begin = time.monotonic()
    with conf.set_temp("deadline", 0.6), pytest.raises(ServerTimeoutError, match=r"No complete answer within 0\.6 s"):
        send(idempotent=retry)
    assert 0.5 < time.monotonic() - begin < 1.0
    assert len(server.seen) == 1


def test_a_body_that_ends_with_its_connection_is_not_taken_for_whole(server, send):
    # Without a length the end of the connection is the end of the body, also when we ourselves cut it.
    def application(env, start_response):
        server.note(env)
        start_response("200 OK", [("Content-Type", "application/json"), ("Connection", "close")])
        yield b"[1,"
        time.sleep(0.6)
        yield b"2]"

    server.wsgi_app = application
    with conf.set_temp("deadline", 0.3), pytest.raises(ServerTimeoutError):
        send()


def test_a_slow_but_living_server_is_waited_for(server, send):
    server.order("drip", seconds=0.01, size=10)
    with conf.set_temp("timeout", 0.2):
        assert send().body.startswith(b"[{")


def test_repetitions_stay_within_it(server, send):
    server.order("stall", times=None)
    begin = time.monotonic()
    with conf.set_temp("deadline", 0.8), conf.set_temp("timeout", 0.3), pytest.raises(ServerTimeoutError):
        send()
    assert time.monotonic() - begin < 1.1


def test_no_wait_is_begun_that_does_not_fit(server, send):
    server.order("status", status=503, headers={"Retry-After": "100"}, times=None)
    begin = time.monotonic()
    with pytest.raises(Exception, match="503"):
        send()
    assert time.monotonic() - begin < 1
    assert len(server.seen) == 1


def test_the_cap_holds_for_what_is_declared(server, send):
    with conf.set_temp("max_bytes", 50), pytest.raises(UnreadableAnswerError, match="at most 50 bytes") as raised:
        send()
    assert raised.value.url == server.url + "cone/"
    assert len(server.seen) == 1


def test_the_cap_holds_for_what_is_unpacked(server, send):
    # A kilobyte on the wire, a megabyte in memory.
    def application(env, start_response):
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Encoding", "gzip")])
        return [gzip.compress(b" " * 1_000_000)]

    server.wsgi_app = application
    with conf.set_temp("max_bytes", 100_000), pytest.raises(UnreadableAnswerError, match="at most 100000 bytes"):
        send()
    assert send().body == b" " * 1_000_000


def test_just_the_cap_is_no_more_than_it(server, send):
    size = len(send().body)
    with conf.set_temp("max_bytes", size):
        assert len(send().body) == size


def test_of_an_error_page_only_the_beginning_is_read(server, send):
    server.order("html500", body="<title>Broken</title>" + "x" * 3_000_000)
    with pytest.raises(Exception, match="Broken"):
        send()
    assert send().status == 200


def test_its_shears_are_put_away(server, send):
    before = threading.active_count()
    for _ in range(5):
        send()
    time.sleep(0.05)
    assert threading.active_count() <= before + 1


def test_what_is_left():
    deadline = Deadline(0.05)
    assert 0 < deadline.remaining <= 0.05
    assert not deadline.has_passed
    time.sleep(0.06)
    assert deadline.remaining == 0
    assert deadline.has_passed


def test_a_connection_made_too_late_is_cut_too():
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(0.01).enforced():
        time.sleep(0.05)
        _WATCHDOG.get().watch(ours)
        assert ours.recv(1) == b""

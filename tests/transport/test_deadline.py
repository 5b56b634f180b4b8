# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The total time limit of a call, and the size limit of an answer."""

import gzip
import socket
import threading

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import ServerFaultError, ServerTimeoutError, UnreadableAnswerError
from atlasquery.transport.deadline import _WATCHDOG, Deadline


@pytest.mark.parametrize("kind", ["drip", "drip_headers"])
@pytest.mark.parametrize("idempotent", [True, False])
def test_slow_answer_ends_at_the_deadline(server, send, kind, idempotent):
    server.order(kind, seconds=0.05, times=None)
    with conf.set_temp("deadline", 0.6), pytest.raises(ServerTimeoutError, match=r"No complete answer within 0\.6 s"):
        send(idempotent=idempotent)
    assert len(server.received) == 1


def test_body_without_length_is_not_complete_when_cut_off(server, send):
    # Without a length the body ends with the connection, also if the client shuts it down.
    def application(env, start_response):
        server.note(env)
        start_response("200 OK", [("Content-Type", "application/json"), ("Connection", "close")])
        yield b"[1,"
        is_cut.wait(10)
        yield b"2]"

    is_cut = threading.Event()
    server.wsgi_app = application
    with conf.set_temp("deadline", 0.3), pytest.raises(ServerTimeoutError):
        send()
    is_cut.set()


def test_slow_answer_within_the_deadline_is_complete(server, send):
    server.order("drip", seconds=0.01, size=10)
    with conf.set_temp("timeout", 0.2):
        assert send().body.startswith(b"[{")


def test_retries_stay_within_the_deadline(server, send):
    server.order("stall", times=None)
    with conf.set_temp("deadline", 0.8), conf.set_temp("timeout", 0.3), pytest.raises(ServerTimeoutError):
        send()
    assert 1 <= len(server.received) <= 3  # of 4 without a deadline


def test_no_retry_after_the_deadline(server, send, recorded_waits):
    server.order("status", status=503, headers={"Retry-After": "100"}, times=None)
    with pytest.raises(ServerFaultError, match="503"):
        send()
    assert recorded_waits == []
    assert len(server.received) == 1


def test_declared_size_above_the_limit(server, send):
    with conf.set_temp("max_bytes", 50), pytest.raises(UnreadableAnswerError, match="at most 50 bytes") as raised:
        send()
    assert raised.value.url == server.url + "cone/"
    assert len(server.received) == 1


def test_decompressed_size_above_the_limit(server, send):
    # 1 kB sent, 1 MB in memory.
    def application(env, start_response):
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Encoding", "gzip")])
        return [gzip.compress(b" " * 1_000_000)]

    server.wsgi_app = application
    with conf.set_temp("max_bytes", 100_000), pytest.raises(UnreadableAnswerError, match="at most 100000 bytes"):
        send()
    assert send().body == b" " * 1_000_000


def test_size_at_the_limit(server, send):
    size = len(send().body)
    with conf.set_temp("max_bytes", size):
        assert len(send().body) == size


def test_only_the_start_of_an_error_page_is_read(server, send):
    server.order("html500", body="<title>Broken</title>" + "x" * 3_000_000)
    with pytest.raises(ServerFaultError, match="Broken"):
        send()
    assert send().status == 200


def test_timers_are_stopped(server, send):
    for _ in range(5):
        send()
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(10)
    assert not any(timer.is_alive() for timer in timers)


def test_remaining_time():
    now = [100.0]
    deadline = Deadline(5.0, clock=lambda: now[0])
    assert (deadline.remaining, deadline.has_passed) == (5.0, False)
    now[0] = 104.0
    assert (deadline.remaining, deadline.has_passed) == (1.0, False)
    now[0] = 106.0
    assert (deadline.remaining, deadline.has_passed) == (0.0, True)


def test_connection_made_after_the_deadline_is_shut_down():
    client, other = socket.socketpair()
    with client, other, Deadline(0.01).enforced():
        watchdog = _WATCHDOG.get()
        watchdog._timer.join(10)
        watchdog.watch(client)
        assert client.recv(1) == b""

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Requests that get no answer."""

import contextlib
import pickle
import socket
import ssl
import threading
import time

import pytest
import requests

from atlasquery.config import conf
from atlasquery.exceptions import (
    InvalidQueryError,
    ServerFaultError,
    ServerTimeoutError,
    ServerUnreachableError,
    UnreadableAnswerError,
)
from atlasquery.transport import Cancellation


@pytest.fixture
def refusing():
    """Root URL of a port where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    return f"http://127.0.0.1:{port}/api/"


@pytest.fixture
def deaf():
    """Root URL of a port whose queue of connections is full: nobody takes up."""
    with contextlib.ExitStack() as opened:
        listening = opened.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/"


@pytest.fixture
def hanging_up():
    """Root URL of a server that closes each connection without a word, after the request."""
    with raw_server(lambda connection: connection.recv(65536)) as root:
        yield root


@contextlib.contextmanager
def raw_server(behave):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        stopped = threading.Event()

        def serve():
            listening.settimeout(0.05)
            while not stopped.is_set():
                with contextlib.suppress(TimeoutError, OSError):
                    connection, _ = listening.accept()
                    with connection:
                        connection.settimeout(2)
                        behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
        finally:
            stopped.set()
            thread.join()


def answering(text):
    def behave(connection):
        connection.recv(65536)
        connection.sendall(text)

    return behave


def test_connection_refused(send, refusing, log_messages):
    with pytest.raises(ServerUnreachableError, match="Connection refused"):
        send(root=refusing)
    assert len([line for line in log_messages() if "Attempt" in line]) == 3


def test_connect_timeout(send, deaf):
    with (
        conf.set_temp("retries", 0),
        conf.set_temp("timeout", 0.3),
        pytest.raises(ServerTimeoutError, match=r"No connection within 0\.3 s"),
    ):
        send(root=deaf)


def test_read_timeout(server, send):
    server.order("stall", times=None)
    with (
        conf.set_temp("retries", 0),
        conf.set_temp("timeout", 0.3),
        pytest.raises(ServerTimeoutError, match=r"within 0\.3 s"),
    ):
        send()
    assert len(server.received) == 1


def test_reset(server, send):
    server.order("reset", times=None)
    with pytest.raises(ServerUnreachableError, match="reset"):
        send()


def test_reset_in_mid_body(server, send):
    server.order("reset_midbody", times=None)
    with pytest.raises(ServerUnreachableError, match="reset"):
        send()


def test_connection_closed_without_an_answer(send, hanging_up):
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError, match="failed"):
        send(root=hanging_up)


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[1",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[1",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
    ],
)
def test_broken_http(send, text):
    with raw_server(answering(text)) as root, conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError):
        send(root=root)


@pytest.mark.parametrize(
    "text",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
        b"x" * 70_000,
    ],
)
def test_answer_that_is_not_http_is_not_retried(send, log_messages, text):
    with raw_server(answering(text)) as root, pytest.raises(ServerUnreachableError, match=r"not HTTP.*its port"):
        send(root=root)
    assert log_messages() == []


def test_body_shorter_than_its_declared_length(send):
    text = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[1]"
    with (
        raw_server(answering(text)) as root,
        pytest.raises(ServerUnreachableError, match="before the answer was complete"),
    ):
        send(root=root)


def test_damaged_compression(server, send):
    server.order("status", status=200, body="[1]", headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnreadableAnswerError, match="compression"):
        send()
    assert len(server.received) == 1


def test_unknown_host(send):
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError):
        send(root="https://no-such-host.invalid/api/")


def test_certificate_error(send, server, monkeypatch):
    def refuse(*args, **kwargs):
        reason = ssl.SSLCertVerificationError("certificate verify failed")
        reason.verify_message = "self-signed certificate"
        raise requests.exceptions.SSLError(reason)

    monkeypatch.setattr(requests.Session, "send", refuse)
    with pytest.raises(ServerUnreachableError, match=r"self-signed certificate.*REQUESTS_CA_BUNDLE"):
        send()


def test_other_exceptions_keep_their_class(send, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(requests.Session, "send", fail)
    with pytest.raises(ZeroDivisionError, match="a bug") as raised:
        send()
    assert "test_connection_errors.py" in raised.value.__notes__[0]


def test_http_is_rejected_before_sending(send_raw, token, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("something was sent")

    monkeypatch.setattr(requests.Session, "send", fail)
    with pytest.raises(InvalidQueryError, match="http://psweb"):
        send_raw("cone/", {}, token=token, root="http://psweb.mp.qub.ac.uk/sne/atlas4/api/")


@pytest.mark.parametrize("kind", ["reset", "stall"])
def test_failed_write_has_an_unknown_outcome(server, send, kind):
    server.order(kind)
    with pytest.raises((ServerUnreachableError, ServerTimeoutError), match="check before sending it again"):
        send("objectgroups/", idempotent=False)
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_failed_server_leaves_the_outcome_of_a_write_unknown(server, send, status):
    server.order("status", status=status)
    with pytest.raises(ServerFaultError, match="check before sending it again") as raised:
        send("objectgroups/", idempotent=False)
    assert raised.value.is_outcome_unknown


@pytest.mark.parametrize("status", [404, 405, 413])
def test_rejected_write_has_a_known_outcome(server, send, status):
    server.order("status", status=status)
    with pytest.raises(ServerFaultError) as raised:
        send("objectgroups/", idempotent=False)
    assert not raised.value.is_outcome_unknown
    assert "check before" not in str(raised.value)


def test_write_without_a_connection_was_not_sent(send, refusing):
    with pytest.raises(ServerUnreachableError, match="can be repeated") as raised:
        send("objectgroups/", idempotent=False, root=refusing)
    assert not raised.value.request_sent
    assert not raised.value.is_outcome_unknown
    assert not pickle.loads(pickle.dumps(raised.value)).request_sent


def test_an_exception_that_the_user_handles_is_no_cause(server, send, refusing):
    """An exception raised in an `except` block refers to the one that is handled there."""
    server.order("reset")
    try:
        requests.get(refusing, timeout=5)
    except requests.ConnectionError:
        with pytest.raises(ServerUnreachableError, match=r"reset|closed") as raised:
            send("objectgroups/", idempotent=False)
    assert raised.value.is_outcome_unknown


def test_interruption_before_sending_is_marked(send, monkeypatch, server, recorded_waits):
    """Ctrl-C during the wait for the quota: the request was rejected, and not sent again."""
    server.order("status", status=429, headers={"Retry-After": "1"})

    def interrupt(cancellation, seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(Cancellation, "wait", interrupt)
    with conf.set_temp("max_wait", 1.0), pytest.raises(KeyboardInterrupt) as raised:
        send("objectgroups/", idempotent=False)
    assert raised.value.request_sent is False
    assert len(server.received) == 1

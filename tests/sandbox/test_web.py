# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the web server is responsible for, seen byte by byte."""

import socket
from urllib.parse import urlsplit

import pytest

QUERY = "?ra=244.00089&dec=22.26804&radius=10&requestType=nearest"


@pytest.fixture
def stream(sandbox):
    """A connection to the sandbox, for several requests one after the other."""
    url = urlsplit(sandbox.url)
    with (
        socket.create_connection((url.hostname, url.port), timeout=30) as connection,
        connection.makefile("rwb") as stream,
    ):
        yield stream


def ask(stream, sandbox, method):
    """Send a request, and return the lines of the answer's head."""
    url = urlsplit(sandbox.url)
    token = f"Authorization: Token {sandbox.token()}"
    stream.write(f"{method} {url.path}cone/{QUERY} HTTP/1.1\r\nHost: {url.netloc}\r\n{token}\r\n\r\n".encode())
    stream.flush()
    return list(iter(lambda: stream.readline().strip().lower(), b""))


def length(head):
    (line,) = (line for line in head if line.startswith(b"content-length:"))
    return int(line.split(b":")[1])


def test_an_answer_to_head_has_no_body(sandbox, stream):
    before = ask(stream, sandbox, "HEAD")
    assert before[0] == b"http/1.1 200 ok"
    # A body in between would be taken for the first line of the next answer.
    head = ask(stream, sandbox, "GET")
    assert head[0] == b"http/1.1 200 ok"
    assert length(before) == length(head)
    assert b'"separation"' in stream.read(length(head))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the web server adds to the application, checked byte by byte."""

import socket
from urllib.parse import urlsplit

import pytest

QUERY = "?ra=244.00089&dec=22.26804&radius=10&requestType=nearest"


@pytest.fixture
def stream(sandbox):
    """A connection to the sandbox, for several requests in sequence."""
    url = urlsplit(sandbox.url)
    with (
        socket.create_connection((url.hostname, url.port), timeout=30) as connection,
        connection.makefile("rwb") as stream,
    ):
        yield stream


def send_request(stream, sandbox, method):
    """Send a request, and return the status line and header lines of the answer."""
    url = urlsplit(sandbox.url)
    token = f"Authorization: Token {sandbox.token()}"
    stream.write(f"{method} {url.path}cone/{QUERY} HTTP/1.1\r\nHost: {url.netloc}\r\n{token}\r\n\r\n".encode())
    stream.flush()
    return list(iter(lambda: stream.readline().strip().lower(), b""))


def content_length(header_lines):
    (line,) = (line for line in header_lines if line.startswith(b"content-length:"))
    return int(line.split(b":")[1])


def test_answer_to_head_has_no_body(sandbox, stream):
    head_answer = send_request(stream, sandbox, "HEAD")
    assert head_answer[0] == b"http/1.1 200 ok"
    # A body would be read as the first line of the next answer.
    get_answer = send_request(stream, sandbox, "GET")
    assert get_answer[0] == b"http/1.1 200 ok"
    assert content_length(head_answer) == content_length(get_answer)
    assert b'"separation"' in stream.read(content_length(get_answer))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the web server is responsible for, seen byte by byte."""

import socket
from urllib.parse import urlsplit

QUERY = "?ra=244.00089&dec=22.26804&radius=10&requestType=nearest"


def talk(sandbox, *requests):
    """Send requests through one connection, the last of which closes it; return all that comes back."""
    url = urlsplit(sandbox.url)
    head = f"{url.path}cone/{QUERY} HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Token {sandbox.token()}\r\n"
    with socket.create_connection((url.hostname, url.port), timeout=30) as connection:
        stream = connection.makefile("rb")
        for method, more in requests:
            connection.sendall(f"{method} {head}{more}\r\n".encode())
        return stream.read()


def test_an_answer_to_head_has_no_body(sandbox):
    both = talk(sandbox, ("HEAD", ""), ("GET", "Connection: close\r\n"))
    first, rest = both.split(b"\r\n\r\n", 1)
    assert first.startswith(b"HTTP/1.1 200")
    # What follows is the next answer; a body in between would be taken for its first line.
    assert rest.startswith(b"HTTP/1.1 200")
    body = rest.split(b"\r\n\r\n", 1)[1]
    assert b'"separation"' in body
    lengths = [line for line in both.split(b"\r\n") if line.lower().startswith(b"content-length")]
    assert [int(line.split(b":")[1]) for line in lengths] == [len(body)] * 2

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Every failure of an answer, seen from a user's call: exception, number of requests, token.

The table is printed by the last test: ``pytest -s tests/transport/test_matrix.py``.
"""

import json
import socket

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery import ATLASClass, exceptions
from atlasquery.config import conf

TOKEN = "0123456789abcdef0123456789abcdef01234567"
ALL = {"times": None}


def status_fault(status, detail, **headers):
    return {"kind": "status", "status": status, "body": json.dumps({"detail": detail}), "headers": headers, **ALL}


# Case: (fault, class raised or None for an answer, requests sent)
CASES = {
    "no fault": (None, None, 1),
    "reset before the answer": ({"kind": "reset", **ALL}, exceptions.ServerUnreachableError, 4),
    "reset in mid-body": ({"kind": "reset_midbody", **ALL}, exceptions.ServerUnreachableError, 4),
    "reset once": ({"kind": "reset"}, None, 2),
    "reset in mid-body once": ({"kind": "reset_midbody"}, None, 2),
    "read time-out": ({"kind": "stall", **ALL}, exceptions.ServerTimeoutError, 4),
    "read time-out in mid-body": ({"kind": "stall_midbody", **ALL}, exceptions.ServerTimeoutError, 4),
    "body drips": ({"kind": "drip", "seconds": 0.1, **ALL}, exceptions.ServerTimeoutError, 1),
    "header lines drip": ({"kind": "drip_headers", "seconds": 0.1, **ALL}, exceptions.ServerTimeoutError, 1),
    "HTML with 200": ({"kind": "html"}, exceptions.UnreadableAnswerError, 1),
    "HTML with 500": ({"kind": "html500"}, exceptions.ServerFaultError, 1),
    "empty body": ({"kind": "empty"}, exceptions.UnreadableAnswerError, 1),
    "truncated JSON": ({"kind": "truncate"}, exceptions.UnreadableAnswerError, 1),
    "no JSON": (status_fault(200, "") | {"body": "[1, 2"}, exceptions.UnreadableAnswerError, 1),
    "NaN literal": ({"kind": "nan", "column": "separation"}, exceptions.UnreadableAnswerError, 1),
    "wrong shape": ({"kind": "wrong_shape"}, exceptions.UnreadableAnswerError, 1),
    "wrong type in a column": (
        {"kind": "wrong_type", "column": "separation", "value": "2.5"},
        exceptions.UnreadableAnswerError,
        1,
    ),
    "400 with a field": (status_fault(400, "") | {"body": '{"ra": ["No."]}'}, exceptions.InvalidQueryError, 1),
    "401 invalid": (status_fault(401, "Invalid token."), exceptions.InvalidTokenError, 1),
    "401 expired": (status_fault(401, "Token has expired."), exceptions.TokenExpiredError, 1),
    "401 none": (status_fault(401, "Authentication credentials were not provided."), exceptions.NoTokenError, 1),
    "401 inactive": (status_fault(401, "User inactive or deleted."), exceptions.InactiveUserError, 1),
    "401 no profile": (
        status_fault(401, "Could not authenticate: Group has no profile."),
        exceptions.InactiveUserError,
        1,
    ),
    "403": (status_fault(403, "You do not have permission."), exceptions.PermissionDeniedError, 1),
    "404": (status_fault(404, "Not found."), exceptions.ServerFaultError, 1),
    "413": (status_fault(413, "Too large."), exceptions.ServerFaultError, 1),
    "429 seconds": (status_fault(429, "", **{"Retry-After": "60"}), exceptions.RateLimitError, 1),
    "429 date": (
        status_fault(429, "", **{"Retry-After": "Mon, 23 Nov 2099 04:00:00 GMT"}),
        exceptions.RateLimitError,
        1,
    ),
    "429 nonsense": (status_fault(429, "", **{"Retry-After": "soon"}), exceptions.RateLimitError, 1),
    "429 absent": (status_fault(429, ""), exceptions.RateLimitError, 1),
    "502": (status_fault(502, ""), exceptions.ServerFaultError, 4),
    "503": (status_fault(503, ""), exceptions.ServerFaultError, 4),
    "503 once": (status_fault(503, "") | {"times": 1}, None, 2),
    "504": (status_fault(504, ""), exceptions.ServerFaultError, 4),
    **{
        f"redirect {status}": ({"kind": "redirect", "status": status}, exceptions.UnexpectedRedirectError, 1)
        for status in (301, 302, 303, 307, 308)
    },
}
ROWS = []


@pytest.fixture
def query():
    """Search a cone at a server."""

    def query(server):
        atlas = ATLASClass(server, token=TOKEN)
        return len(atlas.query_region(SkyCoord(244.0, 22.27, unit="deg"), 10 * u.arcsec))

    with conf.set_temp("timeout", 0.15), conf.set_temp("deadline", 1.0):
        yield query


def run(call):
    try:
        call()
    except exceptions.AtlasQueryError as error:
        return error
    return None


def add_row(case, error, sent, token_seen):
    ROWS.append((case, type(error).__name__ if error else "an answer", sent, token_seen))


@pytest.mark.parametrize("case", CASES)
def test_failure(server, other_server, query, case):
    fault, expected, sent = CASES[case]
    if fault is not None:
        server.order(**({"location": other_server.url} if fault["kind"] == "redirect" else {}), **fault)
    error = run(lambda: query(server.url))
    tokens = {seen.token for seen in server.received}
    add_row(case, error, len(server.received), "only here" if tokens == {f"Token {TOKEN}"} else tokens)
    assert (type(error) if error else None) is expected
    assert len(server.received) == sent
    assert tokens == {f"Token {TOKEN}"}
    assert other_server.received == []


def test_connection_refused(query):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    error = run(lambda: query(f"http://127.0.0.1:{port}/"))
    add_row("connection refused", error, 0, "nowhere")
    assert type(error) is exceptions.ServerUnreachableError


def test_plain_http(query):
    error = run(lambda: query("http://example.org/"))
    add_row("plain http", error, 0, "nowhere")
    assert type(error) is exceptions.InvalidQueryError


def test_print_matrix():
    if len(ROWS) < len(CASES) + 2:
        pytest.skip("the other tests of this file did not all run before in this process")
    print(f"\n{'case':28} {'raised':26} {'sent':>4}  token seen")
    for row in ROWS:
        print("{:28} {:26} {:>4}  {}".format(*row))
    assert {row[1] for row in ROWS} >= {
        "ServerUnreachableError",
        "ServerTimeoutError",
        "ServerFaultError",
        "UnexpectedRedirectError",
        "UnreadableAnswerError",
        "RateLimitError",
        "InvalidQueryError",
        "PermissionDeniedError",
        "NoTokenError",
        "InvalidTokenError",
        "TokenExpiredError",
        "InactiveUserError",
    }

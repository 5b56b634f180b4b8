# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Every way an answer can fail, seen from a user's call: the class raised, the time, what was sent.

The table is printed by the last test: ``pytest -s tests/transport/test_matrix.py``.
"""

import json
import socket
import time

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery import ATLASClass, exceptions
from atlasquery.config import conf

TOKEN = "0123456789abcdef0123456789abcdef01234567"
ALL = {"times": None}


def says(status, detail, **headers):
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
    "no JSON": (says(200, "") | {"body": "[1, 2"}, exceptions.UnreadableAnswerError, 1),
    "NaN literal": ({"kind": "nan", "column": "separation"}, exceptions.UnreadableAnswerError, 1),
    "wrong shape": ({"kind": "wrong_shape"}, exceptions.UnreadableAnswerError, 1),
    "wrong type in a column": (
        {"kind": "wrong_type", "column": "separation", "value": "2.5"},
        exceptions.UnreadableAnswerError,
        1,
    ),
    "400 with a field": (says(400, "") | {"body": '{"ra": ["No."]}'}, exceptions.InvalidQueryError, 1),
    "401 invalid": (says(401, "Invalid token."), exceptions.InvalidTokenError, 1),
    "401 expired": (says(401, "Token has expired."), exceptions.TokenExpiredError, 1),
    "401 none": (says(401, "Authentication credentials were not provided."), exceptions.NoTokenError, 1),
    "401 inactive": (says(401, "User inactive or deleted."), exceptions.InactiveUserError, 1),
    "401 no profile": (
        says(401, "Could not authenticate: Group has no profile."),
        exceptions.InactiveUserError,
        1,
    ),
    "403": (says(403, "You do not have permission."), exceptions.PermissionDeniedError, 1),
    "404": (says(404, "Not found."), exceptions.ServerFaultError, 1),
    "413": (says(413, "Too large."), exceptions.ServerFaultError, 1),
    "429 seconds": (says(429, "", **{"Retry-After": "60"}), exceptions.RateLimitError, 1),
    "429 date": (says(429, "", **{"Retry-After": "Mon, 23 Nov 2099 04:00:00 GMT"}), exceptions.RateLimitError, 1),
    "429 nonsense": (says(429, "", **{"Retry-After": "soon"}), exceptions.RateLimitError, 1),
    "429 absent": (says(429, ""), exceptions.RateLimitError, 1),
    "502": (says(502, ""), exceptions.ServerFaultError, 4),
    "503": (says(503, ""), exceptions.ServerFaultError, 4),
    "503 once": (says(503, "") | {"times": 1}, None, 2),
    "504": (says(504, ""), exceptions.ServerFaultError, 4),
    **{
        f"redirect {status}": ({"kind": "redirect", "status": status}, exceptions.UnexpectedRedirectError, 1)
        for status in (301, 302, 303, 307, 308)
    },
}
ROWS = []


@pytest.fixture
def ask():
    """A user's call, at a server."""

    def ask(server):
        atlas = ATLASClass(server, token=TOKEN)
        return len(atlas.query_region(SkyCoord(244.0, 22.27, unit="deg"), 10 * u.arcsec))

    with conf.set_temp("timeout", 0.15), conf.set_temp("deadline", 1.0):
        yield ask


def outcome(call):
    begin = time.monotonic()
    try:
        call()
    except exceptions.AtlasQueryError as error:
        return error, time.monotonic() - begin
    return None, time.monotonic() - begin


def note(case, error, seconds, sent, token_seen):
    ROWS.append((case, type(error).__name__ if error else "an answer", f"{seconds:.2f}", sent, token_seen))


@pytest.mark.parametrize("case", CASES)
def test_a_case(server, other_server, ask, case):
    fault, expected, sent = CASES[case]
    if fault is not None:
        server.order(**({"location": other_server.url} if fault["kind"] == "redirect" else {}), **fault)
    error, seconds = outcome(lambda: ask(server.url))
    tokens = {seen.token for seen in server.seen}
    note(case, error, seconds, len(server.seen), "here alone" if tokens == {f"Token {TOKEN}"} else tokens)
    assert (type(error) if error else None) is expected
    assert len(server.seen) == sent
    assert tokens == {f"Token {TOKEN}"}
    assert other_server.seen == []
    assert seconds < 2.0


def test_refused(ask):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    error, seconds = outcome(lambda: ask(f"http://127.0.0.1:{port}/"))
    note("connection refused", error, seconds, 0, "nowhere")
    assert type(error) is exceptions.ServerUnreachableError


def test_plain_http(ask):
    error, seconds = outcome(lambda: ask("http://example.org/"))
    note("plain http", error, seconds, 0, "nowhere")
    assert type(error) is exceptions.InvalidQueryError
    assert seconds < 0.1


def test_the_matrix():
    if len(ROWS) < len(CASES) + 2:
        pytest.skip("the other tests of this file did not all run before, in this process")
    print(f"\n{'case':28} {'raised':26} {'seconds':>7} {'sent':>4}  token seen")
    for row in ROWS:
        print("{:28} {:26} {:>7} {:>4}  {}".format(*row))
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

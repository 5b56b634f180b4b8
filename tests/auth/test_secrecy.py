# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Token and password are never shown: not in logs, messages, tracebacks, pickles or reprs."""

import json
import logging
import pickle
import traceback

import pytest
import requests
from astropy import log

from atlasquery import ATLASClass
from atlasquery.auth import AuthorizedSession
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.config import conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import AtlasQueryError
from atlasquery.sandbox import Fault
from atlasquery.transport import Request, Token

# Known to no server, so that no other place can have brought it into what is shown.
TOKEN = "fedcba9876543210fedcba9876543210fedcba98"
PASSWORD = "correct-horse-battery"


def answering(secret, status, words="Invalid token", **headers):
    body = json.dumps({"detail": f"{words} {secret}.", secret: [secret]})
    return Fault("status", status=status, body=body, headers=headers, times=None)


# What the server may do, and what it may repeat of the secret that it was sent.
FAULTS = {
    "nothing": lambda secret: Fault("reset", endpoint="none/"),
    "reset": lambda secret: Fault("reset", times=None),
    "reset in mid-body": lambda secret: Fault("reset_midbody", times=None),
    "stall": lambda secret: Fault("stall", times=None),
    "drip": lambda secret: Fault("drip_headers", seconds=0.1, times=None),
    "page": lambda secret: Fault("html500", body=f"<title>{secret}</title>", times=None),
    "page with 200": lambda secret: Fault("html", body=f"<title>{secret}</title>", times=None),
    "redirect": lambda secret: Fault("redirect", location=f"https://example.org/?token={secret}", times=None),
    "400": lambda secret: answering(secret, 400),
    "401": lambda secret: answering(secret, 401),
    "expired": lambda secret: answering(secret, 401, "Token has expired"),
    "403": lambda secret: answering(secret, 403),
    "404": lambda secret: answering(secret, 404),
    "429": lambda secret: answering(secret, 429, **{"Retry-After": "5"}),
    "503": lambda secret: answering(secret, 503),
    "empty": lambda secret: Fault("empty", times=None),
    "damaged grant": lambda secret: Fault(
        "status", endpoint="auth-token/", status=200, body=f'{{"token": "{TOKEN}", "x"'
    ),
    "odd grant": lambda secret: Fault("status", endpoint="auth-token/", status=200, body=f'{{"token": ["{TOKEN}"]}}'),
}


@pytest.fixture(autouse=True)
def quick():
    with conf.set_temp("timeout", 0.1), conf.set_temp("deadline", 0.3), conf.set_temp("backoff", 0.01):
        yield


@pytest.fixture
def shown(caplog):
    """All log records of the test, at DEBUG."""
    caplog.set_level(logging.DEBUG)
    before = log.level
    log.setLevel("DEBUG")
    for name in ("urllib3", "requests", "keyring", "atlasquery"):
        caplog.set_level(logging.DEBUG, logger=name)
    yield lambda: "\n".join([caplog.text, *(repr(record.__dict__) for record in caplog.records)])
    log.setLevel(before)


def everything_of(error, own_frames=1):
    """Return all text of an exception: message, frames with variables, chain, pickle."""
    views = [str(error), repr(error), repr(error.args), repr(vars(error)), repr(getattr(error, "__notes__", ()))]
    # The first frame is that of the test, which has the token.
    frames = error.__traceback__
    for _ in range(own_frames):
        frames = frames.tb_next
    whole = traceback.TracebackException(type(error), error, frames, capture_locals=True, compact=False)
    views.append("".join(whole.format()))
    chain = (error.__cause__, error.__context__)
    views.extend(everything_of(chained, own_frames=0) for chained in chain if chained is not None)
    if isinstance(error, AtlasQueryError):
        views.append(repr(pickle.dumps(error)))
    while frames is not None:
        views.append(repr(frames.tb_frame.f_locals))
        frames = frames.tb_next
    return "\n".join(views)


def failure(call):
    """Return the exception of a call, without the frame of the test."""
    try:
        call()
    except BaseException as error:  # noqa: BLE001  (KeyboardInterrupt is one of the cases)
        return error
    raise AssertionError("nothing was raised")


CALLS = {
    "read": lambda session: session.send(Request("POST", "cone/", {"ra": 1.0}, idempotent=True)),
    "write": lambda session: session.send(Request("POST", "vratodo/", {"objectid": 1}, idempotent=False)),
    "login": lambda session: session.login(token=TOKEN),
    "prompt": lambda session: session.login("reader"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_secrets(sandbox, terminal, shown, fault, call):
    terminal.types("reader", PASSWORD)
    terminal.isatty = lambda: call == "prompt"
    sandbox.inject(FAULTS[fault](PASSWORD if call == "prompt" else TOKEN))
    error = failure(lambda: CALLS[call](AuthorizedSession(ATLAS_SERVICE, sandbox.url, TOKEN)))
    assert isinstance(error, AtlasQueryError)
    seen = everything_of(error) + shown()
    assert TOKEN not in seen
    assert PASSWORD not in seen
    assert "[secure]" in seen  # it was there, and hidden


QUESTIONS = {
    "count_region": lambda atlas: atlas.count_region("1d 2d", "3 arcsec"),
    "query_region": lambda atlas: atlas.query_region("1d 2d", "3 arcsec"),
    "query_list": lambda atlas: atlas.query_list("good"),
    "query_vra_todo": lambda atlas: atlas.query_vra_todo(),
    "query_object": lambda atlas: atlas.query_object(1161600211221604900),
}


def escaped(text):
    """Return a text as JSON may write it, each second character with an escape."""
    return "".join(f"\\u{ord(c):04X}" if number % 2 else c for number, c in enumerate(text))


@pytest.mark.parametrize("status", [200, 400, 401, 403])
@pytest.mark.parametrize("key", ["detail", "info", "objectname"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_token_in_json_escapes_is_not_shown(sandbox, shown, question, key, status):
    record = f'{{"object": 1161600211221604900, "separation": 1, "{key}": "{escaped(TOKEN)}"}}'
    assert json.loads(record)[key] == TOKEN
    body = f"[{record}]" if status == 200 else record
    sandbox.inject(Fault("status", status=status, body=body, times=None))
    try:
        seen = repr(QUESTIONS[question](ATLASClass(server=sandbox.url, token=TOKEN)))
    except AtlasQueryError as error:
        seen = everything_of(error)
    assert TOKEN not in seen + shown()


def test_token_in_the_content_type_is_not_shown(sandbox, shown):
    sandbox.inject(Fault("status", status=200, body="[]", headers={"Content-Type": f"text/{TOKEN}"}, times=None))
    error = failure(lambda: ATLASClass(server=sandbox.url, token=TOKEN).count_region("10d 10d", "1 arcsec"))
    assert TOKEN not in everything_of(error) + shown()


@pytest.mark.parametrize("body", ['{"t": "%s"}', '[{"object": "%s", "separation": 1}]', '["%s"]', "%s"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_token_repeated_by_the_server_is_not_shown(sandbox, shown, question, body):
    sandbox.inject(Fault("status", status=200, body=body % TOKEN, times=None))
    error = failure(lambda: QUESTIONS[question](ATLASClass(server=sandbox.url, token=TOKEN)))
    assert isinstance(error, AtlasQueryError)
    assert TOKEN not in everything_of(error) + shown()


@pytest.mark.parametrize(
    "raised",
    [KeyboardInterrupt(), ZeroDivisionError("a bug"), MemoryError(), SystemExit(1)],
    ids=lambda e: type(e).__name__,
)
@pytest.mark.parametrize(
    "place",
    [
        "urllib3.connection.HTTPConnection.getresponse",
        "urllib3.response.HTTPResponse.stream",
        "http.client.HTTPConnection.putheader",
    ],
)
def test_no_other_exception_shows_secrets(sandbox, terminal, shown, monkeypatch, raised, place):
    # Ctrl-C during a request passes through frames that hold the headers.
    def interrupt(*args, **kwargs):
        raise raised

    monkeypatch.setattr(place, interrupt)
    terminal.types("reader", PASSWORD)
    for call in CALLS:
        error = failure(lambda call=call: CALLS[call](AuthorizedSession(ATLAS_SERVICE, sandbox.url, TOKEN)))
        assert error is raised
        seen = everything_of(error) + shown()
        assert TOKEN not in seen
        assert PASSWORD not in seen


def test_success_shows_no_secrets(sandbox, terminal, shown, origin):
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url)
    session.login()
    answer = session.send(
        Request("POST", "cone/", {"ra": 1.0, "dec": 2.0, "radius": 3.0, "requestType": "count"}, idempotent=True)
    )
    token = sandbox.token("reader")
    assert KeyringStorage("atlasquery", origin).read().token == Token(token)
    held = session._credentials[origin]
    views = [
        repr(answer),
        repr(session),
        str(session),
        repr(vars(session)),
        repr(held),
        repr(vars(held)),
        repr(KeyringStorage("atlasquery", origin).read()),
    ]
    views += [repr(vars(session._transport)), repr(vars(session._transport._session)), shown()]
    views += [repr(pickle.dumps(one)) for one in (session, session._transport, answer)]
    views += [repr(session.send), f"{session}", f"{held!s}"]
    for view in views:
        assert token not in view
        assert terminal.password not in view


# Through the client that users have.


def test_client_shows_no_secrets(sandbox, shown, tmp_path):
    token = sandbox.token("reader")
    atlas = ATLASClass(sandbox.url, token=token)
    atlas.cache_location = tmp_path
    with conf.set_temp("timeout", 20.0), conf.set_temp("deadline", 20.0):
        table = atlas.query_region("244.0009d 22.2680d", "1 arcmin")
        transient = atlas.get_transient(sandbox.truth["atlas_id"][0])
    payload = atlas.query_region("244.0009d 22.2680d", "1 arcmin", get_query_payload=True)
    views = [repr(payload), repr(atlas), repr(vars(atlas)), repr(pickle.dumps(atlas)), shown()]
    views += [repr(table.meta), repr(pickle.dumps(table)), repr(transient.raw), repr(transient.light_curve.meta)]
    views += [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    for view in views:
        assert token not in view


@pytest.mark.parametrize(
    "call",
    [
        lambda url: ATLASClass(url, token=f"{TOKEN} {TOKEN}"),
        lambda url: ATLASClass("http://example.org/", token=TOKEN),
        lambda url: ATLASClass(url)(token=f"{TOKEN} {TOKEN}"),
        lambda url: ATLASClass(url)("http://example.org/", TOKEN),
        lambda url: ATLASClass(url).login(token=TOKEN),
        lambda url: ATLASClass(url).login(token=f"{TOKEN} {TOKEN}"),
        lambda url: ATLASClass(url, token=TOKEN).count_region("1d 2d", "1 arcsec"),
        lambda url: ATLASClass(url, token=TOKEN).query_region("1d 2d", "1 arcsec"),
        lambda url: ATLASClass(url, token=TOKEN).get_light_curve(1161600211221604900),
    ],
)
def test_no_failure_of_the_client_shows_secrets(sandbox, shown, call):
    seen = everything_of(failure(lambda: call(sandbox.url)), own_frames=3) + shown()
    assert "[secure]" in seen
    assert TOKEN not in seen


@pytest.mark.parametrize(
    "vector",
    [f"{TOKEN} {TOKEN}", TOKEN.encode(), [TOKEN], f"Token {TOKEN}", f"'{TOKEN}'"],
    ids=lambda v: type(v).__name__,
)
def test_invalid_token_is_not_shown(sandbox, vector):
    for call in (
        lambda: AuthorizedSession(ATLAS_SERVICE, sandbox.url, vector),
        lambda: AuthorizedSession(ATLAS_SERVICE, sandbox.url).login(token=vector),
    ):
        error = failure(call)
        assert TOKEN not in "".join(
            traceback.TracebackException(
                type(error), error, error.__traceback__.tb_next.tb_next, capture_locals=True
            ).format()
        )
        assert TOKEN not in repr(vars(error)) + repr(error.args)


def test_invalid_token_of_the_environment_is_not_shown(sandbox, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", f"{TOKEN} {TOKEN}")
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    assert TOKEN not in everything_of(failure(lambda: CALLS["read"](AuthorizedSession(ATLAS_SERVICE, sandbox.url))))


@pytest.mark.filterwarnings("error")
def test_token_rejected_by_the_keyring_is_not_shown(sandbox, memory, terminal):
    def choke(service, username, password):
        raise RuntimeError(f"cannot keep {password}")

    memory.set_password = choke
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url)
    error = failure(lambda: session.login())  # its warning is an error here
    seen = everything_of(error)
    assert "cannot keep [secure]" in seen
    assert sandbox.token("reader") not in seen


def test_the_search_finds_the_token_in_plain_requests(sandbox):
    # Checks the search itself: it finds a token in the frames of plain requests.
    def plain():
        requests.post(
            sandbox.url + "cone/",
            headers={"Authorization": f"Token {TOKEN}"},
            timeout=1,
            proxies={"http": "http://127.0.0.1:1"},
        )

    assert TOKEN in everything_of(failure(plain))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Test doubles of other packages catch every request, also of a client that has a connection already."""

import gzip
import json

import pytest
import requests

from atlasquery.exceptions import ServerUnreachableError, TokenExpiredError

# No server: what is not caught fails.
ROOT = "https://atlas.invalid/sne/atlas4/api/"
URL = f"{ROOT}cone/"
ROWS = [{"object": 1161600211221604900, "separation": 0.25}]
JSON = {"content-type": "application/json"}


@pytest.fixture(params=["new", "used"])
def via(request, transport, server, send_raw):
    """A transport without or with an open connection to the server."""
    if request.param == "used":
        send_raw("cone/", {"ra": 1.0}, idempotent=True)
        server.received.clear()
    return transport


@pytest.fixture
def ask(via, send_raw, token):
    """Send a read, by default to a server that does not exist."""
    return lambda root=ROOT, **payload: send_raw("cone/", payload, token=token, idempotent=True, root=root).json()


def test_responses(ask):
    responses = pytest.importorskip("responses")
    with responses.RequestsMock() as double:
        double.post(URL, json=ROWS)
        assert ask(ra=1.5) == ROWS
        assert double.calls[0].request.body == "ra=1.5"


def test_responses_gives_errors_and_compressed_answers(ask):
    responses = pytest.importorskip("responses")
    with responses.RequestsMock() as double:
        double.post(URL, json={"detail": "Token has expired"}, status=401)
        compressed, encoding = gzip.compress(json.dumps(ROWS).encode()), {"content-encoding": "gzip"}
        double.post(URL, body=compressed, headers=encoding, content_type="application/json")
        double.post(URL, body=requests.ConnectionError("no network"))
        with pytest.raises(TokenExpiredError):
            ask()
        assert ask() == ROWS
        with pytest.raises(ServerUnreachableError):
            ask()


def test_responses_rejects_what_is_not_registered(ask, server):
    responses = pytest.importorskip("responses")
    with responses.RequestsMock(), pytest.raises(ServerUnreachableError):
        ask(server.url)
    assert not server.received


def test_requests_mock(ask, server):
    requests_mock = pytest.importorskip("requests_mock")
    with requests_mock.Mocker() as double:
        double.post(URL, json=ROWS, headers=JSON)
        double.post(f"{server.url}cone/", json=[], headers=JSON)
        assert ask(ra=1.5) == ROWS
        assert ask(server.url) == []
        assert double.request_history[0].text == "ra=1.5"
    assert not server.received


def test_vcr_records_and_replays(ask, server, tmp_path):
    """Recorded once; then the answer is that of the cassette, and no request reaches the server."""
    vcr = pytest.importorskip("vcr")
    cassette = str(tmp_path / "cone.yaml")
    options = {"filter_headers": ["authorization"], "match_on": ["method", "uri", "body"]}
    with vcr.use_cassette(cassette, **options):
        recorded = ask(server.url, ra=1.5)
    assert len(server.received) == 1
    server.answer = []
    with vcr.use_cassette(cassette, record_mode="none", **options) as played:
        assert ask(server.url, ra=1.5) == recorded != []
        assert played.play_count == 1
    assert len(server.received) == 1
    assert ask(server.url, ra=1.5) == []
    assert len(server.received) == 2
    assert "0123456789abcdef" not in (tmp_path / "cone.yaml").read_text()


def test_vcr_refuses_what_is_not_on_the_cassette(ask, server, tmp_path):
    vcr = pytest.importorskip("vcr")
    from vcr.errors import CannotOverwriteExistingCassetteException

    with (
        vcr.use_cassette(str(tmp_path / "empty.yaml"), record_mode="none"),
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        ask(server.url)
    assert not server.received


def test_vcr_over_https(ask, tmp_path):
    vcr = pytest.importorskip("vcr")
    cassette = tmp_path / "cone.yaml"
    body = json.dumps(ROWS)
    request = {"method": "POST", "uri": URL, "body": "", "headers": {}}
    answer = {"body": {"string": body}, "headers": {"Content-Type": ["application/json"]}}
    answer["status"] = {"code": 200, "message": "OK"}
    # JSON is YAML too.
    cassette.write_text(json.dumps({"version": 1, "interactions": [{"request": request, "response": answer}]}))
    with vcr.use_cassette(str(cassette), record_mode="none"):
        assert ask() == ROWS


def test_requests_cache(ask, server):
    """Of a user who wants it for POST requests; switched on and off during the life of a client."""
    requests_cache = pytest.importorskip("requests_cache")
    with requests_cache.enabled("test", backend="memory", allowable_methods=["POST"]):
        first = ask(server.url, ra=1.5)
        server.answer = []
        assert ask(server.url, ra=1.5) == first != []
        assert ask(server.url, ra=2.5) == []
        assert len(server.received) == 2
    assert ask(server.url, ra=1.5) == []
    assert len(server.received) == 3

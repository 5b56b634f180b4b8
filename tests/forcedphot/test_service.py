# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The forced-photometry server as a second service: the same transport and sign-in, with accounts of its own."""

import pickle

import astropy.units as u
import pytest

from atlasquery import ATLASClass, conf
from atlasquery.exceptions import (
    InactiveUserError,
    InvalidQueryError,
    InvalidTokenError,
    LoginError,
    NoTokenError,
    UnreadableAnswerError,
)
from atlasquery.forcedphot import ForcedPhotometryClass
from atlasquery.forcedphot.runner import decode_runner_status
from atlasquery.forcedphot.service import FORCED_SERVICE
from atlasquery.transport import Request

PRODUCTION = "https://fallingstar-data.com/forcedphot/"
LIST = Request("GET", "queue/", {"pagesize": 1}, idempotent=True)


@pytest.fixture
def server(make_sandbox):
    return make_sandbox(n_objects=30)


def test_no_input_or_output_before_the_first_request():
    assert repr(ForcedPhotometryClass()) == f"<ForcedPhotometryClass: {PRODUCTION}>"


def test_the_server_is_that_of_the_argument_the_environment_or_the_configuration(monkeypatch):
    assert ForcedPhotometryClass().server == PRODUCTION
    with conf.set_temp("forced_server", "https://example.org/fp"):
        assert ForcedPhotometryClass().server == "https://example.org/fp/"
        monkeypatch.setenv("ATLASQUERY_FORCED_SERVER", "https://example.com/fp")
        assert ForcedPhotometryClass().server == "https://example.com/fp/"
    assert ForcedPhotometryClass("http://127.0.0.1:1/fp").server == "http://127.0.0.1:1/fp/"
    monkeypatch.setenv("ATLASQUERY_FORCED_SERVER", "")
    with pytest.raises(InvalidQueryError, match="ATLASQUERY_FORCED_SERVER"):
        ForcedPhotometryClass().server  # noqa: B018


@pytest.mark.parametrize("local", ["http://127.0.0.1:8000/sne/", "http://localhost:8000/", "https://[::1]/api/"])
def test_a_rehearsal_never_reaches_production(monkeypatch, local):
    monkeypatch.setenv("ATLASQUERY_SERVER", local)
    client = ForcedPhotometryClass(token=None)
    for call in (lambda: client.server, client.status, lambda: client.login(token="0" * 40)):
        with pytest.raises(InvalidQueryError, match="`ATLASQUERY_FORCED_SERVER` must be set"):
            call()
    assert ForcedPhotometryClass("https://example.org/").server == "https://example.org/"
    monkeypatch.setenv("ATLASQUERY_FORCED_SERVER", "http://127.0.0.1:8000/forcedphot/")
    assert client.server == "http://127.0.0.1:8000/forcedphot/"
    monkeypatch.setenv("ATLASQUERY_SERVER", "https://example.org/")
    monkeypatch.delenv("ATLASQUERY_FORCED_SERVER")
    assert client.server == PRODUCTION


def test_signing_in_with_a_token(server):
    client = ForcedPhotometryClass(server.forced_url)
    assert not client.authenticated()
    assert client.login(token=server.forced_token("user"), store=False)
    assert (client.authenticated(), client.token_source) == (True, "login")
    assert client._request(LIST).json()["taskcount"] >= 0
    assert server.requests[-1].user == "forced user"


def test_tokens_that_the_server_refuses(server):
    for token, error in (("0" * 40, InvalidTokenError), (server.forced_token("inactive"), InactiveUserError)):
        with pytest.raises(error):
            ForcedPhotometryClass(server.forced_url, token=token)._request(LIST)
    with pytest.raises(InvalidTokenError):
        ForcedPhotometryClass(server.forced_url).login(token="0" * 40)


def test_signing_in_with_a_password(server):
    client = server.forced_client("other")
    from atlasquery.auth.exchange import request_token

    session = client._authorized
    credential = request_token(session._transport, session.server, "other", _password("other-pw"))
    assert credential.token.reveal() == server.forced_token("other")
    assert credential.expires is None  # these tokens never expire
    with pytest.raises(LoginError):
        request_token(session._transport, session.server, "other", _password("wrong"))


def _password(text):
    from atlasquery.transport import Password

    return Password(text)


def test_the_token_of_the_environment_is_for_its_server_only(server, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_FORCED_TOKEN", server.forced_token("user"))
    with pytest.raises(NoTokenError):  # the token is that of production
        ForcedPhotometryClass(server.forced_url)._request(LIST)
    monkeypatch.setenv("ATLASQUERY_FORCED_SERVER", server.forced_url)
    client = ForcedPhotometryClass()
    assert client._request(LIST).status == 200
    assert client.token_source == "environment"
    assert not ATLASClass().authenticated()  # of the other service


def test_the_two_services_have_entries_of_their_own_in_the_keyring():
    assert FORCED_SERVICE.name != ATLASClass._service.name


def test_secrets_are_not_shown(server):
    client = server.forced_client("user")
    token = server.forced_token("user")
    for text in (repr(client), str(vars(client)), repr(pickle.dumps(client)), repr(client._authorized)):
        assert token not in text
    assert token not in str(server.requests)


def test_the_state_of_the_runner(server):
    status = ForcedPhotometryClass(server.forced_url).status()
    assert (status.is_running, status.n_queued, status.n_slots) == (True, 0, 16)
    assert status.typical_runtime == 0.05 * u.s
    assert server.requests[-1].path == "/forcedphot/taskrunnerstatus.json"
    assert not server.requests[-1].has_token


def test_recorded_states_of_the_runner(shared_data):
    import json

    for name, is_running, n_queued in (("up", True, 39), ("down", False, 0)):
        path = shared_data / "recorded_forced" / f"taskrunnerstatus_{name}.json"
        status = decode_runner_status(json.loads(path.read_text())["response"]["body"], url="x")
        assert (status.is_running, status.n_queued, status.typical_runtime) == (is_running, n_queued, None)
    with pytest.raises(UnreadableAnswerError, match="running"):
        decode_runner_status({"running": "yes"}, url="x")


@pytest.fixture
def old_server(make_sandbox):
    return make_sandbox(n_objects=30, forced_vintage="old")


def test_an_older_server_does_not_tell_its_state(old_server):
    assert ForcedPhotometryClass(old_server.forced_url).status() is None


def test_an_older_server_redirects_where_a_token_is_refused(old_server):
    """Followed, the redirect would be a success of status 200."""
    for token in ("0" * 40, old_server.forced_token("inactive")):
        with pytest.raises(LoginError):
            ForcedPhotometryClass(old_server.forced_url, token=token)._request(LIST)
    assert "/forcedphot/api-auth/login/" not in {request.path for request in old_server.requests}


def test_an_older_server_measures_too(old_server):
    client = old_server.forced_client("user")
    lc = client.get_light_curve("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
    assert len(lc)


def test_quotas_of_reads_and_writes():
    assert FORCED_SERVICE.find_quota_rule("POST").n_requests == 60
    assert FORCED_SERVICE.find_quota_rule("DELETE").n_requests == 60
    assert FORCED_SERVICE.find_quota_rule("GET").n_requests == 600

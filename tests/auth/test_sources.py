# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The order of the sources of a token, and the server that each token may be sent to."""

import pytest

from atlasquery.auth import AuthorizedSession
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.config import DEFAULT_SERVER, conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import InvalidQueryError, InvalidTokenError, LoginError, NoTokenError
from atlasquery.transport import Token

DEFAULT_ORIGIN = "https://psweb.mp.qub.ac.uk"


def user_of_last_request(sandbox):
    return sandbox.requests[-1].user


def test_order_of_sources(sandbox, origin, count, terminal, monkeypatch):
    # From the last source to the first: each is used as soon as it is set.
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url)
    count(session)
    assert user_of_last_request(sandbox) == "reader"

    KeyringStorage("atlasquery", origin).write(Token(sandbox.token("writer")), None)
    count(AuthorizedSession(ATLAS_SERVICE, sandbox.url))
    assert user_of_last_request(sandbox) == "writer"

    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token("staff"))
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    count(AuthorizedSession(ATLAS_SERVICE, sandbox.url))
    assert user_of_last_request(sandbox) == "staff"

    count(AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("nogroup")))
    assert user_of_last_request(sandbox) == "nogroup"
    assert len(terminal.prompts) == 2


def test_error_without_a_token_lists_all_sources(sandbox, requested_endpoints, count, session):
    with pytest.raises(NoTokenError) as raised:
        count(session)
    assert isinstance(raised.value, LoginError)
    assert raised.value.sources == (
        ("token=", "was not given"),
        ("ATLASQUERY_TOKEN", "is not set"),
        ("keyring", "has no token for this server"),
        ("prompt", "standard input is not a terminal"),
    )
    for place, why in raised.value.sources:
        assert f"{place} {why}" in str(raised.value)
    assert requested_endpoints() == []


def test_token_of_the_environment_is_for_the_default_server(sandbox, requested_endpoints, count, session, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token("reader"))
    with pytest.raises(NoTokenError, match=f"is set, but for {DEFAULT_ORIGIN}"):
        count(session)
    assert requested_endpoints() == []
    assert AuthorizedSession(ATLAS_SERVICE).authenticated()
    assert AuthorizedSession(ATLAS_SERVICE, DEFAULT_SERVER).authenticated()


def test_token_of_the_environment_for_a_named_server(sandbox, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", f" {sandbox.token('reader')}\n")
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    assert AuthorizedSession(ATLAS_SERVICE, sandbox.url).authenticated()
    assert not AuthorizedSession(ATLAS_SERVICE, DEFAULT_SERVER).authenticated()


@pytest.mark.parametrize(
    "other", ["http://127.0.0.1:1/api/", "http://localhost:{port}/sne/atlas4/api/", "https://127.0.0.1:{port}/"]
)
def test_other_port_host_or_scheme_is_another_server(sandbox, origin, count, session, monkeypatch, other):
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token("reader"))
    monkeypatch.setenv("ATLASQUERY_SERVER", other.format(port=origin.rpartition(":")[2]))
    with pytest.raises(NoTokenError, match="is set, but for"):
        count(session)


@pytest.mark.parametrize("server", ["http://example.org/", "nonsense", "https://user:geheim@example.org/"])
def test_invalid_server_of_the_environment(count, session, monkeypatch, server):
    monkeypatch.setenv("ATLASQUERY_TOKEN", "abc")
    monkeypatch.setenv("ATLASQUERY_SERVER", server)
    with pytest.raises(NoTokenError, match="ATLASQUERY_SERVER is invalid") as raised:
        count(session)
    assert "geheim" not in str(raised.value)


def test_invalid_token_of_the_environment(sandbox, count, session, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", "geheim geheim")
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    with pytest.raises(NoTokenError, match="is set, but invalid") as raised:
        count(session)
    assert "geheim" not in str(raised.value)


def test_argument_and_environment_are_used_without_a_check(sandbox, requested_endpoints, count, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token("reader"))
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    count(AuthorizedSession(ATLAS_SERVICE, sandbox.url))
    count(AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("reader")))
    assert requested_endpoints() == ["cone/", "cone/"]


def test_argument_is_for_one_server_only(sandbox, requested_endpoints, count):
    with conf.set_temp("server", "https://example.org/api/"):
        session = AuthorizedSession(ATLAS_SERVICE, token=sandbox.token("reader"))
        assert session.authenticated()
    with conf.set_temp("server", sandbox.url):
        assert not session.authenticated()
        with pytest.raises(NoTokenError, match=r"token= was given for https://example\.org"):
            count(session)
    assert requested_endpoints() == []


def test_configured_server_is_read_at_each_call(sandbox, count):
    session = AuthorizedSession(ATLAS_SERVICE)
    with conf.set_temp("server", sandbox.url):
        assert session.server.root == sandbox.url
    assert session.server.root == DEFAULT_SERVER


def test_copy_keeps_server_and_token(sandbox, count):
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("reader"))
    assert count(session.copy_with()) == 200
    assert user_of_last_request(sandbox) == "reader"
    assert count(session.copy_with(token=sandbox.token("staff"))) == 200
    assert user_of_last_request(sandbox) == "staff"
    assert count(session) == 200
    assert user_of_last_request(sandbox) == "reader"


def test_copy_for_another_server_has_no_token(sandbox, count):
    other = AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("reader")).copy_with("https://example.org/api/")
    assert not other.authenticated()
    with pytest.raises(NoTokenError):
        count(other)
    assert other.copy_with(sandbox.url).authenticated()


@pytest.mark.parametrize("server", ["http://example.org/", "https://u:p@example.org/", ""])
def test_invalid_server_is_rejected_at_once(server):
    with pytest.raises(InvalidQueryError):
        AuthorizedSession(ATLAS_SERVICE, server)


def test_invalid_token_is_rejected_at_once():
    with pytest.raises(InvalidTokenError):
        AuthorizedSession(ATLAS_SERVICE, token="two words")


def test_invalid_configured_server_is_not_shown():
    with conf.set_temp("server", "https://user:geheim@example.org/"):
        session = AuthorizedSession(ATLAS_SERVICE)
        assert repr(session) == "<AuthorizedSession: invalid address>"
        with pytest.raises(InvalidQueryError, match="password"):
            session.authenticated()

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sign-in: a token is read from standard input, and written to one file only."""

import os
import stat
import subprocess
import sys

import keyring
import pytest
from keyring.backends import fail

from atlasquery import ATLAS, conf
from memory_keyring import MemoryKeyring


@pytest.fixture(autouse=True)
def memory(environment, monkeypatch):
    """An empty keyring in memory, and no token in the environment."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    monkeypatch.delenv("ATLASQUERY_TOKEN")
    yield
    keyring.set_keyring(before)


def test_token_from_standard_input_is_checked_and_stored(run, server):
    n_before = len(server.requests)
    result = run("login", "--token-stdin", stdin=server.token("writer") + "\n")
    assert (result.code, result.output) == (0, f"Signed in to {server.url}.\n")
    assert len(server.requests) == n_before + 1
    status = run("status")
    assert status.code == 0
    assert server.url in status.output
    assert server.token("writer") not in status.output + result.output
    assert run("logout").code == 0
    assert run("status").code == 3


def test_invalid_token(run):
    assert run("login", "--token-stdin", stdin="0" * 40).code == 5
    assert run("login", "--token-stdin", stdin="two words").code == 5
    assert run("login", "--token-stdin", stdin="").code == 5


def test_a_token_that_cannot_be_stored(run, server):
    keyring.set_keyring(fail.Keyring())
    result = run("login", "--token-stdin", stdin=server.token("writer") + "\n")
    assert (result.code, result.output) == (2, "")
    assert "the token is not stored: this machine has no usable keyring. `atlasquery login --output" in result.errors


def test_a_rejected_token_of_the_environment(run, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", "0" * 40)
    result = run("object", "2018cow")
    assert result.code == 5
    assert "The token is that of the environment variable ATLASQUERY_TOKEN." in result.errors


def test_status_tells_why_the_expiry_is_unknown(run, server, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", server.token("writer"))
    assert "expires  unknown; `atlasquery login` on this computer records it" in run("status").output
    monkeypatch.delenv("ATLASQUERY_TOKEN")
    assert "expires  -" in run("status").output


def test_status_shows_the_shared_quota(run, server, monkeypatch, tmp_path):
    monkeypatch.setenv("ATLASQUERY_TOKEN", server.token("writer"))
    assert "100 requests an hour; set quota_file" in run("status").output
    with conf.set_temp("quota_file", tmp_path / "quota"), conf.set_temp("quota_reserve", 5):
        assert (
            "quota    95 of 100 requests left, without 5 that quota_reserve leaves to others, as counted by"
            in run("status").output
        )
        assert run("object", "2018cow").code == 0
        assert "quota    93 of 100 requests left" in run("status").output


def test_token_in_a_file(run, server, tmp_path):
    path = tmp_path / "token.txt"
    path.write_text("old")
    path.chmod(0o644)
    result = run("login", "--token-stdin", "--output", str(path), stdin=server.token("writer"))
    assert result.code == 0
    assert path.read_text() == server.token("writer") + "\n"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["token.txt"]
    ATLAS._authorized._credentials.clear()
    assert run("status").code == 3  # not in the keyring


def test_no_terminal(run):
    result = run("login")
    assert result.code == 3
    assert "not a terminal" in result.errors


def test_status_of_an_expired_token(run, server, monkeypatch):
    from astropy import units as u
    from astropy.time import Time

    from atlasquery.auth.keyring_storage import KeyringStorage
    from atlasquery.transport import Token

    storage = KeyringStorage("atlasquery", server.url.partition("/sne")[0])
    monkeypatch.setattr("atlasquery.auth.credential._WARNED", set())
    storage.write(Token(server.token("writer")), Time.now() + 10 * u.day)
    soon = run("status")
    assert soon.code == 0
    assert "expires on" in soon.errors
    storage.write(Token(server.token("writer")), Time.now() - 1 * u.day)
    expired = run("status")
    assert expired.code == 4
    assert "keyring" in expired.output


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are of POSIX")
@pytest.mark.parametrize(("role", "code"), [("expired", 4), (None, 3)])
def test_a_bot_without_terminal_keyring_and_input(server, monkeypatch, role, code):
    """A process without a controlling terminal, and with standard input closed, ends at once."""
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    if role:
        environment["ATLASQUERY_TOKEN"] = server.token(role)
    words = [sys.executable, "-m", "atlasquery", "list", "good"]
    n_before = len(server.requests)
    result = subprocess.run(
        f"exec 0<&-; exec {' '.join(words)}", shell=True, env=environment, capture_output=True, text=True,
        start_new_session=True, timeout=120,
    )  # fmt: skip
    assert result.returncode == code
    assert result.stdout == ""
    assert result.stderr.startswith("atlasquery: error: ")
    assert result.stderr.count("\n") == 1
    assert len(server.requests) - n_before == (1 if role else 0)

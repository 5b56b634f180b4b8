# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A keyring in memory, a simulated terminal and a sandbox; nothing of the user is read or changed."""

import getpass
import sys

import keyring
import pytest

from atlasquery.auth import AuthorizedSession, credential, keyring_storage
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.sandbox import Sandbox
from atlasquery.transport import Request
from memory_keyring import MemoryKeyring


@pytest.fixture
def use_keyring():
    """Set the keyring backend, when called."""
    before = keyring.core._keyring_backend
    yield keyring.set_keyring
    keyring.core._keyring_backend = before


@pytest.fixture(autouse=True)
def memory(use_keyring):
    """An empty keyring in memory."""
    backend = MemoryKeyring()
    use_keyring(backend)
    return backend


@pytest.fixture(autouse=True)
def fresh_auth(monkeypatch, tmp_path):
    """Remove tokens of the user's environment, and the state of the process and of the user."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("ATLASQUERY_TOKEN", "ATLASQUERY_SERVER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(credential, "_WARNED", set())
    monkeypatch.setattr(keyring_storage, "_HANGING_CALL", {})


@pytest.fixture(scope="session")
def _sandbox():
    with Sandbox(n_objects=20, end="2026-11-01", rates={"auth": None, "user": None}) as running:
        yield running


@pytest.fixture
def sandbox(_sandbox):
    """A sandbox without throttle."""
    _sandbox.clear_faults()
    _sandbox.begin = len(_sandbox.requests)
    yield _sandbox
    _sandbox.clear_faults()


@pytest.fixture
def requested_endpoints(sandbox):
    """Return the endpoints requested in this test, in order, when called."""
    return lambda: [request.endpoint for request in sandbox.requests[sandbox.begin :]]


@pytest.fixture
def origin(sandbox):
    """The origin of the sandbox."""
    return sandbox.url.partition("/sne")[0]


@pytest.fixture
def session(sandbox):
    """A session without a token."""
    return AuthorizedSession(ATLAS_SERVICE, sandbox.url)


@pytest.fixture
def count():
    """Send a count request, when called."""

    def count(session, *, idempotent=True):
        payload = {"ra": 1.0, "dec": 2.0, "radius": 3.0, "requestType": "count"}
        return session.send(Request("POST", "cone/", payload, idempotent=idempotent)).status

    return count


@pytest.fixture
def terminal(monkeypatch):
    """A terminal at which user name and password are typed; ``prompts`` lists the prompts."""

    class Terminal:
        prompts = []
        username, password = "reader", "reader-pw"

        def types(self, username, password):
            self.username, self.password = username, password

        def isatty(self):
            return True

        def input(self, prompt):
            self.prompts.append(prompt)
            return self.username

        def getpass(self, prompt):
            self.prompts.append(prompt)
            return self.password

    simulated = Terminal()
    simulated.prompts = []
    monkeypatch.setattr(sys, "stdin", simulated)
    monkeypatch.setattr("builtins.input", simulated.input)
    monkeypatch.setattr(getpass, "getpass", simulated.getpass)
    return simulated

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A keyring in memory, a person at a terminal, a server to sign in at: none of them the user's own."""

import getpass
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from atlasquery.auth import AuthorizedSession, credential, keyring_storage
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.sandbox import Sandbox
from atlasquery.transport import Request


class MemoryKeyring(KeyringBackend):
    """Keeps its entries in a dict, as long as it lives."""

    priority = 0.1  # never chosen by itself

    def __init__(self):
        super().__init__()
        self.entries = {}

    def get_password(self, service, username):
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        self.entries[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.entries:
            raise PasswordDeleteError("There is no such entry.")
        del self.entries[service, username]


@pytest.fixture
def use_keyring():
    """Make a backend the one in use."""
    before = keyring.core._keyring_backend
    yield keyring.set_keyring
    keyring.core._keyring_backend = before


@pytest.fixture(autouse=True)
def memory(use_keyring):
    """The keyring of the tests, empty."""
    backend = MemoryKeyring()
    use_keyring(backend)
    return backend


@pytest.fixture(autouse=True)
def as_new(monkeypatch):
    """Nothing of the user's environment, nothing remembered by the process."""
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
    """A server to sign in at; ``asked()`` gives the requests of this test."""
    _sandbox.clear_faults()
    _sandbox.begin = len(_sandbox.requests)
    yield _sandbox
    _sandbox.clear_faults()


@pytest.fixture
def asked(sandbox):
    """The endpoints that were asked in this test, in order."""
    return lambda: [request.endpoint for request in sandbox.requests[sandbox.begin :]]


@pytest.fixture
def origin(sandbox):
    """The sandbox's origin."""
    return sandbox.url.partition("/sne")[0]


@pytest.fixture
def session(sandbox):
    """One that knows nothing yet."""
    return AuthorizedSession(ATLAS_SERVICE, sandbox.url)


@pytest.fixture
def count():
    """Ask the cheapest question, as a read or as if it were a write."""

    def count(session, *, idempotent=True):
        payload = {"ra": 1.0, "dec": 2.0, "radius": 3.0, "requestType": "count"}
        return session.send(Request("POST", "cone/", payload, idempotent=idempotent)).status

    return count


@pytest.fixture
def terminal(monkeypatch):
    """A person at the terminal who types a user name and a password; ``prompts`` is what they were shown."""

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

    person = Terminal()
    person.prompts = []
    monkeypatch.setattr(sys, "stdin", person)
    monkeypatch.setattr("builtins.input", person.input)
    monkeypatch.setattr(getpass, "getpass", person.getpass)
    return person

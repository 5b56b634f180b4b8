# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Keyring backends, working and failing: each failure is reported, and none raises or shows a secret."""

import threading
import warnings

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest
from astropy.time import Time
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from atlasquery.auth import AuthorizedSession, keyring_storage
from atlasquery.auth.keyring_storage import KeyringEntry, KeyringStorage
from atlasquery.config import conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.transport import Token

ORIGIN = "https://psweb.mp.qub.ac.uk"
VALUE = "0123456789abcdef0123456789abcdef01234567"
TOKEN = Token(VALUE)
EXPIRES = Time("2027-05-01T12:00:00.000", scale="utc")


class Raising(KeyringBackend):
    """Raises the same error in every method."""

    priority = 0.1

    def __init__(self, error):
        super().__init__()
        self.error = error

    def get_password(self, service, username):
        raise self.error

    def set_password(self, service, username, password):
        raise self.error

    def delete_password(self, service, username):
        raise self.error


class Hanging(KeyringBackend):
    """Does not return until it is released."""

    priority = 0.1

    def __init__(self):
        super().__init__()
        self.released = threading.Event()
        self.n_calls = 0

    def get_password(self, service, username):
        self.n_calls += 1
        self.released.wait(10)

    def set_password(self, service, username, password):
        self.get_password(service, username)


class PlaintextKeyring(KeyringBackend):
    """Like that of keyrings.alt: works, but stores plain text."""

    priority = 0.1
    entries = {}

    def get_password(self, service, username):
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        raise AssertionError("it must not be given a token")


class Forgetful(KeyringBackend):
    """Accepts a value without an error, and returns another one."""

    priority = 0.1

    def get_password(self, service, username):
        return None if username.endswith("expires") else "something-else"

    def set_password(self, service, username, password):
        return None


def test_altered_token_is_removed(memory, monkeypatch):
    monkeypatch.setattr(
        memory, "set_password", lambda service, name, text: memory.entries.update({(service, name): text[:20]})
    )
    assert KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES).endswith("returned another value than was stored")
    assert memory.entries == {}


def test_altered_token_that_cannot_be_removed_is_reported(memory, monkeypatch):
    monkeypatch.setattr(
        memory, "set_password", lambda service, name, text: memory.entries.update({(service, name): text[:20]})
    )
    monkeypatch.setattr(memory, "delete_password", lambda service, name: None)
    assert "cannot be removed (the keyring did not delete" in KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES)


def test_stored_token_can_be_read(memory):
    assert KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES) is None
    assert memory.entries == {
        ("atlasquery", ORIGIN): VALUE,
        ("atlasquery", f"{ORIGIN} expires"): "2027-05-01T12:00:00.000",
    }
    assert KeyringStorage("atlasquery", ORIGIN).read() == KeyringEntry(TOKEN, EXPIRES)


def test_each_server_has_its_own_entry(memory):
    KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES)
    assert KeyringStorage("atlasquery", "https://example.org").read() == KeyringEntry(
        problem="has no token for this server"
    )


def test_expiry_of_the_previous_token_is_removed(memory):
    KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES)
    KeyringStorage("atlasquery", ORIGIN).write(Token("another"), None)
    assert KeyringStorage("atlasquery", ORIGIN).read() == KeyringEntry(Token("another"), None)


def test_remove(memory):
    KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES)
    assert KeyringStorage("atlasquery", ORIGIN).remove() is None
    assert memory.entries == {}
    assert KeyringStorage("atlasquery", ORIGIN).remove() is None


def test_invalid_entry_is_reported(memory):
    memory.entries["atlasquery", ORIGIN] = "not a token"
    assert KeyringStorage("atlasquery", ORIGIN).read() == KeyringEntry(
        problem="has an entry for this server that is not a token"
    )


@pytest.mark.parametrize("text", ["soon", "", "2027-13-01"])
def test_invalid_expiry_is_unknown(memory, text):
    KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES)
    memory.entries["atlasquery", f"{ORIGIN} expires"] = text
    assert KeyringStorage("atlasquery", ORIGIN).read() == KeyringEntry(TOKEN, None)


BAD = [
    (keyring.backends.fail.Keyring, "no usable keyring", "no usable keyring"),
    (keyring.backends.null.Keyring, "returned another value", "has no token"),
    (Forgetful, "returned another value", None),
    (PlaintextKeyring, "plain text in a file", "has no token"),
    (lambda: Raising(InitError(f"no luck with {VALUE}")), "locked", "locked"),
    (lambda: Raising(KeyringLocked("dismissed")), "locked", "locked"),
    (lambda: Raising(NoKeyringError("none")), "no usable keyring", "no usable keyring"),
    (lambda: Raising(PasswordSetError("disk full")), r"PasswordSetError: disk full", "PasswordSetError"),
    (lambda: Raising(OSError(5, "broken pipe")), "OSError", "OSError"),
]


@pytest.mark.parametrize(("backend", "on_writing", "on_reading"), BAD)
def test_failing_backend_is_reported(use_keyring, backend, on_writing, on_reading):
    use_keyring(backend())
    problem = KeyringStorage("atlasquery", ORIGIN).write(TOKEN, EXPIRES)
    assert on_writing in problem
    assert VALUE not in problem
    stored = KeyringStorage("atlasquery", ORIGIN).read()
    if on_reading:
        assert on_reading in stored.problem
        assert stored.token is None


def test_token_is_redacted_in_the_error_of_a_backend(use_keyring):
    class Talkative(Forgetful):
        def set_password(self, service, username, password):
            raise PasswordSetError(f"cannot store {password}")

    use_keyring(Talkative())
    assert "cannot store [secure]" in KeyringStorage("atlasquery", ORIGIN).write(TOKEN, None)


def test_failed_removal_is_reported(use_keyring, memory):
    memory.delete_password = lambda service, username: None
    KeyringStorage("atlasquery", ORIGIN).write(TOKEN, None)
    assert "did not delete" in KeyringStorage("atlasquery", ORIGIN).remove()


def test_a_hanging_backend_is_called_once(use_keyring):
    backend = Hanging()
    use_keyring(backend)
    storage = KeyringStorage("atlasquery", ORIGIN)
    with conf.set_temp("keyring_timeout", 0.2):
        assert storage.read().problem == "cannot be read: the keyring does not answer within 0.2 s"
        assert storage.write(TOKEN, None) == "the keyring still does not answer"
        assert storage.remove() == "the keyring still does not answer"
    assert backend.n_calls == 1
    backend.released.set()
    keyring_storage._HANGING_CALL["call"].join(10)
    assert storage.read().problem == "has no token for this server"


def test_token_in_a_plain_text_file_is_read(use_keyring, monkeypatch):
    # Only writing to a plain text file is rejected.
    monkeypatch.setattr(PlaintextKeyring, "entries", {("atlasquery", ORIGIN): VALUE})
    use_keyring(PlaintextKeyring())
    assert KeyringStorage("atlasquery", ORIGIN).read().token == TOKEN


def test_chain_of_backends_is_judged_by_its_first(monkeypatch):
    class ChainerBackend:
        backends = [PlaintextKeyring()]

    monkeypatch.setattr(keyring, "get_keyring", lambda: ChainerBackend())
    assert "plain text" in KeyringStorage("atlasquery", ORIGIN).write(TOKEN, None)


def test_a_backend_that_cannot_be_loaded(use_keyring, monkeypatch):
    keyring.core._keyring_backend = None  # the fixture puts the former one back; monkeypatch would do so after it
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "nowhere.Keyring")
    assert "nowhere" in KeyringStorage("atlasquery", ORIGIN).write(TOKEN, None)
    assert "nowhere" in KeyringStorage("atlasquery", ORIGIN).read().problem


def test_value_that_is_not_a_string_is_reported(memory):
    memory.entries["atlasquery", ORIGIN] = 5
    assert "must be a string" in KeyringStorage("atlasquery", ORIGIN).read().problem


def test_print_table_of_backends(use_keyring, memory, session, sandbox, count):
    """Print the result for each backend: ``pytest -s tests/auth/test_keyring_storage.py``."""
    print(f"\n{'backend':24} {'stored':6} {'serves':6} what is said")
    for make in (lambda: memory, *(row[0] for row in BAD), Hanging):
        backend = make()
        use_keyring(backend)
        with warnings.catch_warnings(record=True) as caught, conf.set_temp("keyring_timeout", 0.2):
            warnings.simplefilter("always")
            signed_in = session.login(token=sandbox.token("reader"))
            stored = AuthorizedSession(ATLAS_SERVICE, sandbox.url).authenticated()
        serves = signed_in and count(session) == 200
        said = "; ".join(str(w.message).rpartition("not stored: ")[2] for w in caught) or "nothing"
        name = f"{type(backend).__module__.rpartition('.')[2]}.{type(backend).__name__}".removeprefix(
            "test_keyring_storage."
        )
        print(f"{name:24} {stored!s:6} {serves!s:6} {said}")
        assert serves
        assert stored is (backend is memory) or isinstance(backend, Forgetful)
        assert bool(caught) is (backend is not memory)

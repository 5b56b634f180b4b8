# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`KeyringStorage`: stores tokens in the system keyring, if it is secure and returns what was stored."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from astropy.time import Time

from atlasquery.config import conf
from atlasquery.exceptions import InvalidTokenError
from atlasquery.transport import Secret, Token
from atlasquery.utils.threads import start_thread

__all__ = ["KeyringEntry", "KeyringStorage"]

_NO_KEYRING = "this machine has no usable keyring"


class KeyringEntry(NamedTuple):
    """The keyring's token of a server; ``problem`` is the reason why there is none."""

    token: Token | None = None
    expires: Time | None = None
    problem: str | None = None


class KeyringStorage:
    """The keyring entries of one server: the token, and its expiry.

    No method raises when the keyring fails, as a token is usable without it: they return the problem as text.

    Parameters
    ----------
    service_name : str
        Service name of the entries.
    origin : str
        Scheme, host and port of the server.
    """

    def __init__(self, service_name: str, origin: str) -> None:
        self._service_name = service_name
        self._token_entry = origin
        self._expiry_entry = f"{origin} expires"

    def read(self) -> KeyringEntry:
        """Return the stored token and its expiry."""
        text, problem = self._call("get_password", self._token_entry)
        if problem or text is None:
            return KeyringEntry(problem=f"cannot be read: {problem}" if problem else "has no token for this server")
        try:
            token = Token(text.reveal())
        except InvalidTokenError:
            return KeyringEntry(problem="has an entry for this server that is not a token")
        return KeyringEntry(token, self._read_expiry())

    def _read_expiry(self) -> Time | None:
        text, problem = self._call("get_password", self._expiry_entry)
        if problem or text is None:
            return None
        try:
            return Time(text.reveal(), format="isot", scale="utc")
        except ValueError:  # not written by this package; the token is usable without it
            return None

    def write(self, token: Token, expires: Time | None) -> str | None:
        """Store a token, read it back, and return the problem or None."""
        backend, problem = _call_with_timeout(_find_backend, ())
        if problem:
            return problem
        if _is_plain_text(backend):
            return f"the keyring backend {backend} stores secrets as plain text in a file"
        # The old expiry first: if left, it would be read as that of the new token.
        problem = self._remove(self._expiry_entry) or self._call("set_password", self._token_entry, token)[1]
        if problem is None and self.read().token != token:
            problem = f"the keyring backend {backend} returned another value than was stored"
            # That may be a part of the token, which is still secret and would be tried next time.
            if remaining := self._remove(self._token_entry):
                problem += f", which may be a part of the token and cannot be removed ({remaining})"
        if problem is None and expires is not None:
            problem = self._call("set_password", self._expiry_entry, Secret(expires.utc.isot))[1]
        return problem

    def remove(self) -> str | None:
        """Remove the token and its expiry, and return the problem or None."""
        problem = self._remove(self._expiry_entry) or self._remove(self._token_entry)
        return None if problem == _NO_KEYRING else problem  # without a keyring nothing can be left

    def _remove(self, entry: str) -> str | None:
        text, problem = self._call("get_password", entry)
        if problem or text is None:
            return problem
        _, problem = self._call("delete_password", entry)
        if problem is None and self._call("get_password", entry)[0] is not None:
            problem = "the keyring did not delete the entry"
        return problem

    def _call(self, method: str, entry: str, *secrets: Secret) -> tuple[Secret | None, str | None]:
        """Call the keyring; return its string, wrapped, and the problem."""

        def call() -> Secret | None:
            import keyring

            revealed = (secret.reveal() for secret in secrets)
            text = getattr(keyring, method)(self._service_name, entry, *revealed)
            return None if text is None else Secret(text)

        return _call_with_timeout(call, secrets)


def _is_plain_text(backend: str) -> bool:
    return "plain" in backend.lower() or backend.startswith("keyrings.alt.pyfs")


def _find_backend() -> str:
    """Return the name of the backend that would store."""
    import keyring  # imported in functions: it takes 60 ms, and may search the system for backends

    backend: Any = keyring.get_keyring()
    if type(backend).__name__ == "ChainerBackend":
        backend = next(iter(backend.backends), backend)
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


# The call that did not end in time, if any: another one would wait for it.
_HANGING_CALL: dict[str, _KeyringCall] = {}


def _call_with_timeout(function: Callable[[], Any], secrets: tuple[Secret, ...]) -> tuple[Any, str | None]:
    """Return the value of a function and its problem, from a thread, because a keyring may hang."""
    hanging = _HANGING_CALL.get("call")
    if hanging is not None and hanging.is_alive():
        return None, "the keyring still does not answer"
    call = _KeyringCall(function, secrets)
    if not start_thread(call):
        call.run()
        return call.value, call.problem
    call.join(conf.keyring_timeout)
    if call.is_alive():
        _HANGING_CALL["call"] = call
        return None, f"the keyring does not answer within {conf.keyring_timeout:g} s"
    return call.value, call.problem


class _KeyringCall(threading.Thread):
    """One call of the keyring. Of an exception only its text is kept, as the frames of the backend hold the secret."""

    def __init__(self, function: Callable[[], Any], secrets: tuple[Secret, ...]) -> None:
        super().__init__(name="atlasquery keyring", daemon=True)
        self._function, self._secrets = function, secrets
        self.value: Any = None
        self.problem: str | None = None

    def run(self) -> None:
        try:
            self.value = self._function()
        except Exception as error:  # noqa: BLE001  (backends raise many types; each becomes a text)
            self.problem = _describe_failure(error, self._secrets)


def _describe_failure(error: Exception, secrets: tuple[Secret, ...]) -> str:
    kind = type(error).__name__
    if kind == "NoKeyringError":
        return _NO_KEYRING
    if kind in ("InitError", "KeyringLocked"):
        return "the keyring is locked, or cannot be opened"
    text = f"{kind}: {error}"
    for secret in secrets:
        text = secret.redact(text)
    return f"the keyring failed ({text})"

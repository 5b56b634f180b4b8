# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The system keyring: where a token outlives the process, if the keyring is a safe place that keeps its word."""

import threading
from typing import NamedTuple

from astropy.time import Time

from atlasquery.config import conf
from atlasquery.exceptions import InvalidTokenError
from atlasquery.transport import Secret, Token

__all__ = ["SERVICE", "KeyringEntry", "KeyringStorage"]

SERVICE = "atlasquery"
_NO_KEYRING = "this machine has no keyring that can be used"


class KeyringEntry(NamedTuple):
    """What the keyring holds for a server; ``problem`` says why it does not serve."""

    token: Token | None = None
    expires: Time | None = None
    problem: str | None = None


class KeyringStorage:
    """The keyring's entries of one server: its token, and the moment when that expires.

    No method raises when the keyring fails: a token serves this process all the same. They say what is wrong.

    Parameters
    ----------
    origin : str
        Scheme, host and port of the server.
    """

    def __init__(self, origin):
        self._token_entry = origin
        self._expiry_entry = f"{origin} expires"

    def read(self):
        """What is stored.

        Returns
        -------
        stored : Stored
            The token and its expiry, or what is wrong.
        """
        text, problem = _call_keyring("get_password", self._token_entry)
        if problem or text is None:
            return KeyringEntry(problem=problem or "it holds no token for this server")
        try:
            token = Token(text.reveal())
        except InvalidTokenError:
            return KeyringEntry(problem="what it holds for this server cannot be a token")
        return KeyringEntry(token, self._read_expiry())

    def _read_expiry(self):
        text, problem = _call_keyring("get_password", self._expiry_entry)
        if problem or text is None:
            return None
        try:
            return Time(text.reveal(), format="isot", scale="utc")
        except ValueError:  # somebody else's entry; that the expiry is not known is no reason to refuse the token
            return None

    def write(self, token, expires):
        """Store a token, and read it back.

        Parameters
        ----------
        token : Token
            The token.
        expires : `~astropy.time.Time` or None
            When it expires, if that is known.

        Returns
        -------
        problem : str or None
            Why it is not stored, or `None` if it is.
        """
        backend, problem = _backend_name()
        if problem:
            return problem
        if _is_plain_text(backend):
            return f"the keyring backend {backend} keeps secrets as plain text in a file"
        # The old expiry first: left behind, it would be taken for the new token's.
        problem = self._remove(self._expiry_entry) or _call_keyring("set_password", self._token_entry, token)[1]
        if problem is None and self.read().token != token:
            problem = f"the keyring backend {backend} pretends to store, but gives back something else"
            # Perhaps a part of the token, which would be tried the next time, and is a secret all the same.
            if left := self._remove(self._token_entry):
                problem += f", which may be a part of the token and could not be removed ({left})"
        if problem is None and expires is not None:
            problem = _call_keyring("set_password", self._expiry_entry, Secret(expires.utc.isot))[1]
        return problem

    def remove(self):
        """Forget the token and its expiry.

        Returns
        -------
        problem : str or None
            Why they may still be there, or `None` if they are gone.
        """
        problem = self._remove(self._expiry_entry) or self._remove(self._token_entry)
        return None if problem == _NO_KEYRING else problem  # nothing can be left behind where there is none

    @staticmethod
    def _remove(entry):
        text, problem = _call_keyring("get_password", entry)
        if problem or text is None:
            return problem
        _, problem = _call_keyring("delete_password", entry)
        if problem is None and _call_keyring("get_password", entry)[0] is not None:
            problem = "the keyring does not let go of the entry"
        return problem


def _is_plain_text(backend):
    return "plain" in backend.lower() or backend.startswith("keyrings.alt.pyfs")


def _backend_name():
    """The class that would store, and what is wrong with it."""
    return _call_with_timeout(_find_backend, ())


def _call_keyring(method, entry, *secrets):
    """Call the keyring: the text it gives, as a secret, and what is wrong."""
    return _call_with_timeout(lambda: _call(method, entry, secrets), secrets)


def _find_backend():
    import keyring  # only here and below: it takes 60 ms, and may search the system for backends

    backend = keyring.get_keyring()
    if type(backend).__name__ == "ChainerBackend":
        backend = next(iter(backend.backends), backend)
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _call(method, entry, secrets):
    import keyring

    text = getattr(keyring, method)(SERVICE, entry, *(secret.reveal() for secret in secrets))
    return None if text is None else Secret(text)


# The question that was not answered in time, if there is one: a second would hang behind it.
_HANGING_CALL = {}


def _call_with_timeout(function, secrets):
    """The function's value and what went wrong, from a thread of its own, for a keyring may hang."""
    pending = _HANGING_CALL.get("question")
    if pending is not None and pending.is_alive():
        return None, "the keyring still does not answer"
    question = _KeyringCall(function, secrets)
    question.start()
    question.join(conf.keyring_timeout)
    if question.is_alive():
        _HANGING_CALL["question"] = question
        return None, f"the keyring does not answer within {conf.keyring_timeout:g} s"
    return question.value, question.problem


class _KeyringCall(threading.Thread):
    """One call of the keyring; an exception leaves nothing but words, for the backend's frames hold the secret."""

    def __init__(self, function, secrets):
        super().__init__(name="atlasquery keyring", daemon=True)
        self._function, self._secrets = function, secrets
        self.value = self.problem = None

    def run(self):
        try:
            self.value = self._function()
        except Exception as error:  # noqa: BLE001  (a backend may raise anything; it is reported, in words)
            self.problem = _describe_failure(error, self._secrets)


def _describe_failure(error, secrets):
    kind = type(error).__name__
    if kind == "NoKeyringError":
        return _NO_KEYRING
    if kind in ("InitError", "KeyringLocked"):
        return "the keyring is locked, or cannot be opened"
    text = f"{kind}: {error}"
    for secret in secrets:
        text = secret.redact(text)
    return f"the keyring failed ({text})"

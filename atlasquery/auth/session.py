# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`AuthorizedSession`: finds and renews the tokens of one client, and sends its requests with them."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from typing import Any

from astropy.time import Time
from astropy.utils.exceptions import AstropyUserWarning

from atlasquery.auth.credential import Credential
from atlasquery.auth.exchange import is_wrong_password, request_token, verify_token
from atlasquery.auth.expiry_record import ExpiryRecord
from atlasquery.auth.hints import renewal_hint, sign_in_hint, transfer_hint
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.auth.prompt import ask_password, ask_username, can_prompt, show_line
from atlasquery.auth.sources import token_from_environment, token_from_keyring
from atlasquery.auth.token_file import write_token_file
from atlasquery.exceptions import (
    AtlasQueryError,
    InvalidTokenError,
    LoginError,
    NoTokenError,
    TokenExpiredError,
    TokenNotStoredWarning,
)
from atlasquery.transport import (
    Answer,
    ForkSafeLock,
    Quota,
    Request,
    ServerURL,
    Service,
    Token,
    Transport,
    before_sending,
    get_quota,
)
from atlasquery.utils.warnings import warn_user

__all__ = ["AuthorizedSession"]

_NO_TERMINAL = "standard input is not a terminal"
_Tried = tuple[tuple[str, str | None], ...]


class AuthorizedSession:
    """The tokens of a client, at most one a server, and sending of signed requests.

    Creating one does no input or output. A pickled copy has no token.

    Parameters
    ----------
    service : Service
        The web service.
    server : str, optional
        Root URL of the API; by default that of the environment, then of the configuration, read at each call.
    token : str or Token, optional
        A token for this server; it is not used for another one if the configuration changes.

    Raises
    ------
    InvalidQueryError
        If the server's address is invalid.
    InvalidTokenError
        If the token is invalid.
    """

    _server: ServerURL | None = None  # __repr__ may be called after a failed __init__
    service: Service

    def __init__(self, service: Service, server: str | None = None, token: str | Token | None = None) -> None:
        token = Token.wrap(token)
        self.service = service
        self._server = None if server is None else ServerURL.parse(server)
        self._transport = Transport(service)
        self._credentials: dict[str, Credential] = {}
        self._left_behind: dict[str, str] = {}  # origins, and sources of tokens that a pickle did not carry
        if token is not None:
            self._credentials[self.server.origin] = Credential(token.check(), "argument")
        self._reset()

    def _reset(self) -> None:
        self._rejected_tokens: set[Token] = set()
        self._lock = ForkSafeLock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.display_url}>"

    @property
    def display_url(self) -> str:
        """Root URL to show; an invalid one is not shown, as it may contain a secret."""
        try:
            return self.server.root
        except AtlasQueryError:
            return "invalid address"

    def __getstate__(self) -> dict[str, Any]:
        left_behind = self._left_behind | {origin: item.source for origin, item in self._credentials.items()}
        state = {"service": self.service, "_server": self._server, "_transport": self._transport}
        return {**state, "_left_behind": left_behind}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _credentials={})
        self._reset()

    def __copy__(self) -> AuthorizedSession:
        # A copy stays in this process and keeps its tokens; a pickle, which `copy` would use, never has one.
        return self.copy_with()

    def __deepcopy__(self, memo: Any) -> AuthorizedSession:
        return self.copy_with()

    def copy_with(self, server: str | None = None, token: str | Token | None = None) -> AuthorizedSession:
        """Return a copy with its own connection, optionally with another server or token.

        Tokens stay with the servers that they are for.
        """
        token = Token.wrap(token)
        root = self._server.root if server is None and self._server is not None else server
        other = AuthorizedSession(self.service, root, token)
        other._credentials = {**self._credentials, **other._credentials}
        other._left_behind = dict(self._left_behind)
        return other

    @property
    def server(self) -> ServerURL:
        """The server: the one given, else that of the environment or of ``conf``."""
        return self._server or self.service.find_server()

    def send(self, request: Request, server: ServerURL | None = None) -> Answer:
        """Send a signed request; to ``server`` if given, so that a call of several requests stays with one server.

        Raises
        ------
        LoginError
            If there is no usable token, or the server rejects it; subclasses tell the reason.
        AtlasQueryError
            As `~atlasquery.transport.Transport.send`.
        """
        with before_sending():
            server = server or self.server
            credential = self._get_credential(server)
        try:
            return self._transport.send(server, request, token=credential.token)
        except (InvalidTokenError, TokenExpiredError) as error:
            rejection = error
        with before_sending():
            if isinstance(rejection, TokenExpiredError):
                rejection.hint = renewal_hint(self.service, credential.source)
            elif credential.source == "environment":
                rejection.hint = f"The token is that of the environment variable {self.service.token_variable}."
            renewed = self._renew(server, credential, rejection)
        if renewed is None:
            raise rejection
        if not request.idempotent:
            rejection.hint = "The request was rejected before anything was done. A new token is available: call again."
            raise rejection
        return self._transport.send(server, request, token=renewed.token)

    def send_unsigned(self, request: Request) -> Answer:
        """Send a request that needs no account, without a token; errors as those of the transport."""
        with before_sending():
            server = self.server
        return self._transport.send(server, request)

    def login(self, username: str | None = None, *, token: str | Token | None = None, store: bool = True) -> bool:
        """Sign in with a token, or with user name and password; see `AuthenticatedQuery.login`."""
        token = Token.wrap(token)
        server = self.server
        if token is None:
            credential = self._prompt_and_exchange(server, username)
        else:
            verify_token(self._transport, server, token.check())
            credential = Credential(token, "login", ExpiryRecord(server.origin).read(token))
        self._store(server, credential, store)
        return True

    def logout(self) -> None:
        """Remove the token from this client and from the keyring."""
        origin = self.server.origin
        with self._lock.current:
            self._credentials.pop(origin, None)
            problem = KeyringStorage(self.service.name, origin).remove()
        if problem:
            warn_user(f"The keyring may still have a token for {origin}: {problem}.", AstropyUserWarning)
        if token_from_environment(self.service, origin)[0]:
            text = f"The environment variable {self.service.token_variable} still has a token; unset it to sign out."
            warn_user(text, AstropyUserWarning)

    def authenticated(self) -> bool:
        """Return whether a token is available that has not expired and was not rejected; sends no request."""
        credential, _ = self._find_credential(self.server.origin)
        return credential is not None and not credential.is_expired and credential.token not in self._rejected_tokens

    def check_token(self) -> None:
        """Raise `LoginError` unless a usable token is available; sends no request and does not prompt."""
        origin = self.server.origin
        credential, tried = self._find_credential(origin)
        if credential is None or credential.is_expired:
            raise self._no_token_error(origin, credential, tried)
        if credential.token in self._rejected_tokens:
            reason = f"The server rejected the token for {origin} from the {credential.source}."
            raise InvalidTokenError(reason, hint=self._hint(origin))
        credential.warn_if_expiring(origin, self.service.client_name)

    def write_token(self, path: str | PathLike[str]) -> None:
        """Write the token to a file that only its owner can read."""
        write_token_file(self._get_credential(self.server).token, path)

    @property
    def token_source(self) -> str | None:
        """Source of the token, `None` if there is none."""
        credential, _ = self._find_credential(self.server.origin)
        return None if credential is None else credential.source

    @property
    def token_expires(self) -> Time | None:
        """Expiry of the token, `None` if unknown."""
        origin = self.server.origin
        credential, _ = self._find_credential(origin)
        if credential is None or credential.expires is not None:
            return None if credential is None else credential.expires
        entry = KeyringStorage(self.service.name, origin).read()
        return entry.expires if entry.token == credential.token else None

    @property
    def quota(self) -> Quota:
        """Quota of the user at the server."""
        origin = self.server.origin
        credential, _ = self._find_credential(origin)
        return get_quota(origin, None if credential is None else credential.token, self.service.quotas[0])

    def _get_credential(self, server: ServerURL) -> Credential:
        """Return the credential to use; sign in if necessary."""
        origin = server.origin
        with self._lock.current:
            credential, tried = self._find_credential(origin)
            if credential is None or credential.is_expired:
                if not can_prompt():
                    raise self._no_token_error(origin, credential, (*tried, ("prompt", _NO_TERMINAL)))
                credential = self._prompt_and_exchange(server)
                self._store(server, credential, store=True)
            self._credentials[origin] = credential
        credential.warn_if_expiring(origin, self.service.client_name)
        return credential

    def _find_credential(self, origin: str) -> tuple[Credential | None, _Tried]:
        """Return the first credential that is not expired, else an expired one, and why other sources have none."""
        expired = self._credentials.get(origin)
        expired = expired and _with_recorded_expiry(expired, origin)
        if expired is not None and not expired.is_expired:
            return expired, ()
        tried: list[tuple[str, str | None]] = [("token=", self._why_no_token_argument(origin))]
        sources = ((self.service.token_variable, token_from_environment), ("keyring", token_from_keyring))
        for place, find_token in sources:
            credential, problem = find_token(self.service, origin)
            credential = credential and _with_recorded_expiry(credential, origin)
            if credential is not None and not credential.is_expired:
                return credential, tuple(tried)
            expired = credential or expired
            tried.append((place, problem))
        return expired, tuple(tried)

    def _why_no_token_argument(self, origin: str) -> str:
        if source := self._left_behind.get(origin):
            text = "the keyring" if source == "keyring" else f"the {source}"
            return f"stayed in the process that the client came from, where it was of {text}: a pickle has no token"
        others = [origin for origin, credential in self._credentials.items() if credential.source == "argument"]
        return f"was given for {', '.join(others)}" if others else "was not given"

    def _prompt_and_exchange(self, server: ServerURL, username: str | None = None) -> Credential:
        """Prompt for user name and password, and exchange them for a token; after a mistake once more."""
        origin = server.origin
        if not can_prompt():
            reason = f"Signing in at {origin} needs a password, but {_NO_TERMINAL}."
            raise NoTokenError(reason, hint=self._hint(origin))
        try:
            return self._exchange_once(server, username)
        except LoginError as error:
            # Twice only: the server allows 10 attempts an hour.
            if not is_wrong_password(error):
                raise
            show_line(f"{error.reason} One more try.")
        return self._exchange_once(server, username)

    def _exchange_once(self, server: ServerURL, username: str | None) -> Credential:
        origin = server.origin
        username = username or ask_username(origin)
        credential = request_token(self._transport, server, username, ask_password(username, origin))
        if credential.expires is not None:
            ExpiryRecord(origin).write(credential.token, credential.expires)
        return credential

    def _store(self, server: ServerURL, credential: Credential, store: bool) -> None:
        origin = server.origin
        storage = KeyringStorage(self.service.name, origin)
        with self._lock.current:
            self._credentials[origin] = credential
            problem = storage.write(credential.token, credential.expires) if store else None
        if problem:
            warn_user(f"Signed in for this process only; the token is not stored: {problem}.", TokenNotStoredWarning)
        credential.warn_if_expiring(origin, self.service.client_name)

    def _renew(self, server: ServerURL, credential: Credential, rejection: LoginError) -> Credential | None:
        """Return a credential that replaces a rejected one, or None."""
        origin = server.origin
        with self._lock.current:
            self._rejected_tokens.add(credential.token)
            if not credential.can_be_replaced:
                return None if isinstance(rejection, InvalidTokenError) else self._prompt_again(server)
            # Another process, or another thread, may have signed in meanwhile.
            current: Credential | None = self._credentials.pop(origin, credential)
            if current is not None and current.token == credential.token:
                current = token_from_keyring(self.service, origin)[0]
            if current is not None and current.token != credential.token and not current.is_expired:
                self._credentials[origin] = current
                return current
            return self._prompt_again(server) if isinstance(rejection, TokenExpiredError) else None

    def _prompt_again(self, server: ServerURL) -> Credential | None:
        if not can_prompt():
            return None
        credential = self._prompt_and_exchange(server)
        self._store(server, credential, store=True)
        return credential

    def _no_token_error(self, origin: str, expired: Credential | None, tried: _Tried) -> LoginError:
        if expired is not None and expired.expires is not None:
            when = f"{expired.expires.utc.iso[:16]} UTC"
            reason = f"The token for {origin} from the {expired.source} expired on {when}."
            return TokenExpiredError(reason, hint=renewal_hint(self.service, expired.source))
        reasons = "; ".join(f"{place} {problem}" for place, problem in tried)
        hint = self._hint(origin)
        if origin in self._left_behind:
            hint = transfer_hint(self.service)
        return NoTokenError(f"No token for {origin}: {reasons}.", hint=hint, sources=tried)

    def _hint(self, origin: str) -> str:
        return sign_in_hint(self.service, origin)


def _with_recorded_expiry(credential: Credential, origin: str) -> Credential:
    """Return a credential with the expiry that `login` recorded on this machine, if it has none."""
    if credential.expires is not None or (expires := ExpiryRecord(origin).read(credential.token)) is None:
        return credential
    return replace(credential, expires=expires)

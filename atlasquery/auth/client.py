# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`AuthenticatedQuery`: base class of the clients; server, token, sign-in and quota."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

from astropy.time import Time
from astroquery.query import BaseQuery

from atlasquery.auth.session import AuthorizedSession
from atlasquery.transport import Answer, Quota, Request, ServerURL, Service, Token
from atlasquery.utils.near_names import UnknownAttributeError, did_you_mean

__all__ = ["AuthenticatedQuery"]


def _unused_names(cls: type) -> set[str]:
    """Return the names that a client inherits from BaseQuery and does not use; its cache would store tokens."""
    base = set(BaseQuery.__mro__)
    own = {name for parent in cls.__mro__ if parent not in base for name in vars(parent)}
    inherited = {name for parent in base - {object} for name in vars(parent)} | {"name"}
    return inherited - own


def _public_names(client: object) -> list[str]:
    return [name for name in dir(client) if not name.startswith("_")]


class _ClientType(type(BaseQuery)):  # type: ignore[misc]
    """Metaclass that hides unused names from completion, which also reads ``dir`` of the class."""

    def __dir__(cls) -> list[str]:
        return sorted(set(super().__dir__()) - _unused_names(cls))


class AuthenticatedQuery(BaseQuery, metaclass=_ClientType):
    """A client of a web service; a subclass sets ``_service`` and adds queries.

    Parameters
    ----------
    server : str, optional
        Root URL of the server's API; by default that of the environment, then of the configuration, read at each call.
    token : str, optional
        A token for this server. By default the environment and the system keyring are searched.
    """

    _service: ClassVar[Service]
    _auth: AuthorizedSession | None = None  # __repr__ may be called after a failed __init__

    def __init__(self, server: str | None = None, token: str | Token | None = None) -> None:
        wrapped = Token.wrap(token)
        del token  # a traceback may show the local variables of this frame
        super().__init__()
        # The session of BaseQuery logs headers and bodies, which contain the token; Transport has its own.
        del self._session
        self._use_session(AuthorizedSession(self._service, server, wrapped))

    def _use_session(self, session: AuthorizedSession) -> None:
        self._auth = session

    @property
    def _authorized(self) -> AuthorizedSession:
        assert self._auth is not None
        return self._auth

    def __repr__(self) -> str:
        url = f": {self._auth.display_url}" if self._auth else ""
        return f"<{type(self).__name__}{url}>"

    def __dir__(self) -> list[str]:
        return sorted(set(super().__dir__()) - _unused_names(type(self)))

    if not TYPE_CHECKING:  # a type checker would accept every name

        def __getattr__(self, name: str) -> Any:
            raise UnknownAttributeError(self, name, lambda: did_you_mean(name, _public_names(self)))

    def __call__(self, server: str | None = None, token: str | Token | None = None) -> Self:
        """Return another client with the same server and token, unless others are given.

        Parameters
        ----------
        server : str, optional
            Root URL of another server's API; a token stays with the server that it is for.
        token : str, optional
            Another token.

        Returns
        -------
        client
            A client of the same class.
        """
        wrapped = Token.wrap(token)
        del token
        other = type(self)()
        other._use_session(self._authorized.copy_with(server, wrapped))
        return other

    def __deepcopy__(self, memo: Any) -> Self:
        # A copy stays in this process and keeps its tokens; a pickle, which `copy` would use, never has one.
        return self.__call__()

    def __getstate__(self) -> dict[str, Any]:
        return {"auth": self._auth}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        self._use_session(state["auth"])

    def login(self, username: str | None = None, *, token: str | Token | None = None, store: bool = True) -> bool:
        """Sign in with a token, or with user name and password.

        Parameters
        ----------
        username : str, optional
            Prompted for if not given, as the password always is; only at a terminal or in a notebook.
        token : str, optional
            A token; one request checks it.
        store : bool
            Whether to store the token in the system keyring. If that fails, a warning states the reason, and the token
            is used by this process only.

        Returns
        -------
        bool
            `True`; every failure raises.

        Raises
        ------
        LoginError
            If the token, user name or password is rejected, or there is no terminal for a prompt.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Examples
        --------
        >>> atlas.login(token=sandbox.token(), store=False)
        True
        """
        wrapped = Token.wrap(token)
        del token
        return self._authorized.login(username, token=wrapped, store=store)

    def refresh_token(self, username: str | None = None, *, store: bool = True) -> bool:
        """Exchange user name and password for a token; the reference client's name of `login`.

        Parameters
        ----------
        username : str, optional
            Prompted for if not given.
        store : bool
            Whether to store the token in the system keyring.

        Returns
        -------
        bool
            `True`; every failure raises.

        Raises
        ------
        LoginError
            If the user name or password is rejected, or there is no terminal for a prompt.
        ServerError
            If the server cannot be reached, or its answer cannot be read.
        """
        return self._authorized.login(username, store=store)

    def logout(self) -> None:
        """Remove the token from this client and from the system keyring."""
        self._authorized.logout()

    def authenticated(self) -> bool:
        """Return whether a usable token is available; sends no request and does not prompt.

        Returns
        -------
        bool
            `False` also if the only token has expired, or was rejected by the server.

        Examples
        --------
        >>> atlas.authenticated()
        True
        """
        return self._authorized.authenticated()

    @property
    def server(self) -> str:
        """Root URL of the server (`str`)."""
        return self._authorized.server.root

    def check_token(self) -> None:
        """Raise an error unless a usable token is available; sends no request and does not prompt.

        A program that runs without a person can call it at its start.

        Raises
        ------
        NoTokenError
            If no source has a token; ``sources`` lists each source and the reason.
        TokenExpiredError
            If the only token has expired.
        InvalidTokenError
            If the server has rejected the token.

        Warns
        -----
        TokenExpiryWarning
            If the token expires within two weeks.

        Examples
        --------
        >>> atlas.check_token()
        """
        self._authorized.check_token()

    def write_token(self, path: str | PathLike[str]) -> None:
        """Write the token to a file that only its owner can read, for a computer without a keyring.

        Parameters
        ----------
        path : str or path-like
            The file, which is replaced if it exists.

        Raises
        ------
        LoginError
            If no usable token is available.
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> path = Path(tempfile.mkdtemp()) / "token.txt"
        >>> atlas.write_token(path)
        >>> len(path.read_text().strip())
        40
        """
        self._authorized.write_token(path)

    @property
    def token_source(self) -> str | None:
        """Source of the token: ``"argument"``, ``"environment"``, ``"keyring"``, ``"login"``, or `None` without one."""
        return self._authorized.token_source

    @property
    def token_expires(self) -> Time | None:
        """Time when the token expires (`~astropy.time.Time`), or `None` if unknown.

        It is known if `login` got this token on this machine, wherever the token is now.
        """
        return self._authorized.token_expires

    @property
    def quota(self) -> Quota:
        """Quota of requests, as far as this process knows (`~atlasquery.transport.Quota`); sends no request.

        Its attributes are ``limit``, ``used``, ``remaining`` and ``resets_at``, the time when the next request is
        available again. Other processes of the user share the same quota, which this process learns only from the
        server's status 429.
        """
        return self._authorized.quota

    def _request(self, request: Request, server: ServerURL | None = None) -> Answer:
        """Send a signed request; replaces the method of astroquery."""
        return self._authorized.send(request, server)

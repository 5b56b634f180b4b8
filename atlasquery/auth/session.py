# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`AuthorizedSession`: what one client knows of its tokens, and how its requests are signed."""

import os
import threading

from astropy.utils.exceptions import AstropyUserWarning

from atlasquery.auth.credential import Credential
from atlasquery.auth.exchange import request_token, verify_token
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.auth.prompt import ask_password, ask_username, can_prompt
from atlasquery.auth.sources import token_from_environment, token_from_keyring
from atlasquery.config import conf
from atlasquery.exceptions import InvalidQueryError, InvalidTokenError, LoginError, NoTokenError, TokenExpiredError
from atlasquery.transport import Token, Transport, check_root, get_quota, origin
from atlasquery.utils.warnings import warn_user

__all__ = ["AuthorizedSession"]

_NO_TERMINAL = "standard input is not a terminal, so nobody can be asked"


class AuthorizedSession:
    """A client's tokens, one a server at most, and the sending of signed requests.

    Making one reads and sends nothing. A pickled copy knows no token.

    Parameters
    ----------
    server : str, optional
        Root URL of the API; by default ``conf.server``, read at each call.
    token : str or Token, optional
        A token for this server; where ``conf.server`` changes later, it does not follow.
    transport : Transport, optional
        The way to the server.

    Raises
    ------
    InvalidQueryError
        If the server's address is none that may be spoken to.
    InvalidTokenError
        If the token cannot be one.

    Examples
    --------
    >>> from atlasquery.auth import AuthorizedSession
    >>> signin = AuthorizedSession(token="0123456789abcdef0123456789abcdef01234567")
    >>> signin
    <SignIn: https://psweb.mp.qub.ac.uk/sne/atlas4/api/>
    >>> signin.authenticated()
    True
    """

    _server = None  # a repr is wanted even of one whose token was refused

    def __init__(self, server=None, token=None, *, transport=None):
        token = Token.wrap(token)
        self._server = None if server is None else check_root(server)
        self._transport = transport or Transport()
        self._held = {} if token is None else {origin(self.root): Credential(token.check(), "argument")}
        self._reset()

    def _reset(self):
        self._rejected_tokens = set()
        self._process = os.getpid()
        self._lock = threading.RLock()

    def __repr__(self):
        return f"<SignIn: {self.display_url}>"

    @property
    def display_url(self):
        """The root URL to show; of an address that is refused, which may hold a secret, only that it is."""
        try:
            return self.root
        except InvalidQueryError:
            return "an address that is refused"

    def __getstate__(self):
        return {"_server": self._server, "_transport": self._transport}

    def __setstate__(self, state):
        self.__dict__.update(state, _held={})
        self._reset()

    def copy_with(self, server=None, token=None):
        """Another one with this one's server and tokens, unless others are given.

        Parameters
        ----------
        server : str, optional
            Root URL of another API; tokens stay with the servers they are for.
        token : str or Token, optional
            Another token.

        Returns
        -------
        other : SignIn
            It has a connection of its own.
        """
        token = Token.wrap(token)
        other = AuthorizedSession(self._server if server is None else server, token)
        other._held = {**self._held, **other._held}
        return other

    @property
    def root(self):
        """Root URL of the API, with a slash at its end."""
        return self._server or check_root(conf.server)

    def send(self, endpoint, payload, *, retry=False):
        """Send one signed request.

        Parameters
        ----------
        endpoint : str
            Such as ``"cone/"``.
        payload : dict
            The parameters.
        retry : bool, optional
            Whether this is a read: it may be repeated, a write never is.

        Returns
        -------
        answer : Answer
            A success.

        Raises
        ------
        LoginError
            If no token is at hand, or the server does not accept it; the subclass says why.
        AtlasQueryError
            Whatever else goes wrong, see `~atlasquery.transport.Transport.send`.
        """
        root = self.root
        held = self._get_credential(root)
        try:
            return self._transport.send(root, endpoint, payload, token=held.token, retry=retry)
        except (InvalidTokenError, TokenExpiredError) as error:
            refused = error
        renewed = self._renew(root, held, refused)
        if renewed is None:
            raise refused
        if not retry:
            refused.hint = "A new token is at hand now: the write was not carried out, call again."
            raise refused
        return self._transport.send(root, endpoint, payload, token=renewed.token, retry=retry)

    def login(self, username=None, *, token=None, store=True):
        """Sign in, with a token or with user name and password.

        Parameters
        ----------
        username : str, optional
            Asked for if it is not given, as the password always is; only at a terminal.
        token : str or Token, optional
            A token; it is checked by one request.
        store : bool, optional
            Whether to keep the token in the system keyring. If that cannot be, a warning says why, and the token
            serves this process.

        Returns
        -------
        signed_in : bool
            `True`; what goes wrong raises.

        Raises
        ------
        LoginError
            If the token, the user name or the password is refused, or nobody can be asked.
        """
        token = Token.wrap(token)
        root = self.root
        if token is None:
            held = self._prompt_and_exchange(root, username)
        else:
            verify_token(self._transport, root, token.check())
            held = Credential(token, "login")
        self._store(root, held, store)
        return True

    def refresh_token(self, username=None, *, store=True):
        """Exchange user name and password for a token: the reference client's word for `login`.

        Parameters
        ----------
        username : str, optional
            Asked for if it is not given.
        store : bool, optional
            Whether to keep the token in the system keyring.

        Returns
        -------
        signed_in : bool
            `True`; what goes wrong raises.
        """
        return self.login(username, store=store)

    def logout(self):
        """Forget the token, here and in the keyring."""
        here = origin(self.root)
        with self._acquire_lock():
            self._held.pop(here, None)
            problem = KeyringStorage(here).remove()
        if problem:
            warn_user(f"The keyring may still hold a token for {here}: {problem}.", AstropyUserWarning)
        if token_from_environment(here)[0]:
            text = "The environment variable ATLASQUERY_TOKEN still holds a token; unset it to be signed out."
            warn_user(text, AstropyUserWarning)

    def authenticated(self):
        """Whether a usable token is at hand; no request is sent and nobody is asked.

        Returns
        -------
        authenticated : bool
            `False` too if the only token has expired, or was refused by the server.
        """
        held, _ = self._find_credential(origin(self.root))
        return held is not None and not held.is_expired and held.token not in self._rejected_tokens

    @property
    def token_expires(self):
        """When the token expires, a `~astropy.time.Time`; `None` where that is not known."""
        held, _ = self._find_credential(origin(self.root))
        return None if held is None else held.expires

    @property
    def quota(self):
        """What this process knows of the hourly quota of the user, a `~atlasquery.transport.Quota`."""
        here = origin(self.root)
        held, _ = self._find_credential(here)
        return get_quota(here, None if held is None else held.token)

    def _get_credential(self, root):
        """The token to use; signs in if need be."""
        here = origin(root)
        with self._acquire_lock():
            held, tried = self._find_credential(here)
            if held is None or held.is_expired:
                if not can_prompt():
                    raise _not_signed_in(here, held, tried)
                held = self._prompt_and_exchange(root)
                self._store(root, held, store=True)
            self._held[here] = held
        held.warn_if_expiring(here)
        return held

    def _find_credential(self, here):
        """The first token that serves, else an expired one; and why the other places did not serve."""
        expired = self._held.get(here)
        if expired is not None and not expired.is_expired:
            return expired, ()
        tried = [("token=", self._argument_reason())]
        for place, search in (("ATLASQUERY_TOKEN", token_from_environment), ("keyring", token_from_keyring)):
            held, why = search(here)
            if held is not None and not held.is_expired:
                return held, tuple(tried)
            expired = held or expired
            tried.append((place, why))
        return expired, tuple(tried)

    def _argument_reason(self):
        others = [place for place, held in self._held.items() if held.source == "argument"]
        return f"was given for {', '.join(others)}" if others else "was not given"

    def _prompt_and_exchange(self, root, username=None):
        """Exchange what the person at the terminal types."""
        here = origin(root)
        if not can_prompt():
            raise LoginError(f"Signing in at {here} needs a password, but {_NO_TERMINAL}.", hint=_hint(here))
        username = username or ask_username(here)
        return request_token(self._transport, root, username, ask_password(username, here))

    def _store(self, root, held, store):
        here = origin(root)
        with self._acquire_lock():
            self._held[here] = held
            problem = KeyringStorage(here).write(held.token, held.expires) if store else None
        if problem:
            warn_user(f"Signed in for this process only; the token is not stored: {problem}.", AstropyUserWarning)
        held.warn_if_expiring(here)

    def _renew(self, root, held, refused):
        """Another token in the place of a refused one, or `None`."""
        here = origin(root)
        with self._acquire_lock():
            self._rejected_tokens.add(held.token)
            if not held.can_be_replaced:
                return None if isinstance(refused, InvalidTokenError) else self._prompt_again(root)
            # Another process, or another thread, may have signed in meanwhile.
            mine = self._held.pop(here, held)
            newer = mine if mine.token != held.token else token_from_keyring(here)[0]
            if newer is not None and newer.token != held.token and not newer.is_expired:
                self._held[here] = newer
                return newer
            return self._prompt_again(root) if isinstance(refused, TokenExpiredError) else None

    def _prompt_again(self, root):
        if not can_prompt():
            return None
        held = self._prompt_and_exchange(root)
        self._store(root, held, store=True)
        return held

    def _acquire_lock(self):
        if self._process != os.getpid():
            # A forked child: the parent's lock may never be freed here.
            self._process, self._lock = os.getpid(), threading.RLock()
        return self._lock


def _not_signed_in(here, held, tried):
    if held is not None:
        when = f"{held.expires.utc.iso[:16]} UTC"
        return TokenExpiredError(f"The token for {here} in the {held.source} expired on {when}.", hint=_hint(here))
    tried = (*tried, ("prompt", _NO_TERMINAL))
    reasons = "; ".join(f"{place} {why}" for place, why in tried)
    return NoTokenError(f"No token for {here}: {reasons}.", hint=_hint(here), sources=tried)


def _hint(here):
    return (
        "Call ATLAS.login() once at a terminal, which keeps the token in the keyring; or ATLAS.login(token=...); or "
        f"set ATLASQUERY_TOKEN to a token for {here} (for another server than the usual one set ATLASQUERY_SERVER, "
        "too, and name that server to the client, by server= or conf.server)."
    )

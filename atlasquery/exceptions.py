# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Everything that `atlasquery` raises, and everything it warns of.

::

    AtlasQueryError
    ├── LoginError                  no usable sign-in
    │   ├── NoTokenError            no token found anywhere
    │   ├── InvalidTokenError       the server does not know the token
    │   ├── TokenExpiredError       the token's time is over
    │   └── InactiveUserError       the account is switched off, or has no rights at all
    ├── PermissionDeniedError       signed in, but not allowed to do this
    ├── InvalidQueryError           the question is wrong; nothing was sent
    │   ├── InvalidTypeError        ... because a value is of the wrong type
    │   └── AmbiguousNameError      the name means several objects
    ├── ObjectNotFoundError         the server has no such object
    ├── ServerError                 the question was right, the answer was not
    │   ├── ServerUnreachableError  no connection, or it broke
    │   ├── ServerTimeoutError      no answer in time
    │   ├── ServerFaultError        the server failed (5xx), or refused what should be right (4xx)
    │   ├── UnexpectedRedirectError sent elsewhere; not followed
    │   ├── UnreadableAnswerError   an answer that is not what the API promises
    │   └── RateLimitError          the hourly quota is used up
    ├── BatchError                  some of many ids were not obtained
    └── WriteError                  some of what was to be written was not

    AstropyUserWarning
    ├── NoResultsWarning            the answer is empty
    ├── LargeQueryWarning           this will take much of the quota
    ├── TokenExpiryWarning          the token ends within a week
    ├── DataQualityWarning          a value looks wrong; it is kept
    └── SchemaWarning               the server sends something new, or no longer sends something

Where `astroquery.exceptions` has the word, the class here is derived from it too, so that code which catches
astroquery's errors works. Each error says what happened (``reason``), where (``url``) and what to do next
(``hint``), and can be pickled. An error in the middle of a call of several requests
carries what was obtained before it (``results``).
"""

from astropy.utils.exceptions import AstropyUserWarning
from astroquery import exceptions as _astroquery

__all__ = [
    "AmbiguousNameError",
    "AtlasQueryError",
    "BatchError",
    "DataQualityWarning",
    "InactiveUserError",
    "InvalidQueryError",
    "InvalidTokenError",
    "InvalidTypeError",
    "LargeQueryWarning",
    "LoginError",
    "NoResultsWarning",
    "NoTokenError",
    "ObjectNotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "SchemaWarning",
    "ServerError",
    "ServerFaultError",
    "ServerTimeoutError",
    "ServerUnreachableError",
    "TokenExpiredError",
    "TokenExpiryWarning",
    "UnexpectedRedirectError",
    "UnreadableAnswerError",
    "WriteError",
]


class AtlasQueryError(Exception):
    """Root of every error that `atlasquery` raises.

    Parameters
    ----------
    reason : str
        What happened.
    url : str, optional
        The URL that was asked, never with a secret in it.
    hint : str, optional
        What to do next; by default what the class has to say.
    **facts
        Further attributes of the class, such as ``retry_after``.

    Examples
    --------
    >>> from atlasquery import exceptions
    >>> error = exceptions.RateLimitError("The hourly quota is used up.", retry_after=120.0)
    >>> error.retry_after
    120.0
    >>> print(error)
    The hourly quota is used up. Wait, ask for more objects in one request, or set conf.max_wait.
    """

    hint = ""
    url = None
    results = None

    def __init__(self, reason, *, url=None, hint=None, **facts):
        super().__init__(reason)
        self.reason = reason
        # Only what was given is stored: the classes hold the defaults, and a pickle stays small.
        given = {"url": url, "hint": hint, **facts}
        unknown = [name for name in facts if not hasattr(type(self), name)]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no attribute {', '.join(unknown)}")
        self.__dict__.update({name: value for name, value in given.items() if value is not None})

    def __str__(self):
        where = f"URL: {self.url}." if self.url else ""
        return " ".join(part for part in (self.reason, where, self.hint) if part)


class LoginError(AtlasQueryError, _astroquery.LoginError):
    """Signing in failed, or no usable token is at hand."""

    hint = "Call ATLAS.login()."


class NoTokenError(LoginError):
    """No token was found in any of the places where one can be kept.

    The attribute ``sources`` is a tuple of (place, why it did not serve).
    """

    sources = ()


class InvalidTokenError(LoginError):
    """The server does not know the token: it was mistyped, or replaced by a newer one."""


class TokenExpiredError(LoginError):
    """The token was valid once; its 3, 6 or 12 months are over."""

    hint = "Call ATLAS.login() to exchange your user name and password for a new token."


class InactiveUserError(LoginError):
    """The account is inactive or lacks a profile; only the server's administrators can mend it."""

    hint = "Write to the administrators of the ATLAS Transient web server."


class PermissionDeniedError(AtlasQueryError):
    """The account may not do this; writing needs write access.

    In a write of several rows, ``results`` is the table of the outcomes so far.
    """

    hint = "Ask the administrators of the ATLAS Transient web server for write access."


class InvalidQueryError(AtlasQueryError, _astroquery.InvalidQueryError, ValueError):
    """The question cannot be asked like this; no request was spent unless a URL is named.

    Where the server refused it, ``fields`` maps the names of the parameters to what the server says of them.
    """

    fields = {}


class InvalidTypeError(InvalidQueryError, TypeError):
    """A value is of a type that cannot be right here, such as a bare number for a radius."""


class AmbiguousNameError(InvalidQueryError):
    """A name fits several objects; ``candidates`` is a tuple of their ids."""

    hint = "Use one of the ids instead of the name."
    candidates = ()


class ObjectNotFoundError(AtlasQueryError, _astroquery.ResolverError):
    """The server has no object of this id or name; ``object_id`` is what was asked for."""

    object_id = None


class ServerError(AtlasQueryError, _astroquery.RemoteServiceError):
    """The question was right, the answer was not; ``status`` is the HTTP status, or `None`."""

    status = None


class ServerUnreachableError(ServerError):
    """No connection could be made, or it broke before the answer was complete."""

    hint = "Check the network and the server's address; the call can be repeated."


class ServerTimeoutError(ServerError, _astroquery.TimeoutError):
    """The server did not answer in time."""

    hint = "Try again later, ask for fewer objects or give since=; conf.timeout and conf.deadline set the patience."


class ServerFaultError(ServerError):
    """The server failed, or refused a request that should be right."""


class UnexpectedRedirectError(ServerError):
    """The server sent the request elsewhere; it was not followed. ``location`` is where to."""

    hint = "Check the server's address (conf.server); a redirect is never followed, so that no token strays."
    location = None


class UnreadableAnswerError(ServerError):
    """The answer is not what the API promises: HTML, damaged JSON, a wrong shape or a wrong type.

    Where one value is to blame, ``record``, ``column``, ``row`` (from 0) and ``value`` tell which.
    """

    record = None
    column = None
    row = None
    value = None


class RateLimitError(ServerError):
    """The hourly quota is used up.

    ``retry_after`` is the wait in seconds as the server gave it, ``resets_at`` the moment when it ends, both `None`
    where the server did not say. In a call of several requests ``results`` is what was obtained before.
    """

    hint = "Wait, ask for more objects in one request, or set conf.max_wait."
    retry_after = None
    resets_at = None


class BatchError(AtlasQueryError):
    """Some of many ids were not obtained.

    ``results`` is what was obtained, ``missing`` the ids the server does not know, ``failed`` maps the others to the
    error each met.
    """

    missing = ()
    failed = {}


class WriteError(AtlasQueryError):
    """Some of what was to be written was not; ``results`` is the table of outcomes, one row an id."""


class NoResultsWarning(AstropyUserWarning, _astroquery.NoResultsWarning):
    """The answer is empty."""


class LargeQueryWarning(AstropyUserWarning, _astroquery.LargeQueryWarning):
    """The question will take long, or much of the hourly quota."""


class TokenExpiryWarning(AstropyUserWarning):
    """The token ends within a week."""


class DataQualityWarning(AstropyUserWarning):
    """The server sent values that look wrong; they are kept."""


class SchemaWarning(AstropyUserWarning):
    """The server sends a column that is new, or no longer sends one that was there."""

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""All errors and warnings of `atlasquery`.

::

    AtlasQueryError
    ├── LoginError                  no usable token
    │   ├── NoTokenError            no token was found
    │   ├── InvalidTokenError       the server does not know the token
    │   ├── TokenExpiredError       the token has expired
    │   └── InactiveUserError       the account is inactive, or has no group with a profile
    ├── PermissionDeniedError       signed in, but the account has no permission
    ├── InvalidInputError           an argument is invalid
    │   ├── InvalidTypeError        ... because its type is wrong
    │   └── InvalidQueryError       an argument of a query; no request was sent unless a URL is named
    │       ├── AmbiguousNameError  the name matches several objects
    │       └── InvalidQueryTypeError  the type is wrong; also an InvalidTypeError
    ├── UnreadableFileError         a local file does not have the expected content
    ├── ObjectNotFoundError         the server has no such object
    ├── ServerError                 the request was valid, but no usable answer came back
    │   ├── ServerUnreachableError  no connection, or it was lost
    │   ├── ServerTimeoutError      no answer in time
    │   ├── ServerFaultError        the server failed (5xx), or rejected a valid request (4xx)
    │   ├── UnexpectedRedirectError the server redirected the request; redirects are not followed
    │   ├── UnreadableAnswerError   the answer does not have the documented form
    │   ├── RateLimitError          the hourly quota is used up
    │   └── QuotaError              as many jobs of forced photometry wait as the server allows
    ├── BatchError                  some of many objects were not downloaded
    │   └── JobError                a job of forced photometry failed, was deleted, or is not finished in time
    └── WriteError                  some of several writes failed, or their outcome is unknown

    AstropyUserWarning
    ├── NoResultsWarning            the answer is empty, or some objects were not found
    ├── LargeQueryWarning           the query needs more requests than the quota has left
    ├── TokenExpiryWarning          the token expires within two weeks
    ├── TokenNotStoredWarning       the token is usable in this process, but cannot be stored
    ├── DataQualityWarning          a value looks wrong; it is kept
    └── SchemaWarning               the server sends an unknown column, or a known one is absent

Classes that exist in `astroquery.exceptions` are base classes here too, so code that catches astroquery's errors works
unchanged. Bad input is also a `ValueError` or `TypeError`. Each error states what happened (``reason``), where
(``url``) and what to do next (``hint``), and can be pickled. An error in the middle of a call of several requests
carries the partial results (``results``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from astropy.utils.exceptions import AstropyUserWarning
from astroquery import exceptions as _astroquery

if TYPE_CHECKING:
    from astropy.time import Time

__all__ = [
    "AmbiguousNameError",
    "AtlasQueryError",
    "BatchError",
    "DataQualityWarning",
    "InactiveUserError",
    "InvalidInputError",
    "InvalidQueryError",
    "InvalidQueryTypeError",
    "InvalidTokenError",
    "InvalidTypeError",
    "JobError",
    "LargeQueryWarning",
    "LoginError",
    "NoResultsWarning",
    "NoTokenError",
    "ObjectNotFoundError",
    "PermissionDeniedError",
    "QuotaError",
    "RateLimitError",
    "SchemaWarning",
    "ServerError",
    "ServerFaultError",
    "ServerTimeoutError",
    "ServerUnreachableError",
    "TokenExpiredError",
    "TokenExpiryWarning",
    "TokenNotStoredWarning",
    "UnexpectedRedirectError",
    "UnreadableAnswerError",
    "UnreadableFileError",
    "WriteError",
]


class AtlasQueryError(Exception):
    """Base class of all errors of `atlasquery`.

    Parameters
    ----------
    reason : str
        What happened.
    url : str, optional
        The URL of the request; it never contains a secret.
    hint : str, optional
        What to do next; by default the hint of the class.
    **facts
        Further attributes of the class, such as ``retry_after``.

    Examples
    --------
    >>> from atlasquery import exceptions
    >>> error = exceptions.RateLimitError("The hourly quota is used up.", retry_after=120.0)
    >>> error.retry_after
    120.0
    >>> print(error)
    The hourly quota is used up. Wait, request more objects at once, or set conf.max_wait.
    """

    hint: str = ""
    url: str | None = None
    results: Any = None

    def __init__(self, reason: str, *, url: str | None = None, hint: str | None = None, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        # Only given values are stored: defaults are class attributes, and a pickle stays small.
        given = {"url": url, "hint": hint, **facts}
        unknown = [name for name in facts if not hasattr(type(self), name)]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no attribute {', '.join(unknown)}")
        self.__dict__.update({name: value for name, value in given.items() if value is not None})

    def __str__(self) -> str:
        where = f"URL: {self.url}." if self.url else ""
        return " ".join(part for part in (self.reason, where, self.hint) if part)


class LoginError(AtlasQueryError, _astroquery.LoginError):
    """Sign-in failed, or no usable token is available."""

    hint = "Call ATLAS.login()."


class NoTokenError(LoginError):
    """No token was found in any of the places where one can be stored.

    ``sources`` is a tuple of (place, reason why it has no usable token).
    """

    sources: tuple[tuple[str, str | None], ...] = ()


class InvalidTokenError(LoginError):
    """The server does not know the token: it was mistyped, or replaced by a newer one."""


class TokenExpiredError(LoginError):
    """The token has expired; tokens are valid for 3, 6 or 12 months."""

    hint = "Call ATLAS.login() to exchange your user name and password for a new token."


class InactiveUserError(LoginError):
    """The account is inactive or has no group with a profile; the server's administrators can change that."""

    hint = "Write to the administrators of the ATLAS Transient web server."


class PermissionDeniedError(AtlasQueryError):
    """The account has no permission; writing needs write access.

    In a write ``results`` is the table of outcomes.
    """

    hint = "Writing needs write access, a separate permission of the account: ask your contact in the ATLAS team."


class InvalidInputError(AtlasQueryError, ValueError):
    """An argument has an invalid value."""


class InvalidTypeError(InvalidInputError, TypeError):
    """An argument has the wrong type, such as a string for a number."""


class InvalidQueryError(InvalidInputError, _astroquery.InvalidQueryError):
    """An argument of a query has an invalid value; no request was sent unless a URL is named.

    Where the server rejected the request, ``fields`` maps the names of its parameters to the server's messages. Where
    rows of a table are invalid, ``rows`` has their numbers (from 0).
    """

    fields: Mapping[str, str] = {}
    rows: tuple[int, ...] = ()


class InvalidQueryTypeError(InvalidQueryError, InvalidTypeError):
    """An argument of a query has the wrong type, such as a bare number for a radius."""


class AmbiguousNameError(InvalidQueryError):
    """A name matches several objects; ``candidates`` is a tuple of their ids."""

    hint = "Use one of the ids instead of the name."
    candidates: tuple[int, ...] = ()


class UnreadableFileError(AtlasQueryError, ValueError):
    """A local file does not have the content that its format requires.

    ``filename`` names it. Where a single value is invalid, ``line`` (of the formats ``atlas.forced`` and ``snana``,
    from 1) or ``row`` (of a table that could be read, from 0), ``column`` and ``value`` locate it. They are `None`
    where the reader of a table format cannot read the file.
    """

    filename: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: Any = None


class ObjectNotFoundError(AtlasQueryError, _astroquery.ResolverError):
    """The server has no object of this id or name; ``object_id`` is the requested one."""

    object_id: int | str | None = None


class ServerError(AtlasQueryError, _astroquery.RemoteServiceError):
    """The request was valid, but no usable answer came back; ``status`` is the HTTP status, or `None`.

    ``request_sent`` is `False` if the server cannot have received the request, because no connection was made.
    """

    status: int | None = None
    request_sent: bool = True

    @property
    def is_outcome_unknown(self) -> bool:
        """Whether the server may have carried out the request, although no usable answer came back (`bool`)."""
        return self.request_sent and (self.status is None or self.status < 400 or self.status >= 500)


class ServerUnreachableError(ServerError):
    """No connection could be made, or it was lost before the answer was complete."""

    hint = "Check the network and the server's address; the call can be repeated."


class ServerTimeoutError(ServerError, _astroquery.TimeoutError):
    """The server did not answer in time."""

    hint = "Try again later, request fewer objects or pass `since`; conf.timeout and conf.deadline set the limits."


class ServerFaultError(ServerError):
    """The server failed, or rejected a valid request."""


class UnexpectedRedirectError(ServerError):
    """The server redirected the request, which was not followed; ``location`` is the target."""

    hint = "Check the server's address (conf.server); redirects are not followed: the token stays with one server."
    location: str | None = None


class UnreadableAnswerError(ServerError):
    """The answer does not have the documented form: HTML, damaged JSON, a wrong shape or a wrong type.

    Where a single value is invalid, ``record``, ``column``, ``row`` (from 0) and ``value`` locate it.
    """

    record: str | None = None
    column: str | None = None
    row: int | None = None
    value: Any = None


class RateLimitError(ServerError):
    """The hourly quota is used up.

    ``retry_after`` is the server's waiting time in seconds, ``resets_at`` the time when it ends, both `None` where the
    server sent neither. In a call of several requests ``results`` holds the partial results.
    """

    hint = "Wait, request more objects at once, or set conf.max_wait."
    retry_after: float | None = None
    resets_at: Time | None = None


class QuotaError(ServerError):
    """The user has as many waiting jobs of forced photometry as the server allows."""

    hint = "Wait until some have started, or delete some."


class BatchError(AtlasQueryError):
    """Some of many objects were not downloaded.

    ``results`` is what was downloaded, ``missing`` the ids that the server does not know, ``failed`` maps each other
    id to its error.
    """

    missing: tuple[int | str, ...] = ()
    failed: Mapping[int | str, AtlasQueryError] = {}


class JobError(BatchError):
    """A task of forced photometry has no result: it failed, was deleted, or is not finished in time.

    ``job_id`` is its number, ``status`` its status, and ``url`` its address, which needs no account. Of several jobs
    these are of the first without a result, and ``jobs`` is the table of all.
    """

    job_id: int | None = None
    status: str | None = None
    jobs: Any = None


class WriteError(AtlasQueryError):
    """Some of several writes failed, or their outcome is unknown.

    ``results`` is the table of outcomes, one row an id; ``__cause__`` is the error that stopped the call, or that of
    the first failure.
    """

    hint = "`results` of this error has the outcome of each object."


class NoResultsWarning(AstropyUserWarning, _astroquery.NoResultsWarning):
    """The answer is empty, or some of the requested objects were not found."""


class LargeQueryWarning(AstropyUserWarning, _astroquery.LargeQueryWarning):
    """The query needs more requests than the quota has left."""


class TokenNotStoredWarning(AstropyUserWarning):
    """The token is usable in this process, but cannot be stored."""


class TokenExpiryWarning(AstropyUserWarning):
    """The token expires within two weeks."""


class DataQualityWarning(AstropyUserWarning):
    """Values look wrong; they are kept."""


class SchemaWarning(AstropyUserWarning):
    """The server sends an unknown column, or a known one is absent."""

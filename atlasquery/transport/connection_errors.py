# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Exceptions of requests and urllib3, as exceptions of this package.

The exceptions of requests hold the request, its headers and so the token: none is chained or kept. Their facts are
copied into new messages.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from types import CodeType
from typing import NamedTuple

import requests
import urllib3.exceptions as urllib3

from atlasquery.exceptions import AtlasQueryError, ServerTimeoutError, ServerUnreachableError, UnreadableAnswerError
from atlasquery.transport.cancellation import current_cancellation
from atlasquery.transport.deadline import Deadline
from atlasquery.transport.proxy import proxy_error
from atlasquery.transport.tls_errors import AUTHORITIES_HINT, expects_tls, tls_error, tls_port_error
from atlasquery.utils.signal_handlers import is_from_signal_handler

__all__ = ["Failure", "connection_error", "without_traceback"]

_TIMEOUTS = (requests.Timeout, urllib3.TimeoutError, TimeoutError)
_CONNECT_TIMEOUTS = (requests.ConnectTimeout, urllib3.ConnectTimeoutError)
_TLS = (requests.exceptions.SSLError, urllib3.SSLError)
_PROXY = (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL, urllib3.ProxyError)
_DAMAGED = (requests.exceptions.ContentDecodingError, urllib3.DecodeError)
_CLOSED = (IncompleteRead, RemoteDisconnected)  # http.client's names for a connection that was closed too early
# The request was not sent if one of these occurred.
_BEFORE_SENDING = (
    *_PROXY,
    *_CONNECT_TIMEOUTS,
    urllib3.NameResolutionError,
    urllib3.NewConnectionError,
    ssl.SSLCertVerificationError,
)
_NETWORK = (requests.RequestException, urllib3.HTTPError, OSError)


class Failure(NamedTuple):
    """An exception to raise, and whether another attempt may succeed."""

    error: BaseException
    is_temporary: bool


def connection_error(
    error: BaseException,
    url: str,
    deadline: Deadline,
    timeout: float,
    *,
    handled: BaseException | None = None,
    handlers: frozenset[CodeType] = frozenset(),
) -> Failure:
    """Return the exception of a request that ended without an answer.

    An exception that is not about the network, such as that of Ctrl-C, is returned itself, without its traceback, whose
    frames hold the token. The same holds for an exception of a signal handler, whose codes ``handlers`` has, although
    the libraries take a `TimeoutError` for one of the network. ``handled`` is the exception that the user was handling
    when the request was made.
    """
    if isinstance(error, AtlasQueryError):
        error.url = url
        return Failure(without_traceback(error), False)
    if not isinstance(error, _NETWORK):
        return Failure(without_traceback(error), False)
    chain = _exception_chain(error, handled)
    if own := next((item for item in chain if is_from_signal_handler(item, handlers)), None):
        return Failure(without_traceback(own), False)
    was_sent = not any(isinstance(item, _BEFORE_SENDING) for item in chain)
    if current_cancellation().is_cancelled:
        return Failure(ServerTimeoutError("The request was cancelled.", url=url, request_sent=was_sent), False)
    if deadline.has_passed:
        # The socket was shut down, which can show as any network error.
        reason = f"No complete answer within {deadline.seconds:g} s."
        return Failure(ServerTimeoutError(reason, url=url, request_sent=was_sent), False)
    if type(error) is OSError and error.errno is None:  # requests: the file of REQUESTS_CA_BUNDLE does not exist
        reason = f"No secure connection: {error}."
        return Failure(ServerUnreachableError(reason, url=url, hint=AUTHORITIES_HINT, request_sent=False), False)
    failure = _network_failure(chain, url, timeout)
    if not was_sent:
        failure.error.request_sent = False  # type: ignore[attr-defined]
    return failure


def _network_failure(chain: list[BaseException], url: str, timeout: float) -> Failure:
    if any(isinstance(item, _PROXY) for item in chain):
        return Failure(*proxy_error(chain, url, _os_error_text(chain)))
    if expects_tls(chain, url):
        return Failure(tls_port_error(url), False)
    if _is_not_http(chain):
        return Failure(_not_http_error(url), False)
    for kinds, describe, is_temporary in _ERROR_TABLE:
        if any(isinstance(item, kinds) for item in chain):
            return Failure(describe(chain, url, timeout), is_temporary)
    return Failure(_no_connection(chain, url, timeout), True)


def without_traceback(error: BaseException) -> BaseException:
    """Return an exception without its frames and causes, which hold the token."""
    if error.__traceback__ is not None and not isinstance(error, (AtlasQueryError, KeyboardInterrupt)):
        last = error.__traceback__
        while last.tb_next:
            last = last.tb_next
        place = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}"
        error.add_note(f"Raised at {place}; the frames in between are left out, as they hold the token.")
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def _exception_chain(error: BaseException, handled: BaseException | None) -> list[BaseException]:
    """Return an exception and all exceptions that it was made from, but not the one that the user was handling."""
    chain = [error]
    for item in chain:
        inner = (*item.args, getattr(item, "reason", None), item.__cause__, item.__context__)
        new = [e for e in inner if isinstance(e, BaseException) and e is not handled]
        chain += [e for e in new if not any(e is known for known in chain)]
    return chain


def _os_error_text(chain: list[BaseException]) -> str:
    """Return the operating system's message, such as ``Connection refused``, or the class of the exception."""
    texts = (item.strerror for item in chain if isinstance(item, OSError) and isinstance(item.strerror, str))
    return next(texts, type(chain[-1]).__name__)


def _is_not_http(chain: list[BaseException]) -> bool:
    """Return whether the answer was not HTTP."""
    return any(isinstance(item, HTTPException) and not isinstance(item, _CLOSED) for item in chain)


def _not_http_error(url: str) -> AtlasQueryError:
    return ServerUnreachableError(
        "The answer is not HTTP.",
        url=url,
        hint="Check the server's address (`server`, conf.server): its port, and https:// or http://.",
    )


def _tls(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return tls_error(chain, url)


def _connect_timeout(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return ServerTimeoutError(f"No connection within {timeout:g} s.", url=url)


def _timeout(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return ServerTimeoutError(f"No answer, or no further part of it, within {timeout:g} s.", url=url)


def _damaged(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return UnreadableAnswerError("The compression of the answer is damaged.", url=url)


def _no_connection(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return ServerUnreachableError(f"The connection failed: {_os_error_text(chain)}.", url=url)


def _unknown_host(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return ServerUnreachableError("The server's host name cannot be resolved.", url=url)


def _invalid_host(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    hint = "Check the server's address (`server`, conf.server)."
    return ServerUnreachableError("The server's host name is invalid.", url=url, hint=hint, request_sent=False)


def _incomplete_answer(chain: list[BaseException], url: str, timeout: float) -> AtlasQueryError:
    return ServerUnreachableError("The connection was closed before the answer was complete.", url=url)


_Describe = Callable[[list[BaseException], str, float], AtlasQueryError]
_Kinds = type[BaseException] | tuple[type[BaseException], ...]
# Exceptions, their messages, and whether another attempt may succeed; the first match applies.
_ERROR_TABLE: tuple[tuple[_Kinds, _Describe, bool], ...] = (
    (_TLS, _tls, False),
    (urllib3.LocationParseError, _invalid_host, False),
    (urllib3.NameResolutionError, _unknown_host, True),
    (urllib3.NewConnectionError, _no_connection, True),  # is a subclass of a time-out too
    (_CONNECT_TIMEOUTS, _connect_timeout, True),
    (_TIMEOUTS, _timeout, True),
    (_DAMAGED, _damaged, False),
    (urllib3.IncompleteRead, _incomplete_answer, True),
)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""From a request that got no answer to the exception that says why.

The exceptions of requests hold the request, its header lines and so the token: none is chained or kept. What they
know is carried over in words of our own.
"""

import ssl
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

import requests
import urllib3.exceptions as urllib3

from atlasquery.exceptions import (
    AtlasQueryError,
    ServerTimeoutError,
    ServerUnreachableError,
    UnreadableAnswerError,
)
from atlasquery.transport.cancellation import current_cancellation

__all__ = ["connection_error", "without_traceback"]

_AUTHORITIES = "Check the address; a certificate authority of your own goes into REQUESTS_CA_BUNDLE."
_TIMEOUTS = (requests.Timeout, urllib3.TimeoutError, TimeoutError)
_CONNECT_TIMEOUTS = (requests.ConnectTimeout, urllib3.ConnectTimeoutError)
_TLS = (requests.exceptions.SSLError, urllib3.SSLError)
_PROXY = (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL, urllib3.ProxyError)
_DAMAGED = (requests.exceptions.ContentDecodingError, urllib3.DecodeError)
_CLOSED = (IncompleteRead, RemoteDisconnected)  # what http.client calls a connection that was closed too early
_NETWORK = (requests.RequestException, urllib3.HTTPError, OSError)


def connection_error(error, url, deadline, timeout):
    """What became of a request that ended in an exception.

    Parameters
    ----------
    error : BaseException
        What requests, urllib3 or the interpreter raised.
    url : str
        What was asked.
    deadline : Deadline
        The time the call had.
    timeout : float
        Seconds it waited for each piece.

    Returns
    -------
    failure : BaseException
        An `~atlasquery.exceptions.AtlasQueryError`, or, for what is not about the network (Ctrl-C, say), ``error``
        itself without its traceback, whose frames hold the token.
    passing : bool
        Whether it may be over in a moment.
    """
    if isinstance(error, AtlasQueryError):
        error.url = url
        return without_traceback(error), False
    if not isinstance(error, _NETWORK):
        return without_traceback(error), False
    if current_cancellation().is_cancelled:
        return ServerTimeoutError("Nobody waited for the answer any more.", url=url), False
    if deadline.has_passed:
        # However it shows: the socket was shut.
        return ServerTimeoutError(f"No complete answer within {deadline.seconds:g} s.", url=url), False
    if type(error) is OSError and error.errno is None:  # requests: the bundle named in the environment is not there
        return ServerUnreachableError(f"No secure connection: {error}.", url=url, hint=_AUTHORITIES), False
    chain = _exception_chain(error)
    if _is_no_http(chain):
        return _not_http_error(url), False
    for kinds, describe, passing in _ERROR_TABLE:
        if any(isinstance(one, kinds) for one in chain):
            return describe(chain, url, timeout), passing
    return _no_connection(chain, url, timeout), True


def without_traceback(error):
    """The exception without the frames and the exceptions that led to it, for they hold the token."""
    if error.__traceback__ is not None and not isinstance(error, (AtlasQueryError, KeyboardInterrupt)):
        last = error.__traceback__
        while last.tb_next:
            last = last.tb_next
        place = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}"
        error.add_note(f"Raised at {place}; the frames on the way there would show the token and are left out.")
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def _exception_chain(error):
    """An exception and all that it was made from."""
    chain = [error]
    for one in chain:
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        chain += [e for e in inner if isinstance(e, BaseException) and not any(e is known for known in chain)]
    return chain


def _os_error_text(chain):
    """What the operating system says, such as ``Connection refused``; else the kind of the exception."""
    said = (one.strerror for one in chain if isinstance(one, OSError) and isinstance(one.strerror, str))
    return next(said, type(chain[-1]).__name__)


def _is_no_http(chain):
    """Whether something answered, but not as a web server does."""
    return any(isinstance(one, HTTPException) and not isinstance(one, _CLOSED) for one in chain)


def _not_http_error(url):
    return ServerUnreachableError(
        "Something answered, but it does not speak HTTP.",
        url=url,
        hint="Check the server's address (server=, conf.server): its port, and https:// or http://.",
    )


def _proxy(chain, url, timeout):
    return ServerUnreachableError(
        "The proxy could not be used.", url=url, hint="Check HTTPS_PROXY and NO_PROXY in the environment."
    )


def _tls(chain, url, timeout):
    return ServerUnreachableError(
        f"The server could not prove who it is: {_tls_words(chain)}.",
        url=url,
        hint=_AUTHORITIES,
    )


def _tls_words(chain):
    said = (getattr(one, "verify_message", None) or one.reason for one in chain if isinstance(one, ssl.SSLError))
    return next(said, None) or "TLS failed"


def _connect_timeout(chain, url, timeout):
    return ServerTimeoutError(f"No connection within {timeout:g} s.", url=url)


def _timeout(chain, url, timeout):
    return ServerTimeoutError(f"No answer, or no further piece of it, within {timeout:g} s.", url=url)


def _damaged(chain, url, timeout):
    return UnreadableAnswerError("The answer's compression is damaged.", url=url)


def _no_connection(chain, url, timeout):
    return ServerUnreachableError(f"The connection failed: {_os_error_text(chain)}.", url=url)


def _unknown_host(chain, url, timeout):
    return ServerUnreachableError("The server's name could not be resolved.", url=url)


def _incomplete_answer(chain, url, timeout):
    return ServerUnreachableError("The connection was closed before the answer was complete.", url=url)


# The exceptions, the words for them, and whether they may be over in a moment.
_ERROR_TABLE = (
    (_PROXY, _proxy, True),
    (_TLS, _tls, False),
    (urllib3.NameResolutionError, _unknown_host, True),
    (urllib3.NewConnectionError, _no_connection, True),  # which calls itself a time-out too
    (_CONNECT_TIMEOUTS, _connect_timeout, True),
    (_TIMEOUTS, _timeout, True),
    (_DAMAGED, _damaged, False),
    (urllib3.IncompleteRead, _incomplete_answer, True),
)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Transport`: sends one request, and gives its answer or raises the exception that says why there is none."""

import contextlib
import os
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import NamedTuple

import requests
from astropy import log

from atlasquery.config import conf
from atlasquery.exceptions import RateLimitError, ServerTimeoutError, ServerUnreachableError
from atlasquery.transport.address import endpoint_url, is_loopback, origin
from atlasquery.transport.answer import Answer, read_answer
from atlasquery.transport.cancellation import current_cancellation
from atlasquery.transport.connection_errors import connection_error
from atlasquery.transport.deadline import Deadline, DeadlineAdapter
from atlasquery.transport.http_errors import SIGN_IN, http_error
from atlasquery.transport.quota import Quota, get_quota
from atlasquery.transport.request import Request
from atlasquery.transport.retry import RetryPolicy
from atlasquery.transport.retry_after import parse_retry_after

__all__ = ["Transport"]

_TEMPORARY_STATUSES = (502, 503, 504)
# The server drops a connection that was idle for 2 s. A read would be repeated; a write cannot be.
_MAX_IDLE_SECONDS = 1.0
# A server that asks for no wait at all, and throttles again, is not hammered: seconds.
_SHORTEST_WAIT = 1.0
_UNKNOWN_WRITE_HINT = "It is not known whether the write was carried out: check before you repeat it."


class Transport:
    """The way to the server; nothing else in `atlasquery` speaks HTTP.

    Making one does no input or output. It can be shared between threads, which then take turns; a forked child and a
    pickled copy connect anew.

    Examples
    --------
    >>> from atlasquery.transport import Transport
    >>> Transport().send("http://example.org/api/", "cone/", {})
    Traceback (most recent call last):
        ...
    atlasquery.exceptions.InvalidQueryError: Plain http would show the token to everybody on the way to ...
    """

    def __init__(self):
        self._reset()

    def __getstate__(self):
        return {}

    def __setstate__(self, state):
        self._reset()

    def _reset(self):
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._session = None
        self._last_used = 0.0

    def close(self):
        """Close the connections; the next request makes a new one."""
        with self._acquire_lock():
            if self._session is not None:
                self._session.close()
            self._session = None

    def send(self, root, endpoint, payload, *, token=None, retry=False):
        """Send one request, and again if it is a read that failed in passing.

        Parameters
        ----------
        root : str
            Root URL of the API.
        endpoint : str
            Such as ``"cone/"``.
        payload : dict
            The parameters: texts, numbers, bools; a password wrapped as `Password`.
        token : Token, optional
            On whose behalf.
        retry : bool, optional
            Whether this is a read, which may be sent again; a write is sent once.

        Returns
        -------
        answer : Answer
            A success, of JSON or (status 204) empty.

        Raises
        ------
        InvalidQueryError
            If the address is none to send to, or the server refuses the question.
        LoginError
            If the server does not accept the token; its subclasses say why.
        PermissionDeniedError
            If the account may not do this.
        ServerError
            If there is no answer, or none that can be read; its subclasses say why.
        """
        call = Request(endpoint_url(root, endpoint), payload, token)
        # Attempts to sign in are counted by the server in a quota of their own.
        quota = Quota() if endpoint == SIGN_IN else get_quota(origin(root), token)
        outcome = self._send_with_retries(call, retry, quota)
        patience = conf.max_wait
        while retry and (wait := _quota_wait(outcome.error, patience)):
            _wait_for_quota(wait)
            patience -= wait
            outcome = self._send_with_retries(call, retry, quota)
        if outcome.passing and not retry and endpoint != SIGN_IN:
            outcome.error.hint = _UNKNOWN_WRITE_HINT
        if outcome.error is not None:
            # Only here, so that no frame of requests, with its header lines, is in the traceback.
            raise outcome.error
        return outcome.answer

    def _send_with_retries(self, call, retry, quota):
        deadline = Deadline(conf.deadline)
        patience = RetryPolicy(deadline)
        while True:
            outcome = self._send_once(call, deadline, retry)
            _update_quota(outcome, quota)
            if not (retry and outcome.passing):
                return outcome
            wait = patience.next_delay(outcome.error, outcome.wanted)
            if wait is None:
                return outcome
            current_cancellation().wait(wait)

    def _send_once(self, call, deadline, retry):
        """One exchange, whose failure is returned and not raised."""
        timeout = min(conf.timeout, max(deadline.remaining, 0.001))
        try:
            with self._acquire_lock(), deadline.enforced():
                raw = self._exchange(call, timeout, retry)
            if deadline.has_passed:
                # A body that ends with its connection looks complete when that is cut.
                raise TimeoutError
        except BaseException as error:  # noqa: BLE001  (it is raised again by `send`, without these frames)
            return _Result(None, *connection_error(error, call.url, deadline, timeout))
        return _check_answer(raw, call)

    def _exchange(self, call, timeout, retry):
        if current_cancellation().is_cancelled:
            raise ServerUnreachableError("Nobody waits for the answer any more; nothing was sent.")
        if not retry and self._session is not None and time.monotonic() - self._last_used > _MAX_IDLE_SECONDS:
            self._session.close()
        self._session = self._session or _new_session()
        request = self._session.prepare_request(call.request())
        settings = self._session.merge_environment_settings(call.url, {}, True, None, None)
        if is_loopback(call.url):
            settings["proxies"] = {}  # HTTP_PROXY is meant for the world outside, and would be handed the token
        response = self._session.send(request, allow_redirects=False, timeout=timeout, **settings)
        with contextlib.closing(response):
            raw = read_answer(response, conf.max_bytes)
        self._last_used = time.monotonic()
        return raw

    def _acquire_lock(self):
        if self._process != os.getpid():
            # A forked child: the parent's connection is not ours to use, and its lock may never be freed here.
            self._reset()
        return self._lock


class _Result(NamedTuple):
    """An answer, or an error; whether that may be over in a moment, the wait the server wants, the HTTP status."""

    answer: Answer | None
    error: BaseException | None = None
    passing: bool = False
    wanted: float | None = None
    status: int | None = None


class _Session(requests.Session):
    def get_redirect_target(self, resp):
        # Even unfollowed, requests would prepare the next request and read the whole body of this one.
        return None


def _new_session():
    session = _Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # the token alone says who asks
    session.mount("https://", DeadlineAdapter(max_retries=0))
    session.mount("http://", DeadlineAdapter(max_retries=0))
    return session


def _check_answer(raw, call):
    error = http_error(raw, call.url, token_sent=call.token is not None, scrub=call.redact)
    if error is None:
        return _Result(Answer(call.redact_body(raw.body), raw.status, call.url, raw.headers), status=raw.status)
    return _Result(None, error, raw.status in _TEMPORARY_STATUSES, parse_retry_after(raw.headers), raw.status)


def _update_quota(outcome, quota):
    """Count the attempt, as the server does; one that did not reach it, or broke off, is not counted."""
    if isinstance(outcome.error, RateLimitError):
        quota.record_rate_limit(outcome.error.retry_after)
    elif outcome.status is not None or isinstance(outcome.error, ServerTimeoutError):
        quota.record_request(outcome.status)


def _quota_wait(error, patience):
    """Seconds until a throttled request can be repeated, or `None` if that is not known or longer than the patience."""
    if not isinstance(error, RateLimitError) or error.retry_after is None:
        return None
    wait = max(error.retry_after, _SHORTEST_WAIT)
    return wait if wait <= patience else None


def _wait_for_quota(seconds):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not current_cancellation().is_cancelled:
        log.info(f"The hourly quota is used up; waiting, {left:.0f} s left.")
        current_cancellation().wait(min(left, 60 if left > 60 else 10))

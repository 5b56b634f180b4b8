# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Transport`: sends requests to a service and returns checked answers, or raises."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple

import requests

from atlasquery.config import conf
from atlasquery.exceptions import (
    AtlasQueryError,
    RateLimitError,
    ServerError,
    ServerTimeoutError,
    ServerUnreachableError,
)
from atlasquery.transport.address import ServerURL
from atlasquery.transport.answer import Answer, RawAnswer, read_answer
from atlasquery.transport.call_limit import call_deadline
from atlasquery.transport.cancellation import current_cancellation
from atlasquery.transport.connection_errors import connection_error
from atlasquery.transport.deadline import Deadline, DeadlineAdapter
from atlasquery.transport.http_errors import http_error
from atlasquery.transport.interruption import before_sending
from atlasquery.transport.lock import ForkSafeLock
from atlasquery.transport.proxy import check_proxy
from atlasquery.transport.quota import Quota, Reservation, get_quota
from atlasquery.transport.request import Request, SignedRequest
from atlasquery.transport.retry import RetryPolicy
from atlasquery.transport.retry_after import parse_retry_after, time_from_now
from atlasquery.transport.service import Service
from atlasquery.transport.token import Token
from atlasquery.utils.log import log_event
from atlasquery.utils.signal_handlers import handler_codes

__all__ = ["Transport"]

_TEMPORARY_STATUSES = (502, 503, 504)
# The server closes a connection that was idle for 2 s. An idempotent request would be sent again; others cannot be.
_MAX_IDLE_SECONDS = 1.0
# Minimum seconds to wait after a 429 with `Retry-After: 0`.
_MIN_QUOTA_WAIT = 1.0
_UNKNOWN_WRITE_HINT = "It is unknown whether the server carried this out: check before sending it again."


class Transport:
    """The only part of the package that uses HTTP.

    Creating one does no input or output. Threads can share one, and then send one after another; a forked child and a
    pickled copy make their own connections.

    Parameters
    ----------
    service : Service
        The web service.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self._reset()
        self._lock = ForkSafeLock(on_fork=self._reset)

    def __getstate__(self) -> dict[str, Any]:
        return {"service": self.service}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["service"])  # type: ignore[misc]

    def _reset(self) -> None:
        # In a forked child this drops the parent's connection, which must not be used by two processes.
        self._session: requests.Session | None = None
        self._last_used = 0.0

    def close(self) -> None:
        """Close the connections; the next request makes a new one."""
        with self._lock.current:
            if self._session is not None:
                self._session.close()
            self._session = None

    def send(self, server: ServerURL, request: Request, *, token: Token | None = None) -> Answer:
        """Send a request, and again if it is idempotent and failed temporarily.

        Parameters
        ----------
        server : ServerURL
            Where to send it.
        request : Request
            What to send.
        token : Token, optional
            Authenticates the user.

        Raises
        ------
        InvalidQueryError
            If the server rejects the parameters.
        LoginError
            If the server rejects the token; subclasses tell the reason.
        PermissionDeniedError
            If the account has no permission.
        ServerError
            If there is no answer, or it cannot be used; subclasses tell the reason.
        """
        signed = SignedRequest(request, server.join(request.path), token, self.service.auth_scheme)
        rule = self.service.find_quota_rule(request.method)
        is_sign_in = self.service.is_sign_in(request.path)
        # Attempts to sign in have a quota of their own on the server.
        quota = Quota(rule) if is_sign_in else get_quota(server.origin, token, rule)
        result = self._send_with_retries(server, signed, quota)
        call = call_deadline()
        max_wait = conf.max_wait if call is None else min(conf.max_wait, call.remaining)
        # Also for a write: the quota is checked before anything is done. Attempts to sign in have a small quota.
        cancellation = current_cancellation()
        while not is_sign_in and (wait := _quota_wait(result.error, max_wait)) and not cancellation.is_cancelled:
            with before_sending():
                max_wait -= _wait_for_quota(wait, rule.label, quota)
            result = self._send_with_retries(server, signed, quota)
        if not request.idempotent and not is_sign_in and _is_outcome_unknown(result.error):
            result.error.hint = _UNKNOWN_WRITE_HINT  # type: ignore[union-attr]
        if result.error is not None:
            # Raised here, so that no frame of requests, which holds the headers, is in the traceback.
            raise result.error
        assert result.answer is not None
        return result.answer

    def _send_with_retries(self, server: ServerURL, signed: SignedRequest, quota: Quota) -> _Result:
        call = call_deadline()
        deadline = Deadline(conf.deadline if call is None else min(conf.deadline, call.remaining))
        policy = RetryPolicy(deadline)
        while True:
            if call is not None and call.has_passed:
                return _Result(None, _call_timeout(signed, call))
            with before_sending():
                reservation = quota.reserve()
            if reservation is None:
                return _Result(None, _quota_error(signed, quota, self.service))
            result = self._send_once(server, signed, deadline)
            _settle_quota(result, quota, reservation)
            if not (signed.request.idempotent and result.is_temporary):
                return result
            assert isinstance(result.error, AtlasQueryError)  # only these are temporary
            delay = policy.next_delay(result.error, result.retry_after)
            if delay is None:
                return result
            current_cancellation().wait(delay)

    def _send_once(self, server: ServerURL, signed: SignedRequest, deadline: Deadline) -> _Result:
        """Return the result of one attempt; its exception is returned, not raised."""
        timeout = min(conf.timeout, max(deadline.remaining, 0.001))
        start, handled, handlers = time.monotonic(), sys.exception(), handler_codes()
        try:
            with self._lock.current, deadline.enforced():
                raw = self._exchange(server, signed, timeout)
            if deadline.has_passed:
                # A body that ends with its connection looks complete when the connection is shut down.
                raise TimeoutError
        except BaseException as error:  # noqa: BLE001  (`send` raises it again, without these frames)
            failure = connection_error(error, signed.url, deadline, timeout, handled=handled, handlers=handlers)
            log_event(logging.DEBUG, f"{signed}: no answer, {type(failure.error).__name__}.")
            return _Result(None, failure.error, failure.is_temporary)
        seconds = time.monotonic() - start
        log_event(logging.DEBUG, f"{signed}: status {raw.status}, {len(raw.body)} bytes in {seconds:.2f} s.")
        return self._check_answer(raw, signed)

    def _exchange(self, server: ServerURL, signed: SignedRequest, timeout: float) -> RawAnswer:
        if current_cancellation().is_cancelled:
            raise ServerUnreachableError("The request was cancelled before it was sent.", request_sent=False)
        if self._session is not None and type(self._session) is not requests.Session:
            # A cache of requests, such as requests-cache, was switched on or off: it replaces the class.
            self._session.close()
            self._session = None
        is_stale = self._session is not None and time.monotonic() - self._last_used > _MAX_IDLE_SECONDS
        if is_stale and not signed.request.idempotent:
            assert self._session is not None
            self._session.close()
        self._session = self._session or _new_session()
        prepared = self._session.prepare_request(signed.build())
        settings = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
        if server.is_local:
            settings["proxies"] = {}  # HTTP_PROXY is for other hosts, and would receive the token
        check_proxy(str(prepared.url), settings["proxies"])
        response = self._session.send(prepared, allow_redirects=False, timeout=timeout, **settings)
        with contextlib.closing(response):
            raw = read_answer(response, conf.max_bytes)
        self._last_used = time.monotonic()
        return raw

    def _check_answer(self, raw: RawAnswer, signed: SignedRequest) -> _Result:
        error = http_error(raw, signed, self.service)
        if error is None:
            answer = Answer(signed.redact_body(raw.body), raw.status, signed.url, raw.headers)
            return _Result(answer, status=raw.status)
        return _Result(None, error, raw.status in _TEMPORARY_STATUSES, parse_retry_after(raw.headers), raw.status)


class _Result(NamedTuple):
    """An answer or an exception, whether another attempt may succeed, the server's waiting time, the HTTP status."""

    answer: Answer | None
    error: BaseException | None = None
    is_temporary: bool = False
    retry_after: float | None = None
    status: int | None = None


def _new_session() -> requests.Session:
    session = requests.Session()
    # Even where redirects are not followed, requests would prepare the next request and read this body.
    session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # only the token authenticates
    session.mount("https://", DeadlineAdapter(max_retries=0))
    session.mount("http://", DeadlineAdapter(max_retries=0))
    return session


def _settle_quota(result: _Result, quota: Quota, reservation: Reservation) -> None:
    """Count an attempt as the server does; one that did not reach it is not counted."""
    if getattr(result.error, "request_sent", True):
        reservation.settle(result.status)
    else:
        reservation.cancel()
    if isinstance(result.error, RateLimitError):
        quota.record_rate_limit(result.error.retry_after)


def _quota_error(signed: SignedRequest, quota: Quota, service: Service) -> RateLimitError:
    """Return the error of a request that is not sent, because it is known that the server would reject it."""
    wait = quota.seconds_until_free()
    label = service.find_quota_rule(signed.request.method).label
    return RateLimitError(
        f"The {label} is used up: {quota.explanation}; the next request is possible in {wait:.0f} s.",
        url=signed.url,
        hint="Wait, set conf.max_wait, or set conf.hourly_requests to the limit of the account. Nothing was sent.",
        request_sent=False,
        retry_after=wait,
        resets_at=time_from_now(wait),
    )


def _is_outcome_unknown(error: BaseException | None) -> bool:
    return isinstance(error, ServerError) and error.is_outcome_unknown


def _quota_wait(error: BaseException | None, max_wait: float) -> float | None:
    """Return the seconds until a rate-limited request can be sent again, None if unknown or above ``max_wait``."""
    if not isinstance(error, RateLimitError) or error.retry_after is None:
        return None
    wait = max(error.retry_after, _MIN_QUOTA_WAIT)
    return wait if wait <= max_wait else None


def _call_timeout(signed: SignedRequest, call: Deadline) -> ServerTimeoutError:
    reason = f"The call needs more than its timeout of {call.seconds:g} s."
    return ServerTimeoutError(reason, url=signed.url, hint="Pass a longer timeout.", request_sent=False)


def _wait_for_quota(seconds: float, label: str, quota: Quota) -> float:
    """Wait until a request can be sent again, and return the seconds waited.

    It is shorter if another process, or a change of the clock, frees a request.
    """
    remaining, waited = seconds, 0.0
    while remaining > 0 and not current_cancellation().is_cancelled:
        # A warning, so that it is visible without any set-up of logging.
        log_event(logging.WARNING, f"The {label} is used up; waiting, {remaining:.0f} s left.")
        step = min(remaining, 60 if remaining > 60 else 10)
        current_cancellation().wait(step)
        remaining, waited = remaining - step, waited + step
        if quota.is_shared:
            remaining = min(remaining, quota.seconds_until_free())
    return waited

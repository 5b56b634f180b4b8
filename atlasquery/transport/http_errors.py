# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""HTTP statuses and bodies of failed requests, as exceptions."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from atlasquery.exceptions import (
    AtlasQueryError,
    InactiveUserError,
    InvalidQueryError,
    InvalidTokenError,
    LoginError,
    NoTokenError,
    PermissionDeniedError,
    RateLimitError,
    ServerFaultError,
    TokenExpiredError,
    UnexpectedRedirectError,
    UnreadableAnswerError,
)
from atlasquery.transport.answer import RawAnswer
from atlasquery.transport.request import SignedRequest
from atlasquery.transport.retry_after import parse_retry_after, time_from_now
from atlasquery.transport.service import Service
from atlasquery.transport.tls_errors import is_tls_port_answer, tls_port_error
from atlasquery.utils.text import shorten

__all__ = ["http_error"]

_MAX_MESSAGE_LENGTH = 200
_ROOT_URL_HINT = "Check the server's address (`server`, conf.server): it must be the root URL of the API."
_HINTS = {
    404: _ROOT_URL_HINT,
    405: _ROOT_URL_HINT,
    500: "If it persists, an id may be wrong or its record damaged: request fewer objects at once to find it.",
    413: "Request fewer objects at once.",
    414: "Request fewer objects at once.",
    502: "Try again later.",
    503: "Try again later.",
    504: "The server took too long: request fewer objects, or pass `since`.",
}
# Patterns of the server's message with a 401.
_UNAUTHORIZED: tuple[tuple[str, type[LoginError], str], ...] = (
    (r"expired", TokenExpiredError, "The token has expired"),
    (r"not provided", NoTokenError, "The server requires a token, but received none"),
    (r"inactive|deleted|no profile", InactiveUserError, "The account cannot be used"),
    (r"invalid token", InvalidTokenError, "The server has no such token"),
)


class _Exchange(NamedTuple):
    """A response, and the request that it answers."""

    raw: RawAnswer
    signed: SignedRequest
    service: Service

    @property
    def url(self) -> str:
        return self.signed.url

    @property
    def is_sign_in(self) -> bool:
        return self.service.is_sign_in(self.signed.request.path)


def http_error(raw: RawAnswer, signed: SignedRequest, service: Service) -> AtlasQueryError | None:
    """Return the exception of a failed request, or None for a usable answer.

    The server's message is quoted without secrets.
    """
    exchange = _Exchange(raw, signed, service)
    message = _ServerMessage(raw, signed.redact)
    if service.login_redirects and _is_login_page(raw, message):
        return _unauthorized(message, exchange)
    if raw.status == 304 and signed.request.has_header("If-None-Match"):
        return None
    if 200 <= raw.status < 300:
        return _unreadable(message, exchange)
    if 300 <= raw.status < 400:
        return _redirect(exchange)
    if raw.status == 400 and is_tls_port_answer(raw.body, signed.url):
        return tls_port_error(signed.url)
    if raw.status == 400 and message.document is not None:
        return _bad_request(message, exchange)
    if raw.status == 401:
        return _unauthorized(message, exchange)
    if raw.status == 403:
        return PermissionDeniedError(message.with_status("The account has no permission for this"), url=exchange.url)
    if raw.status == 429:
        return _rate_limit(message, exchange)
    reason = message.with_status("The server failed")
    return ServerFaultError(reason, url=exchange.url, status=raw.status, hint=_HINTS.get(raw.status))


class _ServerMessage:
    """The server's message: the strings of its JSON, or the title of its page."""

    def __init__(self, raw: RawAnswer, redact: Callable[[str], str]) -> None:
        self.status = raw.status
        is_success = 200 <= raw.status < 300
        text = redact(raw.body.decode("utf-8", "replace"))
        self.is_html = text.lstrip()[:1] == "<" or "html" in raw.headers.get("Content-Type", "")
        self.document = None if self.is_html or is_success else _parse_object(text)
        self.text = _html_title(text).rstrip(".") if self.is_html else self._join_fields()

    def _join_fields(self) -> str:
        return "; ".join(self._field_text(name, value) for name, value in self.fields.items())

    @property
    def fields(self) -> dict[str, str]:
        """The messages by field; values that are not text, such as an echoed parameter, are left out."""
        texts = {name: _value_text(name, value) for name, value in (self.document or {}).items()}
        return {name: text for name, text in texts.items() if text}

    @staticmethod
    def _field_text(name: str, value: str) -> str:
        value = value.rstrip(".")
        return value if name in ("detail", "error", "info", "non_field_errors") else f"{name}: {value}"

    def with_status(self, reason: str) -> str:
        """Return a reason with the status and the server's message."""
        return f"{reason} (HTTP {self.status})" + (f": {self.text}." if self.text else ".")


def _parse_object(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _value_text(name: str, value: Any) -> str:
    """Return a message that is a string, a list of strings, or an object {name: string}."""
    if isinstance(value, dict):
        value = value.get(name)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    return shorten(value, _MAX_MESSAGE_LENGTH) if isinstance(value, str) else ""


def _html_title(text: str) -> str:
    match = re.search(r"<(title|h1)[^>]*>(.*?)</\1", text, re.IGNORECASE | re.DOTALL)
    return shorten(html.unescape(re.sub(r"<[^>]*>", " ", match[2])), _MAX_MESSAGE_LENGTH) if match else ""


def _is_login_page(raw: RawAnswer, message: _ServerMessage) -> bool:
    if 300 <= raw.status < 400:
        return "login" in raw.headers.get("Location", "")
    return raw.status == 200 and message.is_html and b'type="password"' in raw.body


def _unreadable(message: _ServerMessage, exchange: _Exchange) -> AtlasQueryError | None:
    raw = exchange.raw
    if raw.status == 204 or exchange.signed.request.method == "HEAD":
        return None
    media_type = exchange.signed.redact(raw.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    expected = exchange.signed.request.accept
    if not media_type and expected == "application/json" and _looks_like_json(raw.body):
        return None  # some proxies remove the header
    if not raw.body and expected == "application/json":
        reason = "The answer is empty."
    elif message.is_html or media_type != expected or media_type not in exchange.service.media_types:
        title = f", titled {message.text!r}" if message.text else ""
        got = "a web page" if message.is_html else media_type or "an unknown type"
        reason = f"The answer must be {expected}, got {got}{title}."
    else:
        return None
    return UnreadableAnswerError(reason, url=exchange.url, status=raw.status, hint=_ROOT_URL_HINT)


def _looks_like_json(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"[", b"{")


def _redirect(exchange: _Exchange) -> AtlasQueryError:
    location = exchange.signed.redact(exchange.raw.headers.get("Location", "")) or None
    target = f" to {shorten(location, _MAX_MESSAGE_LENGTH)}" if location else ""
    reason = f"The server redirects{target} (HTTP {exchange.raw.status}); the redirect was not followed."
    return UnexpectedRedirectError(reason, url=exchange.url, status=exchange.raw.status, location=location)


def _bad_request(message: _ServerMessage, exchange: _Exchange) -> AtlasQueryError:
    if exchange.is_sign_in and "non_field_errors" in message.fields:
        reason = message.with_status("Wrong user name or password, or the account is inactive")
        return LoginError(reason, url=exchange.url, hint="Check both; the server allows 10 attempts an hour.")
    reason = message.with_status("The server rejected the request")
    return InvalidQueryError(reason, url=exchange.url, fields=message.fields)


def _unauthorized(message: _ServerMessage, exchange: _Exchange) -> AtlasQueryError:
    known = (row[1:] for row in _UNAUTHORIZED if re.search(row[0], message.text, re.IGNORECASE))
    cls, reason = next(known, (LoginError, "The server rejected the credentials"))
    hint = None
    if cls is NoTokenError and exchange.signed.token is not None:
        hint = "A token was sent: a proxy may remove it, or the address is not that of the API."
    elif exchange.service.client_name != "ATLAS":
        hint = f"Call {exchange.service.client_name}.login()."
    return cls(message.with_status(reason), url=exchange.url, hint=hint)


def _rate_limit(message: _ServerMessage, exchange: _Exchange) -> AtlasQueryError:
    raw, rule = exchange.raw, exchange.service.find_quota_rule(exchange.signed.request.method)
    delay = parse_retry_after(raw.headers, message.text)
    facts: dict[str, Any] = {}
    when = "the server does not state when it resets"
    if delay is not None:
        facts = {"retry_after": delay, "resets_at": time_from_now(delay)}
        when = f"it resets in {delay:.0f} s"
    label = "quota of sign-in attempts" if exchange.is_sign_in else rule.label
    return RateLimitError(f"The {label} is used up; {when}.", url=exchange.url, status=raw.status, **facts)

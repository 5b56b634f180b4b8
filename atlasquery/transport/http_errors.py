# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""From an answer that is no success to the exception that says why."""

import html
import json
import re

from atlasquery.exceptions import (
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
from atlasquery.transport.retry_after import parse_retry_after, time_from_now

__all__ = ["SIGN_IN", "http_error"]

SIGN_IN = "auth-token/"
_ROOT_URL_HINT = "Check the server's address (server=, conf.server): it must be the root URL of the API."
_HINTS = {
    404: _ROOT_URL_HINT,
    405: _ROOT_URL_HINT,
    500: "If it stays, an id that was asked for may be wrong, or its record damaged: ask for fewer at once to find it.",
    413: "Ask for fewer objects in one request.",
    414: "Ask for fewer objects in one request.",
    502: "Try again later.",
    503: "Try again later.",
    504: "The server needed too long; ask for fewer objects, or give since=.",
}
# What the server says with a 401, and what it means.
_UNAUTHORIZED = (
    (r"expired", TokenExpiredError, "The token has expired"),
    (r"not provided", NoTokenError, "The server asks for a token, and received none"),
    (r"inactive|deleted|no profile", InactiveUserError, "The account cannot be used"),
    (r"invalid token", InvalidTokenError, "The server does not know this token"),
)


def http_error(answer, url, *, token_sent=False, scrub=str):
    """Why an answer is no success.

    Parameters
    ----------
    answer : RawAnswer
        Status, header lines and body.
    url : str
        What was asked.
    token_sent : bool, optional
        Whether the request carried a token.
    scrub : callable, optional
        Blots secrets out of a text; nothing the server says is quoted without it.

    Returns
    -------
    error : AtlasQueryError or None
        The exception to raise, or `None` for an answer that can be read.
    """
    said = _ServerMessage(answer, scrub)
    status = answer.status
    if 200 <= status < 300:
        return _unreadable(answer, said, url)
    if 300 <= status < 400:
        return _redirect(answer, url, scrub)
    if status == 400 and said.document is not None:
        return _bad_request(said, url)
    if status == 401:
        return _unauthorized(said, url, token_sent)
    if status == 403:
        return PermissionDeniedError(said.with_status("The account may not do this"), url=url)
    if status == 429:
        return _rate_limit(answer, said, url)
    return ServerFaultError(said.with_status("The server failed"), url=url, status=status, hint=_HINTS.get(status))


class _ServerMessage:
    """What an answer says to people: the messages of its JSON, or the title of its page."""

    def __init__(self, answer, scrub):
        self.status = answer.status
        text = scrub(answer.body.decode("utf-8", "replace"))
        self.is_html = text.lstrip()[:1] == "<" or "html" in answer.headers.get("Content-Type", "")
        self.document = None if self.is_html or 200 <= answer.status < 300 else _json_object(text)
        self.words = _html_title(text).rstrip(".") if self.is_html else self._messages()

    def _messages(self):
        return "; ".join(self._message(name, value) for name, value in self.fields.items())

    @property
    def fields(self):
        """The texts by name; other values, such as a parameter that is echoed, are no message."""
        texts = {name: _joined(value) for name, value in (self.document or {}).items()}
        return {name: text for name, text in texts.items() if text}

    @staticmethod
    def _message(name, value):
        value = value.rstrip(".")
        return value if name in ("detail", "error", "info", "non_field_errors") else f"{name}: {value}"

    def with_status(self, what):
        """``what`` happened, with the status and the server's own words."""
        return f"{what} (HTTP {self.status})" + (f": {self.words}." if self.words else ".")


def _json_object(text):
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _joined(value):
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = " ".join(value)
    return _short(value) if isinstance(value, str) else ""


def _html_title(text):
    found = re.search(r"<(title|h1)[^>]*>(.*?)</\1", text, re.IGNORECASE | re.DOTALL)
    return _short(html.unescape(re.sub(r"<[^>]*>", " ", found[2]))) if found else ""


def _short(text, longest=200):
    """One line, and not a long one."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def _unreadable(answer, said, url):
    if answer.status == 204:
        return None
    kind = answer.headers.get("Content-Type", "")
    if not answer.body:
        reason = "The answer is empty."
    elif said.is_html or "json" not in kind.lower():
        title = f", titled {said.words!r}" if said.words else ""
        reason = f"The answer is {'a web page' if said.is_html else kind or 'of no known type'}, not JSON{title}."
    else:
        return None
    return UnreadableAnswerError(reason, url=url, status=answer.status, hint=_ROOT_URL_HINT)


def _redirect(answer, url, scrub):
    location = scrub(answer.headers.get("Location", "")) or None
    where = f" to {_short(location)}" if location else ""
    reason = f"The server redirects{where} (HTTP {answer.status}); this was not followed."
    return UnexpectedRedirectError(reason, url=url, status=answer.status, location=location)


def _bad_request(said, url):
    if url.endswith(SIGN_IN) and "non_field_errors" in said.fields:
        reason = "Wrong user name or password, or the account is inactive"
        return LoginError(said.with_status(reason), url=url, hint="Check both; the server allows 10 attempts an hour.")
    return InvalidQueryError(said.with_status("The server refuses the question"), url=url, fields=said.fields)


def _unauthorized(said, url, token_sent):
    meanings = (row[1:] for row in _UNAUTHORIZED if re.search(row[0], said.words, re.IGNORECASE))
    kind, reason = next(meanings, (LoginError, "The server does not let us in"))
    hint = None
    if kind is NoTokenError and token_sent:
        hint = "One was sent: something between here and the server takes it away, or the address is not the API's."
    return kind(said.with_status(reason), url=url, hint=hint)


def _rate_limit(answer, said, url):
    wait = parse_retry_after(answer.headers, said.words)
    facts, when = {}, "the server does not say when it opens again"
    if wait is not None:
        facts = {"retry_after": wait, "resets_at": time_from_now(wait)}
        when = f"it opens again in {wait:.0f} s"
    what = "quota of attempts to sign in" if url.endswith(SIGN_IN) else "hourly quota"
    return RateLimitError(f"The {what} is used up; {when}.", url=url, status=answer.status, **facts)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Requests about tokens: exchange a password for a token, and check a token."""

from __future__ import annotations

import json
import math
from typing import Any

from astropy.time import Time

from atlasquery.auth.credential import Credential
from atlasquery.exceptions import InvalidTokenError, LoginError, UnreadableAnswerError
from atlasquery.transport import Answer, Password, Request, ServerURL, Token, Transport, time_from_now

__all__ = ["is_wrong_password", "request_token", "verify_token"]


def request_token(transport: Transport, server: ServerURL, username: str, password: Password) -> Credential:
    """Exchange user name and password for a token.

    Raises
    ------
    LoginError
        If they are wrong.
    UnreadableAnswerError
        If the answer has no token.
    """
    path = transport.service.token_endpoint
    # Repeated attempts would count against the few that the server allows an hour.
    request = Request("POST", path, {"username": username, "password": password}, idempotent=False)
    answer = transport.send(server, request)
    credential = _parse_token_answer(answer)
    if credential is None:
        # Raised here, because the frames that parse the answer may hold a token.
        raise UnreadableAnswerError("The answer must hold a token.", url=answer.url, record=path)
    return credential


def is_wrong_password(error: LoginError) -> bool:
    """Return whether the server rejected user name or password, so that another try may succeed."""
    return type(error) is LoginError and error.url is not None


def verify_token(transport: Transport, server: ServerURL, token: Token) -> None:
    """Check a token with the cheapest request of the service, or raise `LoginError`."""
    transport.send(server, transport.service.verify_request, token=token)


def _parse_token_answer(answer: Answer) -> Credential | None:
    try:
        grant = json.loads(answer.body)
        return Credential(Token(grant["token"]), "login", _parse_expiry(grant.get("expires_in")))
    except (ValueError, TypeError, KeyError, RecursionError, InvalidTokenError):
        return None


def _parse_expiry(seconds: Any) -> Time | None:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not math.isfinite(seconds):
        return None
    return time_from_now(seconds)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Request`: what to send; `SignedRequest`: the same with a URL and a token."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import numpy as np
import requests
from requests.auth import AuthBase

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.transport.token import Secret, Token
from atlasquery.utils.text import is_encodable
from atlasquery.utils.versions import find_version

__all__ = ["METHODS", "Request", "SignedRequest"]

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_IN_URL = ("GET", "HEAD", "DELETE", "OPTIONS")  # methods whose payload is the query string
_HEADER_VALUE = re.compile(r"[!-~]+(?:[ \t]+[!-~]+)*")  # printable ASCII, without surrounding blanks
_CONTENT_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json"}


@dataclass(frozen=True)
class Request:
    """A request, independent of server and user.

    Parameters
    ----------
    method : str
        HTTP method in capital letters.
    path : str
        Path below the root URL, such as ``"cone/"``.
    payload : mapping
        Parameters: strings, numbers, bools, or a wrapped `Password`. In the body, or in the query string of methods
        without a body.
    idempotent : bool
        Whether it may be sent again after a failure. There is no default: each new request must decide.
    headers : mapping
        Additional headers.
    accept : str
        Expected media type of the answer.
    encoding : {"form", "json"}
        Encoding of the body.

    Raises
    ------
    InvalidQueryError
        If the method is unknown, or the value of a header is not printable ASCII.
    """

    method: str
    path: str
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _: KW_ONLY
    idempotent: bool
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    accept: str = "application/json"
    encoding: Literal["form", "json"] = "form"

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise InvalidQueryError(f"`method` must be one of {', '.join(METHODS)}, got {self.method!r}.")
        for name, value in self.headers.items():
            if not _HEADER_VALUE.fullmatch(value):
                raise InvalidQueryError(f"`headers[{name!r}]` must be printable ASCII, got another string.")

    def has_header(self, name: str) -> bool:
        """Return whether there is a header of this name; case does not matter."""
        return name.lower() in (key.lower() for key in self.headers)


class SignedRequest:
    """A request with its URL and token, whose secrets are still wrapped."""

    def __init__(self, request: Request, url: str, token: Token | None, auth_scheme: str) -> None:
        self.request = request
        self.url = url
        self.token = token
        self._auth_scheme = auth_scheme

    def __repr__(self) -> str:
        return f"<SignedRequest: {self.request.method} {self.url}>"

    def __str__(self) -> str:
        return f"{self.request.method} {self.url}"

    def build(self) -> requests.Request:
        """Return the request of `requests`, in which the secrets are readable."""
        headers = {"Accept": self.request.accept, "User-Agent": _user_agent(), **self.request.headers}
        options: dict[str, Any] = {}
        if self.request.method in _IN_URL:
            options["params"] = _form_fields(self.request.payload, secrets_allowed=False)
        else:
            headers["Content-Type"] = _CONTENT_TYPES[self.request.encoding]
            options["data"] = _encode_body(self.request)
        auth = _TokenAuth(self.token, self._auth_scheme)
        return requests.Request(self.request.method, self.url, headers=headers, auth=auth, **options)

    def redact(self, text: str) -> str:
        """Replace the secrets of this request in a text."""
        for secret in (self.token, *self.request.payload.values()):
            if isinstance(secret, Secret):
                text = secret.redact(text)
        return text

    def redact_body(self, body: bytes) -> bytes:
        """Replace the token in an answer; a password stays, as it may be a word that occurs by chance."""
        return body if self.token is None else self.token.redact_body(body)


class _TokenAuth(AuthBase):
    """Sets the ``Authorization`` header.

    A header set otherwise would be replaced by an entry of ``.netrc``; without a token this keeps requests from reading
    that file.
    """

    def __init__(self, token: Token | None, scheme: str) -> None:
        self._token, self._scheme = token, scheme

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            r.headers["Authorization"] = f"{self._scheme} {self._token.reveal()}"
        return r


def _encode_body(request: Request) -> str:
    if request.encoding == "json":
        return _to_json(request.payload)
    return urlencode(_form_fields(request.payload, secrets_allowed=True))


def _to_json(payload: Mapping[str, Any]) -> str:
    try:
        return json.dumps(dict(payload), allow_nan=False, default=_json_value)
    except InvalidQueryTypeError:
        raise
    except ValueError:
        raise InvalidQueryError("`payload` must have finite numbers, got NaN or infinity.") from None


def _json_value(value: Any) -> Any:
    """Return a value that JSON has no type for as one that it has."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, np.generic):
        return value.item()
    raise InvalidQueryTypeError(f"`payload` must have values that JSON can represent, got {type(value).__name__}.")


def _form_fields(payload: Mapping[str, Any], *, secrets_allowed: bool) -> list[tuple[str, str]]:
    return [(name, _form_value(name, value, secrets_allowed)) for name, value in payload.items()]


def _form_value(name: str, value: Any, secrets_allowed: bool) -> str:
    if isinstance(value, Secret):
        if not secrets_allowed:
            raise InvalidQueryTypeError(f"`{name}` must not be sent in a URL: it is a secret.")
        return value.reveal()
    if value is None or isinstance(value, (bytes, dict, list, tuple)):
        raise InvalidQueryTypeError(f"`{name}` must be a string, number or bool, got {type(value).__name__}.")
    text = str(value)
    if not is_encodable(text):
        raise InvalidQueryError(f"`{name}` must be text that UTF-8 can encode, got a lone surrogate.")
    return text


@functools.cache
def _user_agent() -> str:
    names = {
        "atlasquery": "atlasquery",
        "astroquery": "astroquery",
        "astropy": "astropy",
        "requests": "python-requests",
    }
    return " ".join(f"{name}/{find_version(package)}" for package, name in names.items())

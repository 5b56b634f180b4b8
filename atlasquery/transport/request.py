# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Request`: what to send; `SignedRequest`: the same with a URL and a token."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from importlib.metadata import version
from typing import Any, Literal
from urllib.parse import urlencode

import requests
from requests.auth import AuthBase

from atlasquery.exceptions import InvalidQueryTypeError
from atlasquery.transport.token import Secret, Token

__all__ = ["Request", "SignedRequest"]

_IN_URL = ("GET", "HEAD", "DELETE", "OPTIONS")  # methods whose payload is the query string
_CONTENT_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json"}


@dataclass(frozen=True)
class Request:
    """A request, independent of server and user.

    Parameters
    ----------
    method : str
        HTTP method.
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
    """

    method: str
    path: str
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _: KW_ONLY
    idempotent: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = "application/json"
    encoding: Literal["form", "json"] = "form"


class SignedRequest:
    """A request with its URL and token, whose secrets are still wrapped."""

    def __init__(self, request: Request, url: str, token: Token | None, auth_scheme: str) -> None:
        self.request = request
        self.url = url
        self.token = token
        self._auth_scheme = auth_scheme

    def __repr__(self) -> str:
        return f"<SignedRequest: {self.request.method} {self.url}>"

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
        revealed = {k: v.reveal() if isinstance(v, Secret) else v for k, v in request.payload.items()}
        return json.dumps(revealed, allow_nan=False)
    return urlencode(_form_fields(request.payload, secrets_allowed=True))


def _form_fields(payload: Mapping[str, Any], *, secrets_allowed: bool) -> list[tuple[str, str]]:
    return [(name, _form_value(name, value, secrets_allowed)) for name, value in payload.items()]


def _form_value(name: str, value: Any, secrets_allowed: bool) -> str:
    if isinstance(value, Secret):
        if not secrets_allowed:
            raise InvalidQueryTypeError(f"`{name}` must not be sent in a URL: it is a secret.")
        return value.reveal()
    if value is None or isinstance(value, (bytes, dict, list, tuple)):
        raise InvalidQueryTypeError(f"`{name}` must be a string, number or bool, got {type(value).__name__}.")
    return str(value)


@functools.cache
def _user_agent() -> str:
    names = {
        "atlasquery": "atlasquery",
        "astroquery": "astroquery",
        "astropy": "astropy",
        "requests": "python-requests",
    }
    return " ".join(f"{name}/{version(package)}" for package, name in names.items())

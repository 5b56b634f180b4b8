# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One request that is to be made: where to, what with, on whose behalf."""

import functools
from importlib.metadata import version
from urllib.parse import urlencode

import requests
from requests.auth import AuthBase

from atlasquery.exceptions import InvalidQueryTypeError
from atlasquery.transport.token import Secret

__all__ = ["Request"]


class Request:
    """A request to be made, with its secrets still wrapped.

    Parameters
    ----------
    url : str
        The endpoint's URL.
    payload : dict
        The parameters: texts, numbers, bools or a `Password`.
    token : Token or None
        Goes into the ``Authorization`` line and nowhere else.
    """

    def __init__(self, url, payload, token):
        self.url = url
        self.payload = payload
        self.token = token

    def __repr__(self):
        return f"<Request: POST {self.url}>"

    def request(self):
        """The request as `requests` wants it; the secrets are open in it."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": _user_agent(),
        }
        form = urlencode([(name, _form_value(name, value)) for name, value in self.payload.items()])
        return requests.Request("POST", self.url, headers=headers, data=form, auth=_TokenAuth(self.token))

    def redact(self, text):
        """Blot this call's secrets out of a text."""
        for secret in (self.token, *self.payload.values()):
            if isinstance(secret, Secret):
                text = secret.redact(text)
        return text

    def redact_body(self, body):
        """Blot the token out of an answer; a password stays, for it may be a word that stands there by chance."""
        return body if self.token is None else self.token.redact_body(body)


class _TokenAuth(AuthBase):
    """Sets the token, or, without one, keeps requests from looking for a password in ``.netrc``.

    A header line alone would be replaced by what ``.netrc`` holds.
    """

    def __init__(self, token):
        self._token = token

    def __call__(self, request):
        if self._token is not None:
            request.headers["Authorization"] = f"Token {self._token.reveal()}"
        return request


def _form_value(name, value):
    if isinstance(value, Secret):
        return value.reveal()
    if value is None or isinstance(value, (bytes, dict, list, tuple)):
        raise InvalidQueryTypeError(
            f"The parameter {name!r} must be a text, a number or a bool, not {type(value).__name__}."
        )
    return str(value)


@functools.cache
def _user_agent():
    parts = {
        "atlasquery": "atlasquery",
        "astroquery": "astroquery",
        "astropy": "astropy",
        "requests": "python-requests",
    }
    return " ".join(f"{name}/{version(package)}" for package, name in parts.items())

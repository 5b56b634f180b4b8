# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The server's side of ``Sandbox.requests``: what was asked, noted before the answer goes out."""

import io
import json
from dataclasses import asdict
from threading import Lock
from urllib.parse import parse_qsl

from atlasquery.sandbox.faulty_gateway import FaultyGateway
from atlasquery.sandbox.received_request import RequestSeen

__all__ = ["LoggingGateway", "RequestLog"]

SECRETS = {"token", "password"}


class RequestLog:
    """All requests seen, in the order they arrived; safe to share between threads."""

    def __init__(self):
        self._lock = Lock()
        self._entries = []
        # Whose a token is does not change, even when it is replaced.
        self._owners = {}

    def note(self, environ):
        """Read a request and note it; the application finds the body as it was.

        Parameters
        ----------
        environ : dict
            The WSGI environment; its input is replaced by a buffer.

        Returns
        -------
        RequestSeen
            The entry, whose status is still to come.
        """
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        key = _token(environ)
        seen = RequestSeen(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            params=_params(environ, body),
            user=self._owner(key),
            has_token=key is not None,
        )
        with self._lock:
            self._entries.append(seen)
        return seen

    def _owner(self, key):
        if key and key not in self._owners:
            owner = _owner(key)
            if owner is None:
                return None
            self._owners[key] = owner
        return self._owners.get(key)

    def rows(self):
        """Return the requests so far, JSON-ready."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]


def _params(environ, body):
    found = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    found.update(_body_params(environ.get("CONTENT_TYPE", ""), body))
    return {name: value for name, value in found.items() if name not in SECRETS}


def _body_params(content_type, body):
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text, keep_blank_values=True))
    if content_type.startswith("application/json"):
        try:
            document = json.loads(text)
        except ValueError:  # the application will say so
            return {}
        return document if isinstance(document, dict) else {}
    return {}


def _token(environ):
    """Return the token of a request, ``""`` if only the word is there, or `None`."""
    scheme, _, key = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "token":
        return key.strip()
    return dict(parse_qsl(environ.get("QUERY_STRING", ""))).get("token")


def _owner(key):
    # Not at the top: the tables exist only once Django is set up.
    from atlasquery.sandbox.models import Token

    return Token.objects.filter(key=key).values_list("user__username", flat=True).first()


class LoggingGateway(FaultyGateway):
    """Notes each request, also one that a fault keeps from the application."""

    def respond(self):
        """Note the request, then answer it."""
        self.seen = self.req.server.request_log.note(self.env)
        super().respond()

    def start_response(self, status, headers, exc_info=None):
        """Note the status, just before the first byte of the answer goes out."""
        self.seen.status = int(status.partition(" ")[0])
        return super().start_response(status, headers, exc_info)

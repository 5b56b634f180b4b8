# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Record every request before its answer is sent, for ``Sandbox.requests``."""

import io
import json
from dataclasses import asdict
from threading import Lock
from urllib.parse import parse_qsl

from atlasquery.sandbox.faulty_gateway import FaultyGateway
from atlasquery.sandbox.received_request import ReceivedRequest

__all__ = ["LoggingGateway", "RequestLog"]

SECRET_PARAMS = {"token", "password"}


class RequestLog:
    """All requests in the order of arrival; safe to share between threads."""

    def __init__(self):
        self._lock = Lock()
        self._requests = []
        # The owner of a token never changes, also after the token is replaced.
        self._owner_by_token = {}

    def record(self, environ):
        """Record a request, given its WSGI environment, and return the entry, whose status is not yet known.

        The body in the environment is replaced by a buffer, so that the application can still read it.
        """
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        token = _find_token(environ)
        request = ReceivedRequest(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            params=_public_params(environ, body),
            user=self._find_owner(token),
            has_token=token is not None,
        )
        with self._lock:
            self._requests.append(request)
        return request

    def _find_owner(self, token):
        if token and token not in self._owner_by_token:
            owner = _query_owner(token)
            if owner is None:
                return None
            self._owner_by_token[token] = owner
        return self._owner_by_token.get(token)

    def to_dicts(self):
        """Return the requests as a list of dicts, JSON-ready."""
        with self._lock:
            return [asdict(request) for request in self._requests]


def _public_params(environ, body):
    params = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    params.update(_body_params(environ.get("CONTENT_TYPE", ""), body))
    return {name: value for name, value in params.items() if name not in SECRET_PARAMS}


def _body_params(content_type, body):
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text, keep_blank_values=True))
    if content_type.startswith("application/json"):
        try:
            document = json.loads(text)
        except ValueError:  # the application answers with status 400
            return {}
        return document if isinstance(document, dict) else {}
    return {}


def _find_token(environ):
    """Return the token of a request, ``""`` for the scheme without a token, or `None`."""
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "token":
        return token.strip()
    return dict(parse_qsl(environ.get("QUERY_STRING", ""))).get("token")


def _query_owner(token):
    # Imported here: the models can be imported only after Django is configured.
    from atlasquery.sandbox.forced.accounts import find_user
    from atlasquery.sandbox.models import Token
    from atlasquery.sandbox.server_state import get_state

    if user := find_user(token, get_state().sky.seed):
        return f"forced {user.username}"
    return Token.objects.filter(key=token).values_list("user__username", flat=True).first()


class LoggingGateway(FaultyGateway):
    """A gateway that records each request, also a request that a fault keeps from the application."""

    def respond(self):
        """Record the request, then answer it."""
        self.received_request = self.req.server.request_log.record(self.env)
        super().respond()

    def start_response(self, status, headers, exc_info=None):
        """Record the status before the first byte of the answer is sent."""
        self.received_request.status = int(status.partition(" ")[0])
        return super().start_response(status, headers, exc_info)

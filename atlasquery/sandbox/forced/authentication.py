# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Identify the user of a request to the forced-photometry server: a token, name and password, or a browser session."""

import hashlib

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, BasicAuthentication, TokenAuthentication
from rest_framework.permissions import SAFE_METHODS

from atlasquery.sandbox.forced.accounts import FORCED_ROLES, find_user, make_session_key
from atlasquery.sandbox.server_state import get_state

__all__ = [
    *("CSRF_COOKIE", "SESSION_COOKIE"),
    *("ForcedBasicAuthentication", "ForcedSessionAuthentication", "ForcedTokenAuthentication"),
    *("find_session_user", "make_csrf_token"),
]

SESSION_COOKIE, CSRF_COOKIE = "sessionid", "csrftoken"


class ForcedTokenAuthentication(TokenAuthentication):
    """Tokens of the accounts of this server."""

    def authenticate_credentials(self, key):
        """Return (user, token), or raise `AuthenticationFailed` with the message of the real server."""
        user = find_user(key, get_state().sky.seed)
        if user is None:
            raise exceptions.AuthenticationFailed("Invalid token.")
        if not user.is_active:
            raise exceptions.AuthenticationFailed("User inactive or deleted.")
        return user, key


class ForcedBasicAuthentication(BasicAuthentication):
    """Name and password of the accounts of this server."""

    def authenticate_credentials(self, userid, password, request=None):
        """Return (user, None), or raise `AuthenticationFailed`."""
        user = FORCED_ROLES.get(userid)
        if user is None or not user.has_password(password):
            raise exceptions.AuthenticationFailed("Invalid username/password.")
        return user, None


class ForcedSessionAuthentication(BaseAuthentication):
    """The cookie of a browser that has signed in; it counts more than a token."""

    def authenticate(self, request):
        """Return (user, None), or None without the cookie."""
        user = find_session_user(request)
        if user is None:
            return None
        if request.method not in SAFE_METHODS:
            self._check_form_token(request)
        return user, None

    def _check_form_token(self, request):
        """Raise an error unless the request is from a page of this server."""
        expected, given = request.COOKIES.get(CSRF_COOKIE), request.headers.get("X-CSRFToken")
        if expected is None:
            raise exceptions.PermissionDenied("CSRF Failed: CSRF cookie not set.")
        if given is None:
            raise exceptions.PermissionDenied("CSRF Failed: CSRF token missing.")
        if given != expected:
            raise exceptions.PermissionDenied("CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect.")


def find_session_user(request):
    """Return the account of the browser session of a request, None without one."""
    key, seed = request.COOKIES.get(SESSION_COOKIE), get_state().sky.seed
    return next((user for role, user in FORCED_ROLES.items() if make_session_key(role, seed) == key), None)


def make_csrf_token(seed):
    """Return the token that the forms of this server send back, 32 characters as those of the real one."""
    return hashlib.sha1(f"atlasquery sandbox form {seed}".encode(), usedforsecurity=False).hexdigest()[:32]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Identify the user of a request to the forced-photometry server: a token, or name and password."""

from rest_framework import exceptions
from rest_framework.authentication import BasicAuthentication, TokenAuthentication

from atlasquery.sandbox.forced.accounts import FORCED_ROLES, find_user
from atlasquery.sandbox.server_state import get_state

__all__ = ["ForcedBasicAuthentication", "ForcedTokenAuthentication"]


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

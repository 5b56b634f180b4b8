# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Identify the user of a request: tokens that expire, in the header or in the query string."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from atlasquery.sandbox.models import GroupProfile, Token

__all__ = ["ExpiringTokenAuthentication"]

TOKEN_PATTERN = re.compile(r"[0-9a-f]{40}")


class ExpiringTokenAuthentication(TokenAuthentication):
    """Token authentication of Django REST framework, with an expiry and with ``?token=`` in the query string."""

    model = Token

    def authenticate(self, request):
        """Return (user, token), or `None` if the request has no token."""
        key = request.query_params.get("token")
        if key is None:
            return super().authenticate(request)
        if not TOKEN_PATTERN.fullmatch(key):
            raise AuthenticationFailed(_("Invalid token format."))
        return self.authenticate_credentials(key)

    def authenticate_credentials(self, key):
        """Return (user, token), or raise `AuthenticationFailed` with the message of the real server."""
        user, token = super().authenticate_credentials(key)
        try:
            remaining = token.remaining_seconds
        except GroupProfile.DoesNotExist:
            message = "Could not authenticate: Group has no profile. Please contact administrator."
            raise AuthenticationFailed(message) from None
        if remaining <= 0:
            raise AuthenticationFailed("Token has expired.")
        return user, token

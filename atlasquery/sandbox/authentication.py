# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Who is asking: tokens that end, in the header or in the query string, and who may write."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

from atlasquery.sandbox.models import GroupProfile, Token

__all__ = ["ExpiringTokenAuthentication", "MayWrite"]

KEY = re.compile(r"[0-9a-f]{40}")


class ExpiringTokenAuthentication(TokenAuthentication):
    """Django REST framework's tokens, with an end and with the detour through ``?token=``."""

    model = Token

    def authenticate(self, request):
        """Return (user, token), or `None` if the request carries no token at all."""
        key = request.query_params.get("token")
        if key is None:
            return super().authenticate(request)
        if not KEY.fullmatch(key):
            raise AuthenticationFailed(_("Invalid token format."))
        return self.authenticate_credentials(key)

    def authenticate_credentials(self, key):
        """Return (user, token), or raise `AuthenticationFailed` in the words of the real server."""
        user, token = super().authenticate_credentials(key)
        try:
            left = token.seconds_left
        except GroupProfile.DoesNotExist:
            message = "Could not authenticate: Group has no profile. Please contact administrator."
            raise AuthenticationFailed(message) from None
        if left <= 0:
            raise AuthenticationFailed("Token has expired.")
        return user, token


class MayWrite(IsAuthenticated):
    """Everybody signed in may ask with GET; a view that writes on POST wants write access.

    That GET is let through is the real server's habit, and on ``objectdetectionlist/`` its mistake.
    """

    def has_permission(self, request, view):
        """Is the user signed in, and allowed to write where the view writes?"""
        if not super().has_permission(request, view):
            return False
        if request.method in SAFE_METHODS or not getattr(view, "writes", False):
            return True
        return request.user.groups.filter(profile__write_access=True).exists()

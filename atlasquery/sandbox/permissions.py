# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Decide whether a user may send a request."""

from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

__all__ = ["HasRequiredAccess"]


class HasRequiredAccess(IsAuthenticated):
    """Every signed-in user may read; a POST to a view that writes requires write access.

    GET is always allowed, as on the real server, also on ``objectdetectionlist/``, where GET writes.
    """

    def has_permission(self, request, view):
        """Return whether the user is signed in and has the access that the view requires."""
        if not super().has_permission(request, view):
            return False
        if request.method in SAFE_METHODS or not getattr(view, "requires_write_access", False):
            return True
        return request.user.groups.filter(profile__write_access=True).exists()

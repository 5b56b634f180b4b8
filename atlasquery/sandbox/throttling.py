# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The three throttles: an ordinary user, staff, and an address at ``auth-token/``, each in a sliding hour."""

from threading import Lock

from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle

__all__ = ["AuthThrottle", "StaffThrottle", "UserThrottle", "exhaust"]


class _Histories(dict):
    """The times of the past requests, one list a user; kept as they are, where Django's cache would pickle them."""

    def set(self, key, value, timeout=None):
        self[key] = value


class _Exact:
    """Django REST framework's sliding window, without its race: two threads cannot both take the last request."""

    cache = _Histories()
    _lock = Lock()

    def allow_request(self, request, view):
        """Is the request within the rate? Counts it if so."""
        with self._lock:
            return super().allow_request(request, view)


class UserThrottle(_Exact, SimpleRateThrottle):
    """The rate of an ordinary user, counted over all endpoints."""

    scope = "user"

    def get_cache_key(self, request, view):
        """Return the user's key, or `None` for staff, whom this throttle lets through."""
        return None if request.user.is_staff else f"user {request.user.pk}"


class StaffThrottle(_Exact, SimpleRateThrottle):
    """The rate of staff."""

    scope = "staff"

    def get_cache_key(self, request, view):
        """Return the user's key, or `None` for those who are not staff."""
        return f"staff {request.user.pk}" if request.user.is_staff else None


class AuthThrottle(_Exact, AnonRateThrottle):
    """The rate of one address at ``auth-token/``, failed attempts included."""

    scope = "auth"


def exhaust(user_pk):
    """Use up a user's requests, as if all had been made just now.

    Parameters
    ----------
    user_pk : int
        The user's key in the database.
    """
    throttle = UserThrottle()
    if throttle.rate is not None:
        throttle.cache.set(f"user {user_pk}", [throttle.timer()] * throttle.num_requests)

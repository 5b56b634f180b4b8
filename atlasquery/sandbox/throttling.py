# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The three throttles: users, staff, and addresses at ``auth-token/``, each with a sliding window."""

import time
from threading import Lock

from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle

__all__ = [
    "AuthThrottle",
    "LockedThrottle",
    "RequestTimes",
    "StaffThrottle",
    "ThrottleClock",
    "UserThrottle",
    "use_up_quota",
]


class RequestTimes(dict):
    """The times of past requests, one list a key, with the interface of a Django cache, which would pickle them."""

    def set(self, key, value, timeout=None):
        self[key] = value


class ThrottleClock:
    """The clock of the throttles, which a test can move ahead."""

    _ahead = 0.0

    @classmethod
    def advance(cls, seconds):
        """Move the clock ahead."""
        cls._ahead += seconds

    @classmethod
    def now(cls):
        """Return the time in seconds."""
        return time.time() + cls._ahead


class LockedThrottle:
    """A mixin with a lock: without it two threads could both take the last request of the window."""

    cache = RequestTimes()
    timer = staticmethod(ThrottleClock.now)
    _lock = Lock()

    def allow_request(self, request, view):
        """Return whether the request is within the rate, and count it if so."""
        with self._lock:
            return super().allow_request(request, view)


class UserThrottle(LockedThrottle, SimpleRateThrottle):
    """The rate of a user who is not staff, over all endpoints."""

    scope = "user"

    def get_cache_key(self, request, view):
        """Return the key of the user, or `None` for staff, who are not limited by this throttle."""
        return None if request.user.is_staff else _user_key(request.user.pk)


class StaffThrottle(LockedThrottle, SimpleRateThrottle):
    """The rate of a staff user, over all endpoints."""

    scope = "staff"

    def get_cache_key(self, request, view):
        """Return the key of the user, or `None` for users who are not staff."""
        return f"staff {request.user.pk}" if request.user.is_staff else None


class AuthThrottle(LockedThrottle, AnonRateThrottle):
    """The rate of one address at ``auth-token/``; failed attempts count too."""

    scope = "auth"


def _user_key(user_pk):
    return f"user {user_pk}"


def use_up_quota(user_pk):
    """Use up the rate of a user, given by primary key, as if all requests had been sent now."""
    throttle = UserThrottle()
    if throttle.rate is not None:
        throttle.cache.set(_user_key(user_pk), [throttle.timer()] * throttle.num_requests)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The accounts of the forced-photometry server; they are others than those of the transient server."""

import hashlib
from dataclasses import dataclass

from atlasquery.sandbox.accounts import make_password

__all__ = ["FORCED_ROLES", "ForcedUser", "find_user", "make_forced_token", "make_session_key"]


@dataclass(frozen=True)
class ForcedUser:
    """An account, as Django REST framework needs it."""

    pk: int
    username: str
    is_staff: bool = False
    is_active: bool = True
    is_authenticated: bool = True

    def has_password(self, password):
        """Return whether this is the password, which is no secret."""
        return self.is_active and password == make_password(self.username)


FORCED_ROLES = {
    user.username: user
    for user in (
        ForcedUser(1, "user"),
        ForcedUser(2, "other"),
        ForcedUser(3, "staff", is_staff=True),
        ForcedUser(4, "inactive", is_active=False),
    )
}


def make_forced_token(role, seed):
    """Return the token of a role, 40 hexadecimal digits, which never changes and never expires."""
    return _hash(f"forced {seed} {role}")


def find_user(token, seed):
    """Return the account of a token, None if there is none."""
    return next((user for role, user in FORCED_ROLES.items() if make_forced_token(role, seed) == token), None)


def make_session_key(role, seed):
    """Return the content of the cookie of a browser in which a role has signed in."""
    return _hash(f"forced session {seed} {role}")


def _hash(text):
    return hashlib.sha1(f"atlasquery sandbox {text}".encode(), usedforsecurity=False).hexdigest()

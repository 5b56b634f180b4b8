# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The accounts of every sandbox: roles, groups, passwords and first tokens."""

import hashlib

__all__ = ["GROUP_PROFILES", "ROLES", "make_password", "make_token"]

# Group: (lifetime of a token in days, write access). The group "visitors" is left out on purpose: it has no profile.
GROUP_PROFILES = {"readers": (90, False), "writers": (180, True), "staff": (365, True)}

# Role, which is also the user name: (group, special property of the account).
ROLES = {
    "reader": ("readers", None),
    "writer": ("writers", None),
    "staff": ("staff", "is_staff"),
    "expired": ("writers", "expired"),
    "inactive": ("readers", "inactive"),
    "nogroup": (None, None),
    "noprofile": ("visitors", None),
    "throttled": ("readers", "throttled"),
}


def make_password(role):
    """Return the password of a role, which is no secret."""
    return f"{role}-pw"


def make_token(role, seed):
    """Return the first token of a role, 40 hexadecimal digits; a seed always gives the same token."""
    return hashlib.sha1(f"atlasquery sandbox {seed} {role}".encode(), usedforsecurity=False).hexdigest()

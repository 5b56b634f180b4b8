# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The accounts of every sandbox: who they are, what they may do, how long their tokens live."""

import hashlib

__all__ = ["LIFETIMES", "ROLES", "password", "token"]

# Group: (days a token lives, may write). A group that is not here has no profile.
LIFETIMES = {"readers": (90, False), "writers": (180, True), "staff": (365, True)}

# Role, which is also the user name: (group, what is special about it).
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


def password(role):
    """Return the password of a role.

    Parameters
    ----------
    role : str
        One of `ROLES`.

    Returns
    -------
    str
        Nothing secret.
    """
    return f"{role}-pw"


def token(role, seed):
    """Return the token a role begins with: the same at each start, so that a bot under test need not be told anew.

    Parameters
    ----------
    role : str
        One of `ROLES`.
    seed : int
        The seed of the sky.

    Returns
    -------
    str
        40 hexadecimal digits.

    Examples
    --------
    >>> from atlasquery.sandbox.accounts import token
    >>> len(token("reader", seed=1))
    40
    """
    return hashlib.sha1(f"atlasquery sandbox {seed} {role}".encode(), usedforsecurity=False).hexdigest()

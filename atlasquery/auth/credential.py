# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A token in hand: where it is from, and when it expires."""

from dataclasses import dataclass

from astropy.time import Time

from atlasquery.exceptions import TokenExpiryWarning
from atlasquery.transport import Token
from atlasquery.utils.warnings import warn_user

__all__ = ["Credential"]

_EXPIRY_WARNING_DAYS = 7.0
# The tokens' origins that were warned of: once a process is enough.
_WARNED = set()


@dataclass(frozen=True)
class Credential:
    """A token in hand.

    Parameters
    ----------
    token : Token
        The token.
    source : {"argument", "environment", "keyring", "login"}
        Where it is from.
    expires : `~astropy.time.Time`, optional
        When it expires, if that is known.
    """

    token: Token
    source: str
    expires: Time | None = None

    @property
    def days_left(self):
        """Days until it expires; infinite where that is not known."""
        if self.expires is None:
            return float("inf")
        # Of two moments in UTC, leap seconds aside: to astropy those of a far future are a matter of doubt.
        now = Time.now()
        return float((self.expires.utc.jd1 - now.jd1) + (self.expires.utc.jd2 - now.jd2))

    @property
    def is_expired(self):
        """Whether it is known to have expired."""
        return self.days_left <= 0

    @property
    def can_be_replaced(self):
        """Whether another token may take its place; one that was given for this process may not."""
        return self.source in ("keyring", "login")

    def warn_if_expiring(self, origin):
        """Warn, once a process, of a token that ends within a week.

        Parameters
        ----------
        origin : str
            The server's scheme, host and port.
        """
        if not 0 < self.days_left < _EXPIRY_WARNING_DAYS or origin in _WARNED:
            return
        _WARNED.add(origin)
        when = f"{self.expires.utc.iso[:16]} UTC"
        text = f"The token for {origin} expires on {when}; ATLAS.login() gives a new one once it has."
        warn_user(text, TokenExpiryWarning)

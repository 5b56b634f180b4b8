# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Credential`: a token with its source and expiry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from astropy.time import Time

from atlasquery.exceptions import TokenExpiryWarning
from atlasquery.transport import Token
from atlasquery.utils.warnings import warn_user

__all__ = ["Credential"]

_EXPIRY_WARNING_DAYS = 14.0
# Origins whose expiry was warned of: once a process is enough.
_WARNED: set[str] = set()


@dataclass(frozen=True)
class Credential:
    """A token with its source and expiry (UTC), which may be unknown."""

    token: Token
    source: Literal["argument", "environment", "keyring", "login"]
    expires: Time | None = None

    @property
    def days_left(self) -> float:
        """Days until it expires; infinite if unknown."""
        if self.expires is None:
            return float("inf")
        # The difference of two UTC dates: astropy warns of unknown leap seconds in the far future.
        now = Time.now()
        return float((self.expires.utc.jd1 - now.jd1) + (self.expires.utc.jd2 - now.jd2))

    @property
    def is_expired(self) -> bool:
        """Whether it is known to have expired."""
        return self.days_left <= 0

    @property
    def can_be_replaced(self) -> bool:
        """Whether another token may replace it: one given to this process may not."""
        return self.source in ("keyring", "login")

    def warn_if_expiring(self, origin: str, client_name: str) -> None:
        """Warn, once a process, that the token of a server expires within two weeks."""
        if not 0 < self.days_left < _EXPIRY_WARNING_DAYS or origin in _WARNED:
            return
        _WARNED.add(origin)
        assert self.expires is not None
        text = (
            f"The token for {origin} expires on {self.expires.utc.iso[:16]} UTC; {client_name}.login() renews it then."
        )
        warn_user(text, TokenExpiryWarning)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The throttles of the forced-photometry server: writes of an account, and reads of an account or an address."""

from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import SimpleRateThrottle

from atlasquery.sandbox.throttling import LockedThrottle

__all__ = ["ForcedReadThrottle", "ForcedWriteThrottle"]


class _ForcedThrottle(LockedThrottle, SimpleRateThrottle):
    counts_reads = False

    def get_cache_key(self, request, view):
        """Return the key of the account or the address; None for requests of the other kind."""
        if (request.method in SAFE_METHODS) != self.counts_reads:
            return None
        return f"{self.scope} {request.user.pk or self.get_ident(request)}"


class ForcedWriteThrottle(_ForcedThrottle):
    """The rate of requests that write."""

    scope = "forced_write"


class ForcedReadThrottle(_ForcedThrottle):
    """The rate of requests that read."""

    scope = "forced_read"
    counts_reads = True

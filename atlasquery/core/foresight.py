# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How a query says, before anything is sent, that it needs more requests than are left."""

from atlasquery.exceptions import LargeQueryWarning
from atlasquery.utils.warnings import warn_user

__all__ = ["warn_of_many"]


def warn_of_many(quota, n, hint=""):
    """Warn, at the line of the user's call, if ``n`` requests are more than the quota allows for now."""
    if n > 1 and not quota.allows(n):
        warn_user(
            f"This takes about {n} requests, and {quota.remaining} of {quota.limit} are left this hour: it cannot be "
            f"done before {quota.done_at(n).utc.iso[:16]} UTC. conf.max_wait lets the call wait; otherwise it ends in "
            f"a RateLimitError, which holds what was obtained by then.{hint and ' '}{hint}",
            LargeQueryWarning,
        )

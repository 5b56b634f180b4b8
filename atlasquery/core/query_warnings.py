# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Warnings that queries give: no results, missing details, more requests than are left."""

from atlasquery.exceptions import DataQualityWarning, LargeQueryWarning, NoResultsWarning
from atlasquery.utils.warnings import warn_user

__all__ = ["warn_large_query", "warn_missing_details", "warn_no_results"]


def warn_no_results(message):
    """Warn that an answer is empty, or lacks something that was asked for, at the line of the user's call."""
    warn_user(message, NoResultsWarning)


def warn_missing_details(found):
    """Say of which objects that a cone named the server has no details, or no position, if there are any."""
    if missing := found.meta.get("missing"):
        warn_no_results(f"The server has no details of {len(missing)} objects; they are in meta['missing'].")
    if ids := found.meta.get("position_from_id"):
        warn_user(
            f"The server has no position of {len(ids)} objects; theirs are read from the ids and may be 3 arcsec off. "
            "They are in meta['position_from_id'].",
            DataQualityWarning,
        )


def warn_large_query(quota, n, hint=""):
    """Warn, at the line of the user's call, if ``n`` requests are more than the quota allows for now."""
    if n > 1 and not quota.allows(n):
        warn_user(
            f"This takes about {n} requests, and {quota.remaining} of {quota.limit} are left this hour: it cannot "
            f"be done before {quota.finish_time(n).utc.iso[:16]} UTC. conf.max_wait lets the call wait; "
            f"otherwise it ends in a RateLimitError, which holds what was obtained by then.{hint and ' '}{hint}",
            LargeQueryWarning,
        )

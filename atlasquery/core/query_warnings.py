# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Warnings of queries: no results, missing details, more requests than the quota has left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from astropy.table import Table
from numpy.typing import NDArray

from atlasquery.config import conf
from atlasquery.exceptions import DataQualityWarning, LargeQueryWarning, NoResultsWarning
from atlasquery.inputs.times import Since
from atlasquery.transport import Quota
from atlasquery.utils.warnings import warn_user

__all__ = [
    "name_some",
    "warn_incomplete_rows",
    "warn_large_query",
    "warn_no_proper_motion",
    "warn_no_results",
    "warn_no_rows",
    "warn_proper_motion",
]

_MAX_NAMES = 10


def warn_no_results(message: str) -> None:
    """Warn at the user's line that an answer is empty or incomplete."""
    warn_user(message, NoResultsWarning)


def warn_no_rows(since: Since | None, names: Sequence[object], n_objects: int = 1) -> None:
    """Warn if ``since`` leaves no rows: of many objects, some without new rows are ordinary, all of them are not."""
    if since is not None and names and len(names) == n_objects:
        warn_no_results(f"No measurement is since {since} (`since`) of {name_some(names)}.")


def name_some(names: Sequence[object]) -> str:
    """Return the first names, and how many more there are."""
    shown = ", ".join(map(str, names[:_MAX_NAMES]))
    return shown if len(names) <= _MAX_NAMES else f"{shown} and {len(names) - _MAX_NAMES} more"


def warn_incomplete_rows(table: Table) -> None:
    """Warn of objects that a cone contains, but that the server has no details or no position of."""
    if missing := table.meta.get("missing"):
        warn_no_results(f"The server has no details of {len(missing)} objects; meta['missing'] lists them.")
    if ids := table.meta.get("position_from_id"):
        warn_user(
            f"The server has no position of {len(ids)} objects; the positions from their ids are used, which may be "
            "3 arcsec off. meta['position_from_id'] lists them.",
            DataQualityWarning,
        )


def warn_no_proper_motion() -> None:
    """Warn at the user's line that an epoch has no effect."""
    warn_user(
        "The positions have no proper motion, so that `epoch` has no effect. A SkyCoord has it as pm_ra_cosdec and "
        "pm_dec, a table in columns such as pmra and pmdec.",
        DataQualityWarning,
    )


def warn_proper_motion(offset_arcsec: NDArray[np.float64], radius_arcsec: float | NDArray[np.float64]) -> None:
    """Warn at the user's line if stars moved further than the radius while the survey took its data."""
    if n_far := int((offset_arcsec > radius_arcsec).sum()):
        row = int(np.argmax(offset_arcsec - radius_arcsec))
        warn_user(
            f"{n_far} of {len(offset_arcsec)} positions have moved by more than the radius between their epoch and the "
            f"observations of 2015 to today, at most {offset_arcsec[row]:.1f} arcsec (row {row}). Proper motions are "
            "applied with epoch=Time(...) or epoch='observation'.",
            DataQualityWarning,
        )


def warn_large_query(quota: Quota, n_requests: int, hint: str = "") -> None:
    """Warn at the user's line if the quota has fewer requests left than a query needs."""
    if n_requests > 1 and not quota.allows(n_requests):
        warn_user(
            f"The call needs about {n_requests} requests, and {quota.remaining} of {quota.limit} are left this hour: "
            f"it cannot finish before {quota.finish_time(n_requests).utc.iso[:16]} UTC. {_describe_wait()}"
            f"{hint and ' '}{hint}",
            LargeQueryWarning,
        )


def _describe_wait() -> str:
    """Return what happens when the quota is used up."""
    if conf.max_wait:
        return f"The call waits for up to {conf.max_wait:g} s (conf.max_wait) for each request."
    return "Set conf.max_wait to wait; without it the call ends in a RateLimitError with the results so far."

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How a query says that there is nothing, or less than was asked for."""

from atlasquery.exceptions import DataQualityWarning, NoResultsWarning
from atlasquery.warn import warn_user

__all__ = ["warn_of_nothing", "warn_of_positions"]


def warn_of_nothing(message):
    """Warn that an answer is empty, or lacks something that was asked for, at the line of the user's call."""
    warn_user(message, NoResultsWarning)


def warn_of_positions(found):
    """Say of which objects the server has no position, if there are any."""
    if ids := found.meta.get("position_from_id"):
        warn_user(
            f"The server has no position of {len(ids)} objects; theirs are read from the ids and may be 3 arcsec off. "
            "They are in meta['position_from_id'].",
            DataQualityWarning,
        )

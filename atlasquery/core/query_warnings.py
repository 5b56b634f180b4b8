# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How a query says that there is nothing, or less than was asked for."""

from atlasquery.exceptions import DataQualityWarning, NoResultsWarning
from atlasquery.utils.warnings import warn_user

__all__ = ["warn_of_lacks", "warn_of_nothing"]


def warn_of_nothing(message):
    """Warn that an answer is empty, or lacks something that was asked for, at the line of the user's call."""
    warn_user(message, NoResultsWarning)


def warn_of_lacks(found):
    """Say of which objects that a cone named the server has no details, or no position, if there are any."""
    if missing := found.meta.get("missing"):
        warn_of_nothing(f"The server has no details of {len(missing)} objects; they are in meta['missing'].")
    if ids := found.meta.get("position_from_id"):
        warn_user(
            f"The server has no position of {len(ids)} objects; theirs are read from the ids and may be 3 arcsec off. "
            "They are in meta['position_from_id'].",
            DataQualityWarning,
        )

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How a query says that there is nothing, or less than was asked for."""

from atlasquery.exceptions import NoResultsWarning
from atlasquery.warn import warn_user

__all__ = ["warn_of_nothing"]


def warn_of_nothing(message):
    """Warn that an answer is empty, or lacks something that was asked for, at the line of the user's call."""
    warn_user(message, NoResultsWarning)

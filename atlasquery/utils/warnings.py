# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Warnings that point at the user's line, however deep in this package they are found necessary."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

__all__ = ["warn_user"]

_PACKAGE_DIR = f"{Path(__file__).parents[1]}{os.sep}"


def warn_user(message: str, category: type[Warning]) -> None:
    """Warn at the line of the user's call.

    Parameters
    ----------
    message : str
        What to say.
    category : type
        The class of the warning.

    Examples
    --------
    >>> from atlasquery.exceptions import NoResultsWarning
    >>> from atlasquery.utils.warnings import warn_user
    >>> warn_user("Nothing there.", NoResultsWarning)  # doctest: +SHOW_WARNINGS
    NoResultsWarning: Nothing there.
    """
    # From Python 3.12 on this is the argument skip_file_prefixes of `warnings.warn`.
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE_DIR):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)

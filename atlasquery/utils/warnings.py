# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Warnings that point at the line of the user's call, from any depth of the package."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

__all__ = ["warn_user"]

_PACKAGE_DIR = f"{Path(__file__).parents[1]}{os.sep}"


def warn_user(message: str, category: type[Warning]) -> None:
    """Issue a warning at the line of the user's call."""
    # Python 3.12 has the argument skip_file_prefixes of `warnings.warn` for this.
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE_DIR):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)

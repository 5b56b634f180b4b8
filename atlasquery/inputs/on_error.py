# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The argument ``on_error`` of calls about many objects."""

from __future__ import annotations

from typing import Any

from atlasquery.exceptions import InvalidQueryError

__all__ = ["check_on_error"]


def check_on_error(on_error: Any) -> None:
    """Raise an error if the argument is neither ``"raise"`` nor ``"warn"``."""
    if on_error not in ("raise", "warn"):
        raise InvalidQueryError(f"`on_error` must be 'raise' or 'warn', got {on_error!r}.")

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The argument ``timeout``: the time that a whole call may take."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any, TypeAlias

from astropy import units as u

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = ["TimeoutLike", "check_timeout"]

TimeoutLike: TypeAlias = float | u.Quantity


def check_timeout(timeout: Any) -> float:
    """Return a time limit in seconds."""
    if isinstance(timeout, bool) or not isinstance(timeout, (Real, u.Quantity)):
        raise InvalidQueryTypeError(f"`timeout` must be a number of seconds or a Quantity, got {abbreviate(timeout)}.")
    try:
        seconds = float(timeout.to_value(u.s) if isinstance(timeout, u.Quantity) else timeout)
    except (u.UnitsError, TypeError) as error:
        raise InvalidQueryTypeError(f"`timeout` must be a single time span, got {timeout!s}: {error}") from error
    if not (math.isfinite(seconds) and seconds > 0):
        raise InvalidQueryError(f"`timeout` must be finite and above 0, got {timeout!s}.")
    return seconds

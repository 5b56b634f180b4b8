# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Waiting times that the server requests: ``Retry-After``, parsed only here."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from astropy.time import Time

__all__ = ["parse_http_date", "parse_retry_after", "time_from_now"]


def parse_retry_after(headers: Mapping[str, str], detail: str = "") -> float | None:
    """Return the requested waiting time in seconds, or None if there is none.

    ``Retry-After`` is a number of seconds or a date; ``detail``, the message of the answer, is used where the header is
    absent or invalid.

    Examples
    --------
    >>> from atlasquery.transport.retry_after import parse_retry_after
    >>> parse_retry_after({"Retry-After": "soon"}, "Request was throttled. Expected available in 1 second.")
    1.0
    """
    header = headers.get("Retry-After", "").strip()
    delay = _parse_seconds(header)
    if delay is None:
        delay = _seconds_until(header, headers.get("Date", ""))
    if delay is None and (match := re.search(r"available in ([\d.]+) second", detail)):
        delay = _parse_seconds(match[1])
    return delay


def time_from_now(seconds: float) -> Time | None:
    """Return the `~astropy.time.Time` some seconds from now, None beyond the calendar."""
    end = time.time() + seconds
    try:
        datetime.fromtimestamp(end, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    # A Unix time, because astropy warns of unknown leap seconds in calendar dates years ahead, and silencing warnings
    # would affect other threads.
    result = Time(end, format="unix", scale="utc")
    result.format = "isot"
    return result


def _parse_seconds(text: str) -> float | None:
    if not re.fullmatch(r"\d+(\.\d*)?", text, re.ASCII):
        return None
    seconds = float(text)
    return seconds if math.isfinite(seconds) else None


def _seconds_until(date: str, server_date: str) -> float | None:
    """Return the seconds until an HTTP date, by the server's clock where it is sent: the local one may be wrong."""
    end = parse_http_date(date)
    if end is None:
        return None
    now = parse_http_date(server_date) or datetime.now(UTC)
    return max(0.0, (end - now).total_seconds())


def parse_http_date(text: str) -> datetime | None:
    """Return a date of an HTTP header, None if it is invalid."""
    try:
        parsed = parsedate_to_datetime(text)
        parsed.timestamp()
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)

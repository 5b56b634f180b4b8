# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How long the server wants to be left alone: ``Retry-After``, parsed here and nowhere else."""

import math
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from astropy.time import Time

__all__ = ["parse_retry_after", "time_from_now"]


def parse_retry_after(headers, detail=""):
    """The wait that an answer asks for.

    Parameters
    ----------
    headers : mapping
        The answer's header lines; ``Retry-After`` is in seconds or a date.
    detail : str, optional
        What the answer says in words, used where the header is absent or nonsense.

    Returns
    -------
    wait : float or None
        Seconds; `None` where the server does not say, or nothing that makes sense.

    Examples
    --------
    >>> from atlasquery.transport.retry_after import parse_retry_after
    >>> parse_retry_after({"Retry-After": "120"})
    120.0
    >>> parse_retry_after({"Retry-After": "soon"}, "Request was throttled. Expected available in 30 seconds.")
    30.0
    >>> parse_retry_after({"Retry-After": "soon"}) is None
    True
    """
    stated = headers.get("Retry-After", "").strip()
    wait = _seconds(stated)
    if wait is None:
        wait = _seconds_until(stated, headers.get("Date", ""))
    if wait is None and (words := re.search(r"available in ([\d.]+) second", detail)):
        wait = _seconds(words[1])
    return wait


def time_from_now(seconds):
    """The moment some seconds from now.

    Parameters
    ----------
    seconds : float
        How long.

    Returns
    -------
    moment : `~astropy.time.Time` or None
        `None` beyond the calendar.

    Examples
    --------
    >>> from astropy.time import Time
    >>> from atlasquery.transport import time_from_now
    >>> time_from_now(60.0) > Time.now()
    True
    """
    end = time.time() + seconds
    try:
        datetime.fromtimestamp(end, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    # Counted from an epoch: of a calendar date years ahead astropy would warn that nobody knows the leap seconds, and
    # warnings must not be silenced here, for other threads may be listening to them.
    moment = Time(end, format="unix", scale="utc")
    moment.format = "isot"
    return moment


def _seconds(text):
    """A number of seconds from a text of digits."""
    if not re.fullmatch(r"\d+(\.\d*)?", text, re.ASCII):
        return None
    seconds = float(text)
    return seconds if math.isfinite(seconds) else None


def _seconds_until(date, server_now):
    """Seconds until an HTTP date, by the server's own clock where it tells it: ours may be wrong."""
    end = _parse_http_date(date)
    if end is None:
        return None
    now = _parse_http_date(server_now) or datetime.now(UTC)
    return max(0.0, (end - now).total_seconds())


def _parse_http_date(date):
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

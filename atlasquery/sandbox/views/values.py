# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Numbers, dates and ids as the real server reads and writes them."""

import math
from datetime import UTC

from django.utils import timezone

__all__ = ["format_date", "parse_ids", "require_finite", "to_whole_seconds"]


def require_finite(*numbers):
    """Raise for nan and infinity, so that the status is 500, as on the real server, whose database rejects them."""
    for number in numbers:
        if number is not None and not math.isfinite(number):
            raise ValueError(f"a number must be finite for the database, got {number}")


def format_date(date, suffix="Z"):
    """Return a date as the server writes it; `None` stays `None`."""
    return None if date is None else date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + suffix


def to_whole_seconds(date=None):
    """Return a date, by default now, in whole seconds, as the database of the real server stores it."""
    return (date or timezone.now()).replace(microsecond=0)


def parse_ids(text):
    """Return the ids in a string with commas; skip what is not an integer, as the VRA endpoints do."""
    return [int(item) for item in text.split(",") if item.strip().removeprefix("-").isdecimal()]

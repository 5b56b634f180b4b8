# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the server software of March 2026 does otherwise than that of August 2026."""

from atlasquery.sandbox.forced.task import NEWER_KEYS

__all__ = ["check_lines", "older_fields", "older_record", "queue_full_message"]


def older_fields(fields):
    """Return the fields of a submission as the server reads them: 0 degrees is no position."""
    return {name: None if name in ("ra", "dec") and _is_zero(value) else value for name, value in fields.items()}


def _is_zero(value):
    try:
        return float(value) == 0
    except (TypeError, ValueError):
        return False


def older_record(record, *, is_submission):
    """Return a record without the newer keys; places are unknown in the answer of a submission."""
    kept = {name: value for name, value in record.items() if name not in NEWER_KEYS}
    if is_submission:
        kept |= {"queuepos": None, "userqueuedtasks_on_submit": None}
        kept["timestamp"] = kept["timestamp"].replace("Z", "+00:00")
    return kept


def check_lines(text, limit):
    """Return whether ``radeclist`` is blank; raise for a list, and for too many lines, where blank ones count."""
    if not isinstance(text, str):
        raise AttributeError("a list has no lines")  # the server fails
    n_lines = len(text.split("\n"))
    if text.strip() and n_lines > limit:
        raise ValueError(f"Number of lines ({n_lines}) is above the limit of {limit}")
    return not text.strip()


def queue_full_message(n_queued, limit):
    """Return the message of a user with too many tasks; the size of the list is not counted."""
    return f"ERROR: You have too many queued tasks ({n_queued} >= {limit})."

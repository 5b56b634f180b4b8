# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedTask`: a task as the server tells it, and its status, which only the timestamps and the error show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from atlasquery.schema import FORCED_TASK

__all__ = ["FINISHED", "STATUSES", "ForcedTask", "decode_tasks"]

NO_DATA = "No data returned"
UNREADABLE = "Could not parse the result file"
# In the order of a task; `held` tasks are not sent yet, `gone` ones were deleted or have expired.
STATUSES = ("held", "waiting", "running", "retrying", "done", "no data", "unreadable", "failed", "gone")
FINISHED = frozenset({"done", "no data", "unreadable", "failed", "gone"})


@dataclass(frozen=True)
class ForcedTask:
    """A task of the server.

    Parameters
    ----------
    job_id : int
        Its number.
    url : str
        Its URL.
    status : str
        One of `STATUSES`.
    ra, dec : float or None
        Position in degrees, None for a moving object.
    mpc : str or None
        Designation of a moving object.
    comment : str or None
        The comment, which may be that of a submission of this package.
    start, end : float or None
        Time range (MJD), None without a limit.
    use_reduced : bool
        Whether reduced images are measured.
    request_type : str or None
        ``FP`` is forced photometry; others make images.
    queue_position, attempts : int or None
        Place in the queue, and number of attempts; None where the server does not tell.
    n_queued : int or None
        Number of waiting tasks of the user at the submission; None where the server does not tell.
    submitted, finished : str or None
        Times as the server writes them; ``finished`` is None before the end.
    message : str or None
        Why there are no rows.
    result_url : str or None
        URL of the result.
    """

    job_id: int
    url: str
    status: str
    ra: float | None
    dec: float | None
    mpc: str | None
    comment: str | None
    start: float | None
    end: float | None
    use_reduced: bool
    request_type: str | None
    queue_position: int | None
    attempts: int | None
    n_queued: int | None
    submitted: str | None
    finished: str | None
    message: str | None
    result_url: str | None


def decode_tasks(records: Any, *, url: str) -> list[ForcedTask]:
    """Return the tasks of a list of records; raise `UnreadableAnswerError` if one has a wrong type."""
    columns = FORCED_TASK.decode(records, url=url)
    rows = zip(*(_values(columns[name]) for name in _NAMES), strict=True)
    return [_make_task(dict(zip(_NAMES, row, strict=True))) for row in rows]


_NAMES = (
    *("job_id", "url", "ra", "dec", "mpc", "comment", "start", "end", "use_reduced", "request_type"),
    *("queue_position", "attempts", "n_queued_on_submit", "submitted", "started", "finished", "message", "result_url"),
)


def _values(column: Any) -> list[Any]:
    return [None if null else value for value, null in zip(column.data.tolist(), column.mask.tolist(), strict=True)]


def _make_task(row: dict[str, Any]) -> ForcedTask:
    started, n_queued = row.pop("started"), row.pop("n_queued_on_submit")
    status = _status(started, row["finished"], row["attempts"], row["message"])
    return ForcedTask(status=status, n_queued=n_queued, **row)


def _status(started: str | None, finished: str | None, attempts: int | None, message: str | None) -> str:
    """Return the status; the URL of a result does not show it, as one without rows has none."""
    if finished is not None:
        known = {None: "done", NO_DATA: "no data", UNREADABLE: "unreadable"}
        return known.get(message, "failed")
    if started is None:
        return "waiting"
    return "retrying" if attempts is not None and attempts > 1 else "running"

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Waiting for one job: looks at it with a growing interval, and with the entity tag of the last look."""

from __future__ import annotations

import time

from atlasquery.exceptions import ServerFaultError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.look import GONE, NOT_FOUND
from atlasquery.forcedphot.queue_pages import Send
from atlasquery.forcedphot.tasks import decode_tasks
from atlasquery.transport import Deadline, Request

__all__ = ["wait_for_job"]

FIRST_INTERVAL, LAST_INTERVAL, GROWTH = 1.0, 60.0, 1.5  # seconds between two looks, and how it grows


def wait_for_job(send: Send, job: Job, deadline: Deadline | None = None) -> None:
    """Return when a job is finished, or the time is over.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    job : Job
        A job that was sent; it is updated.
    deadline : Deadline, optional
        The end of the time; by default there is none: waits have no upper bound.
    """
    interval, tag = FIRST_INTERVAL, ""
    while not job.is_finished:
        remaining = LAST_INTERVAL if deadline is None else deadline.remaining
        if not remaining:
            return
        time.sleep(min(interval, remaining))
        interval = min(interval * GROWTH, LAST_INTERVAL)
        tag = _look(send, job, tag)


def _look(send: Send, job: Job, tag: str) -> str:
    """Update a job, and return the entity tag of the answer."""
    headers = {"If-None-Match": tag} if tag else {}
    try:
        answer = send(Request("GET", f"queue/{job.job_id}/", idempotent=True, headers=headers))
    except ServerFaultError as error:
        if error.status != NOT_FOUND:
            raise
        job.set_gone(GONE)
        return ""
    if answer.status == 304:
        return tag
    (task,) = decode_tasks([answer.json()], url=answer.url)
    job.update(task)
    return str(answer.headers.get("ETag", ""))

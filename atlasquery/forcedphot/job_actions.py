# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Deleting of tasks at the server: those that are not finished, which cancels them, and finished ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from atlasquery.exceptions import RateLimitError, ServerFaultError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.queue_pages import NOT_FOUND, Send
from atlasquery.transport import Request

__all__ = ["delete_tasks", "drop_held"]

MAX_PAUSE = 60.0  # seconds, the window of the server's throttle

T = TypeVar("T")


def delete_tasks(send: Send, store: JobStore, jobs: Sequence[Job], message: str) -> None:
    """Delete the tasks of jobs, each once; a task that is gone already is no error.

    Raises
    ------
    ServerError
        If a request fails; the jobs before it are recorded as gone.
    """
    tasks: dict[int, list[Job]] = {}
    for job in jobs:
        if job.job_id is not None:
            tasks.setdefault(job.job_id, []).append(job)
    try:
        for job_id in tasks:
            _keep_to_throttle(lambda job_id=job_id: _delete(send, job_id))  # type: ignore[misc]
            for job in (job for job in store.jobs if job.job_id == job_id):
                job.set_gone(message)
    finally:
        store.save()


def drop_held(store: JobStore, jobs: Sequence[Job], message: str) -> None:
    """Record that held jobs are not to be sent."""
    for job in jobs:
        if job.is_held:
            job.set_gone(message)
    store.save()


def _delete(send: Send, job_id: int) -> None:
    try:
        send(Request("DELETE", f"queue/{job_id}/", idempotent=False))
    except ServerFaultError as error:
        if error.status != NOT_FOUND:
            raise


def _keep_to_throttle(function: Callable[[], T]) -> T:
    """Return the result of a write, after a pause if the writes of this minute are used up; it was not done then."""
    while True:
        try:
            return function()
        except RateLimitError as error:
            if error.retry_after is None or error.retry_after > MAX_PAUSE:
                raise
            time.sleep(max(error.retry_after, 1.0))

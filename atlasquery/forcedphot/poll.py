# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Waiting for jobs: looks become rarer, and held jobs are sent as places become free."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from atlasquery.forcedphot.failure_limit import FailureLimit
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.look import GONE, QueueLook
from atlasquery.forcedphot.queue_pages import Send, count_waiting, read_task
from atlasquery.forcedphot.send_held import MAX_WAITING, group_equal, send_held
from atlasquery.forcedphot.submit import MAX_LINES
from atlasquery.forcedphot.tasks import decode_tasks
from atlasquery.transport import Deadline

__all__ = ["FIRST_INTERVAL", "refresh_jobs", "wait_for_job", "wait_for_jobs"]

FIRST_INTERVAL, LAST_INTERVAL, GROWTH = 5.0, 60.0, 1.5  # seconds between two looks, and how it grows
SECONDS_PER_PAGE = 20.0  # at most three pages a minute
FULL_LOOK_SECONDS = 600.0  # between looks at the whole list, which find deleted tasks
FIRST_INTERVAL_OF_ONE = 1.0  # seconds


def refresh_jobs(send: Send, store: JobStore, jobs: Sequence[Job], look: QueueLook | None = None) -> None:
    """Update jobs from the whole list, and send held ones for which there is place now."""
    look = look or QueueLook(send)
    _send_where_free(send, store, jobs)
    with store.changes():
        look.look_at_all(jobs)
        store.save()


def wait_for_jobs(
    send: Send,
    store: JobStore,
    jobs: Sequence[Job],
    *,
    deadline: Deadline | None = None,
    first_interval: float = FIRST_INTERVAL,
    show: Callable[[], None] = lambda: None,
) -> None:
    """Return when all jobs are finished, or the time is over.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    store : JobStore
        The run that the jobs are of.
    jobs : sequence of Job
        The jobs to wait for.
    deadline : Deadline, optional
        The end of the time; by default there is none: waits have no upper bound.
    first_interval : float
        Seconds before the second look.
    show : callable, optional
        Called after each look.
    """
    look, interval, limit, since_full = QueueLook(send), first_interval, FailureLimit(), 0.0
    refresh_jobs(send, store, jobs, look)
    show()
    while any(not job.is_finished for job in jobs):
        remaining = LAST_INTERVAL if deadline is None else deadline.remaining
        if not remaining:
            return
        pause = interval if deadline is None else min(interval, remaining)
        time.sleep(pause)
        since_full += pause
        n_before, is_full = look.n_requests, since_full >= FULL_LOOK_SECONDS
        with limit.tolerated():
            _look_once(send, store, jobs, look, is_full=is_full)
        since_full = 0.0 if is_full else since_full
        show()
        interval = max(min(interval * GROWTH, LAST_INTERVAL), SECONDS_PER_PAGE * (look.n_requests - n_before))


def _look_once(send: Send, store: JobStore, jobs: Sequence[Job], look: QueueLook, *, is_full: bool) -> None:
    with store.changes():
        before = [job.status for job in jobs]
        if is_full:
            look.look_at_all(jobs)
        else:
            look.look_at_started(jobs)
        if [job.status for job in jobs] != before:
            store.save()
    _send_where_free(send, store, jobs)


def _send_where_free(send: Send, store: JobStore, jobs: Sequence[Job]) -> None:
    """Send held jobs if there is place for a list of them; jobs of the run that are not waited for are not sent."""
    if any(job.is_doubtful for job in jobs):
        send_held(send, store, jobs, n_waiting=MAX_WAITING)  # only what has become of them
    n_held = len(group_equal(job for job in jobs if job.is_held))
    n_own_waiting = len(group_equal(job for job in store.jobs if job.status == "waiting"))
    n_needed = min(n_held, MAX_LINES)
    if n_held and n_own_waiting <= MAX_WAITING - n_needed:
        n_waiting = count_waiting(send)
        if n_waiting <= MAX_WAITING - n_needed:
            send_held(send, store, jobs, n_waiting=n_waiting)


def wait_for_job(send: Send, job: Job, deadline: Deadline | None = None) -> None:
    """Return when a single job is finished, or the time is over; it is looked at by itself, not in the list.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    job : Job
        A job that was sent; it is updated.
    deadline : Deadline, optional
        The end of the time; by default there is none: waits have no upper bound.
    """
    interval, limit, tag = FIRST_INTERVAL_OF_ONE, FailureLimit(), ""
    while not job.is_finished:
        remaining = LAST_INTERVAL if deadline is None else deadline.remaining
        if not remaining:
            return
        time.sleep(min(interval, remaining))
        interval = min(interval * GROWTH, LAST_INTERVAL)
        with limit.tolerated():
            tag = _look_at_one(send, job, tag)


def _look_at_one(send: Send, job: Job, tag: str) -> str:
    """Update a job, and return the entity tag of the answer."""
    answer = read_task(send, job.job_id, tag)
    if answer is None:
        job.set_gone(GONE)
        return ""
    if answer.status == 304:
        return tag
    (task,) = decode_tasks([answer.json()], url=answer.url)
    job.update(task)
    return str(answer.headers.get("ETag", ""))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Waiting for many jobs: held ones are sent as places become free, and looks become rarer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from atlasquery.exceptions import ServerError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.look import QueueLook
from atlasquery.forcedphot.queue_pages import Send, count_waiting
from atlasquery.forcedphot.send_held import MAX_WAITING, group_equal, send_held
from atlasquery.forcedphot.submit import MAX_LINES
from atlasquery.transport import Deadline
from atlasquery.utils.log import log_event

__all__ = ["refresh_jobs", "wait_for_jobs"]

FIRST_INTERVAL, LAST_INTERVAL, GROWTH = 5.0, 60.0, 1.5  # seconds between two looks, and how it grows
SECONDS_PER_PAGE = 20.0  # at most three pages a minute
FULL_LOOK_SECONDS = 600.0  # between looks at the whole list, which find deleted tasks
MAX_FAILURES = 10  # looks in a row that the server did not answer


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
    look, interval, failures, since_full = QueueLook(send), first_interval, 0, 0.0
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
        try:
            _look_once(send, store, jobs, look, is_full=is_full)
            failures = 0
        except ServerError as error:
            failures += 1
            if failures > MAX_FAILURES:
                raise
            log_event(logging.WARNING, f"The server cannot be asked how far the jobs are, and is again later: {error}")
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

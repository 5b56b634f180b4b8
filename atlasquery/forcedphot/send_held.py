# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sending of held jobs: lists of up to 100 targets, as many as may wait, each target once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from atlasquery.exceptions import AtlasQueryError, QuotaError, RateLimitError, ServerError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.queue_pages import Send, find_tasks
from atlasquery.forcedphot.submit import MAX_LINES, make_comment, match_tasks, submit_tasks
from atlasquery.forcedphot.tasks import ForcedTask

__all__ = ["MAX_WAITING", "group_equal", "send_held"]

MAX_WAITING = 500  # tasks of a user that have not started
# The server may still be queueing a submission whose connection was cut; then it is in the list after this time.
SETTLE_SECONDS = 60.0
_FULL = "held: the user has as many waiting jobs as the server allows"

Group: TypeAlias = list[Job]  # jobs of the same target and options, which share a task


def send_held(send: Send, store: JobStore, jobs: Sequence[Job], *, n_waiting: int | None = None) -> None:
    """Send those of some jobs that are held, as many as may wait.

    Each submission is in the file before it is sent, and its answer afterwards.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    store : JobStore
        The run.
    jobs : sequence of Job
        Jobs of the run.
    n_waiting : int, optional
        Number of waiting tasks of the user; without it the first list is sent, and its answer has the number.

    Raises
    ------
    AtlasQueryError
        If a list cannot be sent; its jobs are held still, and it is looked for before they are sent again.
    """
    with store.changes():
        _settle_doubtful(send, store)
        _share_tasks(store, jobs)
        groups, reason = group_equal(job for job in jobs if job.is_held), _FULL
        while batch := _next_batch(groups, n_waiting):
            try:
                n_waiting = _send_batch(send, store, batch, n_waiting)
            except QuotaError:
                break
            except RateLimitError as error:  # nothing was queued
                reason = f"held: {error.reason}"
                break
            groups = [group for group in groups if group not in batch]
        for job in (job for group in groups for job in group):
            job.message = reason
        if groups:
            store.save()


def group_equal(jobs: Iterable[Job]) -> list[Group]:
    """Return the jobs by target and options."""
    groups: dict[object, Group] = {}
    for job in jobs:
        groups.setdefault((job.target, job.options), []).append(job)
    return list(groups.values())


def _next_batch(groups: list[Group], n_waiting: int | None) -> list[Group]:
    """Return the jobs of the next list, none if they must wait: there is place for a whole list, or for all."""
    if not groups:
        return []
    first = groups[0][0]
    like_first = [group for group in groups if _has_options_of(group[0], first)] if first.target.is_listable else []
    batch = like_first[:MAX_LINES] or groups[:1]
    n_free = MAX_WAITING - (n_waiting or 0)
    return batch if len(batch) <= n_free else []


def _has_options_of(job: Job, other: Job) -> bool:
    return (
        job.options == other.options
        and job.target.is_listable
        and job.target.motion_payload == other.target.motion_payload
    )


def _send_batch(send: Send, store: JobStore, batch: list[Group], n_waiting: int | None) -> int:
    """Send a list, and return how many tasks of the user wait after it; at least, where older servers do not say."""
    jobs = [job for group in batch for job in group]
    _mark(jobs, make_comment(), datetime.now(UTC).isoformat(timespec="seconds"))
    store.save()
    targets, options = [group[0].target for group in batch], jobs[0].options
    try:
        tasks = submit_tasks(send, targets, options, str(jobs[0].comment))
    except ServerError as error:
        if not error.is_outcome_unknown:
            _unmark(jobs, store)
        raise
    except AtlasQueryError:
        _unmark(jobs, store)
        raise
    _assign(batch, tasks)
    store.save()
    counts = [task.n_queued for task in tasks if task.n_queued is not None]
    if counts:
        return max(counts) + 1  # the last task of a list counts those before it
    return (n_waiting or 0) + len(tasks)


def _mark(jobs: Sequence[Job], comment: str | None, sent: str | None) -> None:
    for job in jobs:
        job.comment, job.sent, job.message = comment, sent, None


def _unmark(jobs: Sequence[Job], store: JobStore) -> None:
    """Record that nothing was queued."""
    _mark(jobs, None, None)
    store.save()


def _assign(batch: list[Group], tasks: Sequence[ForcedTask | None]) -> None:
    for group, task in zip(batch, tasks, strict=True):
        for job in group:
            if task is not None:
                job.update(task)


def _settle_doubtful(send: Send, store: JobStore) -> None:
    """Find out which submissions without an answer have arrived: those of an interrupted program, or a lost answer.

    Jobs whose submission is not in the list can be sent again, once the server can no longer be working on it.
    """
    doubtful = [job for job in store.jobs if job.is_doubtful]
    for comment in dict.fromkeys(job.comment for job in doubtful):
        groups = group_equal(job for job in doubtful if job.comment == comment)
        tasks = find_tasks(send, str(comment), len(groups))
        _assign(groups, match_tasks([group[0].target for group in groups], tasks))
        unknown = [job for group in groups for job in group if job.is_doubtful]
        if unknown and _seconds_since(unknown[0].sent) >= SETTLE_SECONDS:
            _mark(unknown, None, None)
    if doubtful:
        store.save()


def _share_tasks(store: JobStore, jobs: Sequence[Job]) -> None:
    """Give held jobs the task of an equal target that was sent earlier."""
    sent = {(job.target, job.options): job for job in store.jobs if job.job_id is not None and job.status != "gone"}
    held = [job for job in jobs if job.is_held and (job.target, job.options) in sent]
    for job in held:
        vars(job).update(vars(sent[job.target, job.options]) | {"key": job.key})
    if held:
        store.save()


def _seconds_since(sent: str | None) -> float:
    return float("inf") if sent is None else (datetime.now(UTC) - datetime.fromisoformat(sent)).total_seconds()

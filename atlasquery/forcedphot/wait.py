# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Waiting for a task: looks at it with a growing interval, and with the entity tag of the last look."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from atlasquery.exceptions import ServerFaultError
from atlasquery.forcedphot.submit import Send
from atlasquery.forcedphot.tasks import ForcedTask, decode_tasks
from atlasquery.transport import Deadline, Request

__all__ = ["wait_for_task"]

FIRST_INTERVAL, LAST_INTERVAL, GROWTH = 1.0, 60.0, 1.5  # seconds between two looks, and how it grows
NOT_FOUND = 404


def wait_for_task(
    send: Send,
    task: ForcedTask,
    deadline: Deadline | None = None,
    show: Callable[[ForcedTask], None] = lambda task: None,
) -> ForcedTask:
    """Return a task when it is finished, or as it is when the time is over.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    task : ForcedTask
        The task.
    deadline : Deadline, optional
        The end of the time; by default there is none: waits have no upper bound.
    show : callable, optional
        Called with the task after each look.
    """
    interval, tag = FIRST_INTERVAL, ""
    while not task.is_finished:
        remaining = LAST_INTERVAL if deadline is None else deadline.remaining
        if not remaining:
            return task
        time.sleep(min(interval, remaining))
        interval = min(interval * GROWTH, LAST_INTERVAL)
        task, tag = _look(send, task, tag)
        show(task)
    return task


def _look(send: Send, task: ForcedTask, tag: str) -> tuple[ForcedTask, str]:
    """Return the task as it is now, and the entity tag of the answer."""
    headers = {"If-None-Match": tag} if tag else {}
    try:
        answer = send(Request("GET", f"queue/{task.job_id}/", idempotent=True, headers=headers))
    except ServerFaultError as error:
        if error.status != NOT_FOUND:
            raise
        return replace(task, status="gone", queue_position=None), ""
    if answer.status == 304:
        return task, tag
    (task,) = decode_tasks([answer.json()], url=answer.url)
    return task, answer.headers.get("ETag", "")

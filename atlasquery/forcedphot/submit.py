# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Submission of tasks: sent once, and looked for in the own list where it is not known whether it arrived."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from atlasquery.exceptions import AtlasQueryError, InvalidQueryError, QuotaError, ServerError, UnreadableAnswerError
from atlasquery.forcedphot.queue_pages import Send, find_tasks
from atlasquery.forcedphot.target import ForcedOptions, ForcedTarget
from atlasquery.forcedphot.tasks import ForcedTask, decode_tasks
from atlasquery.transport import Request

__all__ = ["MAX_LINES", "make_comment", "match_tasks", "submit_tasks"]

TOO_MANY = "too many queued tasks"  # in the message of a 400, which is no 429
COMMENT_START = "atlasquery-"
MAX_LINES = 100  # targets of a request
POSITION_TOLERANCE = 1e-6  # degrees


def make_comment() -> str:
    """Return the comment of a submission: anyone can read it, and it says nothing."""
    return COMMENT_START + secrets.token_hex(8)


def submit_tasks(send: Send, targets: Sequence[ForcedTarget], options: ForcedOptions, comment: str) -> list[ForcedTask]:
    """Queue a task for each target with one request, and return them in the order of the targets.

    Tasks that were queued although the answer was lost are found by their comment.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    targets : sequence of ForcedTarget, length 1 to `MAX_LINES`
        With one proper motion and epoch for all.
    options : ForcedOptions
        Time range and images.
    comment : str
        New for each submission.

    Raises
    ------
    QuotaError
        If too many tasks of the user wait; nothing is queued.
    ServerError
        If the server cannot be reached or fails, and the list of own tasks has no such tasks. Where the list cannot be
        read either, the hint of the error says so.
    AtlasQueryError
        If the server rejects it: nothing is queued.
    """
    payload = {**_target_payload(targets), **options.payload, "comment": comment, "send_email": False}
    try:
        answer = send(Request("POST", "queue/", payload, idempotent=False, encoding="json"))
        content = answer.json()
        tasks = decode_tasks(content if isinstance(content, list) else [content], url=answer.url)
    except InvalidQueryError as error:
        if TOO_MANY not in str(error.fields):
            raise
        raise QuotaError(error.reason, url=error.url, status=400) from None
    except ServerError as error:
        if not error.is_outcome_unknown:
            raise
        tasks = _adopt(send, comment, len(targets), error)
    return _in_order(targets, tasks)


def _target_payload(targets: Sequence[ForcedTarget]) -> dict[str, Any]:
    if len(targets) == 1:
        return targets[0].payload
    return {"radeclist": "\n".join(target.line for target in targets)} | targets[0].motion_payload


def _adopt(send: Send, comment: str, n_tasks: int, error: ServerError) -> list[ForcedTask]:
    """Return the tasks that were queued although the request failed, or raise the error of the request."""
    try:
        tasks = find_tasks(send, comment, n_tasks)
    except AtlasQueryError:
        error.hint = f"Whether the task was queued is not known: look for the comment {comment} in the list of tasks."
        raise error from None
    if not tasks:
        error.hint = "No task was queued: the call can be repeated."
        raise error
    return tasks


def _in_order(targets: Sequence[ForcedTarget], tasks: list[ForcedTask]) -> list[ForcedTask]:
    """Return the task of each target; raise an error if the server has queued others."""
    matched = match_tasks(targets, tasks)
    if None in matched or len(tasks) != len(targets):
        got = ", ".join(f"{task.job_id} ({task.mpc or f'RA {task.ra}, Dec {task.dec}'})" for task in tasks[:3])
        raise UnreadableAnswerError(
            f"The server must queue {len(targets)} tasks, the first for {targets[0].payload}, got {len(tasks)}: {got}.",
            url=tasks[0].url if tasks else None,
        )
    return [task for task in matched if task is not None]


def match_tasks(targets: Sequence[ForcedTarget], tasks: Sequence[ForcedTask]) -> list[ForcedTask | None]:
    """Return the task of each target, None where there is none; each task is used once, in the order of the list."""
    remaining = list(tasks)
    matched: list[ForcedTask | None] = []
    for target in targets:
        # The first one matches unless tasks were deleted or changed by someone else.
        task = next((task for task in remaining if _is_of(task, target)), None)
        matched.append(task)
        if task is not None:
            remaining.remove(task)
    return matched


def _is_of(task: ForcedTask, target: ForcedTarget) -> bool:
    """Return whether a task is of a target: the same name, or the same position."""
    if target.ra is None or target.dec is None or task.ra is None or task.dec is None:
        return task.mpc == target.mpc and (task.ra is None) == (target.ra is None)
    offset_ra = abs((task.ra - target.ra + 180) % 360 - 180)
    return max(offset_ra, abs(task.dec - target.dec)) <= POSITION_TOLERANCE

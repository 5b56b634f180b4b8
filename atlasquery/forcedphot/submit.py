# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Submission of tasks: sent once, and looked for in the own list where it is not known whether it arrived."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from atlasquery.exceptions import AtlasQueryError, InvalidQueryError, QuotaError, ServerError, UnreadableAnswerError
from atlasquery.forcedphot.target import ForcedOptions, ForcedTarget
from atlasquery.forcedphot.tasks import ForcedTask, decode_tasks
from atlasquery.transport import Answer, Request

__all__ = ["Send", "find_task", "make_key", "submit_task"]

Send: TypeAlias = Callable[[Request], Answer]

TOO_MANY = "too many queued tasks"  # in the message of a 400, which is no 429
KEY_START = "atlasquery-"
PAGE_SIZE = 100
MAX_PAGES = 2  # a task that was just sent is among the newest
POSITION_TOLERANCE = 1e-6  # degrees


def make_key() -> str:
    """Return a new key of a task, which is its comment: anyone can read it, and it says nothing."""
    return KEY_START + secrets.token_hex(8)


def submit_task(send: Send, target: ForcedTarget, options: ForcedOptions, key: str) -> ForcedTask:
    """Queue a task and return it; one that was queued although its answer was lost is found by its key.

    Raises
    ------
    QuotaError
        If too many tasks of the user wait.
    ServerError
        If the server cannot be reached or fails, and the list of own tasks has no such task. Where the list cannot be
        read either, the hint of the error says so.
    AtlasQueryError
        If the server rejects it: nothing is queued.
    """
    payload = {**target.payload, **options.payload, "comment": key, "send_email": False}
    try:
        answer = send(Request("POST", "queue/", payload, idempotent=False, encoding="json"))
        (task,) = decode_tasks([answer.json()], url=answer.url)
    except InvalidQueryError as error:
        if TOO_MANY not in str(error.fields):
            raise
        raise QuotaError(error.reason, url=error.url, status=400) from None
    except ServerError as error:
        if not error.is_outcome_unknown:
            raise
        task = _adopt(send, key, error)
    _check_target(task, target)
    return task


def _adopt(send: Send, key: str, error: ServerError) -> ForcedTask:
    """Return the task that was queued although the request failed, or raise the error of the request."""
    try:
        task = find_task(send, key)
    except AtlasQueryError:
        error.hint = f"Whether the task was queued is not known: look for the comment {key} in the list of tasks."
        raise error from None
    if task is None:
        error.hint = "No task was queued: the call can be repeated."
        raise error
    return task


def find_task(send: Send, key: str) -> ForcedTask | None:
    """Return the task of a key from the newest of the own list, None if it is not there."""
    payload: dict[str, object] = {"pagesize": PAGE_SIZE}
    for _ in range(MAX_PAGES):
        answer = send(Request("GET", "queue/", payload, idempotent=True))
        page = answer.json()
        tasks = decode_tasks(page.get("results") if isinstance(page, dict) else page, url=answer.url)
        if found := [task for task in tasks if task.comment == key]:
            return found[0]
        if len(tasks) < PAGE_SIZE:
            return None
        payload = {"pagesize": PAGE_SIZE, "cursor": _cursor(page.get("next"))}
    return None


def _cursor(next_url: object) -> str:
    """Return the cursor of the address of the next page; nothing else of the address is used."""
    return parse_qs(urlsplit(str(next_url)).query).get("cursor", [""])[0]


def _check_target(task: ForcedTask, target: ForcedTarget) -> None:
    """Raise an error if the server has queued another target."""
    is_same = task.mpc == target.mpc and (task.ra is None) == (target.ra is None)
    if is_same and target.ra is not None and target.dec is not None:
        offsets = abs(task.ra - target.ra), abs((task.dec or 0.0) - target.dec)  # type: ignore[operator]
        is_same = max(offsets) <= POSITION_TOLERANCE
    if not is_same:
        raise UnreadableAnswerError(
            f"The server must queue {target.payload}, got task {task.job_id} of RA {task.ra}, Dec {task.dec}, "
            f"{task.mpc}.",
            url=task.url,
        )

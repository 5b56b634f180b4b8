# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The list of the user's own tasks: pages of 100, newest first; read only as far as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import msgspec

from atlasquery.exceptions import ServerFaultError, UnreadableAnswerError
from atlasquery.forcedphot.tasks import ForcedTask, decode_tasks
from atlasquery.inputs.times import Since
from atlasquery.transport import Answer, Request

__all__ = ["NOT_FOUND", "PAGE_SIZE", "QueuePages", "Send", "count_waiting", "find_tasks", "read_task", "read_tasks"]

Send: TypeAlias = Callable[[Request], Answer]

_MJD_0 = datetime(1858, 11, 17, tzinfo=UTC)
NOT_FOUND = 404
PAGE_SIZE = 100  # the most that the server gives


class _Page(msgspec.Struct):
    results: list[object]
    next: str | None = None
    taskcount: int | None = None


class QueuePages:
    """Pages of the list, with the entity tags of the last look: a page that has not changed is not sent again.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._tags: dict[str, str] = {}
        self._pages: dict[str, tuple[list[ForcedTask], str | None]] = {}
        self.n_requests = 0

    def read(self, *, started: bool | None = None, down_to: int = 0) -> Iterator[ForcedTask]:
        """Yield tasks, newest first, to the end of the page that has task ``down_to`` or an older one.

        Parameters
        ----------
        started : bool, optional
            Only tasks that have started, or have not.
        down_to : int
            Number of the oldest task of interest.
        """
        payload: dict[str, object] = {"pagesize": PAGE_SIZE}
        if started is not None:
            payload["started"] = "true" if started else "false"
        while True:
            tasks, cursor = self._read_page(payload)
            yield from tasks
            if cursor is None or not tasks or tasks[-1].job_id <= down_to:
                return
            payload["cursor"] = cursor

    def _read_page(self, payload: dict[str, object]) -> tuple[list[ForcedTask], str | None]:
        """Return the tasks of a page, and the cursor of the next one or None."""
        place = str(sorted(payload.items()))
        headers = {"If-None-Match": self._tags[place]} if place in self._tags else {}
        self.n_requests += 1
        answer = self._send(Request("GET", "queue/", dict(payload), idempotent=True, headers=headers))
        if answer.status == 304:
            return self._pages[place]
        page = _decode_page(answer)
        content = decode_tasks(page.results, url=answer.url), _cursor(page.next)
        if tag := answer.headers.get("ETag"):
            self._tags[place], self._pages[place] = tag, content
        return content


def _decode_page(answer: Answer) -> _Page:
    try:
        return msgspec.convert(answer.json(), _Page)
    except msgspec.ValidationError as error:
        raise UnreadableAnswerError(f"Cannot decode the list of tasks: {error}.", url=answer.url) from None


def _cursor(next_url: str | None) -> str | None:
    """Return the cursor of the address of the next page; nothing else of the address is used."""
    return parse_qs(urlsplit(next_url or "").query).get("cursor", [None])[0]


def read_task(send: Send, job_id: int | None, tag: str = "") -> Answer | None:
    """Return the answer with a task, of status 304 if its entity tag is still this one; None if there is no task."""
    headers = {"If-None-Match": tag} if tag else {}
    try:
        return send(Request("GET", f"queue/{job_id}/", idempotent=True, headers=headers))
    except ServerFaultError as error:
        if error.status != NOT_FOUND:
            raise
        return None


def count_waiting(send: Send) -> int:
    """Return how many tasks of the user have not started; one request."""
    payload: dict[str, object] = {"pagesize": 1, "started": "false"}
    answer = send(Request("GET", "queue/", payload, idempotent=True))
    count = _decode_page(answer).taskcount
    if count is None:
        raise UnreadableAnswerError("The list of tasks must have `taskcount`, got none.", url=answer.url)
    return count


def find_tasks(send: Send, comment: str, n_tasks: int) -> list[ForcedTask]:
    """Return the tasks of a submission, oldest first; the whole list is read if they are not there."""
    found: list[ForcedTask] = []
    for task in QueuePages(send).read():
        if task.comment == comment:
            found.append(task)
        if len(found) == n_tasks:
            break
    return sorted(found, key=lambda task: task.job_id)


def read_tasks(send: Send, since: Since | None = None) -> list[ForcedTask]:
    """Return the tasks of the user, newest first, from the time of their submission on."""
    found = []
    for task in QueuePages(send).read():
        if since is not None and task.submitted is not None and _to_mjd(task.submitted) < since.mjd:
            break
        found.append(task)
    return found


def _to_mjd(iso: str) -> float:
    return (datetime.fromisoformat(iso).astimezone(UTC) - _MJD_0) / timedelta(days=1)

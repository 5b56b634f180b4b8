# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`QueueLook`: how far jobs are, from as few pages of the list as possible."""

from __future__ import annotations

from collections.abc import Sequence

from atlasquery.exceptions import PermissionDeniedError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.queue_pages import QueuePages, Send, read_task
from atlasquery.forcedphot.tasks import decode_tasks

__all__ = ["GONE", "QueueLook"]

GONE = "deleted, or expired 31 days after its end"


class QueueLook:
    """Looks at the list of the user's tasks, and updates jobs that are at the server and not finished.

    Parameters
    ----------
    send : callable
        Sends a `Request` and returns its answer.
    """

    def __init__(self, send: Send) -> None:
        self._send, self._pages = send, QueuePages(send)

    @property
    def n_requests(self) -> int:
        """Number of pages that were requested."""
        return self._pages.n_requests

    def look_at_started(self, jobs: Sequence[Job]) -> None:
        """Update the jobs that have started or finished; mostly one page, as tasks run in the order of the list."""
        self._update(jobs, started=True)

    def look_at_all(self, jobs: Sequence[Job]) -> None:
        """Update all jobs, with their places in the queue, and find out which ones were deleted.

        Raises
        ------
        PermissionDeniedError
            If the jobs are of another account.
        """
        if unseen := self._update(jobs, started=None):
            self._check_account(unseen[0])
        for job in unseen:
            if not job.is_finished:
                job.set_gone(GONE)

    def _update(self, jobs: Sequence[Job], *, started: bool | None) -> list[Job]:
        """Update jobs of the list, and return those that are not in it."""
        open_jobs = [job for job in jobs if job.job_id is not None and not job.is_finished]
        if not open_jobs:
            return []
        oldest = min(job.job_id or 0 for job in open_jobs)
        tasks = {task.job_id: task for task in self._pages.read(started=started, down_to=oldest)}
        for job in open_jobs:
            if task := tasks.get(job.job_id or 0):
                job.update(task)
        return [job for job in open_jobs if job.job_id not in tasks]

    def _check_account(self, job: Job) -> None:
        """Raise an error if a task that is not in the user's list exists: then it is that of another account."""
        answer = read_task(self._send, job.job_id)
        if answer is not None:
            (task,) = decode_tasks([answer.json()], url=answer.url)
            raise PermissionDeniedError(
                f"The jobs must be those of the account that is signed in, got job {task.job_id} of another one.",
                hint="Sign in with the account that has submitted them.",
                url=task.url,
            )

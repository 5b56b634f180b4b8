# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Job`: one target of a run, which may not be sent yet, and what the server says about it."""

from __future__ import annotations

from dataclasses import dataclass

from atlasquery.forcedphot.target import ForcedOptions, ForcedTarget
from atlasquery.forcedphot.tasks import FINISHED, ForcedTask

__all__ = ["Job", "jobs_of_tasks"]

FORCED_PHOTOMETRY = "FP"
MAX_DIFFERENCE_DAYS = 1e-6


@dataclass
class Job:
    """A target with its options, and its task at the server if it has one.

    Parameters
    ----------
    key : int or str
        Key of the light curve.
    target : ForcedTarget
        What is measured.
    options : ForcedOptions
        When, and on which images.
    comment : str or None
        Comment of the submission, which finds the tasks of it again; None before anything is sent.
    sent : str or None
        Time (ISO, UTC) when the submission was sent.
    job_id, url, status, queue_position, attempts, message, finished
        As of `~atlasquery.forcedphot.tasks.ForcedTask`.
    """

    key: int | str
    target: ForcedTarget
    options: ForcedOptions
    comment: str | None = None
    sent: str | None = None
    job_id: int | None = None
    url: str | None = None
    status: str = "held"
    queue_position: int | None = None
    attempts: int | None = None
    message: str | None = None
    finished: str | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in FINISHED

    @property
    def is_held(self) -> bool:
        """Whether it has not been sent."""
        return self.status == "held" and self.comment is None

    @property
    def is_doubtful(self) -> bool:
        """Whether it was sent, and it is not known whether it arrived."""
        return self.status == "held" and self.comment is not None

    def update(self, task: ForcedTask) -> None:
        """Take over what the server says."""
        self.job_id, self.url, self.status = task.job_id, task.url, task.status
        self.queue_position, self.attempts = task.queue_position, task.attempts
        self.message, self.finished = task.message, task.finished
        self.comment = task.comment if self.comment is None else self.comment
        if self.is_finished and (change := _changed_option(task, self.options)):
            self.status, self.message = "failed", f"it was changed at the server, to {change}"

    def set_gone(self, message: str) -> None:
        """Record that there is no task any more."""
        self.status, self.queue_position, self.message = "gone", None, message


def _changed_option(task: ForcedTask, options: ForcedOptions) -> str:
    """Return which option someone has changed, which may have been before it was measured; empty for none."""
    images = "reduced" if task.use_reduced else "difference"
    if images != options.images:
        return f"{images} images"
    for name, sent, found in (("start", options.start, task.start), ("end", options.end, task.end)):
        if (sent is None) != (found is None) or abs((sent or 0.0) - (found or 0.0)) > MAX_DIFFERENCE_DAYS:
            return f"{name} MJD {found}"
    return ""


def jobs_of_tasks(tasks: list[ForcedTask]) -> list[Job]:
    """Return the jobs of tasks that are on the server already; their keys are the numbers of the tasks."""
    jobs = []
    for task in tasks:
        if task.request_type not in (None, FORCED_PHOTOMETRY):
            continue  # images of another task
        target = ForcedTarget(task.ra, task.dec, mpc=task.mpc)
        images = "reduced" if task.use_reduced else "difference"
        jobs.append(Job(task.job_id, target, ForcedOptions(task.start, task.end, images), sent=task.submitted))
        jobs[-1].update(task)
    return jobs

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedTask`: one task of the queue, and its record in JSON."""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime

from atlasquery.sandbox.forced.accounts import ForcedUser

__all__ = ["NEWER_KEYS", "ForcedTask"]

NEWER_KEYS = ("callback_url", "waittime", "runtime", "attempt_count")  # that older servers do not send


@dataclass(eq=False)  # requests and parents refer to each other
class ForcedTask:
    """A target with its options, and how far the task is; times are seconds since 1970, None before they are known.

    Parameters
    ----------
    id : int
        Number of the task.
    owner : ForcedUser
        The account.
    options : dict
        The fields of the submission.
    submitted : float
        Time of the submission.
    n_queued_on_submit : int or None
        Number of tasks of the user that had not started then; None for requests of images.
    parent : ForcedTask, optional
        The task whose images are requested.
    """

    id: int
    owner: ForcedUser
    options: dict
    submitted: float
    n_queued_on_submit: int | None
    parent: "ForcedTask | None" = None
    started: float | None = None
    retry: float | None = None  # start of the next attempt, after one that failed
    finished: float | None = None
    error: str | None = None
    attempts: int = 0
    is_archived: bool = False
    files: dict = field(default_factory=dict)  # contents by the ends of the names
    image_requests: list = field(default_factory=list)

    @property
    def result(self):
        """The text of the result; None without one."""
        return self.files.get(".txt")

    @property
    def has_rows(self):
        """Whether the server shows the result."""
        return self.error is None and self.result is not None

    @property
    def images(self):
        """The zip of the images that were requested, with the task as the parent or the request; None without one."""
        return next((task.files[".zip"] for task in (self, *self.image_requests) if ".zip" in task.files), None)

    def record(self, root, queue_position):
        """Return the 37 keys of the task.

        Parameters
        ----------
        root : str
            URL of the server, which ends in a slash.
        queue_position : int or None
            Place in the queue, None if the task is finished.
        """
        url = _task_url(root, self)
        options = self.options
        epoch = options["radec_epoch_year"]
        request = self.image_requests[-1] if self.image_requests else None
        return {
            "url": url,
            "id": self.id,
            "user_id": self.owner.pk,
            "username": self.owner.username,
            "timestamp": _format(self.submitted),
            **{name: options[name] for name in ("mpc_name", "ra", "dec", "mjd_min", "mjd_max")},
            "radec_epoch_year": None if epoch is None else f"{epoch:.1f}",
            **{name: options[name] for name in ("propermotion_ra", "propermotion_dec", "use_reduced")},
            "finished": self.finished is not None,
            "result_url": self._file_url(root, ".txt") if self.has_rows else None,
            **{name: options[name] for name in ("comment", "send_email", "callback_url")},
            "starttimestamp": _format(self.started),
            "finishtimestamp": _format(self.finished),
            "error_msg": self.error,
            "previewimage_url": self._file_url(root, ".jpg"),
            "parent_task_id": self.parent and self.parent.id,
            "parent_task_url": self.parent and _task_url(root, self.parent),
            "request_type": options["request_type"],
            "pdfplot_url": f"{url}plot.pdf" if self.has_rows else None,
            "queuepos": queue_position,
            "imagerequest_task_id": request and request.id,
            "imagerequest_url": request and _task_url(root, request),
            "imagerequest_finished": request and request.finished is not None,
            "result_imagestack_url": self._file_url(root, ".fits"),
            "result_imagezip_url": (self.parent or self)._images_url(root),
            "userqueuedtasks_on_submit": self.n_queued_on_submit,
            "waittime": _whole_seconds(self.submitted, self.started),
            "runtime": _whole_seconds(self.started, self.finished),
            "attempt_count": self.attempts,
        }

    def file_name(self, suffix):
        """Return the name of a file of the task."""
        return f"job{self.id:05d}{suffix}"

    def _file_url(self, root, suffix):
        return f"{root}static/results/{self.file_name(suffix)}" if suffix in self.files else None

    def _images_url(self, root):
        return None if self.images is None else f"{root}static/results/{self.file_name('.zip')}"


def _task_url(root, task):
    return f"{root}queue/{task.id}/"


def _format(seconds):
    return None if seconds is None else datetime.fromtimestamp(math.floor(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole_seconds(start, end):
    return None if start is None or end is None else float(math.floor(end) - math.floor(start))

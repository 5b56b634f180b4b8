# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedTask`: one task of the queue, and its record in JSON."""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime

from atlasquery.sandbox.forced.accounts import ForcedUser

__all__ = ["FINISHED_WITHOUT_ROWS", "NEWER_KEYS", "ForcedTask"]

FINISHED_WITHOUT_ROWS = "No data returned"
NEWER_KEYS = ("callback_url", "waittime", "runtime", "attempt_count")  # that older servers do not send


@dataclass
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
    n_queued_on_submit : int
        Number of tasks of the user that had not started then.
    """

    id: int
    owner: ForcedUser
    options: dict
    submitted: float
    n_queued_on_submit: int
    started: float | None = None
    finished: float | None = None
    error: str | None = None
    attempts: int = 0
    result: str | None = None
    is_archived: bool = False
    children: list = field(default_factory=list)

    @property
    def has_rows(self):
        """Whether the server shows the result."""
        return self.finished is not None and self.error is None and self.result is not None

    def record(self, root, queue_position):
        """Return the 37 keys of the task.

        Parameters
        ----------
        root : str
            URL of the server, which ends in a slash.
        queue_position : int or None
            Place in the queue, None if the task is finished.
        """
        url = f"{root}queue/{self.id}/"
        result_url = f"{root}static/results/job{self.id:05d}" if self.has_rows else None
        options = self.options
        epoch = options["radec_epoch_year"]
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
            "result_url": result_url and f"{result_url}.txt",
            **{name: options[name] for name in ("comment", "send_email", "callback_url")},
            "starttimestamp": _format(self.started),
            "finishtimestamp": _format(self.finished),
            "error_msg": self.error,
            "previewimage_url": None,
            "parent_task_id": None,
            "parent_task_url": None,
            "request_type": options["request_type"],
            "pdfplot_url": result_url and f"{url}plot.pdf",
            "queuepos": queue_position,
            "imagerequest_task_id": None,
            "imagerequest_url": None,
            "imagerequest_finished": None,
            "result_imagestack_url": None,
            "result_imagezip_url": None,
            "userqueuedtasks_on_submit": self.n_queued_on_submit,
            "waittime": _whole_seconds(self.submitted, self.started),
            "runtime": _whole_seconds(self.started, self.finished),
            "attempt_count": self.attempts,
        }


def _format(seconds):
    return None if seconds is None else datetime.fromtimestamp(math.floor(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole_seconds(start, end):
    return None if start is None or end is None else float(math.floor(end) - math.floor(start))

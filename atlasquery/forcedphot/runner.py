# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`RunnerStatus`: how busy the forced-photometry server is."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import msgspec
from astropy import units as u

from atlasquery.exceptions import LargeQueryWarning, UnreadableAnswerError
from atlasquery.utils.log import log_event
from atlasquery.utils.warnings import warn_user

__all__ = ["RunnerStatus", "decode_runner_status", "warn_long_wait"]

FORCED = "FP"  # the type of tasks that are forced photometry; others make stacks of images


class _Status(msgspec.Struct):
    running: bool
    stale: bool
    queued_task_count: int = 0
    distinct_queued_users: int = 0
    numslots: int | None = None
    slots_busy: int | None = None
    typical_runtime_seconds: dict[str, float] = {}


@dataclass(frozen=True)
class RunnerStatus:
    """State of the server's task runner.

    Parameters
    ----------
    is_running : bool
        Whether the runner works; the state of one that has stopped may be old.
    n_queued, n_users : int
        Numbers of waiting tasks, and of the users they are of. The server works on one task of a user at a time.
    n_slots, n_busy : int or None
        Numbers of tasks that can run at once, and that do.
    typical_runtime : `~astropy.units.Quantity` or None
        Typical time for one position, None if the server does not know it.
    """

    is_running: bool
    n_queued: int
    n_users: int
    n_slots: int | None
    n_busy: int | None
    typical_runtime: u.Quantity | None


def decode_runner_status(document: Any, *, url: str) -> RunnerStatus:
    """Return the state in the answer of ``taskrunnerstatus.json``."""
    try:
        status = msgspec.convert(document, _Status)
    except msgspec.ValidationError as error:
        raise UnreadableAnswerError(f"Cannot decode the state of the task runner: {error}.", url=url) from None
    seconds = status.typical_runtime_seconds.get(FORCED)
    return RunnerStatus(
        is_running=status.running and not status.stale,
        n_queued=status.queued_task_count,
        n_users=status.distinct_queued_users,
        n_slots=status.numslots,
        n_busy=status.slots_busy,
        typical_runtime=None if seconds is None else seconds * u.s,
    )


def warn_long_wait(n_jobs: int, seconds: float) -> None:
    """Say how long jobs may take, as a warning if it is more than an hour: one job of a user runs at a time."""
    if seconds < 3600:
        log_event(logging.INFO, f"{n_jobs} jobs may take {max(seconds / 60, 1):.0f} minutes (a guess).")
        return
    amount = f"{seconds / 86400:.1f} days" if seconds > 86400 else f"{seconds / 3600:.1f} hours"
    warn_user(
        f"{n_jobs} jobs may take {amount} (a guess: the server works on one job of a user at a time). The jobs go on "
        "at the server if this program ends; with `jobs`, the same call continues.",
        LargeQueryWarning,
    )

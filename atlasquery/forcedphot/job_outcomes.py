# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What becomes of many jobs, in words: how far they are, and the errors and warnings about those without a result."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlasquery.exceptions import JobError, NoResultsWarning
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_results import describe_job, job_error
from atlasquery.utils.warnings import warn_user

if TYPE_CHECKING:
    from atlasquery.forcedphot.jobs import Jobs
    from atlasquery.lightcurve import LightCurves

__all__ = ["continuation_hint", "describe_jobs", "report_outcome", "unfinished_error"]

N_SHOWN = 3


def continuation_hint(path: Path | None) -> str:
    """Return how to go on after an interruption."""
    if path is None:
        return "The jobs go on at the server: ForcedPhotometry.list_jobs() returns them."
    return f"The jobs go on at the server: ForcedPhotometry.read_jobs({os.fspath(path)!r}), or the same call again."


def describe_jobs(jobs: Sequence[Job]) -> str:
    """Return how many jobs are how far."""
    counts: dict[str, int] = {}
    for job in jobs:
        counts[job.status] = counts.get(job.status, 0) + 1
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def unfinished_error(unfinished: Sequence[Job], total: int, path: Path | None, **facts: Any) -> JobError:
    """Return the error of jobs that are not finished at the end of a wait."""
    first = unfinished[0]
    counts = f"{len(unfinished)} of {total} jobs are not finished in time: {describe_jobs(unfinished)}"
    return JobError(
        f"{counts}; the first is that of {first.target.text}, {describe_job(first)}.",
        hint=continuation_hint(path),
        job_id=first.job_id,
        status=first.status,
        url=first.url,
        **facts,
    )


def report_outcome(curves: LightCurves, jobs: Sequence[Job], on_error: str, path: Path | None, table: Jobs) -> None:
    """Raise an error or warn about jobs without a result, and warn about those without data."""
    empty = [job.key for job in jobs if job.key in curves and not len(curves[job.key])]
    without = [*curves.missing, *curves.failed]
    if without:
        first = next(job for job in jobs if job.key == without[0])
        error = curves.failed.get(first.key) or job_error(first)
        reason = f"{len(without)} of {len(jobs)} jobs have no result: {_name_some(without)}. {error.reason}"
        if on_error == "raise":
            raise JobError(
                reason,
                hint=f"`results` of this error has the others. {continuation_hint(path)}",
                results=curves,
                missing=tuple(curves.missing),
                failed=dict(curves.failed),
                job_id=first.job_id,
                status=first.status,
                url=first.url,
                jobs=table,
            )
        warn_user(f"{reason} `missing` and `failed` list them.", NoResultsWarning)
    if empty:
        text = f"The server has no data for {len(empty)} of {len(jobs)} jobs: {_name_some(empty)}."
        warn_user(text, NoResultsWarning)


def _name_some(keys: Sequence[Any]) -> str:
    return ", ".join(map(str, keys[:N_SHOWN])) + (" and others" if len(keys) > N_SHOWN else "")

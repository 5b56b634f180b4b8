# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Results of jobs: light curves, and the errors of jobs that have none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from atlasquery.exceptions import JobError, ServerFaultError, UnreadableAnswerError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.look import GONE
from atlasquery.forcedphot.queue_pages import NOT_FOUND, Send
from atlasquery.forcedphot.results import light_curve_of
from atlasquery.transport import Answer, Request

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurve, LightCurves

__all__ = ["HAVE_RESULTS", "describe_job", "fill_light_curves", "job_error", "read_light_curve", "read_result"]

HAVE_RESULTS = ("done", "no data", "unreadable")


def read_result(send: Send, job: Job) -> Answer:
    """Return the answer with a result.

    Parameters
    ----------
    send : callable
        Sends a `Request` without a token, which results do not need.
    job : Job
        A finished job.

    Raises
    ------
    JobError
        If the server does not have it any more.
    """
    # The server answers with HTML where JSON is not accepted.
    headers = {"Accept": "application/json"}
    path = f"queue/{job.job_id}/data.txt"
    try:
        return send(Request("GET", path, idempotent=True, accept="text/plain", headers=headers))
    except ServerFaultError as error:
        if error.status != NOT_FOUND:
            raise
        job.set_gone(GONE)
        raise job_error(job) from None


def read_light_curve(send: Send, job: Job) -> LightCurve:
    """Return the light curve of a job with a result; without data it is empty."""
    answer = read_result(send, job)
    images: Any = job.options.images
    light_curve = light_curve_of(answer.text, job.target, images=images, url=answer.url)
    light_curve.meta["job_id"] = job.job_id
    if isinstance(job.key, str):
        light_curve.meta["name"] = job.key
    return light_curve


def fill_light_curves(curves: LightCurves, send: Send, jobs: Iterable[Job]) -> None:
    """Add the light curves of jobs that have results and are not there yet; equal jobs are downloaded once.

    A result that cannot be read becomes an error of its job, in ``failed``.

    Raises
    ------
    ServerError
        If the server cannot send a result; those before it are there.
    """
    read: dict[int | None, LightCurve] = {}
    for job in jobs:
        if job.status not in HAVE_RESULTS or job.key in curves or job.key in curves.failed:
            continue
        try:
            if job.job_id not in read:
                read[job.job_id] = read_light_curve(send, job)
            curves.update({job.key: _with_name(read[job.job_id], job)})
        except (JobError, UnreadableAnswerError) as error:
            curves.update(failed={job.key: error})


def _with_name(light_curve: LightCurve, job: Job) -> LightCurve:
    """Return the light curve of a job, a copy with its own name if several jobs share a result."""
    if not isinstance(job.key, str) or light_curve.meta["name"] == job.key:
        return light_curve
    named = light_curve.copy()
    named.meta["name"] = job.key
    return named


def describe_job(job: Job) -> str:
    """Return the status of a job in words, for a progress bar and errors."""
    name = "the job" if job.job_id is None else f"job {job.job_id}"
    place = "" if job.queue_position is None or job.status != "waiting" else f", place {job.queue_position}"
    return f"{name} is {job.status}{place}"


def job_error(job: Job) -> JobError:
    """Return the error of a job without a result."""
    facts: dict[str, Any] = {"job_id": job.job_id, "status": job.status, "url": job.url}
    if job.status == "failed":
        return JobError(f"Job {job.job_id} failed: {job.message}.", **facts)
    if job.status == "gone":
        return JobError(f"Job {job.job_id} is gone: {job.message}.", **facts)
    reason = f"The job of {job.target.text} is not finished: {describe_job(job)}."
    return JobError(reason, hint="It goes on at the server; refresh shows how far it is.", **facts)

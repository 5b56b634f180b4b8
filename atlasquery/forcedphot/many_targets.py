# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Methods of the client for many targets: their jobs are in a table, and in a file if they must not be lost."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Literal

from astropy import units as u

from atlasquery.auth import AuthenticatedQuery
from atlasquery.batches import Partial, attach_results, carry_results
from atlasquery.exceptions import InvalidQueryError, ServerFaultError
from atlasquery.forcedphot.add_targets import add_targets
from atlasquery.forcedphot.job import jobs_of_tasks
from atlasquery.forcedphot.job_outcomes import continuation_hint
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.jobs import JobRun, Jobs
from atlasquery.forcedphot.poll import FIRST_INTERVAL
from atlasquery.forcedphot.queue_pages import read_tasks
from atlasquery.forcedphot.runner import RunnerStatus, decode_runner_status, warn_long_wait
from atlasquery.forcedphot.send_held import send_held
from atlasquery.forcedphot.target import check_options
from atlasquery.forcedphot.target_list import TargetsLike, check_targets
from atlasquery.forcedphot.tasks import STATUSES
from atlasquery.inputs.on_error import check_on_error
from atlasquery.inputs.time_limit import check_timeout
from atlasquery.inputs.times import SinceLike, check_since, is_time_span
from atlasquery.transport import Deadline, Request
from atlasquery.utils.text import abbreviate

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurves

__all__ = ["ManyTargetsMixin"]

MIN_INTERVAL = 0.5  # seconds between looks at a server whose jobs take less


class ManyTargetsMixin(AuthenticatedQuery):
    """Light curves of many targets, and their jobs."""

    def get_light_curves(
        self,
        targets: TargetsLike,
        *,
        name: str | None = None,
        start: SinceLike | None = None,
        end: SinceLike | None = None,
        images: Literal["difference", "reduced"] = "difference",
        jobs: str | PathLike[str] | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        timeout: float | u.Quantity | None = None,
        progress: bool | None = None,
    ) -> LightCurves:
        """Measure the flux at many positions, and return the light curves; it waits for the server.

        Up to 100 targets are sent with one request, equal ones once. The server works on one task of a user at a time:
        a thousand targets take hours. With ``jobs`` nothing is lost if the program or the computer stops: the same call
        again continues, and sends nothing twice.

        Parameters
        ----------
        targets : `~astropy.coordinates.SkyCoord`, `~astropy.table.Table`, or list of objects with a ``coord``
            Positions; a column ``mpc`` of a table may have designations of moving objects.
        name : str, optional
            Column of the table that has the names of the targets, each different.
        start, end : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Time range; a time span is counted back from now. By default the whole archive.
        images : {"difference", "reduced"}
            Whether the fluxes are measured on difference images, or on images with the light of the host.
        jobs : path-like, optional
            File of the jobs, written before anything is sent.
        on_error : {"raise", "warn"}
            Whether jobs without a result cause an error or a warning.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds to wait. The jobs go on at the server.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.

        Returns
        -------
        `~atlasquery.LightCurves`
            By name; without ``name`` by the ATLAS id of objects that have one, or the index of the row. A job without
            data has an empty light curve; ``missing`` are the keys of jobs that were deleted, and ``failed`` maps those
            of failed and unfinished ones to a `~atlasquery.exceptions.JobError`.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid; no request is sent.
        LoginError
            If no usable token is available.
        JobError
            If jobs have no result, or ``timeout`` has passed: ``results`` has the light curves of the others, and
            ``jobs`` is the table of all.
        ServerError
            If the server cannot be reached for long, or its answer cannot be read.

        Warns
        -----
        LargeQueryWarning
            If it may take more than an hour.
        NoResultsWarning
            If there are no data for some targets, or with ``on_error="warn"`` some jobs have no result.
        DataQualityWarning
            If lines of a result are no measurements.

        Examples
        --------
        >>> from astropy.coordinates import SkyCoord
        >>> from astropy.table import Table
        >>> table = Table({"iau_name": ["2018cow"], "coord": SkyCoord([244.00093], [22.26803], unit="deg")})
        >>> forced = sandbox.forced_client()
        >>> curves = forced.get_light_curves(table, name="iau_name", start="2018-06-01", end="2018-07-01")
        >>> len(curves["2018cow"]) > 10
        True
        """
        check_on_error(on_error)
        seconds = None if timeout is None else check_timeout(timeout)
        deadline = None if seconds is None else Deadline(seconds)
        table = self.submit(targets, name=name, start=start, end=end, images=images, jobs=jobs)
        return table._collect(deadline, progress, on_error)

    def submit(
        self,
        targets: TargetsLike,
        *,
        name: str | None = None,
        start: SinceLike | None = None,
        end: SinceLike | None = None,
        images: Literal["difference", "reduced"] = "difference",
        jobs: str | PathLike[str] | None = None,
    ) -> Jobs:
        """Submit targets, and return without waiting for their results.

        The server takes 500 waiting tasks of a user; others are ``held``, and sent by `Jobs.refresh` and `Jobs.wait` as
        places become free.

        Parameters
        ----------
        targets : `~astropy.coordinates.SkyCoord`, `~astropy.table.Table`, or list of objects with a ``coord``
            As of `get_light_curves`, as are the next four.
        name : str, optional
            Column of the table that has the names of the targets.
        start, end : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Time range.
        images : {"difference", "reduced"}
            Images that are measured.
        jobs : path-like, optional
            File of the jobs, on disk before anything is sent; `read_jobs` returns them. Targets that are in it already
            are not sent again, new ones are added.

        Returns
        -------
        Jobs
            One row a target.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid, or a name in the file has another target or time range; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read: ``results`` has the jobs.

        Warns
        -----
        LargeQueryWarning
            If it may take more than an hour.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", jobs="cow.ecsv")
        >>> again = forced.read_jobs("cow.ecsv")
        >>> int(again["job_id"][0]) == int(jobs["job_id"][0])
        True
        """
        checked = check_targets(targets, name)
        options = check_options(start, end, images)
        store = JobStore(self.server, path=jobs)
        with store.changes():
            add_targets(store, checked, options, is_relative=is_time_span(start) or is_time_span(end))
        selected = store.select(list(checked))
        run = JobRun(self._request, self._authorized.send_unsigned, store)
        if n_new := sum(job.is_held for job in selected):
            run.first_interval = self._estimate_wait(n_new)
        keys = list(checked)
        interrupted = carry_results(lambda: Partial(Jobs._of_run(run, keys), (), [], continuation_hint(store.path)))
        with interrupted, attach_results(lambda error: Jobs._of_run(run, keys)):
            if any(not job.is_finished and job.job_id is None for job in selected):
                send_held(self._request, store, selected)
        return Jobs._of_run(run, keys)

    def read_jobs(self, file: str | PathLike[str]) -> Jobs:
        """Return the jobs of a file that `submit` or `get_light_curves` has written; no request is sent.

        Parameters
        ----------
        file : path-like
            The file.

        Returns
        -------
        Jobs
            As they were last seen; `Jobs.refresh` updates them.

        Raises
        ------
        FileNotFoundError
            If there is no file.
        UnreadableFileError
            If it is no file of jobs.
        InvalidInputError
            If the jobs are of another server.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", jobs="2018cow.ecsv")
        >>> len(forced.read_jobs("2018cow.ecsv"))
        1
        """
        store = JobStore.open(file, self.server)
        run = JobRun(self._request, self._authorized.send_unsigned, store)
        return Jobs._of_run(run, [job.key for job in store.jobs])

    def list_jobs(self, status: str | None = None, since: SinceLike | None = None) -> Jobs:
        """Return the jobs of the account that are at the server, newest first, by whatever program they were sent.

        Parameters
        ----------
        status : str, optional
            Only jobs of this status, such as ``"done"``.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only jobs submitted since then.

        Returns
        -------
        Jobs
            Their keys are the numbers of the jobs. A finished job is deleted by the server at the time ``expires``, 31
            days after its end. Tasks that make images are not listed.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Examples
        --------
        >>> forced = sandbox.forced_client("other")
        >>> len(forced.list_jobs(since="2026-01-01"))
        0
        """
        if status is not None and status not in STATUSES:
            raise InvalidQueryError(f"`status` must be one of {', '.join(STATUSES)}, got {abbreviate(status)}.")
        earliest = None if since is None else check_since(since)
        tasks = read_tasks(self._request, earliest)
        jobs = [job for job in jobs_of_tasks(tasks) if status in (None, job.status)]
        run = JobRun(self._request, self._authorized.send_unsigned, JobStore(self.server, jobs))
        return Jobs._of_run(run, [job.key for job in jobs])

    def _estimate_wait(self, n_jobs: int) -> float:
        """Say how long new jobs may take, and return the seconds before the second look."""
        status = self.status()
        if status is None or status.typical_runtime is None:
            return FIRST_INTERVAL
        each = float(status.typical_runtime.to_value(u.s))
        warn_long_wait(n_jobs, each * n_jobs)
        return min(max(each, MIN_INTERVAL), FIRST_INTERVAL)

    def status(self) -> RunnerStatus | None:
        """Return how busy the server is; one request, which needs no account.

        Returns
        -------
        `~atlasquery.forcedphot.runner.RunnerStatus` or None
            None if the server is an older one, which does not tell.

        Raises
        ------
        ServerError
            If the server cannot be reached, or its answer cannot be read.
        """
        request = Request("GET", "taskrunnerstatus.json", idempotent=True)
        try:
            answer = self._authorized.send_unsigned(request)
        except ServerFaultError as error:
            if error.status == 404:
                return None
            raise
        return decode_runner_status(answer.json(), url=answer.url)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Jobs`: the table of jobs of forced photometry, with methods that wait for them and get their results."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from astropy.table import Table

from atlasquery.batches import Partial, carry_results
from atlasquery.exceptions import (
    AtlasQueryError,
    InvalidInputError,
    ServerError,
)
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_actions import delete_tasks, drop_held
from atlasquery.forcedphot.job_columns import columns_of_jobs
from atlasquery.forcedphot.job_outcomes import continuation_hint, describe_jobs, report_outcome, unfinished_error
from atlasquery.forcedphot.job_results import HAVE_RESULTS, fill_light_curves, job_error
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.poll import FIRST_INTERVAL, refresh_jobs, wait_for_jobs
from atlasquery.forcedphot.queue_pages import Send
from atlasquery.forcedphot.result_files import write_result_files
from atlasquery.inputs.on_error import check_on_error
from atlasquery.inputs.time_limit import TimeoutLike, check_timeout
from atlasquery.transport import Deadline
from atlasquery.utils.log import log_event
from atlasquery.utils.progress import Progress

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurves

__all__ = ["JobRun", "Jobs"]


@dataclass
class JobRun:
    """The jobs of a call, and how requests for them are sent.

    Parameters
    ----------
    send, send_unsigned : callable
        Send a `~atlasquery.transport.Request`, with the token and without it.
    store : JobStore
        The jobs.
    first_interval : float
        Seconds before the second look at the list.
    """

    send: Send
    send_unsigned: Send
    store: JobStore
    first_interval: float = FIRST_INTERVAL

    def __repr__(self) -> str:
        return f"<JobRun: {len(self.store.jobs)} jobs of {self.store.server}>"


class Jobs(Table):
    """A table of jobs of forced photometry, one row a target.

    A selection of rows is a table of jobs too, whose methods are about these rows. The table shows the state of the
    last `refresh`. If the jobs have a file, each change is in it at once.

    The server deletes a finished job and its result after 31 days, in ``expires``.

    See Also
    --------
    ForcedPhotometryClass.submit : Submit targets.
    ForcedPhotometryClass.read_jobs : Go on with the jobs of a file.
    ForcedPhotometryClass.list_jobs : All jobs of the account.

    Examples
    --------
    >>> from astropy.coordinates import SkyCoord
    >>> forced = sandbox.forced_client()
    >>> targets = SkyCoord([244.00093, 150.1], [22.26803, 2.2], unit="deg")
    >>> jobs = forced.submit(targets, start="2018-06-01", end="2018-07-01")
    >>> jobs.wait()
    >>> jobs["key", "status"].pprint()
    key status
    --- ------
      0   done
      1   done
    """

    _run: JobRun | None = None

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if isinstance(data, Jobs):  # as for a copy
            self._run = data._run

    def _new_from_slice(self, slice_: Any) -> Self:
        selected: Self = super()._new_from_slice(slice_)  # type: ignore[misc]
        selected._run = self._run
        return selected

    @classmethod
    def _of_run(cls, run: JobRun, keys: Sequence[int | str]) -> Self:
        """Return the table of some jobs."""
        table = cls(columns_of_jobs(run.store.select(keys)))
        table._run = run
        return table

    @property
    def _known_run(self) -> JobRun:
        if self._run is None:
            raise InvalidInputError(
                "The jobs must be those of a client, got a table without one.",
                hint="ForcedPhotometry.read_jobs(file) and list_jobs() return jobs.",
            )
        return self._run

    def _selected(self) -> tuple[JobRun, list[Job]]:
        """Return the run, and the jobs of the rows."""
        run = self._known_run
        keys = self["key"].tolist()
        return run, run.store.select(keys)

    def _show(self) -> None:
        """Take over the state of the jobs to the columns."""
        _, jobs = self._selected()
        for name, column in columns_of_jobs(jobs).items():
            if name in self.colnames:
                self.replace_column(name, column)

    def refresh(self) -> Self:
        """Update the table from the server, and send held jobs for which there is place now.

        It needs one request for 100 tasks of the account that are not older than the jobs.

        Returns
        -------
        Jobs
            The same table, changed in place.

        Raises
        ------
        PermissionDeniedError
            If the jobs are of another account.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
        >>> str(jobs.refresh()["status"][0]) in ("waiting", "running", "done")
        True
        """
        run, jobs = self._selected()
        try:
            refresh_jobs(run.send, run.store, jobs)
        finally:
            self._show()
        return self

    def wait(self, timeout: TimeoutLike | None = None, *, progress: bool | None = None) -> None:
        """Wait until all jobs are finished; held ones are sent as places become free.

        It may be interrupted at any time: the jobs go on at the server.

        Parameters
        ----------
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds to wait. By default there is none.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.

        Raises
        ------
        JobError
            If ``timeout`` has passed; its ``jobs`` are these.
        ServerError
            If the server cannot be reached for long.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
        >>> jobs.wait(timeout=600)
        >>> str(jobs["status"][0])
        'done'
        """
        deadline = None if timeout is None else Deadline(check_timeout(timeout))
        self._wait(deadline, progress)
        run, jobs = self._selected()
        if unfinished := [job for job in jobs if not job.is_finished]:
            raise unfinished_error(unfinished, len(jobs), run.store.path, jobs=self)

    def _wait(self, deadline: Deadline | None, progress: bool | None, curves: LightCurves | None = None) -> None:
        """Wait until all jobs are finished, or the time is over, and download light curves as they are ready."""
        run, jobs = self._selected()
        with Progress(len(jobs), "jobs", show=progress, note=lambda: describe_jobs(jobs)) as bar:

            def show() -> None:
                self._show()
                if curves is not None:
                    self._fill_if_possible(curves)
                bar.advance(sum(job.is_finished for job in jobs) - bar.done)

            results = self if curves is None else curves
            with carry_results(lambda: Partial(results, (), _without(jobs, curves), continuation_hint(run.store.path))):
                wait_for_jobs(
                    run.send, run.store, jobs, deadline=deadline, first_interval=run.first_interval, show=show
                )

    def light_curves(self, *, on_error: Literal["raise", "warn"] = "raise") -> LightCurves:
        """Download the light curves of finished jobs.

        Parameters
        ----------
        on_error : {"raise", "warn"}
            Whether jobs without a result cause an error or a warning.

        Returns
        -------
        `~atlasquery.LightCurves`
            By ``key``. A job without data has an empty light curve; ``missing`` are the keys of jobs that are gone, and
            ``failed`` maps those of failed, held and unfinished ones to a `~atlasquery.exceptions.JobError`.

        Raises
        ------
        JobError
            If jobs have no result: ``results`` has the others.
        ServerError
            If the server cannot be reached, with ``results`` too.

        Warns
        -----
        NoResultsWarning
            If there are no data for some, or with ``on_error="warn"`` some have no result.
        DataQualityWarning
            If lines of a result are no measurements.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
        >>> jobs.wait()
        >>> jobs.light_curves()
        <LightCurves: 1 of 1 objects>
        """
        from atlasquery.lightcurve import LightCurves

        check_on_error(on_error)
        return self._finish(LightCurves(), on_error)

    def _collect(self, deadline: Deadline | None, progress: bool | None, on_error: str) -> LightCurves:
        """Wait for all jobs, and return their light curves."""
        from atlasquery.lightcurve import LightCurves

        curves = LightCurves()
        self._wait(deadline, progress, curves)
        return self._finish(curves, on_error)

    def _fill_if_possible(self, curves: LightCurves) -> None:
        """Add the light curves that are ready; those that the server cannot send now are downloaded later."""
        run, jobs = self._selected()
        try:
            fill_light_curves(curves, run.send_unsigned, jobs)
        except ServerError as error:
            log_event(logging.WARNING, f"A result is downloaded later: {error}")

    def _finish(self, curves: LightCurves, on_error: str) -> LightCurves:
        """Return the light curves of all jobs, with those that have none, or raise an error."""
        run, jobs = self._selected()
        try:
            fill_light_curves(curves, run.send_unsigned, jobs)
        except ServerError as error:
            error.results = curves
            raise
        finally:
            run.store.save_gone(jobs)
            self._show()
        missing = [job.key for job in jobs if job.status == "gone" and job.key not in curves]
        failed: dict[Any, AtlasQueryError] = {
            job.key: job_error(job) for job in jobs if job.status not in (*HAVE_RESULTS, "gone")
        }
        failed |= {key: error for key, error in curves.failed.items() if key not in missing}
        curves.failed.clear()
        curves.update(missing=missing, failed=failed, order=list(self["key"].tolist()))
        report_outcome(curves, jobs, on_error, run.store.path, table=self)
        return curves

    def write_results(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> list[Path]:
        """Write the results as received from the server, one text file a job.

        Parameters
        ----------
        folder : path-like
            Folder of the files, made if it is not there. A file has the name of its ``key``, or its number.
        overwrite : bool
            Whether to replace files with another content.

        Returns
        -------
        list of pathlib.Path
            The files, in the order of the rows that have a result.

        Raises
        ------
        FileExistsError
            If a file exists with another content, and ``overwrite`` is false.
        JobError
            If a result is gone.
        ServerError
            If the server cannot be reached.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
        >>> jobs.wait()
        >>> [path.suffix for path in jobs.write_results("results")]
        ['.txt']
        """
        run, jobs = self._selected()
        with_results = [job for job in jobs if job.status in HAVE_RESULTS]
        return write_result_files(run.send_unsigned, with_results, Path(folder), overwrite=overwrite)

    def cancel(self) -> Self:
        """Delete the jobs that are not finished, at the server too; held ones are not sent.

        Returns
        -------
        Jobs
            The same table: the jobs are ``gone``, finished ones are not changed.

        Raises
        ------
        ServerError
            If the server cannot be reached; those before it are cancelled.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
        >>> str(jobs.cancel()["status"][0]) in ("gone", "done")
        True
        """
        self.refresh()
        run, jobs = self._selected()
        try:
            with run.store.changes():
                drop_held(run.store, jobs, "cancelled before it was sent")
                delete_tasks(run.send, run.store, [job for job in jobs if not job.is_finished], "cancelled")
        finally:
            self._show()
        return self

    def delete(self) -> Self:
        """Delete finished jobs and their results at the server, whose list stays short.

        Get the light curves, or `write_results`, before: the server has no other copy.

        Returns
        -------
        Jobs
            The same table: the jobs are ``gone``, unfinished ones are not changed.

        Raises
        ------
        ServerError
            If the server cannot be reached; those before it are deleted.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> jobs = forced.submit("16h16m00.22s +22d16m04.9s", start="2018-06-16", end="2018-06-20")
        >>> jobs.wait()
        >>> str(jobs.delete()["status"][0])
        'gone'
        """
        run, jobs = self._selected()
        finished = [job for job in jobs if job.is_finished and job.status != "gone"]
        try:
            with run.store.changes():
                delete_tasks(run.send, run.store, finished, "deleted")
        finally:
            self._show()
        return self


def _without(jobs: Sequence[Job], curves: LightCurves | None) -> list[Any]:
    """Return the keys of jobs that have no light curve yet; none if light curves were not asked for."""
    return [] if curves is None else [job.key for job in jobs if job.key not in curves]

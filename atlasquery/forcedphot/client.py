# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedPhotometryClass`: the client of the ATLAS forced-photometry server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from astropy import units as u

from atlasquery.auth import AuthenticatedQuery
from atlasquery.exceptions import JobError, NoResultsWarning, ServerFaultError
from atlasquery.forcedphot.results import light_curve_of
from atlasquery.forcedphot.runner import RunnerStatus, decode_runner_status
from atlasquery.forcedphot.service import FORCED_SERVICE
from atlasquery.forcedphot.submit import make_key, submit_task
from atlasquery.forcedphot.target import check_options, check_target
from atlasquery.forcedphot.tasks import ForcedTask, describe_task
from atlasquery.forcedphot.wait import wait_for_task
from atlasquery.inputs.coordinates import CoordinatesLike
from atlasquery.inputs.time_limit import check_timeout
from atlasquery.inputs.times import SinceLike
from atlasquery.transport import Deadline, Request
from atlasquery.utils.progress import Progress
from atlasquery.utils.warnings import warn_user

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurve

__all__ = ["ForcedPhotometryClass"]


class ForcedPhotometryClass(AuthenticatedQuery):
    """A client of the ATLAS forced-photometry server, with accounts and tokens of its own.

    Creating one does no input or output; it signs in at its first request.

    Parameters
    ----------
    server : str, optional
        Root URL of the server; by default that of the environment variable ``ATLASQUERY_FORCED_SERVER``, then
        ``conf.forced_server``, read at each call.
    token : str, optional
        A token for this server. By default the environment variable ``ATLASQUERY_FORCED_TOKEN`` and the system keyring
        are searched.

    Examples
    --------
    >>> from atlasquery.forcedphot import ForcedPhotometryClass
    >>> forced = ForcedPhotometryClass(server=sandbox.forced_url, token=sandbox.forced_token("user"))
    >>> forced.status().is_running
    True
    """

    _service = FORCED_SERVICE

    def get_light_curve(
        self,
        coordinates: CoordinatesLike | None = None,
        *,
        mpc: str | None = None,
        start: SinceLike | None = None,
        end: SinceLike | None = None,
        images: Literal["difference", "reduced"] = "difference",
        timeout: float | u.Quantity | None = None,
        progress: bool | None = None,
    ) -> LightCurve:
        """Measure the flux at a position on all images, and return the light curve; it waits for the server.

        The server works on one task of a user at a time; a task of the whole archive takes minutes, and the wait
        before it has no upper bound.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, str, or an object with a ``coord``
            A single position, such as that of a `~atlasquery.Transient`. A proper motion is that of the coordinate,
            and the epoch its ``obstime``.
        mpc : str, optional
            Designation of a moving object, such as ``"(12267)"``, in place of a position.
        start, end : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Time range; a time span is counted back from now. By default the whole archive.
        images : {"difference", "reduced"}
            Whether the fluxes are measured on difference images, or on images with the light of the host.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds to wait. The task goes on at the server.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.

        Returns
        -------
        `~atlasquery.LightCurve`
            Forced measurements, sorted by time, with ``service`` ``"forcedphot"``. Without data it is empty.
            ``meta["job_id"]`` is the number of the task, and ``meta["diagnostics"]`` the lines that are no
            measurements.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid; no request is sent.
        LoginError
            If no usable token is available.
        QuotaError
            If 500 tasks of the user wait already.
        JobError
            If the task fails, is deleted, or ``timeout`` has passed.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If there are no data.
        DataQualityWarning
            If lines of the result are no measurements.

        Examples
        --------
        >>> forced = sandbox.forced_client()
        >>> lc = forced.get_light_curve("16h16m00.22s +22d16m04.9s", start="2018-06-01", end="2018-07-01")
        >>> set(lc["kind"].tolist()), lc.meta["images"]
        ({'forced'}, 'difference')
        """
        target, options = check_target(coordinates, mpc), check_options(start, end, images)
        deadline = None if timeout is None else Deadline(check_timeout(timeout))
        task = submit_task(self._request, target, options, make_key())
        with Progress(1, "jobs", show=progress, note=lambda: describe_task(task)) as bar:
            task = wait_for_task(self._request, task, deadline)
            bar.advance(task.is_finished)
        if not task.is_finished or task.status in ("failed", "gone"):
            raise _job_error(task)
        text, url = self._read_result(task)
        light_curve = light_curve_of(text, target, images=images, url=url)
        light_curve.meta["job_id"] = task.job_id
        if not len(light_curve):
            warn_user(f"The server has no data for job {task.job_id}.", NoResultsWarning)
        return light_curve

    def _read_result(self, task: ForcedTask) -> tuple[str, str]:
        """Return the result of a task and its URL; it needs no account, so no token is sent."""
        # The server answers with HTML where JSON is not accepted.
        request = Request(
            "GET", task.data_path, idempotent=True, accept="text/plain", headers={"Accept": "application/json"}
        )
        answer = self._authorized.send_unsigned(request)
        return answer.text, answer.url

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


def _job_error(task: ForcedTask) -> JobError:
    """Return the error of a task without a result."""
    facts: dict[str, Any] = {"job_id": task.job_id, "status": task.status, "url": task.url}
    if task.status == "failed":
        return JobError(f"Job {task.job_id} failed: {task.message}.", **facts)
    if task.status == "gone":
        return JobError(f"Job {task.job_id} was deleted, or has expired.", **facts)
    reason = f"Job {task.job_id} is not finished in time: {describe_task(task)}."
    return JobError(reason, hint="It goes on at the server; its address shows when it is finished.", **facts)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedPhotometryClass`: the client of the ATLAS forced-photometry server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from astropy import units as u

from atlasquery.batches import Partial, carry_results
from atlasquery.exceptions import NoResultsWarning
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_outcomes import continuation_hint
from atlasquery.forcedphot.job_results import HAVE_RESULTS, describe_job, job_error, read_light_curve
from atlasquery.forcedphot.many_targets import ManyTargetsMixin
from atlasquery.forcedphot.poll import wait_for_job
from atlasquery.forcedphot.service import FORCED_SERVICE
from atlasquery.forcedphot.submit import make_comment, submit_tasks
from atlasquery.forcedphot.target import check_options, check_target
from atlasquery.inputs.coordinates import CoordinatesLike
from atlasquery.inputs.time_limit import check_timeout
from atlasquery.inputs.times import SinceLike
from atlasquery.transport import Deadline
from atlasquery.utils.progress import Progress
from atlasquery.utils.warnings import warn_user

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurve

__all__ = ["ForcedPhotometryClass"]


class ForcedPhotometryClass(ManyTargetsMixin):
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
        job = Job(0, check_target(coordinates, mpc), check_options(start, end, images), make_comment())
        deadline = None if timeout is None else Deadline(check_timeout(timeout))
        job.update(submit_tasks(self._request, [job.target], job.options, str(job.comment))[0])
        with (
            carry_results(lambda: Partial(None, (), [], f"{describe_job(job)}. {continuation_hint(None)}")),
            Progress(1, "jobs", show=progress, note=lambda: describe_job(job)) as bar,
        ):
            wait_for_job(self._request, job, deadline)
            bar.advance(job.is_finished)
        if job.status not in HAVE_RESULTS:
            raise job_error(job)
        light_curve = read_light_curve(self._authorized.send_unsigned, job)
        if not len(light_curve):
            warn_user(f"The server has no data for job {job.job_id}.", NoResultsWarning)
        return light_curve

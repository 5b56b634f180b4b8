# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedPhotometryClass`: the client of the ATLAS forced-photometry server."""

from __future__ import annotations

from atlasquery.auth import AuthenticatedQuery
from atlasquery.exceptions import ServerFaultError
from atlasquery.forcedphot.runner import RunnerStatus, decode_runner_status
from atlasquery.forcedphot.service import FORCED_SERVICE
from atlasquery.transport import Request

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

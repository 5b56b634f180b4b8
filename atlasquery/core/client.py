# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ATLASClass`: the client of the ATLAS transient web server, composed of its queries and writes."""

from __future__ import annotations

from functools import partial

from atlasquery.auth import AuthenticatedQuery, AuthorizedSession
from atlasquery.core.bulk import BulkQueries
from atlasquery.core.crossmatch import CrossmatchQueries
from atlasquery.core.lists import ListQueries
from atlasquery.core.names import NameQueries
from atlasquery.core.objects import ObjectQueries
from atlasquery.core.regions import RegionQueries
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.core.vra import VRAQueries
from atlasquery.core.writes import Writes
from atlasquery.endpoints import Endpoints
from atlasquery.transport import Answer, Request, ServerURL

__all__ = ["ATLAS", "ATLASClass"]


class ATLASClass(
    RegionQueries,
    ObjectQueries,
    BulkQueries,
    NameQueries,
    ListQueries,
    VRAQueries,
    CrossmatchQueries,
    Writes,
    AuthenticatedQuery,
):
    """A client of the ATLAS transient web server.

    Creating one does no input or output; it signs in at its first request. In the examples of its methods ``atlas`` is
    the client of a local server, `atlasquery.sandbox.Sandbox`.

    Parameters
    ----------
    server : str, optional
        Root URL of the server's API; by default that of the environment variable ``ATLASQUERY_SERVER``, then
        ``conf.server``, read at each call.
    token : str, optional
        A token for this server. By default the environment and the system keyring are searched.

    See Also
    --------
    atlasquery.sandbox.Sandbox : A local server for practice.

    Examples
    --------
    >>> from atlasquery import ATLASClass
    >>> ATLASClass()
    <ATLASClass: https://psweb.mp.qub.ac.uk/sne/atlas4/api/>
    """

    _service = ATLAS_SERVICE

    def _use_session(self, session: AuthorizedSession) -> None:
        super()._use_session(session)
        self._endpoints_of: dict[ServerURL, Endpoints] = {}

    @property
    def _endpoints(self) -> Endpoints:
        """The endpoints of the current server; those of another server have seen the names of other objects."""
        server = self._authorized.server
        if server not in self._endpoints_of:
            send_read, send_write = partial(self._send, server, True), partial(self._send, server, False)
            self._endpoints_of[server] = Endpoints(send_read, send_write, server.join, server.root)
        return self._endpoints_of[server]

    def _send(self, server: ServerURL, idempotent: bool, path: str, payload: dict[str, object]) -> Answer:
        # Never GET: the server would write on a GET request of a user without write access.
        return self._request(Request("POST", path, payload, idempotent=idempotent), server)


ATLAS = ATLASClass()

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`FORCED_SERVICE`: description of the ATLAS forced-photometry server."""

from __future__ import annotations

import os
from dataclasses import dataclass

from atlasquery.config import DEFAULT_FORCED_SERVER
from atlasquery.exceptions import InvalidQueryError
from atlasquery.transport import QuotaRule, Request, ServerURL, Service

__all__ = ["FORCED_SERVICE", "ForcedService"]

MINUTE = 60.0
WRITES = ("POST", "PUT", "PATCH", "DELETE")
READS = ("GET", "HEAD", "OPTIONS")
# A 401 or 403 comes before the server counts; refused and unknown tasks are counted.
UNCOUNTED = frozenset({*range(300, 304), *range(305, 400), 401, 403, 429})
TRANSIENT_VARIABLE = "ATLASQUERY_SERVER"


@dataclass(frozen=True)
class ForcedService(Service):
    """Description of the forced-photometry server; see `~atlasquery.transport.Service`."""

    def find_server(self) -> ServerURL:
        """Return the server of the environment variable, else that of ``conf``.

        Raises
        ------
        InvalidQueryError
            If the transient server is one of this computer, as for a rehearsal, and no server is named here: tasks
            would be queued in production.
        """
        transient = os.environ.get(TRANSIENT_VARIABLE)
        if self.server_variable not in os.environ and transient and _is_loopback(transient):
            raise InvalidQueryError(
                f"`{self.server_variable}` must be set where {TRANSIENT_VARIABLE} is a server of this computer, got "
                "nothing.",
                hint="Set it to the `forced_url` of the Sandbox, or unset both.",
            )
        return super().find_server()


def _is_loopback(root: str) -> bool:
    try:
        return ServerURL.parse(root, TRANSIENT_VARIABLE).is_local
    except InvalidQueryError:
        return False  # reported where it is used


FORCED_SERVICE = ForcedService(
    name="atlasquery-forced",
    client_name="ForcedPhotometry",
    default_root=DEFAULT_FORCED_SERVER,
    root_setting="forced_server",
    token_endpoint="api-token-auth/",
    token_variable="ATLASQUERY_FORCED_TOKEN",
    server_variable="ATLASQUERY_FORCED_SERVER",
    # The list of one's own tasks needs a token; a page of one task is the smallest.
    verify_request=Request("GET", "queue/", {"pagesize": 1}, idempotent=True),
    quotas=(
        QuotaRule(60, MINUTE, methods=WRITES, uncounted_statuses=UNCOUNTED),
        QuotaRule(600, MINUTE, methods=READS, uncounted_statuses=UNCOUNTED),
    ),
    media_types=("application/json", "text/plain"),
    login_redirects=True,
)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ATLAS_SERVICE`: description of the ATLAS transient web server."""

from atlasquery.config import DEFAULT_SERVER
from atlasquery.endpoints.cone import cone_payload
from atlasquery.transport import QuotaRule, Request, Service
from atlasquery.transport.service import HOUR

__all__ = ["ATLAS_SERVICE"]

ATLAS_SERVICE = Service(
    name="atlasquery",
    client_name="ATLAS",
    default_root=DEFAULT_SERVER,
    root_setting="server",
    token_endpoint="auth-token/",
    token_variable="ATLASQUERY_TOKEN",
    server_variable="ATLASQUERY_SERVER",
    # No endpoint only checks a token; the count in a small cone is the cheapest request.
    verify_request=Request("POST", "cone/", cone_payload(0.0, 0.0, 1.0, "count"), idempotent=True),
    quotas=(QuotaRule("hourly_requests", HOUR),),
)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``externalxmlist/``: the objects with given external names."""

from rest_framework.response import Response

from atlasquery.sandbox.serializers import ExternalCrossmatchQuery
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.views.base import ReadEndpoint

__all__ = ["ExternalCrossmatchListView"]


class ExternalCrossmatchListView(ReadEndpoint):
    """A list of rows for each name."""

    params_serializer = ExternalCrossmatchQuery

    def answer(self, request, params):
        """Look up each name, ignoring case; ATLAS ids and designations are not external names."""
        names = params.get("externalObjects") or None
        crossmatches = get_state().crossmatches_by_name if names else {}
        return Response([crossmatches.get(name.lower(), []) for name in names.split(",")] if names else [])

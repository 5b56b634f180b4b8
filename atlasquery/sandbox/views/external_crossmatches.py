# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``externalxmlist/``: which object another survey's name means."""

from rest_framework.response import Response

from atlasquery.sandbox.serializers import ExternalQuery
from atlasquery.sandbox.server_state import world
from atlasquery.sandbox.views.base import ReadEndpoint

__all__ = ["ExternalCrossmatchListView"]


class ExternalCrossmatchListView(ReadEndpoint):
    """One list of rows a name."""

    query = ExternalQuery

    def answer(self, request, asked):
        """Look each name up, capitals or not; an ATLAS id or designation is none of these names."""
        names = asked.get("externalObjects") or None
        return Response([world().by_name.get(name.lower(), []) for name in names.split(",")] if names else [])

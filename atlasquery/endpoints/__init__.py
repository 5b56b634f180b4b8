# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints of the server, one noun per file: payload, request and table of each."""

from __future__ import annotations

from collections.abc import Callable

from atlasquery import schema
from atlasquery.endpoints.base import Send
from atlasquery.endpoints.cone import ConeEndpoint
from atlasquery.endpoints.lists import ListEndpoint, MembershipEndpoint
from atlasquery.endpoints.name_cache import NameCache
from atlasquery.endpoints.names import NamesEndpoint
from atlasquery.endpoints.objects import ObjectsEndpoint
from atlasquery.endpoints.position_search import PositionSearchQueries
from atlasquery.endpoints.vra import VRAEndpoint
from atlasquery.endpoints.writes import Writer

__all__ = ["Endpoints"]


class Endpoints:
    """All endpoints of one server, with a common cache of names; see `~atlasquery.endpoints.base.Endpoint`."""

    def __init__(self, send_read: Send, send_write: Send, make_url: Callable[[str], str], root: str) -> None:
        self.root = root
        common = (send_read, make_url, NameCache())
        self.cone = ConeEndpoint(*common)
        self.objects = ObjectsEndpoint(*common)
        self.lists = ListEndpoint(*common)
        self.memberships = MembershipEndpoint(*common)
        self.names = NamesEndpoint(*common)
        self.vra_scores = VRAEndpoint(schema.VRA_SCORE, *common)
        self.vra_ranks = VRAEndpoint(schema.VRA_RANK, *common)
        self.vra_todo = VRAEndpoint(schema.VRA_TODO, *common)
        self.positions = PositionSearchQueries(self.cone, self.objects, self.lists)
        self.writes = Writer(send_write, make_url)

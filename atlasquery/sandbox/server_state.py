# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The state that all views of one sandbox share: the sky, the age of the server and its faults."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["VINTAGES", "ServerState", "get_state"]

VINTAGES = ("new", "old")


@dataclass
class ServerState:
    """The sky (a `Sky`), the vintage, and the faults (a `FaultPlan`) of one server process."""

    sky: Any
    vintage: str = "new"  # "old": a server without list filters, vra and uJy
    fault_plan: Any = None
    _list_rows: dict = field(default_factory=dict, repr=False)

    @cached_property
    def object_ids(self):
        """The ids of all objects, as a frozenset of int."""
        return frozenset(self.sky.catalogue["id"].tolist())

    @cached_property
    def crossmatches_by_name(self):
        """The external crossmatches: lower-case external name -> list of rows."""
        rows_by_name = {}
        for row in self.sky.make_external_crossmatches():
            rows_by_name.setdefault(row["external_designation"].lower(), []).append(row)
        return rows_by_name

    def list_row(self, object_id):
        """Return the static part of an object's row in a list, cached; copy it before changing it."""
        if object_id not in self._list_rows:
            self._list_rows[object_id] = self.sky.make_list_row(object_id)
        return self._list_rows[object_id]


def get_state():
    """Return the state of this server process."""
    # The settings of Django are the one place that every view can read without importing the server.
    from django.conf import settings

    return settings.SANDBOX_STATE

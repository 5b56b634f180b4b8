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
    task_seconds: float = 0.05  # duration of a task of forced photometry
    forced_vintage: str = "new"  # "old": the forced-photometry server of March 2026
    _list_rows: dict = field(default_factory=dict, repr=False)

    @cached_property
    def object_ids(self):
        """The ids of all objects, as a frozenset of int."""
        return frozenset(self.sky.catalogue["id"].tolist())

    @property
    def clock(self):
        """The clock of the throttles and of the queue of forced photometry, a function."""
        from atlasquery.sandbox.throttling import ThrottleClock

        return ThrottleClock.now

    @cached_property
    def forced_queue(self):
        """The tasks of forced photometry, a `ForcedQueue`."""
        from atlasquery.sandbox.fault_plan import FaultPlan
        from atlasquery.sandbox.forced.queue import ForcedQueue
        from atlasquery.sandbox.forced.results import HEADER, format_result

        def measure(options):
            if options["ra"] is None:  # moving objects are not on this sky
                return f"{HEADER}\n"
            start, end = (options[name] for name in ("mjd_min", "mjd_max"))
            bounds = (-float("inf") if start is None else start, float("inf") if end is None else end)
            return format_result(self.sky.measure_position(options["ra"] % 360, options["dec"], *bounds))

        is_old = self.forced_vintage == "old"
        return ForcedQueue(self.clock, measure, self.task_seconds, is_old=is_old, faults=self.fault_plan or FaultPlan())

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

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The faults that a server has still to produce."""

import threading
from dataclasses import dataclass

from atlasquery.sandbox.fault import STATE_KINDS, TASK_KINDS, Fault

__all__ = ["FaultPlan"]


@dataclass
class _PendingFault:
    """A fault, with the requests that it still skips and affects (`None`: no limit)."""

    fault: Fault
    remaining_skips: int
    remaining_times: int | None


class FaultPlan:
    """The pending faults, first added first used; safe to share between threads."""

    def __init__(self, faults=()):
        self._lock = threading.Lock()
        self._pending = []
        self._cleared = threading.Event()
        for fault in faults:
            self.add(fault)

    def add(self, fault):
        """Add a fault, to be used after those added before."""
        with self._lock:
            self._pending.append(_PendingFault(fault, fault.skip, fault.times))

    def clear(self):
        """Remove all faults and release stalled requests."""
        with self._lock:
            self._pending.clear()
            self._cleared.set()
            self._cleared = threading.Event()

    def take(self, path):
        """Return the fault for a request to the URL path, or `None`, and count the request."""
        endpoint = path.rstrip("/").rpartition("/")[2]
        with self._lock:
            for pending in self._pending:
                # States and tasks are no faults of the web server: others read them.
                is_other = pending.fault.kind in STATE_KINDS + TASK_KINDS
                if not is_other and pending.fault.affects(endpoint) and self._use_if_due(pending):
                    return pending.fault
        return None

    def take_of_task(self):
        """Return the fault for an attempt of a task of forced photometry, or `None`, and count the attempt."""
        with self._lock:
            for pending in self._pending:
                if pending.fault.kind in TASK_KINDS and self._use_if_due(pending):
                    return pending.fault
        return None

    def _use_if_due(self, pending):
        """Count a request, remove the fault if it was the last one, and return whether the request is affected."""
        if pending.remaining_skips > 0:
            pending.remaining_skips -= 1
            return False
        if pending.remaining_times is not None:
            pending.remaining_times -= 1
            if not pending.remaining_times:
                self._pending.remove(pending)
        return True

    @property
    def damaged_objects(self):
        """The ids of the objects whose records cannot be read at present, as a set."""
        with self._lock:
            damaged = [pending.fault for pending in self._pending if pending.fault.kind == "damaged"]
        return {int(object_id) for fault in damaged for object_id in fault.objects}

    @property
    def is_runner_down(self):
        """Whether the runner of the tasks of forced photometry is down."""
        with self._lock:
            return any(pending.fault.kind == "runner_down" for pending in self._pending)

    def wait(self, seconds):
        """Wait, at most until `clear`, and return whether the plan was cleared."""
        return self._cleared.wait(seconds)

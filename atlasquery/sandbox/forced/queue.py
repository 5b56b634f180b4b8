# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedQueue`: the tasks of all users, and the runner that works on them."""

from threading import RLock

from atlasquery.sandbox.forced.older import queue_full_message
from atlasquery.sandbox.forced.results import damaged_result, has_rows, is_parsable
from atlasquery.sandbox.forced.task import FINISHED_WITHOUT_ROWS, ForcedTask

__all__ = ["MAX_QUEUED", "ForcedQueue", "QueueFullError"]

FIRST_ID = 1_000_001
MAX_QUEUED = 500  # tasks of a user that have not started
RETRY_SECONDS = 5.0  # after an attempt whose computer was not reached
N_SLOTS = 16  # tasks that run at once, one of a user


class QueueFullError(Exception):
    """The user has too many tasks that have not started."""


class ForcedQueue:
    """The tasks in the order of their submission; safe to share between threads.

    Nothing runs in the background: at each look, tasks are started and finished as the time since then allows.

    Parameters
    ----------
    clock : callable
        Returns the time in seconds.
    measure : callable
        Takes the options of a task and returns the text of its result.
    task_seconds : float
        Duration of a task.
    is_old : bool
        Whether the server is the older one, which does not count what is requested.
    take_fault : callable
        Returns the fault of the next attempt, a `~atlasquery.sandbox.Fault` or None.
    """

    def __init__(self, clock, measure, task_seconds, *, is_old=False, take_fault=lambda: None):
        self._take_fault = take_fault
        self._clock, self._measure, self._task_seconds, self._is_old = clock, measure, task_seconds, is_old
        self._lock = RLock()
        self._tasks = {}
        self._next_id = FIRST_ID
        self._free_since = {}  # by the name of the user: when the last task ended
        self._places = None  # in the queue, by the ids of the tasks; None after a change
        self._changes = {}  # by the name of the user: number of changes, for the entity tags

    def submit(self, owner, options):
        """Add tasks with these options, a list of dicts, and return them; raise `QueueFullError` for too many."""
        with self._lock:
            self._advance()
            n_queued = len(self.queued(owner))
            if self._is_old and n_queued >= MAX_QUEUED:
                raise QueueFullError(queue_full_message(n_queued, MAX_QUEUED))
            if not self._is_old and n_queued + len(options) > MAX_QUEUED:
                raise QueueFullError(
                    f"ERROR: You have too many queued tasks ({n_queued} queued + {len(options)} requested > "
                    f"{MAX_QUEUED})."
                )
            now = self._clock()
            tasks = []
            for n_before, one in enumerate(options, start=n_queued):
                tasks.append(ForcedTask(self._next_id, owner, one, now, n_before))
                self._tasks[self._next_id] = tasks[-1]
                self._next_id += 1
            self._change(owner)
            return tasks

    def find(self, task_id):
        """Return a task, also an archived one, or None."""
        with self._lock:
            self._advance()
            return self._tasks.get(task_id)

    def tasks_of(self, owner):
        """Return the tasks of a user that are not archived, newest first."""
        with self._lock:
            self._advance()
            own = (task for task in self._tasks.values() if task.owner.pk == owner.pk and not task.is_archived)
            return sorted(own, key=lambda task: -task.id)

    def queued(self, owner=None):
        """Return the tasks of a user, or of all, that have not started."""
        with self._lock:
            return [
                task
                for task in self._tasks.values()
                if task.started is None and not task.is_archived and (owner is None or task.owner.pk == owner.pk)
            ]

    def running(self):
        """Return the tasks that have started and not finished."""
        with self._lock:
            self._advance()
            return [task for task in self._tasks.values() if task.started is not None and task.finished is None]

    def change(self, task, options):
        """Change options of a task; the result of a finished one stays."""
        with self._lock:
            task.options |= options
            self._change(task.owner)

    def delete(self, task):
        """Delete a task; a finished one is archived, without its files."""
        with self._lock:
            self._advance()
            if task.finished is None:
                self._tasks.pop(task.id, None)
                if task.started is not None:  # the run is killed
                    self._free_since[task.owner.username] = self._clock()
            else:
                task.is_archived, task.result = True, None
            self._change(task.owner)

    def position(self, task):
        """Return the place of a task in the queue, where users take turns; None if it is finished."""
        with self._lock:
            if task.finished is not None:
                return None
            if self._places is None:
                self._places = self._find_places()
            return self._places[task.id]

    def _find_places(self):
        """Return the places of all tasks in the queue, by their ids."""
        turns, order = {}, []
        for task in self._tasks.values():
            if task.finished is None and not task.is_archived:
                turn = turns[task.owner.pk] = turns.get(task.owner.pk, -1) + 1
                order.append((turn, task.id))
        return {task_id: place for place, (_, task_id) in enumerate(sorted(order))}

    def tag(self, owner):
        """Return a text that changes with each change of the tasks of a user."""
        with self._lock:
            self._advance()
            return f"{owner.pk}-{self._changes.get(owner.username, 0)}"

    def _change(self, owner):
        self._places = None
        self._changes[owner.username] = self._changes.get(owner.username, 0) + 1

    def _advance(self):
        """Start and finish tasks until now."""
        now = self._clock()
        for task in list(self._tasks.values()):
            if task.finished is not None:
                continue
            if task.started is None:
                start = max(task.submitted, self._free_since.get(task.owner.username, task.submitted))
                if start > now:
                    continue
                self._start(task, start)
            while task.finished is None and task.started + self._task_seconds <= now:
                self._end_attempt(task, task.started + self._task_seconds)

    def _start(self, task, time):
        task.started, task.attempts = time, task.attempts + 1
        self._free_since[task.owner.username] = time + self._task_seconds
        self._change(task.owner)

    def _end_attempt(self, task, time):
        """Finish a task, or start it again if its computer was not reached."""
        fault = self._take_fault()
        if fault is not None and fault.kind == "task_unreachable":
            self._start(task, time + RETRY_SECONDS)
        else:
            self._finish(task, time, fault)

    def _finish(self, task, time, fault):
        task.finished = time
        if fault is not None and fault.kind == "task_error":
            task.error = str(fault.value or "Error: object not found")
            self._change(task.owner)
            return
        task.result = damaged_result(self._measure(task.options), fault)
        if not has_rows(task.result):
            task.error = FINISHED_WITHOUT_ROWS
        elif not is_parsable(task.result):
            task.error = "Could not parse the result file"
        self._change(task.owner)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedQueue`: the tasks of all users, and the runner that works on them."""

from threading import RLock

from atlasquery.sandbox.forced.older import queue_full_message
from atlasquery.sandbox.forced.run import run_task
from atlasquery.sandbox.forced.task import ForcedTask

__all__ = ["MAX_QUEUED", "ForcedQueue", "ImagesRefusedError", "QueueFullError"]

FIRST_ID = 1_000_001
MAX_IMAGE_REQUESTS = 5  # of a user, finished ones included
MAX_QUEUED = 500  # tasks of a user that have not started
# After an attempt whose computer was not reached: as long as the attempt, at least and at most.
MIN_RETRY_SECONDS, MAX_RETRY_SECONDS = 0.05, 5.0
N_SLOTS = 16  # tasks that run at once, one of a user


class QueueFullError(Exception):
    """The user has too many tasks that have not started."""


class ImagesRefusedError(Exception):
    """The user has too many requests of images that are not deleted."""


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
    faults : FaultPlan
        The faults of the runner and of the attempts.
    """

    def __init__(self, clock, measure, task_seconds, *, is_old, faults):
        self._faults = faults
        self._down_until = 0.0  # the last time at which the runner was seen to be down
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
            return [self._add(owner, one, now, n_before) for n_before, one in enumerate(options, start=n_queued)]

    def request_images(self, owner, parent):
        """Add a request for the images of a task and return it; None if the task has no result.

        Raises `ImagesRefusedError` for too many.
        """
        with self._lock:
            if not parent.has_rows:
                return None
            n_requests = sum(task.parent is not None for task in self.tasks_of(owner))
            if n_requests >= MAX_IMAGE_REQUESTS:
                raise ImagesRefusedError(
                    f"You have too many IMGZIP tasks ({n_requests} >= {MAX_IMAGE_REQUESTS}). Delete some before making "
                    "new requests."
                )
            options = parent.options | {"request_type": "IMGZIP", "send_email": False, "comment": None}
            request = self._add(owner, options | {"callback_url": None}, self._clock(), None, parent=parent)
            parent.image_requests.append(request)
            self._change(parent.owner)
            return request

    def _add(self, owner, options, now, n_before, parent=None):
        task = self._tasks[self._next_id] = ForcedTask(self._next_id, owner, options, now, n_before, parent)
        self._next_id += 1
        self._change(owner)
        return task

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

    @property
    def is_runner_down(self):
        """Whether no task starts or ends."""
        return self._faults.is_runner_down

    def change(self, task, options):
        """Change options of a task; the result of a finished one stays."""
        with self._lock:
            task.options |= options
            self._change(task.owner)

    def delete(self, task):
        """Delete a task; a finished one is archived, without its files."""
        with self._lock:
            self._advance()
            if task.parent is not None and task in task.parent.image_requests:
                task.parent.image_requests.remove(task)
                self._change(task.parent.owner)
            if task.finished is None:
                self._tasks.pop(task.id, None)
                if task.started is not None:  # the run is killed
                    self._free_since[task.owner.username] = self._clock()
            else:
                task.is_archived = True
                task.files.clear()
            self._change(task.owner)

    def position(self, task):
        """Return the place of a task in the queue, where users take turns; None if it is finished."""
        with self._lock:
            if task.finished is not None:
                return None
            if self._places is None:
                self._places = self._find_places()
            return self._places.get(task.id)

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
        if self.is_runner_down:
            self._down_until = now
            return
        for task in list(self._tasks.values()):
            while task.finished is None and self._next_step(task) <= now:
                self._step(task)

    def _next_step(self, task):
        """Return the time at which a task starts, or its attempt ends."""
        if task.started is None:
            time = max(task.submitted, self._free_since.get(task.owner.username, task.submitted))
        else:
            time = task.started + self._task_seconds if task.retry is None else task.retry
        return max(time, self._down_until)

    def _step(self, task):
        """Start a task, or end its attempt; an attempt whose computer was not reached is followed by another."""
        time = self._next_step(task)
        if task.started is None or task.retry is not None:
            task.started, task.retry, task.attempts = time, None, task.attempts + 1
            self._free_since[task.owner.username] = time + self._task_seconds
        else:
            fault = self._faults.take_of_task()
            if fault is not None and fault.kind == "task_unreachable":
                task.retry = time + min(max(self._task_seconds, MIN_RETRY_SECONDS), MAX_RETRY_SECONDS)
                self._free_since[task.owner.username] = task.retry + self._task_seconds
            else:
                run_task(task, self._measure, fault)
                task.finished = self._free_since[task.owner.username] = time
        self._change(task.owner)
        if task.parent is not None:
            self._change(task.parent.owner)

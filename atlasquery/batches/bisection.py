# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`BatchQueue`: the ids still to be requested, and the search for those that make a whole batch fail.

The server fails a whole batch (500) if one of its objects has a damaged row. Bisection finds it: if the first half
succeeds, the second is known to be bad, so one damaged object in n costs about log2(n) more requests.
"""

from atlasquery.batches.sequential import FATAL_ERRORS
from atlasquery.exceptions import ServerFaultError, ServerTimeoutError, UnreadableAnswerError

__all__ = ["Batch", "BatchQueue", "is_timeout"]

# After this many failures of single ids in a row, the cause is the server and not the objects.
MAX_CONSECUTIVE_FAILURES = 5
GATEWAY_TIMEOUT = 504
# May be caused by one object: a server error, an answer that is too large, an error in a record (no status).
DATA_ERROR_STATUSES = (500, 413, None)


class Batch:
    """Ids of one request.

    Parameters
    ----------
    ids : list of int
        At least one id.
    is_fresh : bool
        Whether they are requested for the first time.
    sibling : Batch, optional
        Other half of a failed batch, which is certainly bad if this half is good.
    """

    def __init__(self, ids, *, is_fresh=False, sibling=None):
        self.ids = ids
        self.is_fresh = is_fresh
        self.sibling = sibling
        self.is_known_bad = False

    def split(self, *, is_data_error):
        """Return both halves; after a data error the second is bad if the first is good."""
        middle = (len(self.ids) + 1) // 2
        second = Batch(self.ids[middle:])
        return Batch(self.ids[:middle], sibling=second if is_data_error else None), second


class BatchQueue:
    """Queue of batches: `next_batch` returns one, `mark_done` or `fail` reports its outcome.

    Parameters
    ----------
    ids : list of int, length n
        Unique ids.

    Attributes
    ----------
    failed : dict of int to AtlasQueryError
        Ids that were given up, and their errors.
    stopped_by : AtlasQueryError or None
        Error that ended the whole queue.
    """

    def __init__(self, ids):
        self._fresh_ids = ids
        self._n_taken = 0
        self._to_bisect = []  # a stack: the last is next
        self._consecutive_failures = 0
        self._n_timeouts = 0
        self._has_success = False  # in the batch that is being bisected
        self.failed = {}
        self.stopped_by = None

    @property
    def can_prefetch(self):
        """Whether the next batch is independent of the outcome of the current one."""
        return not (self._to_bisect or self._consecutive_failures or self._n_timeouts)

    def next_batch(self, max_ids):
        """Return the next `Batch`, a fresh one of at most ``max_ids`` ids; `None` at the end."""
        while self._to_bisect:
            batch = self._to_bisect.pop()
            if not batch.is_known_bad or len(batch.ids) == 1:
                return batch
            self._split(batch, is_data_error=True)
        ids = self._fresh_ids[self._n_taken : self._n_taken + max_ids]
        self._n_taken += len(ids)
        return Batch(ids, is_fresh=True) if ids else None

    def mark_done(self, batch):
        """Record that a batch succeeded."""
        self._consecutive_failures = self._n_timeouts = 0
        self._has_success = True
        if batch.sibling is not None:
            batch.sibling.is_known_bad = True

    def fail(self, batch, error):
        """Record that a batch failed: it is split, given up, or ends the queue."""
        self._has_success &= not batch.is_fresh
        if is_timeout(error) and not self._n_timeouts and len(batch.ids) > 1:
            self._n_timeouts += 1
            self._split(batch, is_data_error=False)
        elif not _is_data_error(error) or (self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES and batch.is_fresh):
            self._stop(batch, error)
        elif len(batch.ids) > 1:
            self._split(batch, is_data_error=True)
        else:
            self._give_up(batch, error)

    def _split(self, batch, *, is_data_error):
        self._to_bisect += reversed(batch.split(is_data_error=is_data_error))

    def _ids_to_bisect(self):
        return [object_id for batch in reversed(self._to_bisect) for object_id in batch.ids]

    def _give_up(self, batch, error):
        self.failed[batch.ids[0]] = error
        self._consecutive_failures += 1
        if self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
            # Single requests for the rest of this batch would cost too much; if the next batch fails too, all ends.
            self.failed |= dict.fromkeys(self._ids_to_bisect(), error)
            self._to_bisect.clear()
        elif self._has_success and not any(waiting.is_known_bad for waiting in self._to_bisect):
            # The damaged object is isolated, so the rest is probably good: one request for all of it.
            remaining_ids = self._ids_to_bisect()
            self._to_bisect = [Batch(remaining_ids)] if remaining_ids else []

    def _stop(self, batch, error):
        remaining_ids = [*batch.ids, *self._ids_to_bisect(), *self._fresh_ids[self._n_taken :]]
        self.failed |= dict.fromkeys(remaining_ids, error)
        self._to_bisect.clear()
        self._n_taken = len(self._fresh_ids)
        self.stopped_by = error


def is_timeout(error):
    """Return whether the server needed more time than it had."""
    return isinstance(error, ServerTimeoutError) or getattr(error, "status", None) == GATEWAY_TIMEOUT


def _is_data_error(error):
    if isinstance(error, FATAL_ERRORS):
        return False
    return isinstance(error, UnreadableAnswerError) or (
        isinstance(error, ServerFaultError) and error.status in DATA_ERROR_STATUSES
    )

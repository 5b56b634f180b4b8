# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is still to be asked for, and the search for those ids that make a whole batch fail.

The server fails a batch as a whole (500) if one of its objects has a damaged row. Halving finds it: if the first half
is good the second is known to be bad, so an offender among n costs about log2(n) requests more.
"""

from atlasquery.batches.sequential import FATAL_ERRORS
from atlasquery.exceptions import ServerFaultError, ServerTimeoutError, UnreadableAnswerError

__all__ = ["Batch", "BatchQueue", "is_timeout"]

# So many single ids that fail in a row, and the server is to blame rather than they.
MAX_CONSECUTIVE_FAILURES = 5
GATEWAY_TIMEOUT = 504
# What may be one object's fault: a fault of the program, an answer too large, an error in a record.
DATA_ERROR_STATUSES = (500, 413, None)


class Batch:
    """Ids that go into one request, and what is known of them.

    Parameters
    ----------
    ids : list of int
        At least one.
    is_fresh : bool
        Whether they are asked for the first time.
    sibling : Part, optional
        The other half of a batch that failed, if that is bad for sure once this one is good.
    """

    def __init__(self, ids, *, is_fresh=False, sibling=None):
        self.ids = ids
        self.is_fresh = is_fresh
        self.sibling = sibling
        self.is_known_bad = False

    def split(self, *, blamed):
        """Return both halves; if the ids are to blame, the second is bad if the first is good."""
        middle = (len(self.ids) + 1) // 2
        second = Batch(self.ids[middle:])
        return Batch(self.ids[:middle], sibling=second if blamed else None), second


class BatchQueue:
    """Hands out what to ask for next, and is told what became of it.

    Parameters
    ----------
    ids : list of int, length n
        Each once.

    Attributes
    ----------
    failed : dict of int to AtlasQueryError
        The ids that were given up, and why.
    stopped_by : AtlasQueryError or None
        What ended all work, if anything did.

    Examples
    --------
    >>> from atlasquery.batches.bisection import BatchQueue
    >>> from atlasquery.exceptions import ServerFaultError
    >>> work, asked = BatchQueue([11, 12, 13, 14]), []
    >>> while part := work.next_batch(4):
    ...     asked.append(part.ids)
    ...     if 13 in part.ids:
    ...         work.fail(part, ServerFaultError("The server failed.", status=500))
    ...     else:
    ...         work.mark_done(part)
    >>> asked
    [[11, 12, 13, 14], [11, 12], [13], [14]]
    >>> list(work.failed)
    [13]
    """

    def __init__(self, ids):
        self._fresh = ids
        self._next = 0
        self._to_bisect = []  # the last is the next
        self._consecutive_failures = 0
        self._slow = 0
        self._has_success = False  # of the batch that is searched
        self.failed = {}
        self.stopped_by = None

    @property
    def can_prefetch(self):
        """Whether nothing is being searched for, so that the next part does not depend on the present one."""
        return not (self._to_bisect or self._consecutive_failures or self._slow)

    def next_batch(self, size):
        """Return the next `Batch`, fresh ones of at most ``size`` ids; `None` if nothing is left."""
        while self._to_bisect:
            part = self._to_bisect.pop()
            if not part.is_known_bad or len(part.ids) == 1:
                return part
            self._split(part, blamed=True)
        ids = self._fresh[self._next : self._next + size]
        self._next += len(ids)
        return Batch(ids, is_fresh=True) if ids else None

    def mark_done(self, part):
        """Note that a part was obtained."""
        self._consecutive_failures = self._slow = 0
        self._has_success = True
        if part.sibling is not None:
            part.sibling.is_known_bad = True

    def fail(self, part, error):
        """Note that a part was not obtained: it will be searched, given up, or the end of everything."""
        self._has_success &= not part.is_fresh
        if is_timeout(error) and not self._slow and len(part.ids) > 1:
            self._slow += 1
            self._split(part, blamed=False)
        elif not _is_data_error(error) or (self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES and part.is_fresh):
            self._stop(part, error)
        elif len(part.ids) > 1:
            self._split(part, blamed=True)
        else:
            self._give_up(part, error)

    def _split(self, part, *, blamed):
        self._to_bisect += reversed(part.split(blamed=blamed))

    def _give_up(self, part, error):
        self.failed[part.ids[0]] = error
        self._consecutive_failures += 1
        if self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
            # The rest of this batch is not worth a request each; if the next batch fails, too, that is the end.
            self.failed |= {one: error for suspect in reversed(self._to_bisect) for one in suspect.ids}
            self._to_bisect.clear()
        elif self._has_success and not any(suspect.is_known_bad for suspect in self._to_bisect):
            # The offender is found, so the rest is probably good: one request for all of it.
            rest = [one for suspect in reversed(self._to_bisect) for one in suspect.ids]
            self._to_bisect = [Batch(rest)] if rest else []

    def _stop(self, part, error):
        left = [*part.ids, *(one for suspect in reversed(self._to_bisect) for one in suspect.ids)]
        self.failed |= dict.fromkeys([*left, *self._fresh[self._next :]], error)
        self._to_bisect.clear()
        self._next = len(self._fresh)
        self.stopped_by = error


def is_timeout(error):
    """Tell whether an error says that the server needs more time than it is given."""
    return isinstance(error, ServerTimeoutError) or getattr(error, "status", None) == GATEWAY_TIMEOUT


def _is_data_error(error):
    if isinstance(error, FATAL_ERRORS):
        return False
    return isinstance(error, UnreadableAnswerError) or (
        isinstance(error, ServerFaultError) and error.status in DATA_ERROR_STATUSES
    )

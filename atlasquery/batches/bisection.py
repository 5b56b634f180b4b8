# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is still to be asked for, and the search for those ids that make a whole batch fail.

The server fails a batch as a whole (500) if one of its objects has a damaged row. Halving finds it: if the first half
is good the second is known to be bad, so an offender among n costs about log2(n) requests more.
"""

from atlasquery.batches.sequential import ENDS_ALL
from atlasquery.exceptions import ServerFaultError, ServerTimeoutError, UnreadableAnswerError

__all__ = ["Part", "Work", "is_too_slow"]

# So many single ids that fail in a row, and the server is to blame rather than they.
STRIKES = 5
GATEWAY_TIMEOUT = 504
# What may be one object's fault: a fault of the program, an answer too large, an error in a record.
BLAMED_ON_OBJECTS = (500, 413, None)


class Part:
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
        self.is_bad = False

    def halves(self, *, blamed):
        """Return both halves; if the ids are to blame, the second is bad if the first is good."""
        middle = (len(self.ids) + 1) // 2
        second = Part(self.ids[middle:])
        return Part(self.ids[:middle], sibling=second if blamed else None), second


class Work:
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
    >>> from atlasquery.batches.bisection import Work
    >>> from atlasquery.exceptions import ServerFaultError
    >>> work, asked = Work([11, 12, 13, 14]), []
    >>> while part := work.take(4):
    ...     asked.append(part.ids)
    ...     if 13 in part.ids:
    ...         work.fail(part, ServerFaultError("The server failed.", status=500))
    ...     else:
    ...         work.succeed(part)
    >>> asked
    [[11, 12, 13, 14], [11, 12], [13], [14]]
    >>> list(work.failed)
    [13]
    """

    def __init__(self, ids):
        self._fresh = ids
        self._next = 0
        self._suspects = []  # the last is the next
        self._strikes = 0
        self._slow = 0
        self._some_are_good = False  # of the batch that is searched
        self.failed = {}
        self.stopped_by = None

    @property
    def is_smooth(self):
        """Whether nothing is being searched for, so that the next part does not depend on the present one."""
        return not (self._suspects or self._strikes or self._slow)

    def take(self, size):
        """Return the next `Part`, fresh ones of at most ``size`` ids; `None` if nothing is left."""
        while self._suspects:
            part = self._suspects.pop()
            if not part.is_bad or len(part.ids) == 1:
                return part
            self._split(part, blamed=True)
        ids = self._fresh[self._next : self._next + size]
        self._next += len(ids)
        return Part(ids, is_fresh=True) if ids else None

    def succeed(self, part):
        """Note that a part was obtained."""
        self._strikes = self._slow = 0
        self._some_are_good = True
        if part.sibling is not None:
            part.sibling.is_bad = True

    def fail(self, part, error):
        """Note that a part was not obtained: it will be searched, given up, or the end of everything."""
        self._some_are_good &= not part.is_fresh
        if is_too_slow(error) and not self._slow and len(part.ids) > 1:
            self._slow += 1
            self._split(part, blamed=False)
        elif not _is_blamed_on_objects(error) or (self._strikes >= STRIKES and part.is_fresh):
            self._stop(part, error)
        elif len(part.ids) > 1:
            self._split(part, blamed=True)
        else:
            self._give_up(part, error)

    def _split(self, part, *, blamed):
        self._suspects += reversed(part.halves(blamed=blamed))

    def _give_up(self, part, error):
        self.failed[part.ids[0]] = error
        self._strikes += 1
        if self._strikes >= STRIKES:
            # The rest of this batch is not worth a request each; if the next batch fails, too, that is the end.
            self.failed |= {one: error for suspect in reversed(self._suspects) for one in suspect.ids}
            self._suspects.clear()
        elif self._some_are_good and not any(suspect.is_bad for suspect in self._suspects):
            # The offender is found, so the rest is probably good: one request for all of it.
            rest = [one for suspect in reversed(self._suspects) for one in suspect.ids]
            self._suspects = [Part(rest)] if rest else []

    def _stop(self, part, error):
        left = [*part.ids, *(one for suspect in reversed(self._suspects) for one in suspect.ids)]
        self.failed |= dict.fromkeys([*left, *self._fresh[self._next :]], error)
        self._suspects.clear()
        self._next = len(self._fresh)
        self.stopped_by = error


def is_too_slow(error):
    """Tell whether an error says that the server needs more time than it is given."""
    return isinstance(error, ServerTimeoutError) or getattr(error, "status", None) == GATEWAY_TIMEOUT


def _is_blamed_on_objects(error):
    if isinstance(error, ENDS_ALL):
        return False
    return isinstance(error, UnreadableAnswerError) or (
        isinstance(error, ServerFaultError) and error.status in BLAMED_ON_OBJECTS
    )

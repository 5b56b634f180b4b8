# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How many ids go into one request: as many as the server answers well inside the time it is given."""

from atlasquery.config import conf

__all__ = ["BatchSize"]

MAX_IDS = 50_000  # what the server accepts
GROWTH = 4
# Of conf.timeout: the server works out the whole answer before its first byte.
SHARE_OF_TIMEOUT = 0.4
# Decoded, an answer takes about ten times its size; one is decoded while the next is on its way.
MAX_ANSWER_BYTES = 32_000_000
# First batch, seconds and bytes an object: as measured on a server, the time with a margin.
FULL = (50, 0.15, 260_000)
RECENT = (50, 0.026, 33_000)
OBJECT_ROWS = (1000, 0.006, 6_000)


class BatchSize:
    """The size of the next batch, from what the batches before have shown.

    Parameters
    ----------
    first : int
        Ids of the first batch, at most.
    seconds, size : float
        Time and bytes an object takes, as long as nothing is known of this server.

    Examples
    --------
    >>> from atlasquery.batches.batch_size import RECENT, BatchSize
    >>> pace = BatchSize(*RECENT)
    >>> pace.ids
    50
    >>> pace.update(50, seconds=0.5, size=1_000_000)
    >>> pace.ids
    200
    >>> pace.update(200, seconds=20.0, size=4_000_000)
    >>> pace.ids
    240
    """

    def __init__(self, first, seconds, size):
        self._seconds, self._size = seconds, size
        self.ids = max(1, min(first, self._max_ids()))

    def _max_ids(self):
        """The ids that fit the time and the memory."""
        return int(min(SHARE_OF_TIMEOUT * conf.timeout / self._seconds, MAX_ANSWER_BYTES / self._size, MAX_IDS))

    def update(self, n, *, seconds, size):
        """Learn from a batch of ``n`` ids how long it took and how many bytes it was."""
        if n < self.ids / 2:
            return  # what each request takes by itself would be taken for the objects'
        self._seconds, self._size = max(seconds / n, 1e-6), max(size / n, 1)
        self.ids = max(1, min(GROWTH * self.ids, self._max_ids()))

    def shrink(self):
        """Learn that a batch took too long."""
        self.ids = max(1, self.ids // GROWTH)

    def planned_sizes(self, n):
        """Return the sizes of the batches of ``n`` ids, if objects are as they are expected to be."""
        sizes, ids = [], self.ids
        while n:
            sizes.append(min(ids, n))
            n -= sizes[-1]
            ids = max(1, min(GROWTH * ids, self._max_ids()))
        return sizes

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`BatchSize`: the number of ids in a request, so that the server answers well within its time limit."""

from atlasquery.config import conf

__all__ = ["BatchSize"]

MAX_IDS = 50_000  # a request of more is refused by the server
GROWTH = 4
# Fraction of conf.timeout: the server builds the whole answer before it sends the first byte.
SHARE_OF_TIMEOUT = 0.4
# A decoded answer takes about ten times its size in memory, while the next one is downloaded.
MAX_ANSWER_BYTES = 32_000_000
# Ids of the first batch, seconds per object, bytes per object: measured on a server, with a margin of time.
FULL = (50, 0.15, 260_000)
RECENT = (50, 0.026, 33_000)
OBJECT_ROWS = (1000, 0.006, 6_000)


class BatchSize:
    """Number of ids of the next batch, adapted to the time and size of earlier answers.

    Parameters
    ----------
    first_ids : int
        Maximum number of ids of the first batch.
    seconds, n_bytes : float
        Initial estimates of the time and bytes per object.
    """

    def __init__(self, first_ids, seconds, n_bytes):
        self._seconds, self._n_bytes = seconds, n_bytes
        self.ids = max(1, min(first_ids, self._max_ids()))

    def _max_ids(self):
        """Return the number of ids that fit the time limit and the memory."""
        in_time = SHARE_OF_TIMEOUT * conf.timeout / self._seconds
        return int(min(in_time, MAX_ANSWER_BYTES / self._n_bytes, MAX_IDS))

    def update(self, n_ids, *, seconds, size):
        """Update the estimates from the seconds and bytes of a batch of ``n_ids`` ids."""
        if n_ids < self.ids / 2:
            return  # the fixed cost of a request would dominate
        self._seconds, self._n_bytes = max(seconds / n_ids, 1e-6), max(size / n_ids, 1)
        self.ids = max(1, min(GROWTH * self.ids, self._max_ids()))

    def shrink(self):
        """Reduce the size after a batch that took too long."""
        self.ids = max(1, self.ids // GROWTH)

    def planned_sizes(self, n_ids):
        """Return the sizes of the batches of ``n_ids`` ids if the initial estimates are right."""
        sizes, size = [], self.ids
        while n_ids:
            sizes.append(min(size, n_ids))
            n_ids -= sizes[-1]
            size = max(1, min(GROWTH * size, self._max_ids()))
        return sizes

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`BatchFetch`: downloads many ids in batches; the next batch is downloaded while the last one is decoded."""

import time

from atlasquery.batches.background import BackgroundRequests
from atlasquery.batches.bisection import BatchQueue, is_timeout
from atlasquery.batches.sequential import FATAL_ERRORS
from atlasquery.exceptions import AtlasQueryError, BatchError

__all__ = ["BatchFetch"]


class BatchFetch:
    """Iterable of the decoded answers of batches, which share one connection.

    Parameters
    ----------
    ids : list of int, length n
        Ids to download; repeated ones are requested once.
    send_batch : callable
        Sends the ids of a batch and returns an `~atlasquery.transport.Answer`; it may run in another thread.
    decode_answer : callable
        Returns the decoded items of an answer, and which of its ids do not exist: ``decode_answer(answer, ids)``.
    batch_size : `~atlasquery.batches.BatchSize`
        Size of the batches.
    advance : callable, optional
        Called with the number of finished ids after each batch.

    Attributes
    ----------
    missing : list of int
        Ids that do not exist.
    """

    def __init__(self, ids, send_batch, decode_answer, batch_size, advance=lambda n: None):
        self._ids = list(dict.fromkeys(ids))
        self._send, self._decode, self._batch_size, self._advance = send_batch, decode_answer, batch_size, advance
        self._queue = BatchQueue(self._ids)
        self._n_done = 0
        self.missing = []

    @property
    def failed(self):
        """Errors of the ids that were not downloaded, a dict in the order of the ids."""
        return {object_id: self._queue.failed[object_id] for object_id in self._ids if object_id in self._queue.failed}

    @property
    def stopped_by(self):
        """Error that ended the download early, or `None`."""
        return self._queue.stopped_by

    def mark_failed(self, object_id, error):
        """Record that the downloaded record of an id cannot be used."""
        self._queue.failed[object_id] = error
        self._n_done -= 1

    def __iter__(self):
        # The end of the generator cancels the request in the background.
        with BackgroundRequests() as background:
            yield from self._iter_batches(background)

    def _iter_batches(self, background):
        queue, prefetched = self._queue, None
        while prefetched is not None or (batch := queue.next_batch(self._batch_size.ids)):
            # The first batch runs in the main thread: a password prompt and Ctrl-C work only there.
            batch, answer = self._send_batch(batch) if prefetched is None else prefetched.result()
            prefetched = None
            if batch.is_fresh and queue.can_prefetch and not isinstance(answer, AtlasQueryError):
                following = queue.next_batch(self._batch_size.ids)
                prefetched = background.submit(self._send_batch, following) if following else None
            items = self._decode_batch(batch, answer)
            del answer  # the decoded items are enough to keep in memory
            if items:
                yield items

    def _send_batch(self, batch):
        """Return the batch, and its answer or error."""
        begin = time.monotonic()
        try:
            answer = self._send(batch.ids)
        except AtlasQueryError as error:
            return batch, error
        self._batch_size.update(len(batch.ids), seconds=time.monotonic() - begin, size=len(answer.body))
        return batch, answer

    def _decode_batch(self, batch, answer):
        """Return the decoded items of an answer, or None for an error; record the outcome in the queue."""
        try:
            if isinstance(answer, AtlasQueryError):
                raise answer
            items, missing = self._decode(answer, batch.ids)
        except AtlasQueryError as error:
            self._record_failure(batch, error)
            return None
        self._queue.mark_done(batch)
        self.missing += missing
        self._n_done += len(batch.ids)
        self._advance(len(batch.ids))
        return items

    def _record_failure(self, batch, error):
        n_failed_before = len(self._queue.failed)
        if is_timeout(error):
            self._batch_size.shrink()
        self._queue.fail(batch, error)
        self._advance(len(self._queue.failed) - n_failed_before)

    def build_error(self, results, noun="objects"):
        """Return the error about ids that were not downloaded, with ``results``, or `None`.

        A `BatchError`, except for a fatal error (sign-in, permission, quota), a server that failed before anything was
        downloaded, and a single requested id: these keep their class.
        """
        failed, error = self.failed, self.stopped_by
        if not failed:
            return None
        first_id, first_error = next(iter(failed.items()))
        if isinstance(error, FATAL_ERRORS) or (not self._n_done and (error or len(failed) == 1)):
            error = error or first_error
            error.results = results
            return error
        reason = f"{len(failed)} of {len(self._ids)} {noun} were not downloaded, the first is {first_id}"
        return BatchError(
            f"{reason}: {first_error.reason}",
            url=first_error.url,
            hint="The results so far are in .results of this error; the keys of .failed can be requested again.",
            results=results,
            missing=tuple(self.missing),
            failed=failed,
        )

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`BatchFetch`: many ids, batch after batch, the next on its way while the last is decoded."""

import time

from atlasquery.batches.background import BackgroundRequests
from atlasquery.batches.bisection import BatchQueue, is_timeout
from atlasquery.batches.sequential import FATAL_ERRORS
from atlasquery.exceptions import AtlasQueryError, BatchError

__all__ = ["BatchFetch"]


class BatchFetch:
    """An iterable of what the batches gave; each is asked for over the one connection there is.

    Parameters
    ----------
    ids : list of int, length n
        What to ask for; repetitions are asked for once.
    ask : callable
        Is given the ids of a batch and returns an `~atlasquery.transport.Answer`; also in another thread.
    read : callable
        Is given an answer and its ids, and returns what was obtained, and the ids that do not exist.
    pace : Pace
        The size of the batches.
    advance : callable, optional
        Is told the number of ids that are done.

    Attributes
    ----------
    missing : list of int
        The ids that do not exist.
    failed : dict of int to AtlasQueryError
        The ids that were not obtained.
    stopped_by : AtlasQueryError or None
        What ended the work before its time.
    """

    def __init__(self, ids, ask, read, pace, advance=lambda n: None):
        self._ids = list(dict.fromkeys(ids))
        self._ask, self._read, self._pace, self._advance = ask, read, pace, advance
        self._work = BatchQueue(self._ids)
        self._obtained = 0
        self.missing = []

    @property
    def failed(self):
        """The ids that were not obtained, in the order asked, and why."""
        return {one: self._work.failed[one] for one in self._ids if one in self._work.failed}

    @property
    def stopped_by(self):
        """What ended the work before its time, or `None`."""
        return self._work.stopped_by

    def mark_failed(self, one, error):
        """Note that an id cannot be had although its record came."""
        self._work.failed[one] = error
        self._obtained -= 1

    def __iter__(self):
        # Who stops in the middle does not wait for the batch that is on its way, and nor does anything else.
        with BackgroundRequests() as background:
            yield from self._batches(background)

    def _batches(self, background):
        work, ahead = self._work, None
        while ahead is not None or (part := work.next_batch(self._pace.ids)):
            # What is waited for at once is asked here, where a person can be asked for a password and interrupt.
            part, answer = self._send_batch(part) if ahead is None else ahead.result()
            ahead = None
            if part.is_fresh and work.can_prefetch and not isinstance(answer, AtlasQueryError):
                following = work.next_batch(self._pace.ids)
                ahead = background.submit(self._send_batch, following) if following else None
            obtained = self._decode_batch(part, answer)
            del answer  # the decoded rows are enough to hold
            if obtained:
                yield obtained

    def _send_batch(self, part):
        """Ask, here or in the background; what goes wrong is an answer, too."""
        begin = time.monotonic()
        try:
            answer = self._ask(part.ids)
        except AtlasQueryError as error:
            return part, error
        self._pace.update(len(part.ids), seconds=time.monotonic() - begin, size=len(answer.body))
        return part, answer

    def _decode_batch(self, part, answer):
        """Decode an answer and tell the work what became of it; return what was obtained."""
        try:
            if isinstance(answer, AtlasQueryError):
                raise answer
            obtained, missing = self._read(answer, part.ids)
        except AtlasQueryError as error:
            self._record_failure(part, error)
            return None
        self._work.mark_done(part)
        self.missing += missing
        self._obtained += len(part.ids)
        self._advance(len(part.ids))
        return obtained

    def _record_failure(self, part, error):
        before = len(self._work.failed)
        if is_timeout(error):
            self._pace.shrink()
        self._work.fail(part, error)
        self._advance(len(self._work.failed) - before)

    def build_error(self, results, noun="objects"):
        """Return the error that says what was not obtained, with what was, or `None`.

        Parameters
        ----------
        results : object
            What the user gets for all that was obtained.
        noun : str
            What the ids are of, in the plural.

        Returns
        -------
        AtlasQueryError or None
            `BatchError`, unless what went wrong has to be told apart (sign-in, permission, quota), the server as a
            whole failed before anything was obtained, or one id alone was asked for: those keep their class. All
            carry ``results``.
        """
        failed, error = self.failed, self.stopped_by
        if not failed:
            return None
        first, why = next(iter(failed.items()))
        if isinstance(error, FATAL_ERRORS) or (not self._obtained and (error or len(failed) == 1)):
            error = error or why
            error.results = results
            return error
        return BatchError(
            f"{len(failed)} of {len(self._ids)} {noun} were not obtained. The first is {first}: {why.reason}",
            url=why.url,
            hint="What was obtained is in .results of this error; ask again for the keys of .failed.",
            results=results,
            missing=tuple(self.missing),
            failed=failed,
        )

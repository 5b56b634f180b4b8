# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`RetryPolicy`: when an idempotent request is sent again, and how long to wait before.

Counting and back-off are those of `urllib3.util.Retry`. Its own loop is not used: it ends with the headers, so a body
that breaks off is never retried, and it has no total deadline.
"""

from __future__ import annotations

import logging
import random

from urllib3.exceptions import MaxRetryError
from urllib3.util import Retry

from atlasquery.config import conf
from atlasquery.exceptions import AtlasQueryError
from atlasquery.transport.deadline import Deadline
from atlasquery.utils.log import log_event

__all__ = ["RetryPolicy"]


class _Backoff(Retry):
    def get_backoff_time(self) -> float:
        # urllib3 retries at once the first time, which a server that has just failed cannot answer either.
        delay = super().get_backoff_time() or self.backoff_factor
        return min(delay, self.backoff_max) * random.uniform(0.5, 1.5)


class RetryPolicy:
    """Retries of one call.

    Parameters
    ----------
    deadline : Deadline
        Total time limit of the call.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._max_retries = conf.retries
        self._policy = _Backoff(total=self._max_retries, backoff_factor=conf.backoff, allowed_methods=None)

    def next_delay(self, error: AtlasQueryError, retry_after: float | None) -> float | None:
        """Return the seconds to wait before the next attempt, or None for no further attempt.

        ``error`` is that of the last attempt, ``retry_after`` the server's waiting time.
        """
        try:
            self._policy = self._policy.increment("POST", error.url)
        except MaxRetryError:
            return None
        delay = max(self._policy.get_backoff_time(), retry_after or 0.0)
        if delay >= self._deadline.remaining:
            return None
        attempt = len(self._policy.history)
        count = f"Attempt {attempt} of {self._max_retries + 1}"
        log_event(logging.INFO, f"{count} failed: {error.reason} ({error.url}) Next in {delay:.1f} s.")
        return delay

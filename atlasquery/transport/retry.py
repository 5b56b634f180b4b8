# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""When a read is repeated, and how long is waited before.

The counting and the back-off are urllib3's `~urllib3.util.Retry`. Its own loop is not used: that ends with the header
lines, so that a body cut in the middle is never repeated, and it knows neither our deadline nor when to say a word.
"""

import random

from astropy import log
from urllib3.exceptions import MaxRetryError
from urllib3.util import Retry

from atlasquery.config import conf

__all__ = ["RetryPolicy"]


class _Backoff(Retry):
    def get_backoff_time(self):
        # urllib3 repeats at once the first time; a server that has just failed deserves a moment.
        wait = super().get_backoff_time() or self.backoff_factor
        return min(wait, self.backoff_max) * random.uniform(0.5, 1.5)


class RetryPolicy:
    """How often one call may be repeated, and when next.

    Parameters
    ----------
    deadline : Deadline
        The time the call has in all.
    """

    def __init__(self, deadline):
        self._deadline = deadline
        self._allowed = conf.retries
        self._policy = _Backoff(total=self._allowed, backoff_factor=conf.backoff, allowed_methods=None)

    def next_delay(self, failure, wanted):
        """How long to wait before the next attempt.

        Parameters
        ----------
        failure : AtlasQueryError
            What became of the last attempt.
        wanted : float or None
            The wait that the server asked for, in seconds.

        Returns
        -------
        wait : float or None
            Seconds; `None` if there is to be no further attempt.
        """
        try:
            self._policy = self._policy.increment("POST", failure.url)
        except MaxRetryError:
            return None
        wait = max(self._policy.get_backoff_time(), wanted or 0.0)
        if wait >= self._deadline.remaining:
            return None
        attempt = len(self._policy.history)
        log.info(
            f"Attempt {attempt} of {self._allowed + 1} failed: {failure.reason} ({failure.url}) Next in {wait:.1f} s."
        )
        return wait

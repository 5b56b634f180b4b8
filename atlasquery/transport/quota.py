# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The hourly quota, as far as this process knows it: what it has asked in the last hour, and what the server said.

The server counts in a sliding hour, for each user, over all endpoints. Other processes of the same user spend from the
same quota and are not seen here, so our count only warns; what stops is the server's 429.
"""

import threading
import time
from collections import deque

from astropy import units as u
from astropy.time import Time

from atlasquery.config import conf

__all__ = ["Quota", "get_quota"]

HOUR = 3600.0
# Refused before the server counts: no right to ask, no such page, sent elsewhere, and the refusal for the count itself.
_UNCOUNTED = {*range(300, 400), 401, 403, 404, 429}


class Quota:
    """The requests of one user at one server in the last hour.

    The limit is ``conf.hourly_requests``; set that if the account is granted more, as those of staff are.

    Examples
    --------
    >>> from atlasquery.transport.quota import Quota
    >>> quota = Quota()
    >>> quota.record_request(200)
    >>> quota  # doctest: +ELLIPSIS
    <Quota: 1 of ... requests used, ... remaining>
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._request_times = deque()
        self._closed_until = 0.0

    def __repr__(self):
        when = f", again at {self.resets_at.utc.iso[:19]} UTC" if not self.remaining else ""
        return f"<Quota: {self.used} of {self.limit} requests used, {self.remaining} remaining{when}>"

    @property
    def limit(self):
        """Requests an hour (`int`), from ``conf.hourly_requests``."""
        return conf.hourly_requests

    @property
    def used(self):
        """Requests of the last hour (`int`): those of this process, or all of them once the server has said so."""
        used = len(self._recent())
        return max(used, self.limit) if self._is_blocked else used

    @property
    def remaining(self):
        """Requests that can still be made (`int`), as far as is known here."""
        return 0 if self._is_blocked else max(0, self.limit - self.used)

    @property
    def resets_at(self):
        """When the next request of those used is given back (`~astropy.time.Time`); `None` if none is used."""
        recent = self._recent()
        if self._is_blocked:
            return _to_time(self._closed_until)
        return _to_time(recent[0] + HOUR) if recent else None

    def record_request(self, status):
        """Count an answer of the server by its HTTP status, or `None` for an answer that never came."""
        if status not in _UNCOUNTED:
            with self._lock:
                self._request_times.append(time.monotonic())

    def record_rate_limit(self, wait):
        """Learn from a 429 that nothing is left, for as many seconds as the server said, or `None`."""
        self._closed_until = time.monotonic() + (wait or 0.0)

    def allows(self, n):
        """Tell whether so many requests can be made now, as far as is known here."""
        # Who was granted more than the limit has another limit.
        return n <= self.remaining or (not self._is_blocked and self.used > self.limit)

    def finish_time(self, n):
        """Tell when so many requests would have been made, each as soon as it can be.

        Parameters
        ----------
        n : int
            Requests, at least 1.

        Returns
        -------
        `~astropy.time.Time`
            The moment of the last.
        """
        now = time.monotonic()
        free = max(0, self.limit - len(self._recent()))
        opens = max(now, self._closed_until)
        slots = sorted([opens] * free + [max(opens, used + HOUR) for used in self._recent()[: self.limit]])
        return _to_time(slots[(n - 1) % len(slots)] + HOUR * ((n - 1) // len(slots)))

    @property
    def _is_blocked(self):
        return time.monotonic() < self._closed_until

    def _recent(self):
        """The moments of the requests of the last hour, the oldest first."""
        with self._lock:
            while self._request_times and self._request_times[0] <= time.monotonic() - HOUR:
                self._request_times.popleft()
            return list(self._request_times)


def _to_time(moment):
    return Time.now() + (moment - time.monotonic()) * u.s


_QUOTAS = {}
_LOCK = threading.Lock()


def get_quota(origin, token):
    """Return the one `Quota` that all clients of this process share for one user of one server.

    Parameters
    ----------
    origin : str
        Of the server.
    token : Token or None
        By which the server knows the user. Only its hash is kept.

    Returns
    -------
    Quota
        The same for the same arguments.
    """
    with _LOCK:
        return _QUOTAS.setdefault((origin, hash(token)), Quota())

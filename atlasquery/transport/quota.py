# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Quota`: the requests of a user in the last hour (or other window), as far as this process knows.

The server counts over all endpoints and processes of a user. Requests of other processes are unknown here, so the count
is used for warnings only; the server's status 429 is what stops a call.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from astropy import units as u
from astropy.time import Time

from atlasquery.transport.service import QuotaRule
from atlasquery.transport.token import Token

__all__ = ["Quota", "get_quota"]

_MAX_BLOCK_SECONDS = 366 * 86400.0


class Quota:
    """The requests of one user at one server in a sliding window, which is an hour on the ATLAS server.

    Parameters
    ----------
    rule : QuotaRule
        The limit, which is ``conf.hourly_requests`` on the ATLAS server, and the window.

    Examples
    --------
    >>> from atlasquery.transport import Quota, QuotaRule
    >>> quota = Quota(QuotaRule(100, 3600.0))
    >>> quota.record_request(200)
    >>> quota
    <Quota: 1 of 100 requests used, 99 remaining>
    """

    def __init__(self, rule: QuotaRule) -> None:
        self._rule = rule
        self._lock = threading.Lock()
        self._request_times: deque[float] = deque()
        self._blocked_until = 0.0

    def __repr__(self) -> str:
        resets_at = self.resets_at
        when = "" if self.remaining or resets_at is None else f", next at {resets_at.utc.iso[:19]} UTC"
        return f"<Quota: {self.used} of {self.limit} requests used, {self.remaining} remaining{when}>"

    @property
    def limit(self) -> int:
        """Requests allowed in the window (`int`)."""
        return self._rule.n_requests

    @property
    def used(self) -> int:
        """Requests used (`int`): those of this process, or all once the server has answered 429."""
        used = len(self._recent_times())
        return max(used, self.limit) if self._is_blocked else used

    @property
    def remaining(self) -> int:
        """Requests that can still be made (`int`), as far as this process knows."""
        return 0 if self._is_blocked else max(0, self.limit - self.used)

    @property
    def resets_at(self) -> Time | None:
        """Time when the next used request is available again (`~astropy.time.Time`), `None` if none is used."""
        recent = self._recent_times()
        if self._is_blocked:
            return _to_time(self._blocked_until)
        return _to_time(recent[0] + self._rule.window) if recent else None

    def record_request(self, status: int | None) -> None:
        """Count a request by its HTTP status, or `None` for one without an answer."""
        if status not in self._rule.uncounted_statuses:
            with self._lock:
                self._request_times.append(time.monotonic())

    def record_rate_limit(self, retry_after: float | None) -> None:
        """Record that the server answered 429: nothing is left for ``retry_after`` seconds."""
        # A time beyond the calendar could not be shown.
        self._blocked_until = time.monotonic() + min(retry_after or 0.0, _MAX_BLOCK_SECONDS)

    def allows(self, n: int) -> bool:
        """Return whether ``n`` requests can be made now, as far as this process knows."""
        # A user who made more requests than the limit has a higher limit.
        return n <= self.remaining or (not self._is_blocked and self.used > self.limit)

    def finish_time(self, n: int) -> Time:
        """Return when the last of ``n`` requests could be made, if each is made as early as possible."""
        now = time.monotonic()
        free = max(0, self.limit - len(self._recent_times()))
        start = max(now, self._blocked_until)
        window = self._rule.window
        slots = sorted([start] * free + [max(start, used + window) for used in self._recent_times()[: self.limit]])
        return _to_time(slots[(n - 1) % len(slots)] + window * ((n - 1) // len(slots)))

    @property
    def _is_blocked(self) -> bool:
        return time.monotonic() < self._blocked_until

    def _recent_times(self) -> list[float]:
        """Return the times of the requests in the window, the oldest first."""
        with self._lock:
            while self._request_times and self._request_times[0] <= time.monotonic() - self._rule.window:
                self._request_times.popleft()
            return list(self._request_times)


def _to_time(monotonic: float) -> Time:
    return Time.now() + (monotonic - time.monotonic()) * u.s


_QUOTAS: dict[tuple[str, int, QuotaRule], Quota] = {}
_LOCK = threading.Lock()


def get_quota(origin: str, token: Token | None, rule: QuotaRule) -> Quota:
    """Return the `Quota` that all clients of this process share for one user of one server.

    The user is known by the token, of which only the hash is kept.
    """
    with _LOCK:
        return _QUOTAS.setdefault((origin, hash(token), rule), Quota(rule))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Quota`: the requests of a user in the last hour (or other window), as far as this process knows.

The server counts over all endpoints and processes of a user. Requests of other processes are known where all of them
share ``conf.quota_file``; else the count is used for warnings only, and the server's status 429 is what stops a call.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from astropy import units as u
from astropy.time import Time

from atlasquery.config import conf
from atlasquery.exceptions import InvalidInputError
from atlasquery.transport.quota_file import SharedRequestTimes
from atlasquery.transport.request_times import RequestTimes
from atlasquery.transport.service import QuotaRule
from atlasquery.transport.token import Token
from atlasquery.utils.config_item import source_hint

__all__ = ["Quota", "Reservation", "get_quota"]

_MAX_BLOCK_SECONDS = 366 * 86400.0


class Reservation(NamedTuple):
    """A request that is counted where it was begun, also if ``conf.quota_file`` changes meanwhile."""

    times: RequestTimes | SharedRequestTimes
    key: int
    rule: QuotaRule

    def settle(self, status: int | None) -> None:
        """Count the request as the server does, by its HTTP status, or `None` for one without an answer."""
        if status in self.rule.uncounted_statuses:
            self.cancel()
        else:
            self.times.confirm(self.key)

    def cancel(self) -> None:
        """Do not count the request, which was not sent."""
        self.times.remove(self.key)


class Quota:
    """The requests of one user at one server in a sliding window, which is an hour on the ATLAS server.

    Parameters
    ----------
    rule : QuotaRule
        The limit, which is ``conf.hourly_requests`` on the ATLAS server, and the window.
    account : str, optional
        Key of the user in ``conf.quota_file``. Without one the requests of this process are counted, and no request is
        held back.

    Examples
    --------
    >>> from atlasquery.transport import Quota, QuotaRule
    >>> quota = Quota(QuotaRule(100, 3600.0))
    >>> reservation = quota.reserve()
    >>> reservation.settle(200)  # the HTTP status of the answer
    >>> quota
    <Quota: 1 of 100 requests used, 99 remaining>
    """

    def __init__(self, rule: QuotaRule, account: str | None = None) -> None:
        self._rule = rule
        self._account = account
        self._own_times = RequestTimes(rule.window)

    def __repr__(self) -> str:
        resets_at = self.resets_at
        remaining = self.remaining
        when = "" if remaining or resets_at is None else f", next at {resets_at.utc.iso[:19]} UTC"
        reserved = f" and {self.reserved} reserved for others" if self.reserved else ""
        return f"<Quota: {self.used} of {self.limit} requests used{reserved}, {remaining} remaining{when}>"

    @property
    def limit(self) -> int:
        """Requests allowed in the window (`int`)."""
        return self._rule.n_requests

    @property
    def used(self) -> int:
        """Requests used (`int`).

        Those of this process, or of all processes that share ``conf.quota_file``; all, once the server answered 429.
        """
        times, is_blocked = self._read()
        return max(len(times), self.limit) if is_blocked else len(times)

    @property
    def remaining(self) -> int:
        """Requests that can still be made (`int`), as far as this process knows; ``conf.quota_reserve`` is left out."""
        times, is_blocked = self._read()
        return 0 if is_blocked else max(0, self._available - len(times))

    @property
    def is_shared(self) -> bool:
        """Whether the requests of other processes are counted too, in ``conf.quota_file`` (`bool`)."""
        return bool(conf.quota_file) and self._account is not None

    @property
    def resets_at(self) -> Time | None:
        """Time when the next used request is available again (`~astropy.time.Time`), `None` if none is used."""
        store = self._times
        times, blocked_until = store.read()
        if blocked_until > store.now():
            return _to_time(blocked_until - store.now())
        return _to_time(times[0] + self._rule.window - store.now()) if times else None

    def reserve(self) -> Reservation | None:
        """Count a request that is about to be sent.

        `None` if it would exceed what is known to be left. That is so only with ``conf.quota_file`` or
        ``conf.quota_reserve``: else every request can be sent.

        Raises
        ------
        InvalidInputError
            If ``conf.quota_reserve`` leaves nothing, or ``conf.quota_file`` is no absolute path.
        UnreadableFileError
            If ``conf.quota_file`` cannot be used.
        """
        times = self._times
        key = times.add(self._available if self.is_enforced else None)
        return None if key is None else Reservation(times, key, self._rule)

    def record_rate_limit(self, retry_after: float | None) -> None:
        """Record that the server answered 429: nothing is left for ``retry_after`` seconds."""
        # A time beyond the calendar could not be shown.
        self._times.block(min(retry_after or 0.0, _MAX_BLOCK_SECONDS))

    def seconds_until_free(self) -> float:
        """Return the seconds until the next request can be sent, as far as this process knows."""
        store = self._times
        times, blocked_until = store.read()
        start = max(blocked_until - store.now(), 0.0)
        if not self.is_enforced or len(times) < self._available:
            return start
        return max(start, times[-self._available] + self._rule.window - store.now())

    def allows(self, n: int) -> bool:
        """Return whether ``n`` requests can be made now, as far as this process knows."""
        # A user who made more requests than the limit has a higher limit.
        return n <= self.remaining or (not self.is_enforced and not self._read()[1] and self.used > self.limit)

    def finish_time(self, n: int) -> Time:
        """Return when the last of ``n`` requests could be made, if each is made as early as possible."""
        store = self._times
        times, blocked_until = store.read()
        free = max(0, self._available - len(times))
        start = max(store.now(), blocked_until)
        window = self._rule.window
        slots = sorted([start] * free + [max(start, used + window) for used in times[-self._available :]])
        return _to_time(slots[(n - 1) % len(slots)] + window * ((n - 1) // len(slots)) - store.now())

    @property
    def is_enforced(self) -> bool:
        """Whether a request beyond the quota is held back here (`bool`)."""
        return self._account is not None and bool(conf.quota_file or self.reserved)

    @property
    def explanation(self) -> str:
        """What is used, for messages."""
        who = "the processes that share conf.quota_file" if self.is_shared else "this process"
        reserved = f", and conf.quota_reserve leaves {self.reserved} to others" if self.reserved else ""
        return f"{who} used {self.used} of {self.limit} requests{reserved}"

    @property
    def reserved(self) -> int:
        """Requests that ``conf.quota_reserve`` leaves to others (`int`)."""
        return conf.quota_reserve if self._rule.is_configured and self._account is not None else 0

    @property
    def _available(self) -> int:
        """The limit without the requests that are reserved for others."""
        available = self.limit - self.reserved
        if available < 1:
            raise InvalidInputError(
                f"`conf.quota_reserve` must be less than the limit of {self.limit} requests, got {self.reserved}.",
                hint=source_hint("quota_reserve"),
            )
        return available

    @property
    def _times(self) -> RequestTimes | SharedRequestTimes:
        if conf.quota_file and self._account is not None:
            return SharedRequestTimes(conf.quota_file, self._account, self._rule.window)
        return self._own_times

    def _read(self) -> tuple[list[float], bool]:
        """Return the times of the requests in the window, and whether the server answered 429."""
        store = self._times
        times, blocked_until = store.read()
        return times, store.now() < blocked_until


def _to_time(seconds: float) -> Time:
    return Time.now() + seconds * u.s


_QUOTAS: dict[tuple[str, QuotaRule], Quota] = {}
_LOCK = threading.Lock()


def get_quota(origin: str, token: Token | None, rule: QuotaRule) -> Quota:
    """Return the `Quota` that all clients of this process share for one user of one server.

    The user is known by the token, of which only a hash is kept.
    """
    account = "" if token is None else token.hash_with(f"{origin} {rule.window:g} {' '.join(rule.methods)}")
    with _LOCK:
        return _QUOTAS.setdefault((account or origin, rule), Quota(rule, account or None))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Outcomes`: what became of each write of a call, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from astropy.table import Table

from atlasquery.exceptions import AtlasQueryError, ServerFaultError, ServerTimeoutError, WriteError
from atlasquery.inputs.object_names import ObjectName
from atlasquery.schema.columns import masked_column

__all__ = ["SUCCESSES", "Outcome", "Outcomes"]

SUCCESSES = ("created", "updated", "removed", "duplicate", "absent")
_NO_ANSWER = "There was no usable answer; the server's data, read back, are"
_STATUS_DESCRIPTION = (
    "created, updated, removed; duplicate, absent: it was so already; missing object, missing list, refused: not "
    "written; unknown: no usable answer; not done: not sent, or rejected, or not found when read back."
)


@dataclass(frozen=True)
class Outcome:
    """What became of one write.

    Parameters
    ----------
    status : str
        Status in the table.
    message : str
        The server's message, or what is known instead.
    error : AtlasQueryError, optional
        The error of a failure.
    is_documented : bool
        Whether the server answered with one of the outcomes that it is known to have.
    """

    status: str
    message: str
    error: AtlasQueryError | None = None
    is_documented: bool = False

    @property
    def is_success(self) -> bool:
        """Whether the server's data are as requested."""
        return self.status in SUCCESSES


class Outcomes:
    """Outcomes of a call that writes, one an object.

    Parameters
    ----------
    items : sequence of int or ObjectName
        Checked ids, and names that are not resolved; repeated ones have one outcome.
    meta : dict
        ``meta`` of the table.
    """

    def __init__(self, items: Sequence[int | ObjectName], meta: dict[str, Any]) -> None:
        self._items: list[int | ObjectName] = list(dict.fromkeys(items))
        self._meta = meta
        self._outcomes: dict[int | ObjectName, Outcome] = {}
        self._in_flight: int | None = None
        self.stopped_by: AtlasQueryError | None = None
        self.verified: set[int] | None = None  # None if they are not read back

    @property
    def ids(self) -> list[int]:
        """The ids, each once, in order; set once the names are resolved."""
        return [item for item in self._items if isinstance(item, int)]

    @ids.setter
    def ids(self, ids: Sequence[int]) -> None:
        self._items = list(dict.fromkeys(ids))

    def __setitem__(self, object_id: int, outcome: Outcome) -> None:
        self._outcomes[object_id] = outcome
        self._in_flight = None

    def start(self, object_id: int) -> None:
        """Mark an object as being written: its outcome is unknown if the call is interrupted."""
        self._in_flight = object_id

    def ids_with(self, *statuses: str) -> list[int]:
        """Return the ids whose outcome has one of these statuses."""
        return [item for item in self.ids if item in self._outcomes and self._outcomes[item].status in statuses]

    @property
    def is_complete(self) -> bool:
        """Whether each object has an outcome."""
        return len(self._outcomes) == len(self._items)

    def fill(self, outcome: Outcome) -> None:
        """Set the outcome of all objects that have none."""
        for item in self._items:
            self._outcomes.setdefault(item, outcome)

    def fill_from_error(self, error: BaseException, explain_unknown: Callable[[int], str]) -> None:
        """Set the remaining outcomes after an error, or an interruption, that ended the call."""
        reason = getattr(error, "reason", f"{type(error).__name__}.")
        if self._in_flight is not None and self._in_flight not in self._outcomes and _may_be_written(error):
            self[self._in_flight] = Outcome("unknown", f"{reason} {explain_unknown(self._in_flight)}")
        elif self._in_flight is not None and isinstance(error, AtlasQueryError):
            self._outcomes.setdefault(self._in_flight, Outcome("not done", reason))  # the server rejected it
        self.fill(Outcome("not done", f"Not sent: {reason}"))

    def settle(self, verified: Iterable[int], success: str, earlier: Iterable[int] = ()) -> None:
        """Set for which objects the server's data are as requested, and replace unknown outcomes accordingly.

        ``earlier`` are those for which an earlier write has made them so.
        """
        self.verified, duplicates = set(verified), set(earlier)
        for item in self.ids_with("unknown"):
            if item in self.verified:
                status = "duplicate" if item in duplicates else success
                self[item] = Outcome(status, f"{_NO_ANSWER} as requested, by this write or an earlier one.")
            else:
                self._settle_as_not_found(item)
        for item in self.ids_with(*SUCCESSES):
            if item not in self.verified:
                outcome = self._outcomes[item]
                message = f"{outcome.message} The server's data, read back, are not as requested.".strip()
                error = ServerFaultError(f"The server answered {outcome.status!r} for object {item}. {message}")
                self[item] = replace(outcome, message=message, error=error)

    def _settle_as_not_found(self, item: int) -> None:
        """Replace an unknown outcome by ``not done``, unless the server may still be working on the write."""
        error = self._outcomes[item].error
        is_slow = isinstance(error, ServerTimeoutError) or getattr(error, "status", None) == 504
        later = " The server may still carry it out: read it again later." if is_slow else ""
        self[item] = Outcome("unknown" if is_slow else "not done", f"{_NO_ANSWER} not as requested.{later}", error)

    def table(self) -> Table:
        """Return one row an object: ``atlas_id``, ``status``, ``message`` and, if read back, ``verified``."""
        rows = [self._outcomes[item] for item in self._items]
        is_name = np.array([isinstance(item, ObjectName) for item in self._items], dtype=bool)
        ids = np.array([0 if isinstance(item, ObjectName) else item for item in self._items], dtype=np.int64)
        no_mask = np.zeros(len(ids), dtype=bool)
        table = Table(meta=dict(self._meta))
        table["atlas_id"] = masked_column(ids, is_name, "ATLAS id of the object.")
        statuses = np.array([row.status for row in rows], dtype=str)
        table["status"] = masked_column(statuses, no_mask, _STATUS_DESCRIPTION)
        messages = np.array([row.message for row in rows], dtype=str)
        table["message"] = masked_column(messages, no_mask.copy(), "The server's message, or what is known instead.")
        if self.verified is not None:
            verified = np.array([item in self.verified for item in self._items], dtype=bool)
            description = "True where the server's data, read back after the write, are as requested; else False."
            table["verified"] = masked_column(verified, no_mask.copy(), description)
        return table

    def build_error(self, url: str) -> WriteError | None:
        """Return the error of a call with failures, None without."""
        failed = [item for item in self._items if not self._is_done(item)]
        if not failed:
            return None
        first = self._outcomes[failed[0]]
        counts = Counter(self._describe_failure(self._outcomes[item]) for item in failed)
        numbers = ", ".join(f"{number} {status}" for status, number in counts.items())
        reason = (
            f"{len(failed)} of {len(self._items)} writes failed ({numbers}). The first, {failed[0]}: {first.message}"
        )
        error = WriteError(reason, url=url, results=self.table())
        error.__cause__ = self.stopped_by or first.error
        return error

    @staticmethod
    def _describe_failure(outcome: Outcome) -> str:
        return f"{outcome.status} but not found when read back" if outcome.is_success else outcome.status

    def _is_done(self, item: int | ObjectName) -> bool:
        return self._outcomes[item].is_success and (self.verified is None or item in self.verified)


def _may_be_written(error: BaseException) -> bool:
    """Return whether the request in flight may have been carried out when this error ended the call."""
    # An error of the package ends a call only where the server rejected the request.
    return not isinstance(error, AtlasQueryError) and getattr(error, "request_sent", True)

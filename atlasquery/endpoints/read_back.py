# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ReadBack`: reads what the server has after a write, in as few requests as its endpoints allow."""

from __future__ import annotations

import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from astropy.table import QTable
from numpy.typing import NDArray

from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.objects import plan_requests
from atlasquery.endpoints.vra import vra_payloads
from atlasquery.inputs.times import Since, check_since, column_to_floats

if TYPE_CHECKING:
    from atlasquery.endpoints import Endpoints
from atlasquery.utils.utc import utc_mjd

__all__ = [
    "IN_DETECTION_LIST",
    "NOT_ON_LIST",
    "ON_LIST",
    "ON_TODO_LIST",
    "RANKED",
    "SCORED",
    "Found",
    "ReadBack",
]

_VRA_VALUES = ("preal", "pgal", "pfast", "rank", "rank_alt1", "is_gal_cand")
# The database may hold single precision.
_RELATIVE_TOLERANCE = 1e-5
# The server's times are whole seconds.
_CLOCK_STEP_SECONDS = 1.0
_UNIX_EPOCH_MJD = 40587.0


class Found(NamedTuple):
    """Ids for which the data are as requested, and those of them for which an earlier write has made them so."""

    verified: set[int]
    earlier: Set[int] = frozenset()


@dataclass(frozen=True)
class ReadBack:
    """How to find out whether the server's data are as a write requested.

    Parameters
    ----------
    count_requests : callable
        Returns the number of requests for a list of ids or names.
    find : callable
        Returns for which ids the data are as requested: ``find(endpoints, ids, fields, began)``, with the payload
        of the write and the time of `time.monotonic` when it began.
    """

    count_requests: Callable[[list[Any]], int]
    find: Callable[[Endpoints, list[int], Payload, float], Found]


def _find_on_list(endpoints: Endpoints, ids: list[int], fields: Payload, began: float) -> Found:
    return Found(set(ids) & endpoints.memberships.members(fields["objectgroupid"]))


def _find_not_on_list(endpoints: Endpoints, ids: list[int], fields: Payload, began: float) -> Found:
    return Found(set(ids) - endpoints.memberships.members(fields["objectgroupid"]))


def _find_in_detection_list(endpoints: Endpoints, ids: list[int], fields: Payload, began: float) -> Found:
    table = endpoints.objects.query(ids)
    return Found(set(table["atlas_id"][table["detection_list"].filled(-1) == fields["objectlist"]].tolist()))


def _find_scored(endpoints: Endpoints, ids: list[int], fields: Payload, began: float) -> Found:
    """Return the id if it has such a score, which an earlier write may not have made."""
    (object_id,) = ids
    options = {"debug": True} if fields.get("debug") else {}
    table, server_time = endpoints.vra_scores.query_one(object_id, **options)
    # Measured when the answer is here, as the server's time is that of the answer: it may have come after a wait.
    seconds = time.monotonic() - began
    is_same = _has_values(table, fields) & (table["debug"].filled(False) == fields.get("debug", False))
    is_same &= _is_of_this_write(table, fields, time.time() if server_time is None else server_time, seconds)
    return Found({object_id} if is_same.any() else set())


def _find_ranked(endpoints: Endpoints, ids: list[int], fields: Payload, began: float) -> Found:
    (object_id,) = ids
    table, _ = endpoints.vra_ranks.query_one(object_id)
    return Found({object_id} if _has_values(table, fields).any() else set())


def _find_on_todo_list(endpoints: Endpoints, ids: list[int], fields: Payload, began: float) -> Found:
    table = endpoints.vra_todo.query(ids)
    is_earlier = np.zeros(len(table), dtype=bool)
    if "insertdate" in fields:
        is_earlier = ~_is_of_this_write(table, fields, 0.0, 0.0)
    return Found(set(table["atlas_id"].tolist()), set(table["atlas_id"][is_earlier].tolist()))


def _has_values(table: QTable, fields: Payload) -> NDArray[np.bool_]:
    """Return which rows have the values that were written, and no value that was not."""
    is_same = np.ones(len(table), dtype=bool)
    for name in _VRA_VALUES:
        if name not in table.colnames:
            continue
        column = np.ma.asarray(table[name])
        is_null = np.ma.getmaskarray(column)
        if fields.get(name) is None:
            is_same &= is_null
        else:
            values = np.asarray(column.filled(0), dtype=float)
            is_same &= ~is_null & np.isclose(values, fields[name], rtol=_RELATIVE_TOLERANCE, atol=0)
    return is_same


def _is_of_this_write(table: QTable, fields: Payload, server_time: float, seconds: float) -> NDArray[np.bool_]:
    """Return which rows have the date of the write: the given one, or a time since the write began."""
    if "insertdate" in fields:
        start = check_since(fields["insertdate"])
        assert start is not None
        return np.abs(_to_mjd(table["timestamp"]) - start.mjd) * 86400 < _CLOCK_STEP_SECONDS
    # By the server's clock, as the local one may be wrong.
    start = Since(_UNIX_EPOCH_MJD + (server_time - seconds - _CLOCK_STEP_SECONDS) / 86400)
    return np.asarray(start.keeps(_to_mjd(table["timestamp"])), dtype=bool)


def _to_mjd(times: Any) -> NDArray[np.float64]:
    """Return times as MJD, NaN where masked."""
    return column_to_floats(utc_mjd(times))


ON_LIST = ReadBack(lambda ids: 1, _find_on_list)
NOT_ON_LIST = ReadBack(lambda ids: 1, _find_not_on_list)
IN_DETECTION_LIST = ReadBack(
    lambda ids: len(plan_requests(ids, with_photometry=False).payloads), _find_in_detection_list
)
SCORED = ReadBack(lambda ids: 1, _find_scored)
RANKED = ReadBack(lambda ids: 1, _find_ranked)
ON_TODO_LIST = ReadBack(lambda ids: len(vra_payloads(ids)), _find_on_todo_list)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What counts as written; tests/core tests the read-back of each method on a sandbox."""

import time

import pytest

from atlasquery.endpoints import read_back
from constants import COW

NOW = "2026-11-20T12:00:00Z"
NOW_UNIX = 1795176000.0
MONOTONIC = 5000.0  # seconds
SCORE = {
    "id": 1, "transient_object_id": COW, "preal": 0.9, "pgal": None, "pfast": None, "rank": 7.5, "rank_alt1": None,
    "is_gal_cand": 1, "timestamp": NOW, "apiusername": "bot", "username": None, "debug": False,
}  # fmt: skip
FIELDS = {"preal": 0.9, "rank": 7.5, "is_gal_cand": 1}


@pytest.fixture
def is_found(make_endpoints, monkeypatch):
    """Return whether a write is found among rows that the server sends at `NOW`, when called."""
    monkeypatch.setattr(time, "time", lambda: NOW_UNIX)  # the local clock counts where the server sends no date
    monkeypatch.setattr(time, "monotonic", lambda: MONOTONIC)

    def is_found(fields, *rows, seconds=0.5, kind=read_back.SCORED):
        return kind.find(make_endpoints(list(rows)), [COW], fields, MONOTONIC - seconds).verified == {COW}

    return is_found


def test_score_of_this_write(is_found):
    assert is_found(FIELDS, SCORE)
    assert is_found({**FIELDS, "preal": 0.9 * (1 + 1e-7)}, SCORE)  # single precision in the database
    assert not is_found(FIELDS)


@pytest.mark.parametrize(
    "change",
    [
        {"preal": 0.91}, {"preal": None}, {"pgal": 0.1}, {"rank": 7.6}, {"is_gal_cand": 0}, {"is_gal_cand": None},
        {"debug": True},
    ],
)  # fmt: skip
def test_another_score(is_found, change):
    assert not is_found(FIELDS, {**SCORE, **change})
    assert is_found(FIELDS, {**SCORE, **change}, {**SCORE, "id": 2})


def test_test_score(is_found):
    assert is_found({**FIELDS, "debug": True}, {**SCORE, "debug": True})
    assert not is_found({**FIELDS, "debug": True}, SCORE)


@pytest.mark.parametrize(("timestamp", "found"), [("2026-11-20T11:59:59Z", True), ("2026-11-20T11:59:50Z", False)])
def test_equal_score_of_an_earlier_write(is_found, timestamp, found):
    assert is_found(FIELDS, {**SCORE, "timestamp": timestamp}) == found
    assert is_found(FIELDS, {**SCORE, "timestamp": timestamp}, seconds=30)


@pytest.mark.parametrize(("date", "found"), [("2026-11-20T12:00:00.9Z", True), ("2026-11-20T12:00:02Z", False)])
def test_score_with_a_date(is_found, date, found):
    assert is_found({**FIELDS, "insertdate": date}, SCORE, seconds=1e6) == found


def test_rank(is_found):
    row = {
        "transient_object_id": COW,
        "rank": 5.0,
        "rank_alt1": 4.0,
        "is_gal_cand": 0,
        "timestamp": "2020-01-01T00:00:00Z",
    }
    fields = {"rank": 5.0, "rank_alt1": 4.0, "is_gal_cand": 0}
    assert is_found(fields, row, kind=read_back.RANKED)
    assert not is_found({**fields, "rank": 6.0}, row, kind=read_back.RANKED)
    assert not is_found(fields, {**row, "transient_object_id": COW + 1}, kind=read_back.RANKED)


def test_members_of_another_list_do_not_count(make_endpoints, sent):
    rows = [{"id": n, "transient_object_id": COW + n, "object_group_id": 73 + n} for n in range(2)]
    for read, expected in ((read_back.ON_LIST, {COW}), (read_back.NOT_ON_LIST, {COW + 1})):
        found = read.find(make_endpoints(rows), [COW, COW + 1], {"objectgroupid": 73}, 0.0)
        assert found.verified == expected
    assert sent == [("objectgroupslist/", {"objectgroupid": 73})] * 2


@pytest.mark.parametrize(("n_ids", "n_requests"), [(1, 1), (5000, 1), (5001, 2)])
def test_number_of_requests(n_ids, n_requests):
    ids = list(range(COW, COW + n_ids))
    assert read_back.ON_TODO_LIST.count_requests(ids) == n_requests
    assert read_back.ON_LIST.count_requests(ids) == 1
    assert read_back.IN_DETECTION_LIST.count_requests(ids) >= 1

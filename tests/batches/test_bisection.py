# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The search for what makes a batch fail: nothing lost, few requests, an end when the server is to blame."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlasquery.batches.bisection import MAX_CONSECUTIVE_FAILURES, BatchQueue
from atlasquery.exceptions import (
    PermissionDeniedError,
    RateLimitError,
    ServerFaultError,
    ServerTimeoutError,
    ServerUnreachableError,
    TokenExpiredError,
    UnreadableAnswerError,
)

FAULT = ServerFaultError("The server failed.", status=500)


def run(n, size, answer):
    """Work through n ids; ``answer`` is given the ids and the number of the request and returns an error or None."""
    work, good, sizes = BatchQueue(list(range(n))), [], []
    while part := work.next_batch(size):
        error = answer(part.ids, len(sizes))
        sizes.append(len(part.ids))
        if error is None:
            work.mark_done(part)
            good += part.ids
        else:
            work.fail(part, error)
    return work, good, sizes


def damaged(bad):
    return lambda ids, number: FAULT if set(ids) & set(bad) else None


@pytest.mark.parametrize("n", [1, 2, 3, 50, 64, 1000])
@pytest.mark.parametrize("where", [0, 0.3, 0.5, 0.999])
def test_one_offender_costs_two_log2_n_requests_at_most(n, where):
    bad = int(where * n)
    work, good, sizes = run(n, n, damaged([bad]))
    assert good == [one for one in range(n) if one != bad]
    assert list(work.failed) == [bad]
    assert len(sizes) - 1 <= 2 * math.ceil(math.log2(n))
    assert work.stopped_by is None


@given(
    n=st.integers(1, 300),
    size=st.integers(1, 300),
    bad=st.sets(st.integers(0, 299), max_size=MAX_CONSECUTIVE_FAILURES - 1),
)
def test_a_few_offenders_anywhere(n, size, bad):
    bad = {one for one in bad if one < n}
    work, good, sizes = run(n, size, damaged(bad))
    assert sorted(good) == [one for one in range(n) if one not in bad]
    assert set(work.failed) == bad
    batches = math.ceil(n / size)
    assert len(sizes) <= batches + len(bad) * 2 * math.ceil(math.log2(min(n, size)) + 1)


@given(st.data())
def test_whatever_happens_every_id_is_accounted_for_once(data):
    n = data.draw(st.integers(1, 60))
    kinds = [None, FAULT, ServerTimeoutError("slow"), UnreadableAnswerError("?"), ServerUnreachableError("gone")]
    outcomes = data.draw(st.lists(st.sampled_from(kinds), min_size=200, max_size=200))
    work, good, _ = run(n, data.draw(st.integers(1, 60)), lambda ids, number: outcomes[number % 200])
    assert sorted([*good, *work.failed]) == list(range(n))


def test_order_is_kept():
    _, good, _ = run(100, 32, damaged([40]))
    assert good == [one for one in range(100) if one != 40]


def test_a_server_that_fails_for_ever_is_left_alone():
    work, good, sizes = run(1000, 100, lambda ids, number: FAULT if number >= 5 else None)
    assert good == list(range(500))
    assert list(work.failed) == list(range(500, 1000))
    assert work.stopped_by is FAULT
    assert len(sizes) - 5 < 25


def test_many_damaged_objects_side_by_side_do_not_cost_the_batches_after_them():
    bad = range(10, 30)
    work, good, _ = run(200, 50, damaged(bad))
    assert set(good) >= {*range(10), *range(50, 200)}
    assert set(work.failed) >= set(bad)
    assert work.stopped_by is None


@pytest.mark.parametrize(
    "error",
    [
        RateLimitError("over"),
        TokenExpiredError("old"),
        PermissionDeniedError("no"),
        ServerUnreachableError("gone"),
        ServerFaultError("down", status=503),
    ],
)
def test_what_no_later_request_can_mend_ends_everything_at_once(error):
    work, good, sizes = run(100, 10, lambda ids, number: error if number == 3 else None)
    assert good == list(range(30))
    assert list(work.failed) == list(range(30, 100))
    assert work.stopped_by is error
    assert len(sizes) == 4


@pytest.mark.parametrize("error", [ServerTimeoutError("slow"), ServerFaultError("slow", status=504)])
def test_a_batch_that_takes_too_long_is_halved_once(error):
    work, good, sizes = run(64, 64, lambda ids, number: error if len(ids) > 32 else None)
    assert (good, sizes) == (list(range(64)), [64, 32, 32])
    work, good, sizes = run(64, 64, lambda ids, number: error)
    assert sizes == [64, 32]
    assert len(work.failed) == 64
    assert work.stopped_by is error

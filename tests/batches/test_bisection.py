# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Search for the ids that make a batch fail: no id is lost, few requests, and a stop if the server itself fails."""

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
    """Process n ids and return queue, good ids and batch sizes; ``answer(ids, request number)`` is an error or None."""
    queue, good, sizes = BatchQueue(list(range(n))), [], []
    while batch := queue.next_batch(size):
        error = answer(batch.ids, len(sizes))
        sizes.append(len(batch.ids))
        if error is None:
            queue.mark_done(batch)
            good += batch.ids
        else:
            queue.fail(batch, error)
    return queue, good, sizes


def fault_of(bad):
    return lambda ids, number: FAULT if set(ids) & set(bad) else None


@pytest.mark.parametrize("n", [1, 2, 3, 50, 64, 1000])
@pytest.mark.parametrize("position", [0, 0.3, 0.5, 0.999])
def test_one_bad_id_costs_at_most_two_log2_n_requests(n, position):
    bad = int(position * n)
    queue, good, sizes = run(n, n, fault_of([bad]))
    assert good == [object_id for object_id in range(n) if object_id != bad]
    assert list(queue.failed) == [bad]
    assert len(sizes) - 1 <= 2 * math.ceil(math.log2(n))
    assert queue.stopped_by is None


@given(
    n=st.integers(1, 300),
    size=st.integers(1, 300),
    bad=st.sets(st.integers(0, 299), max_size=MAX_CONSECUTIVE_FAILURES - 1),
)
def test_a_few_bad_ids(n, size, bad):
    bad = {object_id for object_id in bad if object_id < n}
    queue, good, sizes = run(n, size, fault_of(bad))
    assert sorted(good) == [object_id for object_id in range(n) if object_id not in bad]
    assert set(queue.failed) == bad
    batches = math.ceil(n / size)
    assert len(sizes) <= batches + len(bad) * 2 * math.ceil(math.log2(min(n, size)) + 1)


@given(st.data())
def test_every_id_is_good_or_failed_once(data):
    n = data.draw(st.integers(1, 60))
    kinds = [None, FAULT, ServerTimeoutError("slow"), UnreadableAnswerError("?"), ServerUnreachableError("gone")]
    outcomes = data.draw(st.lists(st.sampled_from(kinds), min_size=200, max_size=200))
    queue, good, _ = run(n, data.draw(st.integers(1, 60)), lambda ids, number: outcomes[number % 200])
    assert sorted([*good, *queue.failed]) == list(range(n))


def test_batches_of_a_search():
    queue, batches = BatchQueue([11, 12, 13, 14]), []
    while batch := queue.next_batch(4):
        batches.append(batch.ids)
        if 13 in batch.ids:
            queue.fail(batch, FAULT)
        else:
            queue.mark_done(batch)
    assert batches == [[11, 12, 13, 14], [11, 12], [13], [14]]
    assert list(queue.failed) == [13]


def test_order_is_kept():
    _, good, _ = run(100, 32, fault_of([40]))
    assert good == [object_id for object_id in range(100) if object_id != 40]


def test_a_server_that_always_fails_stops_the_queue():
    queue, good, sizes = run(1000, 100, lambda ids, number: FAULT if number >= 5 else None)
    assert good == list(range(500))
    assert list(queue.failed) == list(range(500, 1000))
    assert queue.stopped_by is FAULT
    assert len(sizes) - 5 < 25


def test_many_adjacent_bad_ids_do_not_stop_later_batches():
    bad = range(10, 30)
    queue, good, _ = run(200, 50, fault_of(bad))
    assert set(good) >= {*range(10), *range(50, 200)}
    assert set(queue.failed) >= set(bad)
    assert queue.stopped_by is None


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
def test_fatal_errors_stop_the_queue(error):
    queue, good, sizes = run(100, 10, lambda ids, number: error if number == 3 else None)
    assert good == list(range(30))
    assert list(queue.failed) == list(range(30, 100))
    assert queue.stopped_by is error
    assert len(sizes) == 4


@pytest.mark.parametrize("error", [ServerTimeoutError("slow"), ServerFaultError("slow", status=504)])
def test_a_batch_that_times_out_is_split_once(error):
    queue, good, sizes = run(64, 64, lambda ids, number: error if len(ids) > 32 else None)
    assert (good, sizes) == (list(range(64)), [64, 32, 32])
    queue, good, sizes = run(64, 64, lambda ids, number: error)
    assert sizes == [64, 32]
    assert len(queue.failed) == 64
    assert queue.stopped_by is error

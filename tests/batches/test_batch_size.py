# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Batches grow with the speed of the server, within its time limit."""

import pytest

from atlasquery.batches.batch_size import (
    FULL,
    MAX_ANSWER_BYTES,
    MAX_IDS,
    OBJECT_ROWS,
    RECENT,
    SHARE_OF_TIMEOUT,
    BatchSize,
)
from atlasquery.config import conf


@pytest.mark.parametrize("estimates", [FULL, RECENT])
def test_the_first_batch_of_light_curves_has_50_ids(estimates):
    assert BatchSize(*estimates).ids == 50


def test_growth_is_at_most_fourfold():
    batch_size = BatchSize(*RECENT)
    for expected in (200, 800, 3200, 12800, MAX_IDS, MAX_IDS):
        batch_size.update(batch_size.ids, seconds=0.001, size=10)
        assert batch_size.ids == expected


@pytest.mark.parametrize("seconds", [0.01, 0.1, 1.0, 5.0])
@pytest.mark.parametrize("timeout", [5, 60, 600])
def test_a_batch_takes_a_fraction_of_the_timeout(seconds, timeout):
    with conf.set_temp("timeout", timeout):
        batch_size = BatchSize(*FULL)
        for _ in range(8):
            batch_size.update(batch_size.ids, seconds=batch_size.ids * seconds, size=batch_size.ids * 1000)
        assert batch_size.ids == 1 or batch_size.ids * seconds <= SHARE_OF_TIMEOUT * timeout


def test_a_batch_fits_the_memory():
    batch_size = BatchSize(*FULL)
    for _ in range(5):
        batch_size.update(batch_size.ids, seconds=0.01, size=batch_size.ids * 3_000_000)
    assert batch_size.ids == MAX_ANSWER_BYTES // 3_000_000


def test_a_short_timeout_limits_the_first_batch():
    with conf.set_temp("timeout", 3.0):
        assert BatchSize(*FULL).ids == 8


def test_a_slow_answer_limits_the_growth():
    batch_size = BatchSize(*RECENT)
    batch_size.update(50, seconds=0.5, size=1_000_000)
    assert batch_size.ids == 200
    batch_size.update(200, seconds=20.0, size=4_000_000)
    assert batch_size.ids == 240


def test_small_batches_are_ignored():
    batch_size = BatchSize(*RECENT)
    batch_size.update(1, seconds=1.0, size=1)
    assert batch_size.ids == 50


def test_shrink():
    batch_size = BatchSize(*OBJECT_ROWS)
    batch_size.shrink()
    assert batch_size.ids == 250


@pytest.mark.parametrize(
    ("estimates", "n", "sizes"), [(RECENT, 10, [10]), (RECENT, 300, [50, 200, 50]), (OBJECT_ROWS, 0, [])]
)
def test_planned_sizes(estimates, n, sizes):
    assert BatchSize(*estimates).planned_sizes(n) == sizes

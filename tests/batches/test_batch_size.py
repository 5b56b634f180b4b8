# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Batches grow as the server allows, and are small enough to be in time."""

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


@pytest.mark.parametrize("kind", [FULL, RECENT])
def test_the_first_batch_of_light_curves_is_50(kind):
    assert BatchSize(*kind).ids == 50


def test_growth_is_fourfold_at_most():
    pace = BatchSize(*RECENT)
    for expected in (200, 800, 3200, 12800, MAX_IDS, MAX_IDS):
        pace.update(pace.ids, seconds=0.001, size=10)
        assert pace.ids == expected


@pytest.mark.parametrize("seconds", [0.01, 0.1, 1.0, 5.0])
@pytest.mark.parametrize("timeout", [5, 60, 600])
def test_a_batch_ends_well_before_the_timeout(seconds, timeout):
    with conf.set_temp("timeout", timeout):
        pace = BatchSize(*FULL)
        for _ in range(8):
            pace.update(pace.ids, seconds=pace.ids * seconds, size=pace.ids * 1000)
        assert pace.ids == 1 or pace.ids * seconds <= SHARE_OF_TIMEOUT * timeout


def test_a_batch_fits_the_memory():
    pace = BatchSize(*FULL)
    for _ in range(5):
        pace.update(pace.ids, seconds=0.01, size=pace.ids * 3_000_000)
    assert pace.ids == MAX_ANSWER_BYTES // 3_000_000


def test_a_short_timeout_makes_even_the_first_small():
    with conf.set_temp("timeout", 3.0):
        assert BatchSize(*FULL).ids == 8


def test_a_few_ids_teach_nothing():
    pace = BatchSize(*RECENT)
    pace.update(1, seconds=1.0, size=1)
    assert pace.ids == 50


def test_slowing_down():
    pace = BatchSize(*OBJECT_ROWS)
    pace.shrink()
    assert pace.ids == 250


@pytest.mark.parametrize(
    ("kind", "n", "sizes"), [(RECENT, 10, [10]), (RECENT, 300, [50, 200, 50]), (OBJECT_ROWS, 0, [])]
)
def test_the_plan(kind, n, sizes):
    assert BatchSize(*kind).planned_sizes(n) == sizes

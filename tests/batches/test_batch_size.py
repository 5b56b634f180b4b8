# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Batches grow as the server allows, and are small enough to be in time."""

import pytest

from atlasquery.batches.batch_size import BYTES, FULL, MOST, NO_ROWS, RECENT, SHARE_OF_TIMEOUT, Pace
from atlasquery.config import conf


@pytest.mark.parametrize("kind", [FULL, RECENT])
def test_the_first_batch_of_light_curves_is_50(kind):
    assert Pace(*kind).ids == 50


def test_growth_is_fourfold_at_most():
    pace = Pace(*RECENT)
    for expected in (200, 800, 3200, 12800, MOST, MOST):
        pace.learn(pace.ids, seconds=0.001, size=10)
        assert pace.ids == expected


@pytest.mark.parametrize("seconds", [0.01, 0.1, 1.0, 5.0])
@pytest.mark.parametrize("timeout", [5, 60, 600])
def test_a_batch_ends_well_before_the_timeout(seconds, timeout):
    with conf.set_temp("timeout", timeout):
        pace = Pace(*FULL)
        for _ in range(8):
            pace.learn(pace.ids, seconds=pace.ids * seconds, size=pace.ids * 1000)
        assert pace.ids == 1 or pace.ids * seconds <= SHARE_OF_TIMEOUT * timeout


def test_a_batch_fits_the_memory():
    pace = Pace(*FULL)
    for _ in range(5):
        pace.learn(pace.ids, seconds=0.01, size=pace.ids * 3_000_000)
    assert pace.ids == BYTES // 3_000_000


def test_a_short_timeout_makes_even_the_first_small():
    with conf.set_temp("timeout", 3.0):
        assert Pace(*FULL).ids == 8


def test_a_few_ids_teach_nothing():
    pace = Pace(*RECENT)
    pace.learn(1, seconds=1.0, size=1)
    assert pace.ids == 50


def test_slowing_down():
    pace = Pace(*NO_ROWS)
    pace.slow_down()
    assert pace.ids == 250


@pytest.mark.parametrize(("kind", "n", "sizes"), [(RECENT, 10, [10]), (RECENT, 300, [50, 200, 50]), (NO_ROWS, 0, [])])
def test_the_plan(kind, n, sizes):
    assert Pace(*kind).plan(n) == sizes

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The argument ``timeout`` limits a whole call."""

import inspect

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery import ATLASClass, conf
from atlasquery.batches import batch_size
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.exceptions import (
    BatchError,
    InvalidQueryError,
    InvalidQueryTypeError,
    RateLimitError,
    ServerTimeoutError,
    WriteError,
)
from atlasquery.sandbox import Fault
from constants import COW

METHODS = [
    name
    for name, method in inspect.getmembers(ATLASClass, inspect.isfunction)
    if not name.startswith("_") and any(name in vars(base) for base in QueryMixin.__subclasses__())
]


@pytest.mark.parametrize("name", METHODS)
def test_every_query_has_a_timeout(name):
    if name == "list_lists":
        return  # sends nothing
    assert "timeout" in inspect.signature(getattr(ATLASClass, name)).parameters
    assert "timeout" in getattr(ATLASClass, name).__doc__


@pytest.fixture
def atlas(small_sandbox):
    small_sandbox.clear_faults()
    yield small_sandbox.client("staff")
    small_sandbox.clear_faults()


@pytest.mark.parametrize("timeout", [0.4, 400 * u.ms, np.float64(0.4)])
def test_a_call_ends_at_its_timeout(small_sandbox, atlas, timeout):
    small_sandbox.inject(Fault("stall", times=None))
    n_before = len(small_sandbox.requests)
    with pytest.raises(ServerTimeoutError, match=r"0\.4 s|0\.3\d* s"):
        atlas.query_object(COW, timeout=timeout)
    assert len(small_sandbox.requests) - n_before == 1


def test_a_call_in_time(atlas):
    assert len(atlas.query_object(COW, timeout=60)) == 1
    assert [transient.atlas_id for transient in atlas.iter_transients([COW], since="2026-08-01", timeout=60)] == [COW]


def test_results_until_then_are_kept(small_sandbox, atlas, monkeypatch):
    monkeypatch.setattr(batch_size, "GROWTH", 1)
    monkeypatch.setattr("atlasquery.endpoints.objects.OBJECT_ROWS", (4, *batch_size.OBJECT_ROWS[1:]))
    ids = small_sandbox.truth["atlas_id"].tolist()[:12]
    small_sandbox.inject(Fault("stall", skip=1, times=None))
    n_before = len(small_sandbox.requests)
    with pytest.raises(BatchError) as caught:
        atlas.query_object(ids, timeout=1.5)
    assert caught.value.results["atlas_id"].tolist() == ids[:4]
    assert list(caught.value.failed) == ids[4:]
    assert len(small_sandbox.requests) - n_before <= 3


def test_nothing_is_sent_after_the_timeout(small_sandbox, atlas):
    """The first cone takes all the time."""
    small_sandbox.inject(Fault("stall", times=1))
    n_before = len(small_sandbox.requests)
    with pytest.raises(ServerTimeoutError):
        atlas.query_region(SkyCoord([10, 20, 30], [-60, -40, -20], unit="deg"), 2 * u.arcsec, timeout=0.4)
    assert len(small_sandbox.requests) - n_before == 1


def test_a_write_that_is_not_sent_is_not_done(small_sandbox, atlas):
    ids = small_sandbox.truth["atlas_id"].tolist()[1:4]
    small_sandbox.inject(Fault("stall", endpoint="objectgroups/", skip=1, times=None))
    with pytest.raises(WriteError) as caught:
        atlas.add_to_list(ids, "heloise", timeout=1.5)
    assert list(caught.value.results["status"])[1:] == ["unknown", "not done"]


def test_the_wait_for_the_quota_is_within_the_timeout(small_sandbox, atlas):
    refusal = {"status": 429, "headers": {"Retry-After": "30"}, "body": '{"detail": "no"}'}
    small_sandbox.inject(Fault("status", **refusal))
    with conf.set_temp("max_wait", 3600), pytest.raises(RateLimitError):
        atlas.query_object(COW, timeout=10)


@pytest.mark.parametrize("timeout", [0, -1, np.nan, np.inf, 0 * u.s, "10", 3 * u.m, True, [1, 2] * u.s, [1]])
def test_invalid_timeouts(small_sandbox, atlas, timeout):
    n_before = len(small_sandbox.requests)
    with pytest.raises((InvalidQueryError, InvalidQueryTypeError), match="`timeout` must be"):
        atlas.query_object(COW, timeout=timeout)
    assert len(small_sandbox.requests) == n_before

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Empty input is ordinary in a pipeline: empty, typed results, and no request."""

import numpy as np
import pytest
from astropy import units as u
from astropy.table import MaskedColumn, Table

EMPTY = [[], (), set(), np.array([], dtype=np.int64), Table({"atlas_id": np.array([], dtype=np.int64)})["atlas_id"],
         MaskedColumn([], dtype=np.int64), iter(())]  # fmt: skip


@pytest.fixture(autouse=True)
def unspent(small_sandbox):
    """Assert that no request is sent, with any role."""
    n_before = len(small_sandbox.requests)
    yield
    assert len(small_sandbox.requests) == n_before


@pytest.fixture
def atlas(small_sandbox):
    return small_sandbox.client("staff")


@pytest.mark.parametrize("empty", EMPTY, ids=lambda value: type(value).__name__)
def test_query_object(atlas, empty):
    table = atlas.query_object(empty)
    assert (len(table), table["atlas_id"].dtype, table["ra"].unit, table.meta["missing"]) == (0, np.int64, u.deg, [])


@pytest.mark.parametrize("empty", EMPTY, ids=lambda value: type(value).__name__)
def test_light_curves(atlas, empty):
    curves = atlas.get_light_curves(empty)
    assert (len(curves), curves.missing, curves.failed) == (0, [], {})
    assert len(curves.summary()) == 0
    assert len(curves.stack()) == 0


def test_iter_transients(atlas):
    assert list(atlas.iter_transients([])) == []


@pytest.mark.parametrize(
    "method",
    ["query_list_membership", "query_vra_scores", "query_vra_ranks", "query_vra_todo", "query_external_crossmatches"],
)
def test_tables(atlas, method):
    table = getattr(atlas, method)([])
    assert (len(table), table["atlas_id"].dtype) == (0, np.int64)
    assert table.meta["missing"] == []


@pytest.mark.parametrize("method", ["query_object", "get_light_curves", "iter_transients"])
def test_payloads(atlas, method):
    assert getattr(atlas, method)([], get_query_payload=True) == []

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries of objects by id: one row per object in the requested order; unknown ids are reported."""

import json

import numpy as np
import pytest
from astropy import units as u
from astropy.table import vstack

from atlasquery import DetectionList, conf
from atlasquery.batches import batch_size
from atlasquery.endpoints import objects
from atlasquery.exceptions import (
    BatchError,
    InvalidQueryError,
    InvalidQueryTypeError,
    NoResultsWarning,
    ServerFaultError,
    UnreadableAnswerError,
)
from atlasquery.sandbox import Fault
from constants import COW

UNKNOWN = 1000000000000000000


def test_one_object(atlas):
    table = atlas.query_object(COW)
    assert len(table) == 1
    row = table[0]
    assert (row["atlas_id"], row["name"], row["tns_name"]) == (COW, "ATLAS18qqn", "2018cow")
    assert (row["ra"], row["dec"]) == (244.000917 * u.deg, 22.268031 * u.deg)
    assert table["atlas_id"].dtype == np.int64
    assert table.meta["missing"] == []


def test_the_detection_list_has_a_number_and_a_name(sandbox, atlas):
    table = atlas.query_object(sandbox.truth["atlas_id"][:200])
    numbers = table["detection_list"].tolist()
    expected = [None if number is None else DetectionList(number).name for number in numbers]
    assert table["detection_list_name"].tolist() == expected
    assert None in expected  # on no list
    assert len(set(expected)) > 5


def test_rows_are_in_the_requested_order_with_repetitions(sandbox, atlas):
    ids = sandbox.truth["atlas_id"][[5, 3, 5, 1]].tolist()
    n_before = len(sandbox.requests)
    assert atlas.query_object(ids)["atlas_id"].tolist() == ids
    assert len(sandbox.requests) - n_before == 1


def test_the_request_is_without_light_curves(sandbox, atlas):
    atlas.query_object(COW)
    assert float(sandbox.requests[-1].params["mjd"]) == objects.NO_PHOTOMETRY_MJD


def test_unknown_ids_are_missing(atlas):
    with pytest.warns(NoResultsWarning, match="no record of 1 of 2 objects"):
        table = atlas.query_object([UNKNOWN, COW])
    assert table["atlas_id"].tolist() == [COW]
    assert table.meta["missing"] == [UNKNOWN]


def test_only_unknown_ids_give_an_empty_typed_table(atlas):
    with pytest.warns(NoResultsWarning):
        empty = atlas.query_object(UNKNOWN)
    full = atlas.query_object(COW)
    assert len(empty) == 0
    assert empty.colnames == full.colnames
    assert len(vstack([empty, full], metadata_conflicts="silent")) == 1


@pytest.mark.parametrize(
    ("ids", "error"),
    [
        (float(COW), InvalidQueryTypeError),
        (np.array([COW], dtype=float), InvalidQueryTypeError),
        ([COW, "2018"], InvalidQueryError),
        ([COW, f"{COW},"], InvalidQueryError),
        (None, InvalidQueryTypeError),
    ],
)
@pytest.mark.usefixtures("unspent")
def test_invalid_ids_send_no_request(atlas, ids, error):
    with pytest.raises(error):
        atlas.query_object(ids)


@pytest.mark.usefixtures("unspent")
def test_query_payload_sends_no_request(atlas):
    assert atlas.query_object([COW, UNKNOWN], get_query_payload=True) == {
        "objects": f"{COW},{UNKNOWN}",
        "mjd": objects.NO_PHOTOMETRY_MJD,
    }
    payloads = atlas.query_object([*range(COW, COW + 2001), COW], get_query_payload=True)
    assert [len(payload["objects"].split(",")) for payload in payloads] == [1000, 1001]


@pytest.fixture
def batches_of_two(monkeypatch):
    """Let a few objects need several requests."""
    monkeypatch.setattr(batch_size, "GROWTH", 1)
    monkeypatch.setattr(objects, "OBJECT_ROWS", (2, *objects.OBJECT_ROWS[1:]))


@pytest.mark.usefixtures("batches_of_two")
def test_several_requests_give_one_table(small_sandbox):
    ids = small_sandbox.truth["atlas_id"][:5].tolist()
    n_before = len(small_sandbox.requests)
    with pytest.warns(NoResultsWarning, match="1 of 6"):
        table = small_sandbox.client("staff").query_object([*ids, UNKNOWN])
    assert table["atlas_id"].tolist() == ids
    assert table.meta["missing"] == [UNKNOWN]
    assert len(small_sandbox.requests) - n_before == 3


@pytest.mark.usefixtures("batches_of_two")
def test_a_fault_in_the_middle_keeps_the_results(small_sandbox):
    ids = small_sandbox.truth["atlas_id"][:6].tolist()
    small_sandbox.inject(Fault("status", endpoint="objects/", skip=1, status=503, times=None))
    with conf.set_temp("retries", 0), pytest.raises(BatchError) as caught:
        small_sandbox.client("staff").query_object(ids)
    assert caught.value.results["atlas_id"].tolist() == ids[:2]
    assert list(caught.value.failed) == ids[2:]
    assert isinstance(caught.value.failed[ids[2]], ServerFaultError)
    assert str(ids[2]) in str(caught.value)


def test_a_damaged_object_is_isolated(small_sandbox):
    ids = small_sandbox.truth["atlas_id"][:16].tolist()
    small_sandbox.inject(Fault("damaged", objects=[ids[5]], times=None))
    n_before = len(small_sandbox.requests)
    with pytest.raises(BatchError) as caught:
        small_sandbox.client("staff").query_object([*ids, ids[0]])
    assert caught.value.results["atlas_id"].tolist() == [*ids[:5], *ids[6:], ids[0]]
    assert list(caught.value.failed) == [ids[5]]
    assert len(small_sandbox.requests) - n_before <= 1 + 2 * 4


def test_an_answer_with_other_objects_is_an_error(small_sandbox):
    first, second = small_sandbox.truth["atlas_id"][:2].tolist()
    payload = objects.objects_payload([second], with_photometry=False)
    other_records = small_sandbox.client("staff")._endpoints.objects._read(payload)
    small_sandbox.inject(Fault("status", endpoint="objects/", status=200, body=json.dumps(other_records)))
    with pytest.raises(UnreadableAnswerError, match="1 ids"):
        small_sandbox.client("staff").query_object(first)

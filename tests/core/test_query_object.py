# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Objects by id: one row an object, in the order asked, and the unknown ones said."""

import numpy as np
import pytest
from astropy import units as u
from astropy.table import vstack

from atlasquery import conf
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
from atlasquery.sandbox import Fault, Sandbox

COW = 1161600211221604900
UNKNOWN = 1000000000000000000


def test_one(atlas):
    found = atlas.query_object(COW)
    assert len(found) == 1
    row = found[0]
    assert (row["atlas_id"], row["name"], row["tns_name"]) == (COW, "ATLAS18qqn", "2018cow")
    assert (row["ra"], row["dec"]) == (244.000917 * u.deg, 22.268031 * u.deg)
    assert found["atlas_id"].dtype == np.int64
    assert found.meta["missing"] == []


def test_the_list_has_a_number_and_a_name(sandbox, atlas):
    from atlasquery import DetectionList

    found = atlas.query_object(sandbox.truth["atlas_id"][:200])
    expected = [DetectionList(number).name for number in found["detection_list"].tolist()]
    assert found["detection_list_name"].tolist() == expected
    assert len(set(expected)) > 5


def test_many_in_the_order_asked_repetitions_too(sandbox, atlas):
    ids = sandbox.truth["atlas_id"][[5, 3, 5, 1]].tolist()
    before = len(sandbox.requests)
    assert atlas.query_object(ids)["atlas_id"].tolist() == ids
    assert len(sandbox.requests) - before == 1


def test_no_light_curve_is_sent_for_it(sandbox, atlas):
    atlas.query_object(COW)
    assert float(sandbox.requests[-1].params["mjd"]) == objects.NO_PHOTOMETRY_MJD


def test_unknown_ids_are_left_out_warned_of_and_listed(atlas):
    with pytest.warns(NoResultsWarning, match="does not know 1 of 2 objects"):
        found = atlas.query_object([UNKNOWN, COW])
    assert found["atlas_id"].tolist() == [COW]
    assert found.meta["missing"] == [UNKNOWN]


def test_none_known_is_an_empty_typed_table(atlas):
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
        ([], InvalidQueryError),
        (None, InvalidQueryTypeError),
    ],
)
@pytest.mark.usefixtures("unspent")
def test_what_is_wrong_spends_no_request(atlas, ids, error):
    with pytest.raises(error):
        atlas.query_object(ids)


@pytest.mark.usefixtures("unspent")
def test_the_payload_is_shown_and_nothing_is_sent(atlas):
    assert atlas.query_object([COW, UNKNOWN], get_query_payload=True) == {
        "objects": f"{COW},{UNKNOWN}",
        "mjd": objects.NO_PHOTOMETRY_MJD,
    }
    many = atlas.query_object([*range(COW, COW + 2001), COW], get_query_payload=True)
    assert [len(one["objects"].split(",")) for one in many] == [1000, 1001]


@pytest.fixture(scope="module")
def small():
    """A sandbox whose faults disturb nobody else."""
    with Sandbox(n_objects=30, end="2026-11-01") as running:
        yield running


@pytest.fixture
def batches_of_two(monkeypatch):
    """Few objects take several requests."""
    monkeypatch.setattr(batch_size, "GROWTH", 1)
    monkeypatch.setattr(objects, "OBJECT_ROWS", (2, *objects.OBJECT_ROWS[1:]))


@pytest.mark.usefixtures("batches_of_two")
def test_several_requests_give_one_table(small):
    ids = small.truth["atlas_id"][:5].tolist()
    before = len(small.requests)
    with pytest.warns(NoResultsWarning, match="1 of 6"):
        found = small.client("staff").query_object([*ids, UNKNOWN])
    assert found["atlas_id"].tolist() == ids
    assert found.meta["missing"] == [UNKNOWN]
    assert len(small.requests) - before == 3


@pytest.mark.usefixtures("batches_of_two")
def test_a_fault_in_the_middle_loses_nothing(small):
    ids = small.truth["atlas_id"][:6].tolist()
    small.inject(Fault("status", endpoint="objects/", skip=1, status=503, times=None))
    with conf.set_temp("retries", 0), pytest.raises(BatchError) as caught:
        small.client("staff").query_object(ids)
    small.clear_faults()
    assert caught.value.results["atlas_id"].tolist() == ids[:2]
    assert list(caught.value.failed) == ids[2:]
    assert isinstance(caught.value.failed[ids[2]], ServerFaultError)
    assert str(ids[2]) in str(caught.value)


def test_a_damaged_object_is_found_and_all_others_are_kept(small):
    ids = small.truth["atlas_id"][:16].tolist()
    small.inject(Fault("damaged", objects=[ids[5]], times=None))
    before = len(small.requests)
    with pytest.raises(BatchError) as caught:
        small.client("staff").query_object([*ids, ids[0]])
    small.clear_faults()
    assert caught.value.results["atlas_id"].tolist() == [*ids[:5], *ids[6:], ids[0]]
    assert list(caught.value.failed) == [ids[5]]
    assert len(small.requests) - before <= 1 + 2 * 4


def test_an_answer_about_other_objects_is_refused(small):
    first, second = small.truth["atlas_id"][:2].tolist()
    other = small.client("staff")._request("objects/", objects.objects_payload([second], with_photometry=False))
    small.inject(Fault("status", endpoint="objects/", status=200, body=other.body.decode()))
    with pytest.raises(UnreadableAnswerError, match="not theirs"):
        small.client("staff").query_object(first)

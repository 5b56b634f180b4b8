# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Payloads and tables of the Virtual Research Assistant."""

import pytest

from atlasquery.endpoints.vra import vra_payload, vra_payloads
from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.inputs.times import Since, check_since
from constants import COW

OTHER = 1000005291314656200
DATE = "2026-10-01T00:00:00Z"


def todo_row(object_id, date=DATE):
    return {"transient_object_id": object_id, "timestamp": date}


def test_payloads():
    assert vra_payload([COW]) == {"objects": str(COW)}
    assert vra_payload([COW], since=Since(58285.5), debug=True) == {"objects": str(COW), "debug": True}
    assert vra_payload() == {}
    assert vra_payload(since=Since(58285.5)) == {"datethreshold": "2018-06-16T11:59:58Z"}


def test_payloads_of_many_ids():
    assert [len(ids) for ids, _ in vra_payloads(list(range(12000)))] == [5000, 5000, 2000]


def test_rows_of_all_objects_since_a_time(make_endpoints, sent):
    rows = [todo_row(COW), todo_row(OTHER, "2026-09-30T23:59:59Z")]
    table = make_endpoints(rows).vra_todo.query(since=check_since(DATE))
    assert table["atlas_id"].tolist() == [COW]
    assert sent == [("vratodolist/", {"datethreshold": "2026-09-30T23:59:58Z"})]


def test_rows_of_some_objects(make_endpoints, sent):
    table = make_endpoints([todo_row(OTHER), todo_row(COW)]).vra_todo.query([COW, 1, OTHER, COW])
    assert table["atlas_id"].tolist() == [COW, OTHER]
    assert table.meta["missing"] == [1]
    assert sent == [("vratodolist/", {"objects": f"{COW},1,{OTHER}"})]


@pytest.mark.parametrize("ids", [None, [COW]])
def test_an_answer_must_be_a_list(make_endpoints, ids):
    with pytest.raises(UnreadableAnswerError, match="must be a list"):
        make_endpoints({}).vra_ranks.query(ids)

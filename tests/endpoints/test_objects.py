# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Payloads and tables of ``objects/``."""

import pytest

from atlasquery import schema
from atlasquery.endpoints.objects import object_table, objects_payload, plan_requests
from atlasquery.exceptions import ObjectNotFoundError, UnreadableAnswerError
from atlasquery.inputs.object_names import check_object_ids
from atlasquery.inputs.times import Since
from constants import COW

OTHER = 1000005291314656200
UNKNOWN = {"object": "AtlasDiffObjects matching query does not exist."}


def object_row(object_id, **values):
    return {field.server_key: None for field in schema.OBJECT.values()} | {"id": object_id, **values}


def record(object_id, **sections):
    names = schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS
    row = object_row(object_id, atlas_designation="ATLAS18qqn")
    return {"object": row} | {name: [] for name in names} | sections


def test_payloads():
    assert objects_payload([COW, OTHER]) == {"objects": f"{COW},{OTHER}"}
    assert objects_payload([COW, OTHER], with_photometry=False) == {"objects": f"{COW},{OTHER}", "mjd": 70000.0}
    payload = objects_payload([COW], since=Since(58285.5))
    assert payload["mjd"] == pytest.approx(58285.5, abs=1e-8)
    assert payload["mjd"] < 58285.5


def test_plan_of_batches():
    ids = range(COW, COW + 1500)
    sizes = [payload["objects"].count(",") + 1 for payload in plan_requests(ids, with_photometry=False).payloads]
    assert sizes == [1000, 500]
    assert plan_requests(ids).payloads[0]["objects"].count(",") + 1 == 50


def test_plan_counts_the_look_up_of_names():
    assert plan_requests([COW]).n_requests == 1
    assert plan_requests(check_object_ids(["2018cow", "2020tjh"])).n_requests == 2


def test_query_payload_of_a_plan():
    assert plan_requests([COW, COW]).query_payload() == {"objects": str(COW)}
    assert len(plan_requests(range(COW, COW + 300), since=Since(58285.5)).query_payload()) == 3


def test_query_keeps_order_and_reports_missing_ids(make_endpoints):
    answer = [record(OTHER), UNKNOWN, record(COW)]
    table = make_endpoints(answer).objects.query([OTHER, 1, COW, OTHER])
    assert table["atlas_id"].tolist() == [OTHER, COW, OTHER]
    assert table.meta["missing"] == [1]


@pytest.mark.parametrize("answer", [[record(OTHER)], [], [record(COW), record(OTHER)], [UNKNOWN, UNKNOWN]])
def test_records_must_be_those_of_the_ids(make_endpoints, answer):
    with pytest.raises(UnreadableAnswerError, match="1 ids"):
        make_endpoints(answer).objects.get_record(COW)


def test_get_record_drops_photometry_before_since(make_endpoints):
    answer = record(COW, lc=[{"mjd": 1.0}, {"mjd": 2.0}], fp=[{"mjd_obs": 1.0}, {"mjd_obs": 3.0}, {"mjd_obs": "soon"}])
    kept = make_endpoints([answer]).objects.get_record(COW, since=Since(2.0))
    assert kept["lc"] == [{"mjd": 2.0}]
    assert kept["fp"] == [{"mjd_obs": 3.0}, {"mjd_obs": "soon"}]


def test_get_record_of_an_unknown_id(make_endpoints):
    with pytest.raises(ObjectNotFoundError, match=str(COW)) as caught:
        make_endpoints([UNKNOWN]).objects.get_record(COW)
    assert caught.value.object_id == COW


def test_object_table_has_names_of_detection_lists():
    table = object_table([object_row(COW, detection_list_id=2), object_row(1), object_row(2, detection_list_id=99)])
    assert table["detection_list"].tolist() == [2, None, 99]
    assert table["detection_list_name"].tolist() == ["good", None, None]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Payloads and tables of ``objectlist/`` and ``objectgroupslist/``."""

import pytest

from atlasquery import CustomList, DetectionList, schema
from atlasquery.endpoints.lists import list_payload, membership_payload, select_ids
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.list_filters import ListFilters
from atlasquery.inputs.object_names import check_name
from constants import COW

OTHER = 1000005291314656200


def list_row(**values):
    row = {field.server_key: None for field in schema.LIST_ROW.values()}
    return {**row, "id": COW, "atlas_designation": "ATLAS18qqn", **values}


def test_list_payload():
    assert list_payload(DetectionList.good) == {"objectlistid": 2}
    assert list_payload(CustomList(72)) == {"objectlistid": 72, "getcustomlist": True}
    filters = ListFilters(dec=(-30, None), sherlock_class="sn")
    assert list_payload(DetectionList.good, filters) == {
        "objectlistid": 2, "dec_gte": -30.00001, "sherlock_class": "SN",
    }  # fmt: skip


def test_membership_payload():
    assert membership_payload([COW]) == {"objectid": COW}
    assert membership_payload([check_name("SN 2018cow")]) == {"objectid": "SN 2018cow"}
    assert membership_payload([COW, OTHER]) == {}


def test_filters_are_applied_to_the_answer(make_endpoints, sent):
    rows = [list_row(rb_pix=0.2), list_row(id=OTHER, rb_pix=0.9), list_row(id=OTHER + 100)]
    table = make_endpoints(rows).lists.query(DetectionList.good, ListFilters(rb_pix=(0.5, None)))
    assert table["atlas_id"].tolist() == [OTHER]
    assert table.meta["lists"] == ["good"]
    assert sent == [("objectlist/", {"objectlistid": 2, "rb_pix_gte": 0.49999})]


def test_a_filter_on_a_missing_column_is_an_error(make_endpoints):
    row = list_row()
    del row["vra"]
    with pytest.raises(InvalidQueryError, match="vra"):
        make_endpoints([row]).lists.query(DetectionList.good, ListFilters(vra=(5, None)))


def test_an_unnamed_list_has_its_number_in_meta(make_endpoints):
    assert make_endpoints([]).lists.query(CustomList(999), ListFilters()).meta["lists"] == ["custom list 999"]


def test_memberships(make_endpoints):
    rows = [
        {"id": number, "transient_object_id": object_id, "object_group_id": custom_list}
        for number, (object_id, custom_list) in enumerate([(OTHER, 40), (COW, 999), (COW, 40), (OTHER + 100, 2)])
    ]
    table = make_endpoints(rows).memberships.query([COW, OTHER, 1], [check_name("1999zzz")])
    assert table.colnames == ["atlas_id", "custom_list", "custom_list_name", "id"]
    assert table["atlas_id"].tolist() == [COW, COW, OTHER]
    assert table["custom_list_name"].tolist() == [None, "cv", "cv"]
    assert table.meta["missing"] == [1, "1999zzz"]


def test_select_ids_of_an_empty_table():
    table = select_ids([COW], schema.LIST_MEMBERSHIP.table([]), ())
    assert (len(table), table.meta["missing"]) == (0, [COW])

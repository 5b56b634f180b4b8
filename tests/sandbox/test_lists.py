# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objectlist/`` and ``objectgroupslist/``: members, order and filters."""

import pytest


def get_rows(send, list_id, **params):
    answer = send("objectlist/", {"objectlistid": list_id, **params})
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="module")
def send(make_module_sender):
    return make_module_sender(n_objects=500)


@pytest.fixture(scope="module")
def members(send):
    """All rows of all detection lists."""
    return {list_id: get_rows(send, list_id) for list_id in range(14)}


def test_every_object_is_in_one_list_or_in_none(members, send):
    ids = [row["id"] for rows in members.values() for row in rows]
    assert len(ids) == len(set(ids))
    others = sorted(set(send.sandbox.truth["atlas_id"].tolist()) - set(ids))
    assert 0 < len(others) < 0.1 * len(ids)
    for record in send("objects/", {"objects": ",".join(map(str, others))}).json():
        assert record["object"]["detection_list_id"] is None
        assert record["object"]["followup_flag_date"] is None


def test_rows_are_sorted_and_have_their_list_id(members):
    for list_id, rows in members.items():
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
        assert {row["detection_list_id"] for row in rows} <= {list_id}


def test_rows_agree_with_the_records(send, members):
    for rows in members.values():
        for row in rows[:2]:
            record = send("objects/", {"objects": row["id"]}).json()[0]
            section = record["object"]
            shared = set(row) & set(section) - {"date_modified"}
            assert {key: row[key] for key in shared} == {key: section[key] for key in shared}
            assert (row["date_modified"] or "") == (section["date_modified"] or "").removesuffix("Z")
            assert row["rank"] == section["followup_id"]
            check_first_and_last(row, record["lc"])


def check_first_and_last(row, detections):
    detections = sorted(detections, key=lambda detection: detection["mjd"])
    for prefix, index in (("earliest", 0), ("latest", -1)):
        expected = [detections[index][key] for key in ("mjd", "mag", "filter")] if detections else [None] * 3
        assert [row[f"{prefix}_{key}"] for key in ("mjd", "mag", "filter")] == expected


@pytest.mark.parametrize("list_id", [-1, -2, -14])
def test_negative_list_ids_count_from_the_end(send, members, list_id):
    assert [row["id"] for row in get_rows(send, list_id)] == [row["id"] for row in members[14 + list_id]]


@pytest.mark.parametrize("list_id", [14, 99, -15, -99])
def test_unknown_list_gives_status_500(send, list_id):
    answer = send("objectlist/", {"objectlistid": list_id})
    assert answer.status_code == 500
    assert "text/html" in answer.headers["Content-Type"]


def test_date_threshold_is_exclusive(send, members):
    dated_ids = sorted((row["followup_flag_date"], row["id"]) for row in members[2] if row["followup_flag_date"])
    middle = dated_ids[len(dated_ids) // 2][0]
    expected = sorted(object_id for date, object_id in dated_ids if date > middle)
    assert [row["id"] for row in get_rows(send, 2, datethreshold=middle)] == expected
    assert 0 < len(expected) < len(dated_ids)


@pytest.mark.parametrize("column", ["vra", "rb_pix", "ra", "dec"])
def test_range_filters_are_inclusive_and_exclude_null(send, members, column):
    values = sorted(row[column] for row in members[2] if row[column] is not None)
    low, high = values[len(values) // 4], values[3 * len(values) // 4]
    expected = [row["id"] for row in members[2] if row[column] is not None and low <= row[column] <= high]
    filters = {f"{column}_gte": repr(low), f"{column}_lte": repr(high)}
    assert [row["id"] for row in get_rows(send, 2, **filters)] == expected
    assert 0 < len(expected) < len(members[2])


def test_class_filters_ignore_case(send, members):
    expected = [row["id"] for row in members[2] if row["sherlockClassification"] == "SN"]
    assert [row["id"] for row in get_rows(send, 2, sherlock_class="sn")] == expected
    assert 0 < len(expected) < len(members[2])
    classified = next(row for rows in members.values() for row in rows if row["observation_status"])
    list_id, status = classified["detection_list_id"], classified["observation_status"]
    expected = [row["id"] for row in members[list_id] if row["observation_status"] == status]
    assert [row["id"] for row in get_rows(send, list_id, spec_type=status)] == expected


def test_custom_list_has_the_order_of_its_memberships(send, members):
    rows_by_id = {row["id"]: row for rows in members.values() for row in rows}
    memberships = send("objectgroupslist/", {}).json()
    for group_id in {membership["object_group_id"] for membership in memberships}:
        rows = get_rows(send, group_id, getcustomlist=True)
        expected = [
            membership["transient_object_id"]
            for membership in send("objectgroupslist/", {"objectgroupid": group_id}).json()
        ]
        assert [row["id"] for row in rows] == expected
        assert {row["object_group_id"] for row in rows} == {group_id}
        for row in [row for row in rows if row["id"] in rows_by_id][:3]:
            detection_row = rows_by_id[row["id"]]
            assert set(row) == set(detection_row) - {"images_id"} | {"local_comments", "object_group_id"}
            assert row["detection_list_id"] == detection_row["detection_list_id"]
    assert get_rows(send, 999, getcustomlist=True) == []
    assert get_rows(send, 72, getcustomlist=True, datethreshold="2030-01-01") == []


def test_memberships_by_object_by_both_or_by_neither(send):
    memberships = send("objectgroupslist/", {}).json()
    first = memberships[0]
    object_memberships = send("objectgroupslist/", {"objectid": first["transient_object_id"]}).json()
    assert object_memberships == [
        row for row in memberships if row["transient_object_id"] == first["transient_object_id"]
    ]
    both = {"objectid": first["transient_object_id"], "objectgroupid": first["object_group_id"]}
    assert send("objectgroupslist/", both).json() == memberships
    assert len({row["id"] for row in memberships}) == len(memberships)


def test_cow_is_on_no_custom_list(send):
    assert send("objectgroupslist/", {"objectid": 1161600211221604900}).json() == []

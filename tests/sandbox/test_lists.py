# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objectlist/`` and ``objectgroupslist/``."""

import pytest


def rows(ask, number, **params):
    answer = ask("objectlist/", {"objectlistid": number, **params})
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="module")
def ask(start_asker):
    return start_asker(n_objects=500)


@pytest.fixture(scope="module")
def members(ask):
    """All rows of all detection lists."""
    return {number: rows(ask, number) for number in range(14)}


def test_every_object_is_in_exactly_one_list(members, ask):
    found = [row["id"] for rows in members.values() for row in rows]
    assert sorted(found) == sorted(ask.sandbox.truth["atlas_id"])


def test_rows_are_sorted_and_say_their_list(members):
    for number, found in members.items():
        assert [row["id"] for row in found] == sorted(row["id"] for row in found)
        assert {row["detection_list_id"] for row in found} <= {number}


def test_rows_agree_with_the_records(ask, members):
    for found in members.values():
        for row in found[:2]:
            record = ask("objects/", {"objects": row["id"]}).json()[0]
            section = record["object"]
            shared = set(row) & set(section) - {"date_modified"}
            assert {key: row[key] for key in shared} == {key: section[key] for key in shared}
            assert (row["date_modified"] or "") == (section["date_modified"] or "").removesuffix("Z")
            assert row["rank"] == section["followup_id"]
            check_extremes(row, record["lc"])


def check_extremes(row, detections):
    detections = sorted(detections, key=lambda one: one["mjd"])
    for word, place in (("earliest", 0), ("latest", -1)):
        expected = [detections[place][key] for key in ("mjd", "mag", "filter")] if detections else [None] * 3
        assert [row[f"{word}_{key}"] for key in ("mjd", "mag", "filter")] == expected


@pytest.mark.parametrize("number", [-1, -2, -14])
def test_negative_numbers_count_from_the_end(ask, members, number):
    assert [row["id"] for row in rows(ask, number)] == [row["id"] for row in members[14 + number]]


@pytest.mark.parametrize("number", [14, 99, -15, -99])
def test_unknown_list_is_a_fault(ask, number):
    answer = ask("objectlist/", {"objectlistid": number})
    assert answer.status_code == 500
    assert "text/html" in answer.headers["Content-Type"]


def test_date_threshold_is_exclusive(ask, members):
    found = sorted((row["followup_flag_date"], row["id"]) for row in members[2] if row["followup_flag_date"])
    middle = found[len(found) // 2][0]
    expected = sorted(object_id for date, object_id in found if date > middle)
    assert [row["id"] for row in rows(ask, 2, datethreshold=middle)] == expected
    assert 0 < len(expected) < len(found)


@pytest.mark.parametrize("column", ["vra", "rb_pix", "ra", "dec"])
def test_ranges(ask, members, column):
    values = sorted(row[column] for row in members[2] if row[column] is not None)
    low, high = values[len(values) // 4], values[3 * len(values) // 4]
    expected = [row["id"] for row in members[2] if row[column] is not None and low <= row[column] <= high]
    filters = {f"{column}_gte": repr(low), f"{column}_lte": repr(high)}
    assert [row["id"] for row in rows(ask, 2, **filters)] == expected
    assert 0 < len(expected) < len(members[2])


def test_classes(ask, members):
    expected = [row["id"] for row in members[2] if row["sherlockClassification"] == "SN"]
    assert [row["id"] for row in rows(ask, 2, sherlock_class="sn")] == expected
    assert 0 < len(expected) < len(members[2])
    typed = next(row for found in members.values() for row in found if row["observation_status"])
    number, status = typed["detection_list_id"], typed["observation_status"]
    expected = [row["id"] for row in members[number] if row["observation_status"] == status]
    assert [row["id"] for row in rows(ask, number, spec_type=status)] == expected


def test_custom_lists(ask, members):
    everything = {row["id"]: row for found in members.values() for row in found}
    entries = ask("objectgroupslist/", {}).json()
    for number in {entry["object_group_id"] for entry in entries}:
        found = rows(ask, number, getcustomlist=True)
        expected = [
            entry["transient_object_id"] for entry in ask("objectgroupslist/", {"objectgroupid": number}).json()
        ]
        assert [row["id"] for row in found] == expected
        assert {row["object_group_id"] for row in found} == {number}
        for row in found[:3]:
            plain = everything[row["id"]]
            assert set(row) == set(plain) - {"images_id"} | {"local_comments", "object_group_id"}
            assert row["detection_list_id"] == plain["detection_list_id"]
    assert rows(ask, 999, getcustomlist=True) == []
    assert rows(ask, 72, getcustomlist=True, datethreshold="2030-01-01") == []


def test_groups_by_object_list_both_or_neither(ask):
    whole = ask("objectgroupslist/", {}).json()
    one = whole[0]
    of_object = ask("objectgroupslist/", {"objectid": one["transient_object_id"]}).json()
    assert of_object == [row for row in whole if row["transient_object_id"] == one["transient_object_id"]]
    both = {"objectid": one["transient_object_id"], "objectgroupid": one["object_group_id"]}
    assert ask("objectgroupslist/", both).json() == whole
    assert len({row["id"] for row in whole}) == len(whole)


def test_cow_is_on_no_custom_list(ask):
    assert ask("objectgroupslist/", {"objectid": 1161600211221604900}).json() == []

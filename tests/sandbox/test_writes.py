# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Writes: written rows can be read, failed writes differ in ``info`` only, readers get status 403."""

import pytest

VALID_PARAMS = {
    "objectgroups/": {"objectgroupid": 73},
    "objectdetectionlist/": {"objectlist": 4},
    "vrascores/": {"preal": 0.5},
    "vrarank/": {"rank": 5, "rank_alt1": 4, "is_gal_cand": 0},
    "vratodo/": {},
}


@pytest.fixture(scope="module")
def send(make_module_sender):
    return make_module_sender(n_objects=300, rates={"user": None})


@pytest.fixture(scope="module")
def unused_ids(send):
    """An iterator over objects without a membership or a row in ``vratodolist/``."""
    used_ids = {row["transient_object_id"] for row in send("objectgroupslist/", {}).json()}
    used_ids |= {row["transient_object_id"] for row in send("vratodolist/", {}).json()}
    return (int(object_id) for object_id in send.sandbox.truth["atlas_id"] if object_id not in used_ids)


@pytest.fixture
def object_id(unused_ids):
    """An unused object for each test."""
    return next(unused_ids)


def write(send, endpoint, object_id, role="writer", **params):
    return send(endpoint, {"objectid": object_id, **params}, role=role)


@pytest.mark.parametrize("endpoint", VALID_PARAMS)
@pytest.mark.parametrize("role", ["reader", "nogroup"])
def test_readers_cannot_write(send, object_id, endpoint, role):
    answer = write(send, endpoint, object_id, role, **VALID_PARAMS[endpoint])
    assert answer.status_code == 403
    assert answer.json() == {"detail": "You do not have permission to perform this action."}


@pytest.mark.parametrize("endpoint", VALID_PARAMS)
def test_unknown_object_is_reported_in_info_only(send, endpoint):
    answer = write(send, endpoint, 7, **VALID_PARAMS[endpoint])
    assert answer.status_code == (200 if endpoint == "objectdetectionlist/" else 201)
    assert answer.json() == {"objectid": 7, "info": "Object does not exist."}


@pytest.mark.parametrize("endpoint", sorted({*VALID_PARAMS, "objectgroupsdelete/"} - {"objectdetectionlist/"}))
def test_get_writes_nothing(send, object_id, endpoint):
    answer = send(endpoint, {"objectid": object_id, **VALID_PARAMS.get(endpoint, {})}, role="reader", method="GET")
    assert (answer.status_code, answer.json()) == (200, {"Error": "GET is not implemented for this service."})


def test_object_can_be_added_to_and_removed_from_a_custom_list(send, object_id):
    memberships = send("objectgroupslist/", {"objectgroupid": 73}).json()
    assert write(send, "objectgroups/", object_id, objectgroupid=73).json()["info"] == "Row created."
    assert write(send, "objectgroups/", object_id, objectgroupid=73).json()["info"] == "Duplicate row. Cannot add row."
    new_memberships = send("objectgroupslist/", {"objectgroupid": 73}).json()
    assert new_memberships[:-1] == memberships
    assert new_memberships[-1]["transient_object_id"] == object_id
    assert send("objectlist/", {"objectlistid": 73, "getcustomlist": True}).json()[-1]["id"] == object_id
    deleted = write(send, "objectgroupsdelete/", object_id, objectgroupid=73)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert send("objectgroupslist/", {"objectgroupid": 73}).json() == memberships
    assert write(send, "objectgroupsdelete/", object_id, objectgroupid=73).status_code == 400


def test_unknown_custom_list_is_reported_in_info_only(send, object_id):
    answer = write(send, "objectgroups/", object_id, objectgroupid=999)
    assert (answer.status_code, answer.json()["info"]) == (201, "Object group ID does not exist.")
    assert send("objectgroupslist/", {"objectgroupid": 999}).json() == []


@pytest.mark.parametrize("params", [{}, {"objectgroupid": "x"}])
def test_invalid_parameters_of_a_deletion_give_status_500(send, object_id, params):
    assert write(send, "objectgroupsdelete/", object_id, **params).status_code == 500


@pytest.mark.parametrize(("role", "method"), [("writer", "POST"), ("writer", "GET"), ("reader", "GET")])
def test_object_can_be_moved_to_another_detection_list(send, object_id, role, method):
    before = send("objects/", {"objects": object_id, "mjd": 70000}).json()[0]["object"]
    list_id = 3 if before["detection_list_id"] == 4 else 4
    move = {"objectid": object_id, "objectlist": list_id, "insertdate": "2026-11-02T03:04:05Z"}
    answer = send("objectdetectionlist/", move, role=role, method=method)
    assert (answer.status_code, answer.json()["info"]) == (200, "Row created.")
    after = send("objects/", {"objects": object_id, "mjd": 70000}).json()[0]["object"]
    changes = {"detection_list_id": list_id, "date_modified": "2026-11-02T03:04:05Z", "updated_by": role}
    assert after == {**before, **changes}
    new_rows = {row["id"]: row for row in send("objectlist/", {"objectlistid": list_id}).json()}
    assert new_rows[object_id]["date_modified"] == "2026-11-02T03:04:05"
    old_rows = send("objectlist/", {"objectlistid": before["detection_list_id"]}).json()
    assert object_id not in {row["id"] for row in old_rows}


@pytest.mark.parametrize("list_id", [0, 2, 5, 13, 99])
def test_objects_cannot_be_moved_to_other_detection_lists(send, object_id, list_id):
    answer = write(send, "objectdetectionlist/", object_id, objectlist=list_id)
    assert (answer.status_code, answer.json()["info"]) == (200, "Error updating row.")


def test_every_score_is_kept(send, object_id):
    before = send("vrascoreslist/", {"objects": object_id}).json()
    write(send, "vrascores/", object_id, preal=0.9, pgal=0.1, pfast=0.2, rank=7.5, rank_alt1=6.5, is_gal_cand=1)
    write(send, "vrascores/", object_id)
    write(send, "vrascores/", object_id, preal=0.4, debug=True, insertdate="2026-11-20T01:02:03Z")
    after = send("vrascoreslist/", {"objects": object_id}).json()
    assert after[:-2] == before
    values = {"preal": 0.9, "pgal": 0.1, "pfast": 0.2, "rank": 7.5, "rank_alt1": 6.5, "is_gal_cand": 1}
    common = {"transient_object_id": object_id, "apiusername": "writer", "username": None, "debug": False}
    assert values.items() | common.items() <= after[-2].items()
    assert {**after[-1], "id": 0, "timestamp": ""} == {**dict.fromkeys(values), **common, "id": 0, "timestamp": ""}
    debug = send("vrascoreslist/", {"objects": object_id, "debug": True}).json()
    assert (debug[-1]["preal"], debug[-1]["timestamp"]) == (0.4, "2026-11-20T01:02:03Z")
    assert len(send("vrascoreslist/", {"idthreshold": after[-1]["id"]}).json()) == 1


@pytest.mark.parametrize("invalid", [{"preal": "nan"}, {"rank": "inf"}, {"is_gal_cand": 300}])
def test_scores_out_of_range_give_status_500(send, object_id, invalid):
    before = send("vrascoreslist/", {"objects": object_id}).json()
    assert write(send, "vrascores/", object_id, **invalid).status_code == 500
    assert send("vrascoreslist/", {"objects": object_id}).json() == before


def test_rank_is_replaced_by_a_complete_one_only(send, object_id):
    complete = {"rank": 8.1, "rank_alt1": 7.0, "is_gal_cand": 0}
    assert write(send, "vrarank/", object_id, **complete).json()["info"] == "Row created."
    assert write(send, "vrarank/", object_id, **{**complete, "rank": 2.5}).json()["info"] == "Row created."
    answer = write(send, "vrarank/", object_id, rank=1.0)
    assert (answer.status_code, answer.json()["info"]) == (201, "Duplicate row. Cannot add row.")
    (row,) = send("vraranklist/", {"objects": object_id}).json()
    assert {**complete, "rank": 2.5}.items() <= row.items()


def test_todo_is_written_once(send, object_id):
    assert write(send, "vratodo/", object_id).json()["info"] == "Row created."
    assert write(send, "vratodo/", object_id).json()["info"] == "Duplicate row. Cannot add row."
    assert len(send("vratodolist/", {"objects": object_id}).json()) == 1


@pytest.mark.parametrize("endpoint", ["vrascoreslist/", "vraranklist/", "vratodolist/"])
def test_vra_thresholds_are_exclusive_and_ignored_with_objects(send, endpoint):
    rows = send(endpoint, {"nonsense": 1}).json()
    dates = sorted(row["timestamp"] for row in rows)
    middle = dates[len(dates) // 2]
    later = send(endpoint, {"datethreshold": middle}).json()
    assert later == [row for row in rows if row["timestamp"] > middle]
    assert 0 < len(later) < len(rows)
    object_id = rows[-1]["transient_object_id"]
    object_rows = send(endpoint, {"objects": f"abc,{object_id},,5", "datethreshold": "2090-01-01"}).json()
    assert {row["transient_object_id"] for row in object_rows} <= {object_id}
    assert object_rows or endpoint == "vrascoreslist/"


def test_external_names_ignore_case(send):
    (lower_row,), (upper_row,), unknown = send("externalxmlist/", {"externalObjects": "2018cow,2018COW,2099zzz"}).json()
    assert lower_row == upper_row
    assert (lower_row["transient_object_id"], lower_row["external_designation"]) == (1161600211221604900, "2018cow")
    assert unknown == []
    assert send("externalxmlist/", {"externalObjects": "ATLAS18qqn"}).json() == [[]]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Writes: what is written can be read, what was not is said in ``info`` alone, readers are refused."""

import pytest

LEGAL = {
    "objectgroups/": {"objectgroupid": 73},
    "objectdetectionlist/": {"objectlist": 4},
    "vrascores/": {"preal": 0.5},
    "vrarank/": {"rank": 5, "rank_alt1": 4, "is_gal_cand": 0},
    "vratodo/": {},
}


@pytest.fixture(scope="module")
def ask(start_asker):
    return start_asker(n_objects=300, rates={"user": None})


@pytest.fixture(scope="module")
def untouched(ask):
    """Objects that nothing was written about yet, one after the other."""
    taken = {row["transient_object_id"] for row in ask("objectgroupslist/", {}).json()}
    taken |= {row["transient_object_id"] for row in ask("vratodolist/", {}).json()}
    return (int(one) for one in ask.sandbox.truth["atlas_id"] if one not in taken)


@pytest.fixture
def object_id(untouched):
    """A fresh object for each test."""
    return next(untouched)


def write(ask, endpoint, object_id, role="writer", **params):
    return ask(endpoint, {"objectid": object_id, **params}, role=role)


@pytest.mark.parametrize("endpoint", LEGAL)
@pytest.mark.parametrize("role", ["reader", "nogroup"])
def test_readers_are_refused(ask, object_id, endpoint, role):
    answer = write(ask, endpoint, object_id, role, **LEGAL[endpoint])
    assert answer.status_code == 403
    assert answer.json() == {"detail": "You do not have permission to perform this action."}


@pytest.mark.parametrize("endpoint", LEGAL)
def test_unknown_object_is_a_success_in_name(ask, endpoint):
    answer = write(ask, endpoint, 7, **LEGAL[endpoint])
    assert answer.status_code == (200 if endpoint == "objectdetectionlist/" else 201)
    assert answer.json() == {"objectid": 7, "info": "Object does not exist."}


@pytest.mark.parametrize("endpoint", sorted({*LEGAL, "objectgroupsdelete/"} - {"objectdetectionlist/"}))
def test_get_does_nothing(ask, object_id, endpoint):
    answer = ask(endpoint, {"objectid": object_id, **LEGAL.get(endpoint, {})}, role="reader", method="GET")
    assert (answer.status_code, answer.json()) == (200, {"Error": "GET is not implemented for this service."})


def test_custom_list(ask, object_id):
    entries = ask("objectgroupslist/", {"objectgroupid": 73}).json()
    assert write(ask, "objectgroups/", object_id, objectgroupid=73).json()["info"] == "Row created."
    assert write(ask, "objectgroups/", object_id, objectgroupid=73).json()["info"] == "Duplicate row. Cannot add row."
    now = ask("objectgroupslist/", {"objectgroupid": 73}).json()
    assert now[:-1] == entries
    assert now[-1]["transient_object_id"] == object_id
    assert ask("objectlist/", {"objectlistid": 73, "getcustomlist": True}).json()[-1]["id"] == object_id
    deleted = write(ask, "objectgroupsdelete/", object_id, objectgroupid=73)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert ask("objectgroupslist/", {"objectgroupid": 73}).json() == entries
    assert write(ask, "objectgroupsdelete/", object_id, objectgroupid=73).status_code == 400


def test_unknown_custom_list(ask, object_id):
    answer = write(ask, "objectgroups/", object_id, objectgroupid=999)
    assert (answer.status_code, answer.json()["info"]) == (201, "Object group ID does not exist.")
    assert ask("objectgroupslist/", {"objectgroupid": 999}).json() == []


@pytest.mark.parametrize("params", [{}, {"objectgroupid": "x"}])
def test_wrong_parameters_of_a_deletion_are_a_fault(ask, object_id, params):
    assert write(ask, "objectgroupsdelete/", object_id, **params).status_code == 500


@pytest.mark.parametrize(("role", "method"), [("writer", "POST"), ("writer", "GET"), ("reader", "GET")])
def test_detection_list(ask, object_id, role, method):
    before = ask("objects/", {"objects": object_id, "mjd": 70000}).json()[0]["object"]
    new = 3 if before["detection_list_id"] == 4 else 4
    move = {"objectid": object_id, "objectlist": new, "insertdate": "2026-11-02T03:04:05Z"}
    answer = ask("objectdetectionlist/", move, role=role, method=method)
    assert (answer.status_code, answer.json()["info"]) == (200, "Row created.")
    after = ask("objects/", {"objects": object_id, "mjd": 70000}).json()[0]["object"]
    changed = {"detection_list_id": new, "date_modified": "2026-11-02T03:04:05Z", "updated_by": role}
    assert after == {**before, **changed}
    found = {row["id"]: row for row in ask("objectlist/", {"objectlistid": new}).json()}
    assert found[object_id]["date_modified"] == "2026-11-02T03:04:05"
    old = ask("objectlist/", {"objectlistid": before["detection_list_id"]}).json()
    assert object_id not in {row["id"] for row in old}


@pytest.mark.parametrize("number", [0, 2, 5, 13, 99])
def test_closed_detection_lists(ask, object_id, number):
    answer = write(ask, "objectdetectionlist/", object_id, objectlist=number)
    assert (answer.status_code, answer.json()["info"]) == (200, "Error updating row.")


def test_scores_add_up(ask, object_id):
    before = ask("vrascoreslist/", {"objects": object_id}).json()
    write(ask, "vrascores/", object_id, preal=0.9, pgal=0.1, pfast=0.2, rank=7.5, rank_alt1=6.5, is_gal_cand=1)
    write(ask, "vrascores/", object_id)
    write(ask, "vrascores/", object_id, preal=0.4, debug=True, insertdate="2026-11-20T01:02:03Z")
    after = ask("vrascoreslist/", {"objects": object_id}).json()
    assert after[:-2] == before
    values = {"preal": 0.9, "pgal": 0.1, "pfast": 0.2, "rank": 7.5, "rank_alt1": 6.5, "is_gal_cand": 1}
    said = {"transient_object_id": object_id, "apiusername": "writer", "username": None, "debug": False}
    assert values.items() | said.items() <= after[-2].items()
    assert {**after[-1], "id": 0, "timestamp": ""} == {**dict.fromkeys(values), **said, "id": 0, "timestamp": ""}
    debug = ask("vrascoreslist/", {"objects": object_id, "debug": True}).json()
    assert (debug[-1]["preal"], debug[-1]["timestamp"]) == (0.4, "2026-11-20T01:02:03Z")
    assert len(ask("vrascoreslist/", {"idthreshold": after[-1]["id"]}).json()) == 1


@pytest.mark.parametrize("bad", [{"preal": "nan"}, {"rank": "inf"}, {"is_gal_cand": 300}])
def test_scores_that_the_database_refuses(ask, object_id, bad):
    before = ask("vrascoreslist/", {"objects": object_id}).json()
    assert write(ask, "vrascores/", object_id, **bad).status_code == 500
    assert ask("vrascoreslist/", {"objects": object_id}).json() == before


def test_rank_is_replaced_and_an_incomplete_one_is_not_written(ask, object_id):
    full = {"rank": 8.1, "rank_alt1": 7.0, "is_gal_cand": 0}
    assert write(ask, "vrarank/", object_id, **full).json()["info"] == "Row created."
    assert write(ask, "vrarank/", object_id, **{**full, "rank": 2.5}).json()["info"] == "Row created."
    answer = write(ask, "vrarank/", object_id, rank=1.0)
    assert (answer.status_code, answer.json()["info"]) == (201, "Duplicate row. Cannot add row.")
    (row,) = ask("vraranklist/", {"objects": object_id}).json()
    assert {**full, "rank": 2.5}.items() <= row.items()


def test_todo_once(ask, object_id):
    assert write(ask, "vratodo/", object_id).json()["info"] == "Row created."
    assert write(ask, "vratodo/", object_id).json()["info"] == "Duplicate row. Cannot add row."
    assert len(ask("vratodolist/", {"objects": object_id}).json()) == 1


@pytest.mark.parametrize("endpoint", ["vrascoreslist/", "vraranklist/", "vratodolist/"])
def test_thresholds_of_the_vra_tables(ask, endpoint):
    whole = ask(endpoint, {"nonsense": 1}).json()
    dates = sorted(row["timestamp"] for row in whole)
    middle = dates[len(dates) // 2]
    later = ask(endpoint, {"datethreshold": middle}).json()
    assert later == [row for row in whole if row["timestamp"] > middle]
    assert 0 < len(later) < len(whole)
    one = whole[-1]["transient_object_id"]
    mixed = ask(endpoint, {"objects": f"abc,{one},,5", "datethreshold": "2090-01-01"}).json()
    assert {row["transient_object_id"] for row in mixed} <= {one}
    assert mixed or endpoint == "vrascoreslist/"


def test_names_of_other_surveys(ask):
    (found,), (again,), unknown = ask("externalxmlist/", {"externalObjects": "2018cow,2018COW,2099zzz"}).json()
    assert found == again
    assert (found["transient_object_id"], found["external_designation"]) == (1161600211221604900, "2018cow")
    assert unknown == []
    assert ask("externalxmlist/", {"externalObjects": "ATLAS18qqn"}).json() == [[]]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded writes of the real server: the same request from a method, and the outcome of the recorded answer."""

import json

import pytest

from atlasquery import CustomList
from atlasquery.exceptions import (
    AtlasQueryError,
    InvalidQueryError,
    PermissionDeniedError,
    TokenExpiredError,
    WriteError,
)
from atlasquery.sandbox import Fault

PATHS = {"objectgroups/", "objectgroupsdelete/", "objectdetectionlist/", "vrascores/", "vrarank/", "vratodo/"}
SCORE = {"preal": 0.9, "pgal": 0.1, "pfast": 0.2, "rank": 7.5, "rank_alt1": 6.5, "is_gal_cand": False}
ID, OTHER_ID = 1132507360113744500, 1103337110432157700
UNKNOWN_ID, MOVED_ID, TODO_ID = ID + 1, 1120834050062631600, 1003256900165208100

# Recorded exchanges that a method can send: the call, and the status or the exception.
SENT = {
    "objectgroups_write_ok": (lambda atlas: atlas.add_to_list(ID, "vra"), "created"),
    "objectgroups_write_duplicate": (lambda atlas: atlas.add_to_list(ID, "vra"), "duplicate"),
    "objectgroups_write_unknown_group": (lambda atlas: atlas.add_to_list(ID, CustomList(999)), "missing list"),
    "objectgroups_write_unknown_object": (lambda atlas: atlas.add_to_list(UNKNOWN_ID, "vra"), "missing object"),
    "objectgroups_write_reader": (lambda atlas: atlas.add_to_list(ID, "vra"), PermissionDeniedError),
    "objectgroups_write_nogroup_user": (lambda atlas: atlas.add_to_list(ID, "vra"), PermissionDeniedError),
    "objectgroups_write_expired_writer": (lambda atlas: atlas.add_to_list(ID, "vra"), TokenExpiredError),
    "objectgroupsdelete_ok": (lambda atlas: atlas.remove_from_list(ID, "vra"), "removed"),
    "objectgroupsdelete_absent": (lambda atlas: atlas.remove_from_list(ID, "vra"), "absent"),
    "objectgroupsdelete_unknown_group": (lambda atlas: atlas.remove_from_list(ID, CustomList(999)), "missing list"),
    "objectgroupsdelete_unknown_object": (lambda atlas: atlas.remove_from_list(UNKNOWN_ID, "vra"), "missing object"),
    "objectgroupsdelete_reader": (lambda atlas: atlas.remove_from_list(ID, "vra"), PermissionDeniedError),
    "objectdetectionlist_ok": (lambda atlas: atlas.set_detection_list(MOVED_ID, 3), "updated"),
    "objectdetectionlist_unknown_object": (lambda atlas: atlas.set_detection_list(UNKNOWN_ID, 4), "missing object"),
    "objectdetectionlist_reader_post": (lambda atlas: atlas.set_detection_list(MOVED_ID, 4), PermissionDeniedError),
    "vrascores_write_ok": (lambda atlas: atlas.write_vra_score(ID, **SCORE), "created"),
    "vrascores_write_minimal": (lambda atlas: atlas.write_vra_score(ID), "created"),
    "vrascores_write_debug_date": (
        lambda atlas: atlas.write_vra_score(ID, preal=0.5, debug=True, date="2026-11-20T01:02:03"),
        "created",
    ),
    "vrascores_write_unknown_object": (lambda atlas: atlas.write_vra_score(UNKNOWN_ID, debug=True), "missing object"),
    "vrascores_write_reader": (lambda atlas: atlas.write_vra_score(ID, preal=0.9), PermissionDeniedError),
    "vrarank_write_full": (
        lambda atlas: atlas.write_vra_rank(ID, rank=8.1, rank_alt1=7.0, is_gal_cand=False),
        "updated",
    ),
    "vrarank_write_update": (
        lambda atlas: atlas.write_vra_rank(ID, rank=2.5, rank_alt1=1.0, is_gal_cand=True),
        "updated",
    ),
    "vratodo_write_ok": (lambda atlas: atlas.add_vra_todo(TODO_ID), "created"),
    "vratodo_write_duplicate": (lambda atlas: atlas.add_vra_todo(TODO_ID), "duplicate"),
    "vratodo_write_unknown_object": (lambda atlas: atlas.add_vra_todo(UNKNOWN_ID), "missing object"),
    "vratodo_write_reader": (lambda atlas: atlas.add_vra_todo(TODO_ID), PermissionDeniedError),
}
# Recorded exchanges whose parameters are rejected before a request.
REJECTED = {
    "objectgroups_write_comma_ids": lambda atlas: atlas.add_to_list(f"{ID},{OTHER_ID}", "vra"),
    "objectgroups_write_missing": lambda atlas: atlas.add_to_list(ID, None),
    "objectgroupsdelete_comma_ids": lambda atlas: atlas.remove_from_list(f"{ID},{OTHER_ID}", "vra"),
    "objectdetectionlist_bad_date": lambda atlas: atlas.set_detection_list(MOVED_ID, 4, date="x"),
    "objectdetectionlist_forbidden_list": lambda atlas: atlas.set_detection_list(MOVED_ID, 2),
    "objectdetectionlist_missing": lambda atlas: atlas.set_detection_list(MOVED_ID, None),
    "vrascores_write_bad_date": lambda atlas: atlas.write_vra_score(ID, date="soon"),
    "vrascores_write_bad_number": lambda atlas: atlas.write_vra_score(ID, preal="high"),
    "vrascores_write_gal_cand_300": lambda atlas: atlas.write_vra_score(ID, is_gal_cand=300),
    "vrascores_write_missing_objectid": lambda atlas: atlas.write_vra_score(None, preal=0.9),
    "vrascores_write_nan": lambda atlas: atlas.write_vra_score(ID, preal=float("nan")),
    "vrarank_write_missing_rank": lambda atlas: atlas.write_vra_rank(ID),
    "vrarank_write_reader": lambda atlas: atlas.write_vra_rank(ID, rank=1),
    "vrarank_write_unknown_object": lambda atlas: atlas.write_vra_rank(UNKNOWN_ID, rank=1),
    "vratodo_write_missing": lambda atlas: atlas.add_vra_todo([]),
}


@pytest.fixture(scope="module")
def recorded(shared_data):
    """Recorded exchanges with the endpoints that write, by name."""
    exchanges = {path.stem: json.loads(path.read_text()) for path in sorted((shared_data / "recorded").glob("*.json"))}
    return {name: one for name, one in exchanges.items() if one["request"]["path"].rpartition("api/")[2] in PATHS}


def test_each_recorded_write_is_sent_or_rejected(recorded):
    """The rest are requests with another method, which no method of the client sends."""
    others = {name for name, exchange in recorded.items() if exchange["request"]["method"] != "POST"}
    assert {*SENT, *REJECTED} == set(recorded) - others
    assert {recorded[name]["request"]["method"] for name in others} == {"GET", "DELETE"}


@pytest.mark.parametrize("name", SENT)
def test_recorded_exchange(recorded, small_sandbox, name):
    call, expected = SENT[name]
    exchange = recorded[name]
    request = exchange["request"]
    endpoint = request["path"].rpartition("api/")[2]
    body = json.dumps(exchange["body"]) if exchange["body"] else ""
    small_sandbox.inject(Fault("status", endpoint=endpoint, status=exchange["status"], body=body))
    assert _outcome(call, small_sandbox.client("writer")) == expected
    sent = small_sandbox.requests[-1]
    assert (sent.method, sent.endpoint) == (request["method"], endpoint)
    assert _as_read(sent.params) == _as_read(request["params"])


def _outcome(call, atlas):
    """Return the status of a write, or the class of an exception that is no `WriteError`."""
    try:
        return call(atlas)["status"][0]
    except WriteError as error:
        return error.results["status"][0]
    except AtlasQueryError as error:
        return type(error)


def _as_read(params):
    """Return parameters as the server reads them: numbers as floats, but not ids; flags as bools."""
    numbers = {name: float(value) for name, value in params.items() if name in {*SCORE, "objectlist", "objectgroupid"}}
    flags = {name: str(value) in ("1", "True") for name, value in params.items() if name == "debug"}
    return {**{name: str(value) for name, value in params.items()}, **numbers, **flags}


@pytest.mark.parametrize("name", REJECTED)
def test_recorded_exchange_is_rejected_before_a_request(recorded, small_sandbox, name):
    assert name in recorded
    n_before = len(small_sandbox.requests)
    with pytest.raises(InvalidQueryError):
        REJECTED[name](small_sandbox.client("writer"))
    assert len(small_sandbox.requests) == n_before

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Writes: their outcomes, when they raise and stop, and how often a request is sent."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from astropy.table import Table
from astropy.time import Time

from atlasquery import ATLASClass, CustomList, DetectionList, conf
from atlasquery.exceptions import (
    AmbiguousNameError,
    AtlasQueryError,
    InvalidQueryError,
    InvalidQueryTypeError,
    InvalidTokenError,
    LargeQueryWarning,
    NoTokenError,
    ObjectNotFoundError,
    PermissionDeniedError,
    RateLimitError,
    SchemaWarning,
    ServerFaultError,
    ServerUnreachableError,
    TokenExpiredError,
    UnreadableAnswerError,
    WriteError,
)
from atlasquery.sandbox import Fault
from atlasquery.transport.cancellation import Cancellation
from constants import COW

UNKNOWN_ID = 1132507360113744501
READ_BACK = {
    "add_to_list": "objectgroupslist/",
    "remove_from_list": "objectgroupslist/",
    "set_detection_list": "objects/",
    "write_vra_score": "vrascoreslist/",
    "write_vra_rank": "vraranklist/",
    "add_vra_todo": "vratodolist/",
}
# How each method is called for one id, and its endpoint.
CALLS = {
    "add_to_list": (lambda atlas, ids, **options: atlas.add_to_list(ids, "vra", **options), "objectgroups/"),
    "remove_from_list": (
        lambda atlas, ids, **options: atlas.remove_from_list(ids, "vra", **options),
        "objectgroupsdelete/",
    ),
    "set_detection_list": (
        lambda atlas, ids, **options: atlas.set_detection_list(ids, "possible", **options),
        "objectdetectionlist/",
    ),
    "write_vra_score": (lambda atlas, ids, **options: atlas.write_vra_score(ids, preal=0.5, **options), "vrascores/"),
    "write_vra_rank": (
        lambda atlas, ids, **options: atlas.write_vra_rank(ids, rank=5, rank_alt1=4, is_gal_cand=False, **options),
        "vrarank/",
    ),
    "add_vra_todo": (lambda atlas, ids, **options: atlas.add_vra_todo(ids, **options), "vratodo/"),
}
FIRST_STATUS = {
    "add_to_list": "created",
    "remove_from_list": "absent",
    "set_detection_list": "updated",
    "write_vra_score": "created",
    "write_vra_rank": "updated",
    "add_vra_todo": "created",
}


@pytest.fixture(scope="module")
def writable(make_sandbox):
    """A sandbox for writes, without throttle."""
    return make_sandbox(shared=False, n_objects=400, rates={"user": None})


@pytest.fixture
def sandbox(writable):
    """The sandbox for writes, without faults."""
    writable.clear_faults()
    yield writable
    writable.clear_faults()


@pytest.fixture
def writer(sandbox):
    return sandbox.client("writer")


@pytest.fixture(scope="module")
def unused_ids(writable):
    """An iterator over objects that no test and no list has used."""
    staff = writable.client("staff")
    used = {*staff.query_vra_todo()["atlas_id"].tolist(), *staff.query_list("vra")["atlas_id"].tolist(), COW}
    ids = [object_id for object_id in writable.truth["atlas_id"].tolist() if object_id not in used]
    return iter(ids)


@pytest.fixture
def take(unused_ids):
    """Return a number of unused ids, when called."""
    return lambda n: [next(unused_ids) for _ in range(n)]


@pytest.fixture
def requested(sandbox):
    """Return (endpoint, id) of the requests of this test, when called."""
    n_before = len(sandbox.requests)
    return lambda: [(r.endpoint, r.params.get("objectid")) for r in sandbox.requests[n_before:]]


def statuses(table):
    return table["status"].tolist()


# Outcomes


@pytest.mark.parametrize("method", CALLS)
def test_one_object(writer, take, requested, method):
    call, endpoint = CALLS[method]
    (object_id,) = take(1)
    table = call(writer, object_id)
    assert isinstance(table, Table)
    assert table.colnames == ["atlas_id", "status", "message"]
    assert table["atlas_id"].tolist() == [object_id]
    assert statuses(table) == [FIRST_STATUS[method]]
    assert table.meta == {"server": writer._authorized.server.root, "endpoint": endpoint}
    assert requested() == [(endpoint, str(object_id))]


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("role", ["reader", "nogroup"])
def test_accounts_without_write_access_are_told_how_to_get_it(sandbox, take, requested, method, role):
    call, endpoint = CALLS[method]
    (object_id,) = take(1)
    with pytest.raises(PermissionDeniedError, match="ask your contact") as raised:
        call(sandbox.client(role), object_id)
    assert statuses(raised.value.results) == ["not done"]
    assert requested() == [(endpoint, str(object_id))]
    assert sandbox.requests[-1].method == "POST"


@pytest.mark.parametrize("method", CALLS)
def test_staff_can_write(sandbox, take, method):
    table = CALLS[method][0](sandbox.client("staff"), take(1)[0])
    assert statuses(table) == [FIRST_STATUS[method]]


@pytest.mark.parametrize("method", CALLS)
def test_unknown_object(writer, method):
    with pytest.raises(WriteError, match=f"{UNKNOWN_ID}.*does not exist") as raised:
        CALLS[method][0](writer, UNKNOWN_ID)
    assert statuses(raised.value.results) == ["missing object"]
    assert isinstance(raised.value.__cause__, ObjectNotFoundError)
    assert raised.value.__cause__.object_id == UNKNOWN_ID


def test_adding_and_removing_twice(writer, take, requested):
    ids = take(2)
    assert statuses(writer.add_to_list(ids, "vra")) == ["created", "created"]
    again = writer.add_to_list(ids, CustomList(73))
    assert statuses(again) == ["duplicate", "duplicate"]
    assert again["message"].tolist() == ["Duplicate row. Cannot add row."] * 2
    assert set(writer.query_list_membership(ids)["custom_list_name"]) == {"vra"}
    assert statuses(writer.remove_from_list(ids, "vra")) == ["removed", "removed"]
    assert statuses(writer.remove_from_list(ids, "vra")) == ["absent", "absent"]
    assert statuses(writer.add_vra_todo(ids)) == ["created", "created"]
    assert statuses(writer.add_vra_todo(ids)) == ["duplicate", "duplicate"]


def test_one_row_and_one_request_per_distinct_object_in_order(writer, take, requested):
    a, b, c = take(3)
    table = writer.add_vra_todo([b, "2018cow", a, str(b), COW, c, np.int64(a)])
    assert table["atlas_id"].tolist() == [b, COW, a, c]
    lookup, *writes = requested()
    assert lookup[0] == "externalxmlist/"
    assert writes == [("vratodo/", str(object_id)) for object_id in (b, COW, a, c)]


def test_objects_can_be_moved_back_and_forth(writer, take):
    ids = take(2)
    for which in (3, "eyeball", DetectionList.galcand):
        assert statuses(writer.set_detection_list(ids, which, date="2026-11-02T03:04:05.9Z")) == ["updated"] * 2
        number = int(DetectionList.__members__.get(which, which))
        rows = writer.query_object(ids)
        assert set(rows["detection_list"].tolist()) == {number}
        assert (rows["date_modified"] == Time("2026-11-02T03:04:05")).all()


def test_scores_and_ranks_are_written_as_given(writer, take):
    (object_id,) = take(1)
    values = {"preal": 0.25, "pgal": 0.0, "pfast": 1, "rank": np.float32(7.5), "rank_alt1": -2, "is_gal_cand": True}
    writer.write_vra_score(object_id, **values, date=Time("2026-11-02T03:04:05"))
    (row,) = [row for row in writer.query_vra_scores(object_id) if row["preal"] == 0.25]
    assert [float(row[name]) for name in values] == [float(value) for value in values.values()]
    assert row["timestamp"] == Time("2026-11-02T03:04:05")
    writer.write_vra_rank(object_id, rank=8.5, rank_alt1=np.int64(3), is_gal_cand=np.bool_(False))
    (rank,) = writer.query_vra_ranks(object_id)
    assert [float(rank[name]) for name in ("rank", "rank_alt1", "is_gal_cand")] == [8.5, 3.0, 0.0]


def test_test_scores_are_kept_apart(writer, take):
    (object_id,) = take(1)
    writer.write_vra_score(object_id, preal=0.125, debug=True)
    assert 0.125 in writer.query_vra_scores(object_id, debug=True)["preal"].tolist()


def test_missing_list_is_asked_for_once(writer, take, requested):
    ids = take(3)
    with pytest.raises(WriteError, match="3 missing list") as raised:
        writer.add_to_list(ids, CustomList(999))
    assert statuses(raised.value.results) == ["missing list"] * 3
    assert isinstance(raised.value.__cause__, InvalidQueryError)
    assert len(requested()) == 1
    with pytest.raises(WriteError) as raised:
        writer.remove_from_list(ids[0], CustomList(999))
    assert statuses(raised.value.results) == ["missing list"]


def test_other_objects_are_written_after_a_failure(writer, take):
    a, b = take(2)
    with pytest.raises(WriteError, match=r"1 of 3 writes failed \(1 missing object\)") as raised:
        writer.add_to_list([a, UNKNOWN_ID, b], "vra")
    assert statuses(raised.value.results) == ["created", "missing object", "created"]


def test_error_can_be_pickled(writer, take):
    with pytest.raises(WriteError) as raised:
        writer.add_to_list([*take(1), UNKNOWN_ID], "vra")
    copied = pickle.loads(pickle.dumps(raised.value))
    assert str(copied) == str(raised.value)
    assert statuses(copied.results) == statuses(raised.value.results)


# Failures of the request


@pytest.mark.parametrize("handled", [False, True])
@pytest.mark.parametrize("kind", ["reset", "reset_midbody", "truncate", "empty", "html", "html500", "stall"])
def test_a_lost_answer_leaves_one_outcome_unknown(writer, sandbox, take, requested, kind, handled):
    ids = take(3)
    sandbox.inject(Fault(kind, endpoint="vratodo/", skip=1, handled=handled))
    with conf.set_temp("timeout", 1.0), pytest.raises(WriteError, match="1 unknown") as raised:
        writer.add_vra_todo(ids)
    table = raised.value.results
    assert statuses(table) == ["created", "unknown", "created"]
    assert f"query_vra_todo({ids[1]}) shows it" in table["message"][1]
    assert isinstance(raised.value.__cause__, AtlasQueryError)
    assert requested() == [("vratodo/", str(object_id)) for object_id in ids]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_two_failures_in_a_row_stop_the_call(writer, sandbox, take, requested, status):
    ids = take(5)
    sandbox.inject(Fault("status", endpoint="vratodo/", status=status, skip=1, times=2))
    with pytest.raises(WriteError, match="2 unknown, 2 not done") as raised:
        writer.add_vra_todo(ids)
    assert statuses(raised.value.results) == ["created", "unknown", "unknown", "not done", "not done"]
    assert str(ids[2]) in raised.value.results["message"][4]
    assert isinstance(raised.value.__cause__, ServerFaultError)
    assert len(requested()) == 3


def test_failures_that_are_not_in_a_row_do_not_stop_the_call(writer, sandbox, take, requested):
    for skip in (0, 1, 2):
        sandbox.inject(Fault("status", endpoint="vratodo/", status=500, skip=skip))
    ids = take(6)
    with pytest.raises(WriteError, match="3 unknown") as raised:
        writer.add_vra_todo(ids)
    assert statuses(raised.value.results) == ["unknown", "created"] * 3
    assert len(requested()) == 6


def test_no_connection_stops_the_call(writer, sandbox, take, requested, monkeypatch):
    a, b, c = take(3)
    closed = ATLASClass(server="http://127.0.0.1:1/api/", token=sandbox.token("writer"))
    with pytest.raises(WriteError, match="3 not done") as raised:
        closed.add_vra_todo([a, b, c])
    assert statuses(raised.value.results) == ["not done"] * 3
    assert "refused" in raised.value.results["message"][0]
    assert isinstance(raised.value.__cause__, ServerUnreachableError)
    assert requested() == []


def test_rejected_requests_are_refused(writer, sandbox, take, requested):
    sandbox.inject(Fault("status", endpoint="vratodo/", status=400, body='{"objectid": ["A valid integer."]}'))
    with pytest.raises(WriteError, match="1 refused") as raised:
        writer.add_vra_todo(take(2))
    assert statuses(raised.value.results) == ["refused", "created"]
    assert raised.value.__cause__.fields == {"objectid": "A valid integer."}


def test_a_wrong_address_is_not_tried_for_each_object(writer, sandbox, take, requested):
    sandbox.inject(Fault("status", endpoint="vratodo/", status=404, times=None))
    with pytest.raises(WriteError) as raised:
        writer.add_vra_todo(take(5))
    assert Counter(statuses(raised.value.results)) == {"refused": 2, "not done": 3}
    assert len(requested()) == 2


@pytest.mark.parametrize(
    "body", ['{"info": "Something new."}', '{"objectid": 1}', "[]", "null", '{"info": 5}', '{"Error": "GET"}']
)
def test_an_outcome_that_is_not_documented_is_unknown(writer, sandbox, take, body):
    sandbox.inject(Fault("status", endpoint="vratodo/", status=201, body=body))
    with pytest.raises(WriteError, match="1 unknown") as raised:
        writer.add_vra_todo(take(1))
    assert isinstance(raised.value.__cause__, UnreadableAnswerError)


@pytest.mark.parametrize(
    ("role", "error"), [("expired", TokenExpiredError), (None, NoTokenError), ("0" * 40, InvalidTokenError)]
)
def test_sign_in_errors_keep_their_class_and_have_the_table(sandbox, take, requested, role, error):
    token = sandbox.token(role) if role == "expired" else role
    atlas = ATLASClass(server=sandbox.url, token=token)
    with pytest.raises(error) as raised:
        atlas.add_vra_todo(take(2))
    assert statuses(raised.value.results) == ["not done", "not done"]
    assert len(requested()) <= 1


def test_a_token_that_expires_during_the_call(sandbox, take, requested):
    ids = take(4)
    atlas = sandbox.client("writer")
    sandbox.inject(
        Fault("status", endpoint="vratodo/", status=401, body='{"detail": "Token has expired."}', skip=2, times=None)
    )
    with pytest.raises(TokenExpiredError) as raised:
        atlas.add_vra_todo(ids)
    assert statuses(raised.value.results) == ["created", "created", "not done", "not done"]
    assert len(requested()) == 3


# The quota


@pytest.fixture
def throttled(make_sandbox):
    """A sandbox with the quota of the server, 100 requests an hour."""
    return make_sandbox(shared=False, n_objects=260)


def test_250_objects_with_a_quota_of_100(throttled):
    ids = throttled.truth["atlas_id"][:250].tolist()
    writer = throttled.client("writer")
    with pytest.warns(LargeQueryWarning, match="250 requests, and 100 of 100"), pytest.raises(RateLimitError) as raised:
        writer.set_detection_list(ids, "possible")
    assert Counter(statuses(raised.value.results)) == {"updated": 100, "not done": 150}
    assert statuses(raised.value.results)[:100] == ["updated"] * 100
    assert raised.value.retry_after > 3000
    assert len(throttled.requests) == 101


def test_250_objects_with_max_wait(throttled, monkeypatch):
    """The sandbox's clock moves instead of a wait; each object is written once."""
    ids = throttled.truth["atlas_id"][:250].tolist()
    writer = throttled.client("writer")
    monkeypatch.setattr(Cancellation, "wait", lambda cancellation, seconds: throttled.advance_clock(seconds))
    with conf.set_temp("max_wait", 3700), pytest.warns(LargeQueryWarning, match="250 requests"):
        table = writer.set_detection_list(ids, "possible")
    assert statuses(table) == ["updated"] * 250
    answered = [r.params["objectid"] for r in throttled.requests if r.status == 200]
    assert answered == [str(object_id) for object_id in ids]
    rejected = [r.status for r in throttled.requests if r.status != 200]
    # The server truncates the waiting time to whole seconds, so that a second wait, of a second, can follow.
    assert set(rejected) == {429}
    assert 2 <= len(rejected) <= 4


# Interruption


@pytest.mark.parametrize("skip", [0, 2])
def test_ctrl_c_has_the_table_and_the_object_in_flight_is_unknown(writer, take, requested, monkeypatch, skip):
    ids = take(4)
    transport = writer._authorized._transport
    exchange, calls = transport._exchange, []

    def interrupted(*arguments):
        raw = exchange(*arguments)
        calls.append(raw)
        if len(calls) > skip:
            raise KeyboardInterrupt
        return raw

    monkeypatch.setattr(transport, "_exchange", interrupted)
    with pytest.raises(KeyboardInterrupt) as raised:
        writer.add_vra_todo(ids, verify=True)
    expected = ["created"] * skip + ["unknown"] + ["not done"] * (3 - skip)
    assert statuses(raised.value.results) == expected
    assert f"query_vra_todo({ids[skip]}) shows it" in raised.value.results["message"][skip]
    assert len(requested()) == skip + 1


def test_ctrl_c_before_sending(writer, take, requested, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(writer._authorized), "_get_credential", interrupted)
    with pytest.raises(KeyboardInterrupt) as raised:
        writer.add_vra_todo(take(2))
    assert statuses(raised.value.results) == ["not done", "not done"]
    assert requested() == []


INTERRUPTED_SCRIPT = """
import signal
from atlasquery import ATLAS
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores SIGINT
try:
    ATLAS.add_vra_todo({ids})
except KeyboardInterrupt as interrupt:
    print(",".join(interrupt.results["status"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process")
def test_sigint_while_the_server_is_silent(sandbox, take):
    ids = take(3)
    sandbox.inject(Fault("stall", endpoint="vratodo/", skip=1))
    variables = {"ATLASQUERY_SERVER": sandbox.url, "ATLASQUERY_TOKEN": sandbox.token("writer")}
    script = INTERRUPTED_SCRIPT.format(ids=ids)
    environment = {**os.environ, **variables}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        while not any(request.params.get("objectid") == str(ids[1]) for request in sandbox.requests):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert output.strip() == "created,unknown,not done"


# Read-back


@pytest.mark.parametrize("method", CALLS)
def test_verify_reads_back_with_one_request(writer, take, requested, method):
    call, endpoint = CALLS[method]
    ids = take(1) if method in ("write_vra_score", "write_vra_rank") else take(3)
    table = call(writer, ids[0] if len(ids) == 1 else ids, verify=True)
    assert table.colnames == ["atlas_id", "status", "message", "verified"]
    assert table["verified"].dtype == bool
    assert table["verified"].tolist() == [True] * len(ids)
    assert [path for path, _ in requested()] == [endpoint] * len(ids) + [READ_BACK[method]]


@pytest.mark.parametrize("handled", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("method", CALLS)
def test_verify_settles_an_unknown_outcome(writer, sandbox, take, method, handled):
    """The answer is lost after or before the server acted."""
    call, endpoint = CALLS[method]
    (object_id,) = take(1)
    if method == "remove_from_list":
        writer.add_to_list(object_id, "vra")
    if method == "set_detection_list":
        writer.set_detection_list(object_id, "galcand")
    sandbox.inject(Fault("reset", endpoint=endpoint, handled=handled))
    if handled:
        table = call(writer, object_id, verify=True)
        success = {"absent": "removed"}.get(FIRST_STATUS[method], FIRST_STATUS[method])
        assert (statuses(table), table["verified"].tolist()) == ([success], [True])
        return
    with pytest.raises(WriteError, match="1 not done") as raised:
        call(writer, object_id, verify=True)
    table = raised.value.results
    assert (statuses(table), table["verified"].tolist()) == (["not done"], [False])
    assert isinstance(raised.value.__cause__, ServerUnreachableError)


@pytest.mark.parametrize(
    "fault", [Fault("stall", endpoint="vratodo/"), Fault("status", endpoint="vratodo/", status=504)]
)
def test_a_slow_server_may_still_write_after_the_read_back(writer, sandbox, take, fault):
    sandbox.inject(fault)
    with conf.set_temp("timeout", 1.0), pytest.raises(WriteError, match="1 unknown") as raised:
        writer.add_vra_todo(take(1), verify=True)
    table = raised.value.results
    assert (statuses(table), table["verified"].tolist()) == (["unknown"], [False])
    assert "read it again later" in table["message"][0]


def test_a_row_with_another_date_is_of_an_earlier_write(writer, sandbox, take):
    (object_id,) = take(1)
    writer.add_vra_todo(object_id, date="2026-10-01")
    for handled in (False, True):
        sandbox.inject(Fault("reset", endpoint="vratodo/", handled=handled))
        assert statuses(writer.add_vra_todo(object_id, date="2026-10-20", verify=True)) == ["duplicate"]
    assert writer.query_vra_todo(object_id)["timestamp"][0] == Time("2026-10-01")


def test_an_equal_score_of_earlier_does_not_verify(writer, sandbox, take):
    (object_id,) = take(1)
    writer.write_vra_score(object_id, preal=0.5, date="2026-10-01")
    sandbox.inject(Fault("reset", endpoint="vrascores/"))
    with pytest.raises(WriteError, match="1 not done"):
        writer.write_vra_score(object_id, preal=0.5, verify=True)
    sandbox.inject(Fault("reset", endpoint="vrascores/"))
    with pytest.raises(WriteError, match="1 not done"):
        writer.write_vra_score(object_id, preal=0.5, date="2026-10-02", verify=True)
    assert writer.write_vra_score(object_id, preal=0.5, date="2026-10-02", verify=True)["verified"].all()


@pytest.mark.parametrize("handled", [True, False])
@pytest.mark.parametrize("status", [503, 429])
def test_a_score_is_found_also_by_a_delayed_read_back(writer, sandbox, take, status, handled):
    """The server's time is that of the answer, which may come after a wait of the read-back."""
    (object_id,) = take(1)
    sandbox.inject(Fault("status", endpoint="vrascoreslist/", status=status, headers={"Retry-After": "4"}))
    if handled:
        sandbox.inject(Fault("reset", endpoint="vrascores/", handled=True))
    with conf.set_temp("max_wait", 10):
        table = writer.write_vra_score(object_id, preal=0.31, verify=True)
    assert (statuses(table), table["verified"].tolist()) == (["created"], [True])


@pytest.mark.parametrize("body", ['{"info": "bad"}', '{"detail": "no"}'])
def test_read_back_that_is_rejected_is_a_write_error(writer, sandbox, take, body):
    sandbox.inject(Fault("status", endpoint="vratodolist/", status=400, body=body))
    with pytest.raises(WriteError, match="cannot be verified") as raised:
        writer.add_vra_todo(take(2), verify=True)
    assert statuses(raised.value.results) == ["created", "created"]
    assert isinstance(raised.value.__cause__, InvalidQueryError)


def test_a_far_date_does_not_warn_in_the_read_back(writer, take):
    assert writer.write_vra_score(take(1)[0], preal=0.5, date="2126-11-02", verify=True)["verified"].all()


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_leaves_the_outcome_unknown(writer, sandbox, take, status):
    sandbox.inject(Fault("redirect", endpoint="vratodo/", status=status, location="http://127.0.0.1:1/", handled=True))
    with pytest.raises(WriteError, match="1 unknown"):
        writer.add_vra_todo(take(2))


def test_a_huge_waiting_time_does_not_break_later_calls(writer, sandbox, take):
    sandbox.inject(Fault("status", endpoint="vratodo/", status=429, headers={"Retry-After": "99999999999999"}))
    with pytest.raises(RateLimitError) as raised:
        writer.add_vra_todo(take(1))
    assert raised.value.results["message"][0].startswith("The hourly quota")  # it was sent, and rejected
    with pytest.warns(LargeQueryWarning, match=r"0 of \d+ are left"):
        writer.add_vra_todo(take(3), dry_run=True)


def test_a_write_that_was_undone_is_a_failure(writer, sandbox, take):
    """The server said that it wrote, but the read-back does not show it."""
    (object_id,) = take(1)
    sandbox.inject(Fault("status", endpoint="vratodo/", status=201, body='{"info": "Row created."}'))
    with pytest.raises(WriteError, match=r"1 created but not found when read back.*not as requested") as raised:
        writer.add_vra_todo(object_id, verify=True)
    assert raised.value.results["verified"].tolist() == [False]
    assert isinstance(raised.value.__cause__, ServerFaultError)


def test_read_back_that_fails_keeps_the_outcomes(writer, sandbox, take):
    sandbox.inject(Fault("status", endpoint="vratodolist/", status=500))
    with pytest.raises(WriteError, match="cannot be verified") as raised:
        writer.add_vra_todo(take(2), verify=True)
    assert statuses(raised.value.results) == ["created", "created"]
    assert raised.value.results["verified"].tolist() == [False, False]
    assert isinstance(raised.value.__cause__, ServerFaultError)


def test_rate_limit_in_the_read_back_keeps_its_class(writer, sandbox, take):
    sandbox.inject(Fault("status", endpoint="vratodolist/", status=429, headers={"Retry-After": "60"}))
    with pytest.raises(RateLimitError) as raised:
        writer.add_vra_todo(take(1), verify=True)
    assert statuses(raised.value.results) == ["created"]


def test_nothing_is_read_back_if_nothing_was_sent(sandbox, take, requested):
    with pytest.raises(PermissionDeniedError) as raised:
        sandbox.client("reader").add_vra_todo(take(2), verify=True)
    assert raised.value.results["verified"].tolist() == [False, False]
    assert [path for path, _ in requested()] == ["vratodo/"]


# Before a request


@pytest.mark.parametrize("method", CALLS)
def test_dry_run_sends_nothing(sandbox, method, requested):
    call, endpoint = CALLS[method]
    table = call(sandbox.client("reader"), COW, dry_run=True, verify=True)
    assert statuses(table) == ["not done"]
    assert table["message"][0].startswith(f"POST {endpoint}: objectid={COW}")
    assert table.meta["server"] == sandbox.url
    assert requested() == []


def test_dry_run_looks_up_names_only(writer, requested):
    table = writer.add_to_list(["2018cow", COW], "vra", dry_run=True)
    assert table["atlas_id"].tolist() == [COW]
    assert [path for path, _ in requested()] == ["externalxmlist/"]


def test_dry_run_shows_the_cost(writer, take):
    ids = take(3)
    with conf.set_temp("hourly_requests", 4), pytest.warns(LargeQueryWarning, match="5 requests"):
        writer.add_to_list([*ids, "2018cow"], "vra", dry_run=True)


def test_unknown_name_stops_before_the_first_write(writer, take, requested):
    with pytest.raises(ObjectNotFoundError, match="2099zzz") as raised:
        writer.add_to_list([*take(1), "2099zzz"], "vra")
    assert statuses(raised.value.results) == ["not done", "not done"]
    assert raised.value.results["atlas_id"].mask.tolist() == [False, True]
    assert [path for path, _ in requested()] == ["externalxmlist/"]


def test_ambiguous_name_stops_before_the_first_write(writer, sandbox, take, requested):
    rows = [{"transient_object_id": object_id, "external_designation": "2018abc"} for object_id in take(2)]
    sandbox.inject(Fault("status", endpoint="externalxmlist/", status=200, body=json.dumps([rows])))
    with pytest.warns(SchemaWarning), pytest.raises(AmbiguousNameError, match="2018abc"):  # of the absent columns
        writer.add_to_list("2018abc", "vra")
    assert [path for path, _ in requested()] == ["externalxmlist/"]


def test_failed_lookup_is_a_write_error(writer, sandbox, requested):
    sandbox.inject(Fault("status", endpoint="externalxmlist/", status=500))
    with pytest.raises(WriteError, match="Nothing was written") as raised:
        writer.add_to_list(["2018cow", UNKNOWN_ID], "vra")
    assert statuses(raised.value.results) == ["not done", "not done"]
    assert isinstance(raised.value.__cause__, ServerFaultError)


def test_a_designation_of_another_server_is_unknown(sandbox, writer, make_sandbox, monkeypatch):
    """A rehearsal on a sandbox must not leave names that resolve on another server."""
    other = make_sandbox()
    client = ATLASClass()
    for server, is_known in ((other, True), (sandbox, False)):
        monkeypatch.setenv("ATLASQUERY_SERVER", server.url)
        monkeypatch.setenv("ATLASQUERY_TOKEN", server.token("writer"))
        if is_known:
            client.query_object(COW)
            assert client.add_to_list("ATLAS18qqn", "vra", dry_run=True)["atlas_id"].tolist() == [COW]
        else:
            with pytest.raises(ObjectNotFoundError, match="ATLAS18qqn"):
                client.add_to_list("ATLAS18qqn", "vra", dry_run=True)


RANK = {"rank": 5, "rank_alt1": 4, "is_gal_cand": False}
INVALID = [
    (lambda atlas: atlas.write_vra_score(COW, preal=1.5), "preal.*1.5", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, pgal=-0.1), "pgal.*-0.1", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, pfast=float("nan")), "pfast.*nan", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, preal=float("inf")), "preal.*inf", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, preal="0.5"), "preal.*0.5", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_score(COW, preal=True), "preal.*True", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_score(COW, preal=np.ma.masked), "preal.*masked", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_score(COW, rank=float("nan")), "rank.*nan", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, rank_alt1=float("-inf")), "rank_alt1.*inf", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, rank=10**400), "rank.*int", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, is_gal_cand=1), "is_gal_cand.*1", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_score(COW, debug="no"), "debug.*no", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_score(COW, date="soon"), "date.*soon", InvalidQueryError),
    (lambda atlas: atlas.write_vra_score(COW, date=60000.0), "date.*60000", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_score([COW]), "object_id.*list", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_rank(COW, rank=5), "rank_alt1.*None", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_rank(COW, rank=5, rank_alt1=4), "is_gal_cand.*None", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_rank(COW, **{**RANK, "rank": None}), "rank.*None", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_rank(COW, **{**RANK, "is_gal_cand": 0}), "is_gal_cand.*0", InvalidQueryTypeError),
    (lambda atlas: atlas.write_vra_rank(COW, **{**RANK, "rank": float("nan")}), "rank.*nan", InvalidQueryError),
    (lambda atlas: atlas.set_detection_list(COW, 2), "possible.*'good' \\(2\\)", InvalidQueryError),
    (lambda atlas: atlas.set_detection_list(COW, "garbage"), "name.*garbage", InvalidQueryError),
    (lambda atlas: atlas.set_detection_list(COW, 99), "name.*99", InvalidQueryError),
    (lambda atlas: atlas.set_detection_list(COW, "vra"), "add_to_list", InvalidQueryError),
    (lambda atlas: atlas.set_detection_list(COW, 3, date=Time([1, 2], format="mjd")), "date.*shape", InvalidQueryError),
    (lambda atlas: atlas.add_to_list(COW, 2), r"number 2.*CustomList", InvalidQueryError),
    (lambda atlas: atlas.add_to_list(COW, "good"), "set_detection_list", InvalidQueryError),
    (lambda atlas: atlas.add_to_list(COW, "no list"), "name.*no list", InvalidQueryError),
    (lambda atlas: atlas.add_to_list(COW, None), "name.*None", InvalidQueryTypeError),
    (lambda atlas: atlas.add_to_list([], "vra"), "object_ids.*none", InvalidQueryError),
    (lambda atlas: atlas.add_to_list(f"{COW},{UNKNOWN_ID}", "vra"), "object_id", InvalidQueryError),
    (lambda atlas: atlas.add_to_list(1.16e18, "vra"), "object_id.*float", InvalidQueryTypeError),
    (lambda atlas: atlas.add_to_list(COW, "vra", dry_run=0), "dry_run.*0", InvalidQueryTypeError),
    (lambda atlas: atlas.add_to_list(COW, "vra", verify="yes"), "verify.*yes", InvalidQueryTypeError),
    (lambda atlas: atlas.remove_from_list(COW, 3), r"number 3.*CustomList", InvalidQueryError),
    (lambda atlas: atlas.add_vra_todo(COW, date=-5), "date.*-5", InvalidQueryTypeError),
]


@pytest.mark.parametrize(("call", "match", "error"), INVALID)
def test_invalid_arguments_send_no_request(writer, requested, call, match, error):
    with pytest.raises(error, match=match):
        call(writer)
    assert requested() == []


def test_progress_has_the_quota(writer, take, capsys):
    writer.add_vra_todo(take(2), progress=True)
    assert "requests left" in capsys.readouterr().err

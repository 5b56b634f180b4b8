# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objects/``: records in the requested order, and errors that make a whole request fail."""

import pytest

from atlasquery.sandbox import Fault

COW = 1161600211221604900
SECTIONS = [
    "object",
    "lc",
    "lcnondets",
    "fp",
    "sherlock_crossmatches",
    "sherlock_classifications",
    "tns_crossmatches",
    "external_crossmatches",
]
NOT_FOUND = "AtlasDiffObjects matching query does not exist."


def is_server_error(answer):
    return answer.status_code == 500 and answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def ids(sandbox):
    return sandbox.truth["atlas_id"][:30].tolist()


def get_records(send, ids, **params):
    return send("objects/", {"objects": ",".join(map(str, ids)), **params}).json()


def test_order_and_duplicates_are_kept(send, ids):
    requested = [ids[3], ids[1], ids[3], ids[0]]
    records = get_records(send, requested, mjd=61300)
    assert [record["object"]["id"] for record in records] == requested
    assert records[0] == records[2]
    assert all(list(record) == SECTIONS for record in records)


def test_unknown_id_gives_an_error_string(send, ids):
    records = get_records(send, [ids[0], 5, ids[1]], mjd=61300)
    assert [record["object"] if isinstance(record["object"], str) else "" for record in records] == ["", NOT_FOUND, ""]
    assert records[1] == {**dict.fromkeys(SECTIONS), "object": NOT_FOUND}


@pytest.mark.parametrize("bad", ["abc", "{0},", ",{0}", "{0},abc,{1}", "{0}.0", "1.16e18", "ATLAS18qqn", "{0};{1}"])
def test_one_malformed_id_fails_the_request(send, ids, bad):
    assert is_server_error(send("objects/", {"objects": bad.format(*ids)}))


@pytest.mark.parametrize("mjd", ["nan", "inf", "-inf"])
def test_mjd_must_be_finite(send, mjd):
    assert is_server_error(send("objects/", {"objects": COW, "mjd": mjd}))


def test_mjd_is_exclusive_for_detections_and_limits_but_inclusive_for_forced(send):
    record = get_records(send, [COW])[0]
    for section, key in (("lc", "mjd"), ("lcnondets", "mjd"), ("fp", "mjd_obs")):
        times = sorted(row[key] for row in record[section])
        middle = times[len(times) // 2]
        later = [row for row in record[section] if row[key] > middle or (section == "fp" and row[key] == middle)]
        assert get_records(send, [COW], mjd=repr(middle))[0][section] == later
        assert 0 < len(later) < len(times)


def test_late_mjd_gives_a_record_without_photometry(send):
    complete, late = get_records(send, [COW])[0], get_records(send, [COW], mjd=70000)[0]
    assert [late[name] for name in ("lc", "lcnondets", "fp")] == [[], [], []]
    assert late["object"] == complete["object"]
    assert late["sherlock_crossmatches"] == complete["sherlock_crossmatches"]


def test_more_than_50000_ids_are_rejected(send):
    answer = send("objects/", {"objects": ",".join(["7"] * 50_001)})
    expected = {"info": "Max number of objects for each requests is 50,000"}
    assert (answer.status_code, answer.json()) == (200, expected)
    assert len(send("objects/", {"objects": ",".join(["7"] * 50_000)}).json()) == 50_000


def test_damaged_objects_exist_only_as_faults(make_sender):
    send = make_sender()
    good, bad = (int(object_id) for object_id in send.sandbox.truth["atlas_id"][:2])
    assert len(get_records(send, [good, bad])) == 2
    send.sandbox.inject(Fault("damaged", objects=[bad]))
    assert is_server_error(send("objects/", {"objects": f"{good},{bad}"}))
    assert is_server_error(send("objects/", {"objects": bad, "mjd": 70000}))
    assert len(get_records(send, [good])) == 1
    send.sandbox.clear_faults()
    assert len(get_records(send, [good, bad])) == 2


def test_faults_from_the_start(make_sender):
    send = make_sender(faults=[Fault("status", endpoint="objects/", status=503, headers={"Retry-After": "7"})])
    assert send("cone/", {"ra": 1, "dec": 1, "radius": 1, "requestType": "count"}).status_code == 200
    answer = send("objects/", {"objects": COW, "mjd": 70000})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert send("objects/", {"objects": COW, "mjd": 70000}).status_code == 200


def test_too_long_get_gives_status_414(send):
    long_ids = ",".join([str(COW)] * 450)
    assert send("objects/", {"objects": long_ids, "mjd": 70000}).status_code == 200
    assert send("objects/", {"objects": long_ids, "mjd": 70000}, method="GET").status_code == 414


def test_browsers_get_an_html_page(send):
    answer = send("objects/", {"objects": COW, "mjd": 70000}, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Objects" in answer.text

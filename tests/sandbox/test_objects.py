# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objects/``: records in the order asked, and the ways in which a whole batch is lost."""

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
UNKNOWN = "AtlasDiffObjects matching query does not exist."


def is_fault(answer):
    return answer.status_code == 500 and answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def ids(sandbox):
    return sandbox.truth["atlas_id"][:30].tolist()


def records(ask, ids, **params):
    return ask("objects/", {"objects": ",".join(map(str, ids)), **params}).json()


def test_order_and_duplicates(ask, ids):
    asked = [ids[3], ids[1], ids[3], ids[0]]
    found = records(ask, asked, mjd=61300)
    assert [record["object"]["id"] for record in found] == asked
    assert found[0] == found[2]
    assert all(list(record) == SECTIONS for record in found)


def test_unknown_id_is_an_error_string(ask, ids):
    found = records(ask, [ids[0], 5, ids[1]], mjd=61300)
    assert [record["object"] if isinstance(record["object"], str) else "" for record in found] == ["", UNKNOWN, ""]
    assert found[1] == {**dict.fromkeys(SECTIONS), "object": UNKNOWN}


@pytest.mark.parametrize("bad", ["abc", "{0},", ",{0}", "{0},abc,{1}", "{0}.0", "1.16e18", "ATLAS18qqn", "{0};{1}"])
def test_one_malformed_id_loses_the_batch(ask, ids, bad):
    assert is_fault(ask("objects/", {"objects": bad.format(*ids)}))


@pytest.mark.parametrize("mjd", ["nan", "inf", "-inf"])
def test_mjd_that_is_no_number(ask, mjd):
    assert is_fault(ask("objects/", {"objects": COW, "mjd": mjd}))


def test_bound_is_strict_for_lc_and_lcnondets_only(ask):
    whole = records(ask, [COW])[0]
    for section, key in (("lc", "mjd"), ("lcnondets", "mjd"), ("fp", "mjd_obs")):
        moments = sorted(row[key] for row in whole[section])
        middle = moments[len(moments) // 2]
        later = [row for row in whole[section] if row[key] > middle or (section == "fp" and row[key] == middle)]
        assert records(ask, [COW], mjd=repr(middle))[0][section] == later
        assert 0 < len(later) < len(moments)


def test_far_future_leaves_the_small_sections(ask):
    whole, late = records(ask, [COW])[0], records(ask, [COW], mjd=70000)[0]
    assert [late[name] for name in ("lc", "lcnondets", "fp")] == [[], [], []]
    assert late["object"] == whole["object"]
    assert late["sherlock_crossmatches"] == whole["sherlock_crossmatches"]


def test_too_many_ids(ask):
    answer = ask("objects/", {"objects": ",".join(["7"] * 50_001)})
    expected = {"info": "Max number of objects for each requests is 50,000"}
    assert (answer.status_code, answer.json()) == (200, expected)
    assert len(ask("objects/", {"objects": ",".join(["7"] * 50_000)}).json()) == 50_000


def test_damaged_objects_exist_only_to_order(make_asker):
    ask = make_asker()
    good, bad = (int(one) for one in ask.sandbox.truth["atlas_id"][:2])
    assert len(records(ask, [good, bad])) == 2
    ask.sandbox.inject(Fault("damaged", objects=[bad]))
    assert is_fault(ask("objects/", {"objects": f"{good},{bad}"}))
    assert is_fault(ask("objects/", {"objects": bad, "mjd": 70000}))
    assert len(records(ask, [good])) == 1
    ask.sandbox.clear_faults()
    assert len(records(ask, [good, bad])) == 2


def test_faults_from_the_start(make_asker):
    ask = make_asker(faults=[Fault("status", endpoint="objects/", status=503, headers={"Retry-After": "7"})])
    assert ask("cone/", {"ra": 1, "dec": 1, "radius": 1, "requestType": "count"}).status_code == 200
    answer = ask("objects/", {"objects": COW, "mjd": 70000})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert ask("objects/", {"objects": COW, "mjd": 70000}).status_code == 200


def test_get_that_is_too_long(ask):
    long = ",".join([str(COW)] * 450)
    assert ask("objects/", {"objects": long, "mjd": 70000}).status_code == 200
    assert ask("objects/", {"objects": long, "mjd": 70000}, method="GET").status_code == 414


def test_a_page_for_browsers(ask):
    answer = ask("objects/", {"objects": COW, "mjd": 70000}, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Objects" in answer.text

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""An old server, without list filters, ``vra`` and ``uJy``, compared with a recorded answer of one."""

import json

import pytest
import requests

COW = 1161600211221604900


@pytest.fixture(scope="module")
def send_to_both(sandbox, make_sandbox):
    """Send the same request to a new and an old server with the same sky; return both answers, new first."""
    old_sandbox = make_sandbox(n_objects=3000, end=sandbox.end, vintage="old", rates={"user": None})

    def send(endpoint, **params):
        return [
            requests.post(
                server.url + endpoint, data=params, headers={"Authorization": f"Token {server.token()}"}, timeout=60
            ).json()
            for server in (sandbox, old_sandbox)
        ]

    return send


def test_old_record_has_fewer_columns(send_to_both):
    (new,), (old,) = send_to_both("objects/", objects=COW)
    assert set(new["object"]) - set(old["object"]) == {"vra"}
    assert set(old["object"]) - set(new["object"]) == {"realbogus_factor"}
    assert 0 <= old["object"]["realbogus_factor"] <= 1
    for section, new_columns in {
        "lc": {"date_inserted"},
        "lcnondets": {"date_inserted"},
        "fp": {"uJy", "duJy", "texp"},
    }.items():
        assert len(new[section]) == len(old[section]) > 0
        assert set(new[section][0]) - set(old[section][0]) == new_columns
        common = [{key: row[key] for key in row if key not in new_columns} for row in new[section]]
        assert common == old[section]


def test_old_record_has_the_keys_of_a_recorded_one(send_to_both, shared_data):
    _, (old,) = send_to_both("objects/", objects=COW)
    path = shared_data / "recordings" / "objects_1000005291314656200.json"
    recorded = json.loads(path.read_text())[0]
    assert list(old) == list(recorded)
    assert list(old["object"]) == list(recorded["object"])
    for section in ("lc", "lcnondets", "fp", "sherlock_crossmatches", "sherlock_classifications", "tns_crossmatches"):
        assert list(old[section][0]) == list(recorded[section][0]), section
    assert len(old["object"]["followup_flag_date"]) == len(recorded["object"]["followup_flag_date"])


def test_old_server_ignores_filters(send_to_both):
    whole_list, _ = send_to_both("objectlist/", objectlistid=2)
    new, old = send_to_both("objectlist/", objectlistid=2, vra_gte=5, sherlock_class="SN", ra_lte=180)
    assert [row["id"] for row in old] == [row["id"] for row in whole_list]
    assert 0 < len(new) < len(whole_list)
    assert "vra" not in old[0]
    assert "realbogus_factor" in old[0]


def test_both_servers_apply_the_date_threshold(send_to_both):
    new, old = send_to_both("objectlist/", objectlistid=2, datethreshold="2026-06-01")
    assert [row["id"] for row in new] == [row["id"] for row in old]
    assert new

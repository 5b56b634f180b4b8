# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""An older server: without list filters, ``vra``, ``uJy``; compared with a real answer of one."""

import json

import pytest

COW = 1161600211221604900


@pytest.fixture(scope="module")
def both(sandbox):
    """The same questions to a new and to an old server with the same sky."""
    import requests

    from atlasquery.sandbox import Sandbox

    with Sandbox(end=sandbox.end, vintage="old", rates={"user": None}) as old:

        def ask(endpoint, **params):
            return [
                requests.post(
                    one.url + endpoint, data=params, headers={"Authorization": f"Token {one.token()}"}, timeout=60
                ).json()
                for one in (sandbox, old)
            ]

        yield ask


def test_record_lacks_what_is_newer(both):
    (new,), (old,) = both("objects/", objects=COW)
    assert set(new["object"]) - set(old["object"]) == {"vra"}
    assert set(old["object"]) - set(new["object"]) == {"realbogus_factor"}
    assert 0 <= old["object"]["realbogus_factor"] <= 1
    for section, lacking in {
        "lc": {"date_inserted"},
        "lcnondets": {"date_inserted"},
        "fp": {"uJy", "duJy", "texp"},
    }.items():
        assert len(new[section]) == len(old[section]) > 0
        assert set(new[section][0]) - set(old[section][0]) == lacking
        kept = [{key: row[key] for key in row if key not in lacking} for row in new[section]]
        assert kept == old[section]


def test_record_is_like_a_real_one(both, shared_data):
    _, (old,) = both("objects/", objects=COW)
    path = shared_data / "recordings" / "objects_1000005291314656200.json"
    real = json.loads(path.read_text())[0]
    assert list(old) == list(real)
    assert list(old["object"]) == list(real["object"])
    for section in ("lc", "lcnondets", "fp", "sherlock_crossmatches", "sherlock_classifications", "tns_crossmatches"):
        assert list(old[section][0]) == list(real[section][0]), section
    assert len(old["object"]["followup_flag_date"]) == len(real["object"]["followup_flag_date"])


def test_filters_are_ignored(both):
    whole, _ = both("objectlist/", objectlistid=2)
    new, old = both("objectlist/", objectlistid=2, vra_gte=5, sherlock_class="SN", ra_lte=180)
    assert [row["id"] for row in old] == [row["id"] for row in whole]
    assert 0 < len(new) < len(whole)
    assert "vra" not in old[0]
    assert "realbogus_factor" in old[0]


def test_date_threshold_is_known_to_both(both):
    new, old = both("objectlist/", objectlistid=2, datethreshold="2026-06-01")
    assert [row["id"] for row in new] == [row["id"] for row in old]
    assert new

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Three throttles, each in a sliding window: users, staff, and addresses at ``auth-token/``."""

import threading
import time

import pytest

COUNT = {"ra": 1, "dec": 2, "radius": 3, "requestType": "count"}


def statuses(ask, number, **options):
    return [ask("cone/", COUNT, **options).status_code for _ in range(number)]


def test_default_rates_are_the_servers(make_asker):
    ask = make_asker()
    assert statuses(ask, 101, role="reader") == [200] * 100 + [429]
    assert statuses(ask, 110, role="staff") == [200] * 110
    wrong = {"username": "reader", "password": "nope"}
    assert [ask("auth-token/", wrong, role=None).status_code for _ in range(11)] == [400] * 10 + [429]


def test_refusal_says_when(make_asker):
    ask = make_asker(rates={"user": 2})
    statuses(ask, 2, role="reader")
    time.sleep(1.1)
    answer = ask("objects/", {"objects": "1"}, role="reader")
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert 3590 < wait < 3600
    assert answer.json() == {"detail": f"Request was throttled. Expected available in {wait} seconds."}


def test_the_window_slides(make_asker):
    ask = make_asker(rates={"user": "2/second"})
    assert statuses(ask, 3, role="reader") == [200, 200, 429]
    # A refused call does not count: the window empties although it is knocked at.
    deadline = time.monotonic() + 5
    while statuses(ask, 1, role="reader") == [429]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert time.monotonic() < deadline - 3


def test_users_are_counted_apart_and_over_all_endpoints(make_asker):
    ask = make_asker(rates={"user": 3})
    assert ask("cone/", COUNT, role="reader").status_code == 200
    assert ask("vratodolist/", {}, role="reader").status_code == 200
    # Checked before the parameters, and counted although they are wrong.
    assert ask("objects/", {}, role="reader").status_code == 400
    assert ask("objects/", {}, role="reader").status_code == 429
    assert ask("cone/", COUNT, role="writer").status_code == 200


def test_what_is_not_signed_in_or_not_allowed_does_not_count(make_asker):
    ask = make_asker(rates={"user": 1})
    assert statuses(ask, 3, role="expired") == [401] * 3
    assert [ask("vratodo/", {"objectid": 1}, role="reader").status_code for _ in range(3)] == [403] * 3
    assert statuses(ask, 2, role="reader") == [200, 429]


def test_addresses_are_counted_apart(make_asker):
    ask = make_asker(rates={"auth": 1})
    right = {"username": "reader", "password": "reader-pw"}
    for address, status in [("10.0.0.1", 200), ("10.0.0.1", 429), ("10.0.0.2", 200)]:
        assert ask("auth-token/", right, role=None, headers={"X-Forwarded-For": address}).status_code == status


def test_throttled_role_is_always_too_late(ask, make_asker):
    assert statuses(make_asker(), 2, role="throttled") == [429, 429]
    assert ask("cone/", COUNT, role="throttled").status_code == 200  # no limit, no refusal


@pytest.mark.parametrize("rates", [None, {"user": 20}])
def test_threads_cannot_share_the_last_request(make_asker, rates):
    ask = make_asker(rates=rates)
    allowed = 100 if rates is None else 20
    found = []

    def knock():
        found.extend(statuses(ask, 20, role="reader"))

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(200) == allowed
    assert found.count(429) == 160 - allowed

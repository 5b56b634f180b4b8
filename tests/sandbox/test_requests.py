# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the sandbox remembers of requests: all of it, at once, and no secret."""

import threading

from atlasquery.sandbox import Fault, RequestSeen

COUNT = {"ra": "1", "dec": "2", "radius": "3", "requestType": "count"}
CONE = "/sne/atlas4/api/cone/"


def test_complete_when_the_call_returns(make_asker):
    ask = make_asker(rates={"user": None})
    for number in range(1, 51):
        ask("cone/", COUNT, role="reader")
        assert len(ask.sandbox.requests) == number
    assert ask.sandbox.requests[-1] == RequestSeen("POST", CONE, COUNT, "reader", True, 200)


def test_every_way_of_asking(make_asker):
    ask = make_asker()
    ask("cone/", COUNT, method="GET", role="writer")
    ask("cone/", None, json={"ra": 1, "dec": 2.5}, role="expired")
    ask("cone/", COUNT, role=None)
    ask("cone", COUNT)
    ask("nosuch/", {"a": "b"})
    seen = ask.sandbox.requests
    assert [one.status for one in seen] == [200, 401, 401, 301, 404]
    assert [one.user for one in seen] == ["writer", "expired", None, "staff", "staff"]
    assert [one.has_token for one in seen] == [True, True, False, True, True]
    assert [one.endpoint for one in seen] == ["cone/", "cone/", "cone/", "cone/", "nosuch/"]
    assert [one.params for one in seen] == [COUNT, {"ra": 1, "dec": 2.5}, COUNT, COUNT, {"a": "b"}]


def test_no_secret_is_kept(make_asker):
    ask = make_asker()
    ask("auth-token/", {"username": "reader", "password": "reader-pw"}, role=None)
    token = ask.sandbox.token("reader")
    ask(f"cone/?token={token}", COUNT, role=None)
    kept = repr(ask.sandbox.requests)
    assert token not in kept
    assert "reader-pw" not in kept
    assert [one.has_token for one in ask.sandbox.requests] == [False, True]
    assert ask.sandbox.requests[1].user == "reader"


def test_faults_are_seen_too(make_asker):
    ask = make_asker()
    ask.sandbox.inject(Fault("status", status=503))
    ask.sandbox.inject(Fault("html", skip=0))
    assert ask("cone/", COUNT).status_code == 503
    assert ask("cone/", COUNT).status_code == 200
    assert [one.status for one in ask.sandbox.requests] == [503, 200]
    assert [one.params for one in ask.sandbox.requests] == [COUNT, COUNT]


def test_can_be_read_after_the_end(make_asker):
    ask = make_asker()
    ask("cone/", COUNT)
    ask.sandbox.close()
    assert [one.endpoint for one in ask.sandbox.requests] == ["cone/"]


def test_reading_from_threads(make_asker):
    ask = make_asker()
    counts = []

    def look():
        counts.extend(len(ask.sandbox.requests) for _ in range(20))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        ask("cone/", COUNT)
    for thread in threads:
        thread.join()
    assert len(counts) == 80
    assert len(ask.sandbox.requests) == 20

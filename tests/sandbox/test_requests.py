# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The request log of the sandbox: complete, without delay and without secrets."""

import threading

from atlasquery.sandbox import Fault, ReceivedRequest

COUNT = {"ra": "1", "dec": "2", "radius": "3", "requestType": "count"}
CONE_PATH = "/sne/atlas4/api/cone/"


def test_log_is_complete_when_the_call_returns(make_sender):
    send = make_sender(rates={"user": None})
    for number in range(1, 51):
        send("cone/", COUNT, role="reader")
        assert len(send.sandbox.requests) == number
    assert send.sandbox.requests[-1] == ReceivedRequest("POST", CONE_PATH, COUNT, "reader", True, 200)


def test_every_kind_of_request_is_logged(make_sender):
    send = make_sender()
    send("cone/", COUNT, method="GET", role="writer")
    send("cone/", None, json={"ra": 1, "dec": 2.5}, role="expired")
    send("cone/", COUNT, role=None)
    send("cone", COUNT)
    send("nosuch/", {"a": "b"})
    log = send.sandbox.requests
    assert [request.status for request in log] == [200, 401, 401, 301, 404]
    assert [request.user for request in log] == ["writer", "expired", None, "staff", "staff"]
    assert [request.has_token for request in log] == [True, True, False, True, True]
    assert [request.endpoint for request in log] == ["cone/", "cone/", "cone/", "cone/", "nosuch/"]
    assert [request.params for request in log] == [COUNT, {"ra": 1, "dec": 2.5}, COUNT, COUNT, {"a": "b"}]


def test_no_secret_is_logged(make_sender):
    send = make_sender()
    send("auth-token/", {"username": "reader", "password": "reader-pw"}, role=None)
    token = send.sandbox.token("reader")
    send(f"cone/?token={token}", COUNT, role=None)
    log = send.sandbox.requests
    assert token not in repr(log)
    assert "reader-pw" not in repr(log)
    assert [request.has_token for request in log] == [False, True]
    assert log[1].user == "reader"


def test_requests_with_faults_are_logged(make_sender):
    send = make_sender()
    send.sandbox.inject(Fault("status", status=503))
    send.sandbox.inject(Fault("html", skip=0))
    assert send("cone/", COUNT).status_code == 503
    assert send("cone/", COUNT).status_code == 200
    assert [request.status for request in send.sandbox.requests] == [503, 200]
    assert [request.params for request in send.sandbox.requests] == [COUNT, COUNT]


def test_log_can_be_read_after_close(make_sender):
    send = make_sender()
    send("cone/", COUNT)
    send.sandbox.close()
    assert [request.endpoint for request in send.sandbox.requests] == ["cone/"]


def test_log_can_be_read_from_threads(make_sender):
    send = make_sender()
    counts = []

    def read_log():
        counts.extend(len(send.sandbox.requests) for _ in range(20))

    threads = [threading.Thread(target=read_log) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        send("cone/", COUNT)
    for thread in threads:
        thread.join()
    assert len(counts) == 80
    assert len(send.sandbox.requests) == 20

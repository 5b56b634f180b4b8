# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Faults to order: what is promised is what goes over the wire, seen by plain sockets and plain requests."""

import json
import socket
from dataclasses import asdict

import pytest
import requests

from atlasquery.sandbox.answer_damage import damage_body, truncate_body
from atlasquery.sandbox.fault import KINDS, Fault
from atlasquery.sandbox.fault_plan import FaultPlan
from atlasquery.sandbox.faulty_gateway import FaultyGateway

BODY = b'[{"object": 1161600211221604900, "separation": 0.25, "objectname": "ATLAS18qqn"}]'


def post(server, endpoint="cone/"):
    with requests.Session() as session:
        session.trust_env = False
        return session.post(server.url + endpoint, data={"ra": 1}, timeout=2, allow_redirects=False)


@pytest.fixture
def raw():
    """Send a request over a plain socket; give what comes back, and how it ended."""

    def raw(server):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.settimeout(2)
            head = "POST /sne/atlas4/api/cone/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
            connection.sendall(head.encode() + b"ra=1")
            received = b""
            try:
                while piece := connection.recv(65536):
                    received += piece
            except OSError as error:
                return received, type(error).__name__
            return received, "closed"

    return raw


def test_no_fault(server, raw):
    received, ending = raw(server)
    assert received.endswith(BODY)
    assert ending == "closed"


def test_reset(server, raw):
    server.order("reset")
    assert raw(server) == (b"", "ConnectionResetError")


def test_reset_in_mid_body(server, raw):
    server.order("reset_midbody")
    received, ending = raw(server)
    assert received.partition(b"\r\n\r\n")[2] == BODY[: len(BODY) // 2]
    assert ending == "ConnectionResetError"


def test_reset_after_a_number_of_bytes(server, raw):
    server.order("reset_midbody", size=3)
    assert raw(server)[0].endswith(b"\r\n\r\n[{" + BODY[2:3])


@pytest.mark.parametrize("kind", ["stall", "stall_midbody"])
def test_stall_lasts_as_long_as_ordered(server, raw, kind, monkeypatch):
    waits = []
    monkeypatch.setattr(FaultyGateway, "_wait", lambda gateway, seconds: waits.append(seconds))
    server.order(kind, seconds=0.3)
    assert raw(server)[1] == "ConnectionResetError"
    assert waits == [0.3]


def test_stall_ends_when_the_client_disconnects(server):
    server.order("stall")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"POST /x/cone/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        server.wait_for_request()
    server.wait_until_idle()


def test_clearing_ends_a_stall(server, raw):
    import threading

    server.order("stall")
    ended = []
    thread = threading.Thread(target=lambda: ended.append(raw(server)[1]))
    thread.start()
    server.wait_for_request()
    server.fault_plan.clear()
    thread.join(10)
    assert ended == ["ConnectionResetError"]


@pytest.mark.parametrize("kind", ["drip", "drip_headers"])
def test_drip_waits_between_pieces_and_is_complete(server, kind, monkeypatch):
    waits = []
    monkeypatch.setattr(FaultyGateway, "_wait", lambda gateway, seconds: waits.append(seconds))
    server.order(kind, seconds=0.01, size=10)
    assert post(server).content == BODY
    assert len(waits) >= 8
    assert set(waits) == {0.01}


def test_truncated_body_has_its_own_length(server):
    server.order("truncate", size=20)
    answer = post(server)
    assert answer.content == BODY[:20]
    assert answer.headers["Content-Length"] == "20"


@pytest.mark.parametrize(("kind", "status"), [("html", 200), ("html500", 500)])
def test_html_pages(server, kind, status):
    server.order(kind)
    answer = post(server)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "</html>" in answer.text


def test_empty(server):
    server.order("empty")
    answer = post(server)
    assert (answer.status_code, answer.content) == (200, b"")


def test_status_headers_and_body_can_be_chosen(server):
    server.order("status", status=429, headers={"Retry-After": "7"}, body='{"a": 1}')
    answer = post(server)
    assert (answer.status_code, answer.reason) == (429, "Too Many Requests")
    assert answer.headers["Retry-After"] == "7"
    assert answer.json() == {"a": 1}


def test_redirect(server):
    server.order("redirect", location="https://example.org/", status=308)
    answer = post(server)
    assert (answer.status_code, answer.headers["Location"]) == (308, "https://example.org/")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("nan"), '[{"object": NaN, "separation": 0.25, "objectname": "ATLAS18qqn"}]'),
        (Fault("nan", column="separation"), '"separation": NaN'),
        (Fault("wrong_type", column="objectname", value=5), '"objectname": 5'),
        (Fault("wrong_type", column="objectname"), '"objectname": {"unexpected": true}'),
        (Fault("wrong_shape"), '{"unexpected": [{'),
        (Fault("wrong_shape", value=["a"]), '["a"]'),
    ],
)
def test_damage(fault, text):
    assert text in damage_body(BODY, fault).decode()


def test_nested_values_can_be_damaged():
    assert json.loads(
        damage_body(b'{"lc": [{"mag": 1.5}, {"mag": 2.5}]}', Fault("wrong_type", column="mag", value="x"))
    ) == {"lc": [{"mag": "x"}, {"mag": 2.5}]}
    assert damage_body(b'{"count": 3}', Fault("wrong_shape")) == b'[{"count": 3}]'


def test_damage_that_is_impossible_is_an_error():
    with pytest.raises(ValueError, match="no key 'mag'"):
        damage_body(BODY, Fault("nan", column="mag"))
    with pytest.raises(ValueError, match="no number"):
        damage_body(b"[]", Fault("nan"))


def test_truncation_is_in_the_middle():
    assert truncate_body(b"abcdef") == b"abc"
    assert truncate_body(b"abcdef", 5) == b"abcde"
    assert truncate_body(b"abcdef", 0) == b""


def test_connection_is_kept_after_a_damaged_answer(server):
    with requests.Session() as session:
        session.trust_env = False
        for kind in ("truncate", "html500", "empty", "nan", None):
            if kind:
                server.order(kind)
            assert session.post(server.url + "cone/", data={"ra": 1}, timeout=2).status_code in (200, 500)


# What happens to the request itself.


@pytest.mark.parametrize(
    ("kind", "handled"), [("reset", False), ("html500", False), ("reset_midbody", True), ("truncate", True)]
)
def test_which_faults_reach_the_application(server, raw, kind, handled):
    server.order(kind)
    raw(server)
    assert bool(server.received[0].form) is handled


def test_answer_can_be_lost_after_the_application_ran(server, raw):
    server.order("reset", handled=True)
    assert raw(server) == (b"", "ConnectionResetError")
    assert server.received[0].form == {"ra": "1"}


# The plan.


def kinds(plan, *endpoints):
    return [fault and fault.kind for fault in (plan.take(f"/sne/atlas4/api/{endpoint}") for endpoint in endpoints)]


def test_faults_apply_in_order():
    plan = FaultPlan([Fault("reset"), Fault("empty")])
    assert kinds(plan, "cone/", "cone/", "cone/") == ["reset", "empty", None]


def test_fault_of_one_endpoint():
    plan = FaultPlan([Fault("reset", endpoint="objects/"), Fault("empty", endpoint="cone")])
    assert kinds(plan, "cone/", "cone/", "objects/") == ["empty", None, "reset"]


def test_fault_applies_a_number_of_times():
    assert kinds(FaultPlan([Fault("reset", times=2)]), *["cone/"] * 3) == ["reset", "reset", None]
    assert kinds(FaultPlan([Fault("reset", times=None)]), *["cone/"] * 5) == ["reset"] * 5


def test_fault_after_a_number_of_requests():
    assert kinds(FaultPlan([Fault("reset", skip=2)]), *["cone/"] * 4) == [None, None, "reset", None]


def test_damaged_objects_are_left_to_the_application():
    plan = FaultPlan([Fault("damaged", objects=[1161600211221604900]), Fault("damaged", objects=["5"])])
    assert kinds(plan, "objects/") == [None]
    assert plan.damaged_objects == {1161600211221604900, 5}
    plan.clear()
    assert plan.damaged_objects == set()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "explode"}, "kind.*got 'explode'"),
        ({"kind": "status"}, "`status` must be given"),
        ({"kind": "redirect"}, "`location` must be given"),
        ({"kind": "damaged"}, "`objects` must be given"),
        ({"kind": "reset", "times": 0}, "times.*got 0"),
    ],
)
def test_invalid_fault(options, words):
    with pytest.raises(ValueError, match=words):
        Fault(**options)


@pytest.mark.parametrize("kind", KINDS)
def test_fault_can_be_pickled(kind):
    fault = Fault(kind, status=500, location="https://example.org/", objects=[1], headers={"a": "b"})
    assert Fault(**json.loads(json.dumps(asdict(fault)))) == fault

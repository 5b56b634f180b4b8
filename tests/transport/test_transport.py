# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What goes over the wire, and who may share it."""

import os
import pickle
import re
import threading
import time

import pytest
import requests

from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.transport import Answer, Password, Token, Transport


def test_request_as_received(server, send):
    payload = {
        "ra": 244.000917,
        "dec": -22,
        "requestType": "all",
        "debug": True,
        "name": "\u00e9clair & co",
        "none": "",
    }
    answer = send(payload=payload)
    request = server.received[0]
    assert (request.method, request.path) == ("POST", "/sne/atlas4/api/cone/")
    assert request.form == {k: str(v) for k, v in payload.items()}
    assert request.token == "Token 0123456789abcdef0123456789abcdef01234567"
    assert request.headers["accept"] == "application/json"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert re.fullmatch(r"atlasquery/\S+ astroquery/\S+ astropy/\S+ python-requests/\S+", request.headers["user-agent"])
    assert answer.url == server.url + "cone/"
    assert answer.headers["CONTENT-TYPE"] == "application/json"
    assert b"ATLAS18qqn" in answer.body


def test_root_without_slash(server, send):
    send(root=server.url.rstrip("/"))
    assert server.received[0].path == "/sne/atlas4/api/cone/"


@pytest.mark.parametrize("value", [None, b"1", [1, 2], {"a": 1}])
def test_values_that_a_form_cannot_hold_are_rejected(server, send, value):
    with pytest.raises(InvalidQueryTypeError, match="`ra`"):
        send(payload={"ra": value})
    assert server.received == []


def test_text_that_cannot_be_encoded_is_rejected(server, send_raw):
    with pytest.raises(InvalidQueryError, match="`username`"):
        send_raw("auth-token/", {"username": "joe\udcff"})
    assert server.received == []


def test_password_is_sent_and_not_shown(server, send_raw):
    payload = {"username": "reader", "password": Password("geheim & co")}
    send_raw("auth-token/", payload)
    assert server.received[0].form == {"username": "reader", "password": "geheim & co"}
    assert "geheim" not in repr(payload)


def test_repr_of_an_answer_hides_its_body():
    answer = Answer(b'{"token": "geheim"}', 200, "http://127.0.0.1/", {})
    assert repr(answer) == "Answer(status=200, url='http://127.0.0.1/')"


def test_creating_a_transport_opens_nothing(monkeypatch):
    monkeypatch.setattr(requests, "Session", None)
    assert Transport(ATLAS_SERVICE)._session is None


def test_connection_is_kept(server, send):
    ports = connections(server)
    for _ in range(5):
        send()
    assert len(ports) == 1


def test_write_uses_a_new_connection_after_idle_time(server, send):
    ports = connections(server)
    send()
    send("objectgroups/", idempotent=False)
    assert len(ports) == 1
    time.sleep(1.1)
    send("objectgroups/", idempotent=False)
    assert len(ports) == 2


def connections(server):
    """The client's ports, as the server sees them from now on."""
    ports = set()

    def application(env, start_response):
        ports.add(env["REMOTE_PORT"])
        return server.application(env, start_response)

    server.wsgi_app = application
    return ports


def test_threads_send_one_after_another(server, send):
    at_work, most = [], []

    def application(env, start_response):
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.02)
        at_work.pop()
        return server.application(env, start_response)

    server.wsgi_app = application
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(send())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert max(most) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # the server's threads
def test_forked_child_makes_its_own_connection(server, send, transport):
    ports = connections(server)
    send()
    mine = transport._session
    with transport._lock.current:  # as if another thread were in the middle of a request
        child = os.fork()
        if child == 0:
            code = 2
            try:
                code = 0 if send().status == 200 and transport._session is not mine else 1
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert transport._session is mine
    assert send().status == 200
    assert len(ports) == 2


def test_pickled_copy_makes_its_own_connection(send, send_raw, transport, token):
    send()
    copied = pickle.loads(pickle.dumps(transport))
    assert copied._session is None
    assert send_raw("cone/", {}, token=token, via=copied).status == 200
    copied.close()


def test_request_after_close(server, send, transport):
    send()
    transport.close()
    transport.close()
    assert send().status == 200


def test_two_tokens_do_not_mix(server, send_raw):
    for value in ("first", "second", "first"):
        send_raw("cone/", {}, token=Token(value))
    send_raw("cone/", {})
    assert [request.token for request in server.received] == ["Token first", "Token second", "Token first", None]

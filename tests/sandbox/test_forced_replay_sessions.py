# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server, replayed: those of a browser that has signed in."""

import pytest
import requests

from atlasquery.sandbox import Fault
from forced_exchanges import headers_of, submit

PATH = "queuepositions.json"


def sign_in(sandbox, role="other", password=None, **params):
    """Fill in the form for name and password, and return the answer and the browser."""
    browser = requests.Session()
    page = browser.get(f"{sandbox.forced_url}login/", timeout=60)
    assert page.text.startswith("<!DOCTYPE html>")
    form = {"username": role, "password": password or f"{role}-pw"}
    form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
    url = f"{sandbox.forced_url}login/"
    return browser.post(url, data=form, params=params, allow_redirects=False, timeout=60), browser


@pytest.fixture
def browser(queue):
    answer, browser = sign_in(queue)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/forcedphot/queue/")
    with browser:
        yield browser


def test_places_in_the_queue(queue, recorded, replay, browser):
    """The recorded ids and places are those of the tasks here."""
    queue.inject(Fault("runner_down"))
    lines = "1 1\n" * 18
    submit(queue, radeclist=lines)
    submit(queue, "other", radeclist=f"{lines}2 2\n2 2")
    replay(queue, "queuepositions_token")
    answer = replay(queue, "queuepositions_session", cookies=browser.cookies)
    assert answer.json() == recorded("queuepositions_session")["response"]["body"]


def test_a_task_from_a_browser(queue, recorded, replay, browser):
    replayed = {"cookies": browser.cookies, "X-CSRFToken": browser.cookies["csrftoken"]}
    queue.inject(Fault("runner_down"))
    task = replay(queue, "session_post", **replayed).json()
    assert (task["username"], task["send_email"]) == ("other", True)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "CSRF Failed: CSRF token missing."),
        ({"X-CSRFToken": "x" * 32}, "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect."),
    ],
)
def test_a_cookie_counts_more_than_a_token(queue, browser, headers, message):
    headers = headers_of(queue, "user") | headers
    task = submit(queue, "user", ra=1, dec=1)
    assert browser.get(f"{queue.forced_url}queue/", headers=headers, timeout=60).json()["taskcount"] == 0
    for method in ("PATCH", "DELETE"):
        answer = browser.request(method, task["url"], headers=headers, timeout=60)
        assert (answer.status_code, answer.json()) == (403, {"detail": message})


def test_signing_in(queue):
    answer, browser = sign_in(queue, next=f"/forcedphot/{PATH}")
    assert answer.headers["Location"] == f"/forcedphot/{PATH}"
    assert browser.get(f"{queue.forced_url}{PATH}", timeout=60).json()["queuepositions"] == {}
    elsewhere, _ = sign_in(queue, next="https://example.org/")
    assert elsewhere.headers["Location"] == "/forcedphot/queue/"
    for role, password in (("other", "wrong"), ("inactive", None), ("nobody", None)):
        answer, browser = sign_in(queue, role, password)
        assert (answer.status_code, "sessionid" in browser.cookies) == (200, False)
    form = {"username": "other", "password": "other-pw"}
    assert requests.post(f"{queue.forced_url}login/", data=form, timeout=60).status_code == 403

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Answers that are no success: each has an exception of its own, which says what the server log_messages."""

import json
import pickle

import pytest
from astropy.time import Time

from atlasquery import exceptions
from atlasquery.config import conf


def order(server, status, document, **headers):
    server.order("status", status=status, body=json.dumps(document), headers=headers)


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("Invalid token.", exceptions.InvalidTokenError),
        ("Invalid token header. No credentials provided.", exceptions.InvalidTokenError),
        ("Invalid token header. Token string should not contain spaces.", exceptions.InvalidTokenError),
        ("Token has expired.", exceptions.TokenExpiredError),
        ("Authentication credentials were not provided.", exceptions.NoTokenError),
        ("User inactive or deleted.", exceptions.InactiveUserError),
        ("Could not authenticate: Group has no profile. Please contact administrator.", exceptions.InactiveUserError),
        ("Something new.", exceptions.LoginError),
    ],
)
def test_each_401_has_its_class(server, send, detail, expected):
    order(server, 401, {"detail": detail})
    with pytest.raises(exceptions.LoginError, match=detail.rstrip(".")) as raised:
        send()
    assert type(raised.value) is expected
    assert raised.value.url == server.url + "cone/"
    assert len(server.received) == 1


def test_401_without_a_message(server, send):
    server.order("status", status=401, body="", headers={"Content-Type": "text/plain"})
    with pytest.raises(exceptions.LoginError, match="HTTP 401"):
        send()


def test_token_lost_in_transit_is_reported(server, send):
    order(server, 401, {"detail": "Authentication credentials were not provided."})
    with pytest.raises(exceptions.NoTokenError, match="A token was sent"):
        send()


def test_403(server, send):
    order(server, 403, {"detail": "You do not have permission to perform this action."})
    with pytest.raises(exceptions.PermissionDeniedError, match="do not have permission"):
        send(idempotent=False)


def test_400_names_field_and_reason(server, send):
    order(server, 400, {"ra": ["A valid number is required."], "dec": ["This field is required."]})
    with pytest.raises(
        exceptions.InvalidQueryError, match=r"ra: A valid number is required; dec: This field is required\. URL"
    ) as raised:
        send()
    assert raised.value.fields == {"ra": "A valid number is required.", "dec": "This field is required."}
    assert raised.value.url == server.url + "cone/"


@pytest.mark.parametrize("name", ["error", "info", "detail"])
def test_400_with_a_message(server, send, name):
    order(server, 400, {name: "Max radius is 300 arcsec.", "objectid": 5})
    with pytest.raises(exceptions.InvalidQueryError, match=r"\(HTTP 400\): Max radius is 300 arcsec\.") as raised:
        send()
    assert raised.value.fields == {name: "Max radius is 300 arcsec."}


def test_400_with_a_page_is_a_server_fault(server, send):
    server.order("status", status=400, body="<h1>Bad Request (400)</h1>", headers={"Content-Type": "text/html"})
    with pytest.raises(exceptions.ServerFaultError, match=r"Bad Request \(400\)"):
        send()


def test_wrong_password(server, send_raw):
    order(server, 400, {"non_field_errors": ["Unable to log in with provided credentials."]})
    with pytest.raises(exceptions.LoginError, match="Wrong user name or password") as raised:
        send_raw("auth-token/", {"username": "reader", "password": "x"})
    assert type(raised.value) is exceptions.LoginError


@pytest.mark.parametrize("status", [404, 405])
def test_the_wrong_address(server, send, status):
    order(server, status, {"detail": "Not found."})
    with pytest.raises(exceptions.ServerFaultError, match="root URL of the API") as raised:
        send()
    assert raised.value.status == status
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [406, 413, 414, 415, 418, 500, 501, 507, 599])
def test_other_statuses_are_server_faults(server, send, status):
    order(server, status, {"detail": "No."})
    with pytest.raises(exceptions.ServerFaultError, match=str(status)) as raised:
        send()
    assert raised.value.status == status
    assert len(server.received) == 1


def test_only_the_title_of_a_page_is_quoted(server, send):
    page = "<html><head><title>OperationalError at\n /x &amp; y</title></head><body>" + "secret path " * 5000
    server.order("html500", body=page)
    with pytest.raises(exceptions.ServerFaultError, match="OperationalError at /x & y") as raised:
        send()
    assert "secret path" not in str(raised.value)
    assert raised.value.status == 500


def test_long_title_is_shortened(server, send):
    server.order("html500", body=f"<title>{'x' * 5000}</title>")
    with pytest.raises(exceptions.ServerFaultError) as raised:
        send()
    assert len(raised.value.reason) < 300


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "html"}, "a web page, titled 'Maintenance'"),
        ({"kind": "html", "body": "<!doctype html><p>no title"}, "a web page"),
        ({"kind": "empty"}, "empty"),
        ({"kind": "status", "status": 200, "body": "a,b", "headers": {"Content-Type": "text/csv"}}, "text/csv"),
        ({"kind": "status", "status": 200, "body": "busy", "headers": {"Content-Type": ""}}, "unknown type"),
    ],
)
def test_unreadable_success(server, send, fault, words):
    server.order(**fault)
    with pytest.raises(exceptions.UnreadableAnswerError, match=words) as raised:
        send()
    assert raised.value.status == 200


def test_204_has_no_body(server, send):
    server.order("status", status=204, body="")
    answer = send("objectgroupsdelete/", idempotent=False)
    assert (answer.status, answer.body) == (204, b"")


def test_201_is_a_success(server, send):
    order(server, 201, {"info": "Row created."})
    assert send("objectgroups/", idempotent=False).status == 201


@pytest.mark.parametrize(
    ("headers", "detail", "wait"),
    [
        ({"Retry-After": "3600"}, "Request was throttled.", 3600.0),
        ({"Date": "Mon, 23 Nov 2026 03:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 04:00:00 GMT"}, "", 3600.0),
        ({"Retry-After": "soon"}, "Request was throttled. Expected available in 30 seconds.", 30.0),
        ({}, "Request was throttled. Expected available in 1 second.", 1.0),
        ({"Retry-After": "soon"}, "Request was throttled.", None),
        ({}, "", None),
    ],
)
def test_429_states_when_it_resets(server, send, headers, detail, wait):
    server.order("status", status=429, headers=headers, body=json.dumps({"detail": detail}))
    with pytest.raises(exceptions.RateLimitError) as raised:
        send()
    error = raised.value
    assert len(server.received) == 1
    assert error.retry_after == wait
    if wait is None:
        assert error.resets_at is None
        assert "does not state" in str(error)
    else:
        assert (error.resets_at - Time.now()).to_value("s") == pytest.approx(wait, abs=3)


def test_429_beyond_the_calendar(server, send):
    server.order("status", status=429, headers={"Retry-After": "9" * 300})
    with pytest.raises(exceptions.RateLimitError) as raised:
        send()
    assert raised.value.retry_after == float("9" * 300)


def test_429_at_sign_in(server, send_raw):
    server.order("status", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(exceptions.RateLimitError, match="sign-in attempts"):
        send_raw("auth-token/", {})


@pytest.mark.parametrize("idempotent", [True, False])
def test_max_wait_applies_to_all_requests(server, send, log_messages, recorded_waits, idempotent):
    """The server checks the quota before it does anything, so a write can be sent again too."""
    server.order("status", status=429, headers={"Retry-After": "1"})
    with conf.set_temp("max_wait", 1.0):
        assert send(idempotent=idempotent).status == 200
    assert (len(server.received), recorded_waits) == (2, [1.0])
    assert any("1 s left" in line for line in log_messages("WARNING"))


def test_max_wait_does_not_apply_to_sign_in(server, send_raw, recorded_waits):
    server.order("status", status=429, headers={"Retry-After": "1"})
    with conf.set_temp("max_wait", 1.0), pytest.raises(exceptions.RateLimitError):
        send_raw("auth-token/", {})
    assert (len(server.received), recorded_waits) == (1, [])


def test_wait_above_max_wait_is_not_started(server, send):
    server.order("status", status=429, headers={"Retry-After": "3600"})
    with conf.set_temp("max_wait", 3599.0), pytest.raises(exceptions.RateLimitError):
        send()
    assert len(server.received) == 1


def test_no_wait_by_default(server, send):
    server.order("status", status=429, headers={"Retry-After": "0"})
    with pytest.raises(exceptions.RateLimitError):
        send()
    assert len(server.received) == 1


def test_repeated_waits_up_to_max_wait(server, send):
    """Another program of the same user may have taken what had become free."""
    server.order("status", status=429, headers={"Retry-After": "0"}, times=None)
    with conf.set_temp("max_wait", 2.5), pytest.raises(exceptions.RateLimitError):
        send()
    assert len(server.received) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_errors_can_be_pickled(server, send, status):
    server.order("status", status=status, headers={"Retry-After": "5"})
    with pytest.raises(exceptions.AtlasQueryError) as raised:
        send()
    copied = pickle.loads(pickle.dumps(raised.value))
    assert type(copied) is type(raised.value)
    assert str(copied) == str(raised.value)
    assert getattr(copied, "retry_after", None) == getattr(raised.value, "retry_after", None)


@pytest.mark.parametrize("body", ["[1]", "nonsense", "null", '{"a": {"b": 1}}', "[" * 100_000, "\x00\xff"])
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_any_body_gives_an_error_of_the_package(server, send, status, body):
    server.order("status", status=status, body=body)
    with pytest.raises(exceptions.AtlasQueryError, match=str(status) if status != 429 else "quota"):
        send()

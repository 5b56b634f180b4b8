# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tokens: how they are requested, expire and are replaced."""

import pytest

COUNT = {"ra": 1, "dec": 2, "radius": 3, "requestType": "count"}
DAY = 86400  # seconds


def log_in(send, role):
    return send("auth-token/", {"username": role, "password": f"{role}-pw"}, role=None).json()


@pytest.mark.parametrize(("role", "days"), [("reader", 90), ("writer", 180), ("staff", 365), ("nogroup", 1)])
def test_valid_token_is_sent_again(make_sender, role, days):
    send = make_sender()
    answer = log_in(send, role)
    assert answer["token"] == send.sandbox.token(role)
    assert answer["refreshed"] is False
    assert (days - 1) * DAY < answer["expires_in"] < days * DAY


def test_expired_token_is_replaced(make_sender):
    send = make_sender()
    old_token = send.sandbox.token("expired")
    assert send("cone/", COUNT, role="expired").json() == {"detail": "Token has expired."}
    answer = log_in(send, "expired")
    assert answer["refreshed"] is True
    assert answer["token"] == send.sandbox.token("expired") != old_token
    assert 179 * DAY < answer["expires_in"] < 180 * DAY
    assert send("cone/", COUNT, role="expired").json() == {"count": 0}
    rejected = send("cone/", COUNT, role=None, headers={"Authorization": f"Token {old_token}"})
    assert (rejected.status_code, rejected.json()) == (401, {"detail": "Invalid token."})
    assert log_in(send, "expired")["refreshed"] is False


def test_age_token_sets_the_expiry(make_sender):
    send = make_sender()
    send.sandbox.age_token("reader", DAY)
    assert 0 < log_in(send, "reader")["expires_in"] < DAY
    assert send("cone/", COUNT, role="reader").status_code == 200
    send.sandbox.age_token("reader", -1)
    assert send("cone/", COUNT, role="reader").status_code == 401
    assert log_in(send, "reader")["refreshed"] is True


def test_tokens_depend_on_the_seed_only(make_sender):
    tokens = [make_sender(seed=seed).sandbox.token("reader") for seed in (1, 1, 2)]
    assert tokens[0] == tokens[1] != tokens[2]


def test_unknown_role_is_rejected(sandbox):
    with pytest.raises(ValueError, match=r"role.*'reader', 'writer', 'staff'.*got 'admin'"):
        sandbox.token("admin")


@pytest.mark.parametrize(
    ("role", "detail"),
    [
        ("inactive", "User inactive or deleted."),
        ("noprofile", "Could not authenticate: Group has no profile. Please contact administrator."),
        ("expired", "Token has expired."),
    ],
)
def test_unusable_accounts_are_rejected(send, role, detail):
    answer = send("cone/", COUNT, role=role)
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_client_is_signed_in(sandbox):
    assert sandbox.client("reader").count_region("244.0009d 22.2680d", "10 arcsec") == 1

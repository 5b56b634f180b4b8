# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tokens: what they cost, how they end, how they are replaced."""

import pytest

COUNT = {"ra": 1, "dec": 2, "radius": 3, "requestType": "count"}
DAY = 86400


def sign_in(ask, role):
    return ask("auth-token/", {"username": role, "password": f"{role}-pw"}, role=None).json()


@pytest.mark.parametrize(("role", "days"), [("reader", 90), ("writer", 180), ("staff", 365), ("nogroup", 1)])
def test_living_token_is_handed_out_again(make_asker, role, days):
    ask = make_asker()
    found = sign_in(ask, role)
    assert found["token"] == ask.sandbox.token(role)
    assert found["refreshed"] is False
    assert days * DAY - 60 < found["expires_in"] < days * DAY


def test_expired_token_is_replaced(make_asker):
    ask = make_asker()
    old = ask.sandbox.token("expired")
    assert ask("cone/", COUNT, role="expired").json() == {"detail": "Token has expired."}
    found = sign_in(ask, "expired")
    assert found["refreshed"] is True
    assert found["token"] == ask.sandbox.token("expired") != old
    assert 180 * DAY - 60 < found["expires_in"] < 180 * DAY
    assert ask("cone/", COUNT, role="expired").json() == {"count": 0}
    stale = ask("cone/", COUNT, role=None, headers={"Authorization": f"Token {old}"})
    assert (stale.status_code, stale.json()) == (401, {"detail": "Invalid token."})
    assert sign_in(ask, "expired")["refreshed"] is False


def test_token_that_ages(make_asker):
    ask = make_asker()
    ask.sandbox.age_token("reader", 100)
    assert 90 < sign_in(ask, "reader")["expires_in"] < 100
    assert ask("cone/", COUNT, role="reader").status_code == 200
    ask.sandbox.age_token("reader", -1)
    assert ask("cone/", COUNT, role="reader").status_code == 401
    assert sign_in(ask, "reader")["refreshed"] is True


def test_tokens_are_the_same_at_each_start_of_a_seed(make_asker, sandbox):
    first, second, third = make_asker(seed=1), make_asker(seed=1), make_asker(seed=2)
    tokens = [one.sandbox.token("reader") for one in (first, second, third)]
    assert tokens[0] == tokens[1] != tokens[2]


def test_unknown_role_is_refused(sandbox):
    with pytest.raises(ValueError, match="role: expected one of reader, writer, staff"):
        sandbox.token("admin")


@pytest.mark.parametrize(
    ("role", "detail"),
    [
        ("inactive", "User inactive or deleted."),
        ("noprofile", "Could not authenticate: Group has no profile. Please contact administrator."),
        ("expired", "Token has expired."),
    ],
)
def test_unusable_accounts(ask, role, detail):
    answer = ask("cone/", COUNT, role=role)
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_client_is_signed_in(sandbox):
    assert sandbox.client("reader").count_region("244.0009d 22.2680d", "10 arcsec") == 1

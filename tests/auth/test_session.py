# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Login, logout, and replacement of expired or invalid tokens."""

import json
import os
import pickle
import threading
import warnings

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time
from astropy.utils.exceptions import AstropyUserWarning
from keyring.backends import null

from atlasquery.auth import AuthorizedSession
from atlasquery.auth.expiry_record import ExpiryRecord
from atlasquery.auth.keyring_storage import KeyringEntry, KeyringStorage
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import (
    InactiveUserError,
    InvalidTokenError,
    LoginError,
    NoTokenError,
    RateLimitError,
    ServerFaultError,
    ServerUnreachableError,
    TokenExpiredError,
    TokenExpiryWarning,
    UnreadableAnswerError,
)
from atlasquery.sandbox import Fault
from atlasquery.transport import Token

UNKNOWN = "0" * 40


def granting(endpoint="auth-token/", **grant):
    return Fault("status", endpoint=endpoint, status=200, body=json.dumps(grant))


# login(token=...)


def test_token_is_checked_by_one_request_and_stored(sandbox, origin, requested_endpoints, session):
    assert session.login(token=sandbox.token("reader")) is True
    assert requested_endpoints() == ["cone/"]
    assert KeyringStorage("atlasquery", origin).read() == KeyringEntry(Token(sandbox.token("reader")), None)
    assert session.authenticated()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (None, InvalidTokenError),
        ("expired", TokenExpiredError),
        ("inactive", InactiveUserError),
        ("noprofile", InactiveUserError),
    ],
)
def test_rejected_token_is_not_stored(sandbox, memory, session, role, expected):
    token = sandbox.token(role) if role else UNKNOWN
    with pytest.raises(expected):
        session.login(token=token)
    assert memory.entries == {}
    assert not session.authenticated()


def test_unchecked_token_is_not_stored(sandbox, memory, session):
    sandbox.inject(Fault("status", status=429, headers={"Retry-After": "60"}))
    with pytest.raises(RateLimitError):
        session.login(token=sandbox.token("reader"))
    assert memory.entries == {}
    assert not session.authenticated()


def test_rejected_token_does_not_replace_the_previous_one(sandbox, session, count):
    session.login(token=sandbox.token("reader"))
    with pytest.raises(InvalidTokenError):
        session.login(token=UNKNOWN)
    assert count(session) == 200


def test_store_false_stores_nothing(sandbox, memory, session, count):
    session.login(token=sandbox.token("reader"), store=False)
    assert memory.entries == {}
    assert count(session) == 200


# login() at a terminal


def test_user_name_and_password_are_exchanged(sandbox, origin, requested_endpoints, session, terminal):
    assert session.login() is True
    assert requested_endpoints() == ["auth-token/"]
    assert terminal.prompts == [f"User name at {origin}: ", f"Password of reader at {origin}: "]
    stored = KeyringStorage("atlasquery", origin).read()
    assert stored.token == Token(sandbox.token("reader"))
    assert (stored.expires - Time.now()).to_value("day") == pytest.approx(90, abs=1)


def test_no_prompt_for_a_given_user_name(session, terminal, origin):
    session.login("reader")
    assert terminal.prompts == [f"Password of reader at {origin}: "]


def test_login_without_storing(session, terminal, count):
    assert session.login("reader", store=False) is True
    assert count(session) == 200


@pytest.mark.parametrize(("username", "password"), [("reader", "wrong"), ("inactive", "inactive-pw"), ("nobody", "x")])
def test_wrong_password(memory, session, terminal, requested_endpoints, username, password):
    """Two tries in all: the server allows 10 an hour."""
    terminal.types(username, password)
    with pytest.raises(LoginError, match="Wrong user name or password"):
        session.login()
    assert requested_endpoints() == ["auth-token/"] * 2
    assert len(terminal.prompts) == 4
    assert memory.entries == {}
    assert not session.authenticated()


@pytest.mark.parametrize(("username", "n_prompts"), [(None, 4), ("reader", 2)])
def test_second_try_after_a_wrong_password(session, terminal, origin, capsys, monkeypatch, username, n_prompts):
    """The failure is one line, on standard error."""
    typed = iter(["wrong", "reader-pw"])

    def type_next(prompt):
        terminal.prompts.append(prompt)
        return next(typed)

    monkeypatch.setattr("getpass.getpass", type_next)
    assert session.login(username, store=False) is True
    assert len(terminal.prompts) == n_prompts
    assert terminal.prompts[-1] == f"Password of reader at {origin}: "
    captured = capsys.readouterr()
    assert captured.err.startswith("Wrong user name or password")
    assert captured.err.endswith("One more try.\n")
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_no_second_try_when_the_quota_of_sign_ins_is_used_up(sandbox, session, terminal, requested_endpoints):
    sandbox.inject(Fault("status", endpoint="auth-token/", status=429, headers={"Retry-After": "600"}))
    with pytest.raises(RateLimitError, match="sign-in attempts"):
        session.login()
    assert requested_endpoints() == ["auth-token/"]


def test_no_second_try_if_nothing_is_typed(session, terminal, requested_endpoints):
    terminal.types("reader", "")
    with pytest.raises(LoginError, match="No password was entered"):
        session.login()
    assert len(terminal.prompts) == 2
    assert requested_endpoints() == []


def test_account_without_profile_is_a_server_fault(session, terminal):
    terminal.types("noprofile", "noprofile-pw")
    with pytest.raises(ServerFaultError, match="500"):
        session.login()


def test_sign_in_is_never_retried(sandbox, requested_endpoints, session, terminal):
    sandbox.inject(Fault("reset", endpoint="auth-token/"))
    with pytest.raises(ServerUnreachableError):
        session.login()
    assert requested_endpoints() == ["auth-token/"]


def test_no_prompt_without_a_terminal(session, requested_endpoints):
    with pytest.raises(LoginError, match="not a terminal"):
        session.login()
    with pytest.raises(LoginError, match="not a terminal"):
        session.login("reader")
    assert requested_endpoints() == []


@pytest.mark.parametrize(
    "fault",
    [
        granting(expires_in=5.0),
        granting(token=None),
        granting(token=""),
        granting(token=[1]),
        Fault("truncate", endpoint="auth-token/"),
        Fault("wrong_shape", endpoint="auth-token/"),
        Fault("status", endpoint="auth-token/", status=200, body="null"),
    ],
    ids=lambda fault: fault.body or fault.kind,
)
def test_answer_without_a_token(sandbox, memory, session, terminal, fault):
    sandbox.inject(fault)
    with pytest.raises(UnreadableAnswerError, match="must hold a token"):
        session.login()
    assert memory.entries == {}


@pytest.mark.parametrize("expires_in", [None, "soon", True, [1]])
def test_invalid_expiry_is_unknown(sandbox, session, terminal, expires_in):
    sandbox.inject(granting(token=sandbox.token("reader"), expires_in=expires_in))
    session.login()
    assert session.token_expires is None


# Use


def test_first_request_signs_in(requested_endpoints, session, terminal, count):
    assert count(session) == 200
    assert count(session) == 200
    assert requested_endpoints() == ["auth-token/", "cone/", "cone/"]
    assert len(terminal.prompts) == 2


def test_threads_prompt_once(session, terminal, count):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(count(session))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 6
    assert len(terminal.prompts) == 2


def test_next_process_finds_token_and_expiry(sandbox, session, terminal, count):
    session.login()
    later = AuthorizedSession(ATLAS_SERVICE, sandbox.url)
    assert later.authenticated()
    assert abs(later.token_expires - session.token_expires) < 1 * u.ms
    assert count(later) == 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_has_its_own_lock(sandbox, requested_endpoints, session, count):
    session.login(token=sandbox.token("reader"), store=False)
    with session._lock.current:  # as if another thread were signing in
        child = os.fork()
        if child == 0:
            code = 2
            try:
                code = 0 if count(session) == 200 else 1
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert requested_endpoints() == ["cone/", "cone/"]


def test_pickled_copy_has_no_token(sandbox, session, count):
    session.login(token=sandbox.token("reader"), store=False)
    pickled = pickle.dumps(session)
    assert sandbox.token("reader").encode() not in pickled
    copied = pickle.loads(pickled)
    assert copied.server == session.server
    assert not copied.authenticated()
    with pytest.raises(NoTokenError) as raised:
        count(copied)
    assert "token= stayed in the process that the client came from, where it was of the login" in str(raised.value)
    assert "client = client(token=token)" in str(raised.value)
    assert "ATLASQUERY_TOKEN in the environment of the worker" in str(raised.value)


def test_pickled_copy_of_a_copy_still_says_why(sandbox, count):
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("reader"))
    copied = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(session)).copy_with()))
    with pytest.raises(NoTokenError, match="where it was of the argument: a pickle has no token"):
        count(copied)


def test_pickled_copy_with_a_token_works(sandbox, session, count):
    session.login(token=sandbox.token("reader"), store=False)
    copied = pickle.loads(pickle.dumps(session))
    assert count(copied.copy_with(token=sandbox.token("reader"))) == 200


def test_pickled_copy_of_a_client_without_a_token_has_the_usual_hint(session, count):
    with pytest.raises(NoTokenError, match=r"token= was not given.*ATLAS\.login\(\) once at a terminal"):
        count(pickle.loads(pickle.dumps(session)))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("environment", r"On a machine with a terminal run: `atlasquery login --output token\.txt`; then set "
         r"ATLASQUERY_TOKEN on this machine \(.+\) to the content"),
        ("argument", r"`atlasquery login --output token\.txt`; then pass its content as `token` on this machine "),
        ("keyring", r"Run at a terminal of this machine \(.+\): `atlasquery login`, or in Python ATLAS\.login\(\)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("known", [True, False], ids=["known", "rejected"])
def test_expired_token_of_a_bot(sandbox, origin, session, monkeypatch, count, source, message, known):
    """What to run, and on which machine; also if only the server knows that it has expired."""
    token, expires = Token(sandbox.token("expired")), Time.now() - 1 * u.day
    if known:
        ExpiryRecord(origin).write(token, expires)
    if source == "environment":
        monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
        monkeypatch.setenv("ATLASQUERY_TOKEN", token.reveal())
    elif source == "argument":
        session = AuthorizedSession(ATLAS_SERVICE, sandbox.url, token)
    else:
        KeyringStorage("atlasquery", origin).write(token, None)
    n_before = len(sandbox.requests)
    with pytest.raises(TokenExpiredError, match=message):
        count(session)
    assert len(sandbox.requests) - n_before == (0 if known else 1)


def test_expiry_of_a_token_that_login_got_here(sandbox, memory, session, terminal, monkeypatch, tmp_path):
    """Also without the keyring, and if the token is now in the environment variable or an argument."""
    session.login(store=False)
    expires = session.token_expires.isot
    session.write_token(tmp_path / "token.txt")
    token = (tmp_path / "token.txt").read_text()
    assert memory.entries == {}
    assert AuthorizedSession(ATLAS_SERVICE, sandbox.url, token).token_expires.isot == expires
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    monkeypatch.setenv("ATLASQUERY_TOKEN", token)
    other = AuthorizedSession(ATLAS_SERVICE)
    assert (other.token_source, other.token_expires.isot) == ("environment", expires)
    other.login(token=token)
    assert KeyringStorage("atlasquery", other.server.origin).read().expires.isot == expires


def test_expiry_that_only_the_keyring_has(sandbox, origin, monkeypatch):
    expires = Time("2027-06-01T00:00:00", scale="utc")
    KeyringStorage("atlasquery", origin).write(Token(sandbox.token("reader")), expires)
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("reader"))
    assert session.token_expires == expires
    assert AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("writer")).token_expires is None


def test_expiry_of_another_token_is_unknown(sandbox, session, terminal):
    session.login()
    assert AuthorizedSession(ATLAS_SERVICE, sandbox.url, "a" * 40).token_expires is None


def test_logout(sandbox, memory, session, count):
    session.login(token=sandbox.token("reader"))
    session.logout()
    assert memory.entries == {}
    assert not session.authenticated()
    assert session.token_expires is None
    with pytest.raises(NoTokenError):
        count(session)
    session.logout()


def test_logout_warns_of_remaining_tokens(sandbox, memory, session, monkeypatch):
    session.login(token=sandbox.token("reader"))
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token("reader"))
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    memory.delete_password = lambda service, username: None
    with (
        pytest.warns(AstropyUserWarning, match="did not delete"),
        pytest.warns(AstropyUserWarning, match="ATLASQUERY_TOKEN"),
    ):
        session.logout()


def test_failed_storing_is_warned_of(sandbox, session, count, use_keyring):
    use_keyring(null.Keyring())
    with pytest.warns(AstropyUserWarning, match=r"this process only.*returned another value"):
        assert session.login(token=sandbox.token("reader")) is True
    assert count(session) == 200
    assert not AuthorizedSession(ATLAS_SERVICE, sandbox.url).authenticated()


# Tokens that end


def keep(sandbox, origin, role, days):
    """Store the token of a role in the keyring, with an expiry in some days."""
    KeyringStorage("atlasquery", origin).write(
        Token(sandbox.token(role)), None if days is None else Time.now() + days * u.day
    )


def test_expired_token_is_not_sent(sandbox, origin, requested_endpoints, session, count):
    keep(sandbox, origin, "expired", -1)
    assert not session.authenticated()
    with pytest.raises(TokenExpiredError, match=r"from the keyring expired on 2.*ATLAS\.login\(\)"):
        count(session)
    assert requested_endpoints() == []


def test_expired_token_prompts_at_a_terminal(sandbox, origin, requested_endpoints, session, terminal, count):
    keep(sandbox, origin, "reader", -1)
    assert count(session) == 200
    assert len(terminal.prompts) == 2
    assert requested_endpoints() == ["auth-token/", "cone/"]
    assert KeyringStorage("atlasquery", origin).read().expires > Time.now()


def test_token_that_only_the_server_knows_to_be_expired(sandbox, origin, requested_endpoints, session, count):
    keep(sandbox, origin, "expired", None)
    with pytest.raises(TokenExpiredError, match="Token has expired"):
        count(session)
    assert requested_endpoints() == ["cone/"]
    keep(sandbox, origin, "reader", None)


def test_expired_answer_prompts_and_repeats_an_idempotent_request(
    sandbox, origin, requested_endpoints, session, terminal, count
):
    keep(sandbox, origin, "expired", None)
    assert count(session) == 200
    assert requested_endpoints() == ["cone/", "auth-token/", "cone/"]
    assert KeyringStorage("atlasquery", origin).read().token == Token(sandbox.token("reader"))


def test_expired_answer_does_not_repeat_a_write(sandbox, origin, requested_endpoints, session, terminal, count):
    keep(sandbox, origin, "expired", None)
    with pytest.raises(TokenExpiredError, match=r"rejected before anything was done.*call again"):
        count(session, idempotent=False)
    assert requested_endpoints() == ["cone/", "auth-token/"]
    assert count(session, idempotent=False) == 200


def test_expired_argument_prompts_at_a_terminal(sandbox, requested_endpoints, terminal, count):
    assert count(AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("expired"))) == 200
    assert requested_endpoints() == ["cone/", "auth-token/", "cone/"]


def test_expired_argument_without_a_terminal(sandbox, requested_endpoints, count):
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url, sandbox.token("expired"))
    with pytest.raises(TokenExpiredError):
        count(session)
    assert not session.authenticated()
    assert requested_endpoints() == ["cone/"]


def test_keyring_is_read_again_after_an_invalid_token(sandbox, origin, requested_endpoints, session, count):
    # As if another process had signed in meanwhile.
    KeyringStorage("atlasquery", origin).write(Token(UNKNOWN), None)
    assert session.authenticated()
    session._get_credential(session.server)
    keep(sandbox, origin, "reader", 90)
    assert count(session) == 200
    assert requested_endpoints() == ["cone/", "cone/"]
    assert session.token_expires is not None


def test_keyring_is_read_again_only_once(sandbox, origin, requested_endpoints, session, count):
    KeyringStorage("atlasquery", origin).write(Token(UNKNOWN), None)
    session._get_credential(session.server)
    KeyringStorage("atlasquery", origin).write(Token("1" * 40), None)
    with pytest.raises(InvalidTokenError, match="Invalid token"):
        count(session)
    assert requested_endpoints() == ["cone/", "cone/"]


def test_same_token_is_not_sent_again(sandbox, origin, requested_endpoints, session, count):
    KeyringStorage("atlasquery", origin).write(Token(UNKNOWN), None)
    with pytest.raises(InvalidTokenError):
        count(session)
    assert requested_endpoints() == ["cone/"]
    assert not session.authenticated()


def test_write_is_not_repeated_with_a_new_token(sandbox, origin, requested_endpoints, session, count):
    KeyringStorage("atlasquery", origin).write(Token(UNKNOWN), None)
    session._get_credential(session.server)
    keep(sandbox, origin, "reader", 90)
    with pytest.raises(InvalidTokenError, match="call again"):
        count(session, idempotent=False)
    assert requested_endpoints() == ["cone/"]
    assert count(session, idempotent=False) == 200


def test_argument_is_never_replaced(sandbox, origin, requested_endpoints, count):
    keep(sandbox, origin, "reader", 90)
    with pytest.raises(InvalidTokenError):
        count(AuthorizedSession(ATLAS_SERVICE, sandbox.url, UNKNOWN))
    assert requested_endpoints() == ["cone/"]


def test_token_renewed_by_another_process_is_used(sandbox, origin, requested_endpoints, session, count):
    sandbox.inject(granting(token=sandbox.token("expired"), expires_in=-1.0))
    keep(sandbox, origin, "expired", 1e-6)
    with pytest.warns(TokenExpiryWarning):
        session._get_credential(session.server)
    keep(sandbox, origin, "reader", 90)
    threading.Event().wait(0.1)
    assert count(session) == 200
    assert requested_endpoints() == ["cone/"]


@pytest.mark.parametrize(("days", "warns"), [(0.5, True), (13.9, True), (14.1, False), (90, False), (None, False)])
def test_expiry_within_two_weeks_is_warned_of(sandbox, origin, session, count, days, warns):
    keep(sandbox, origin, "reader", days)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        count(session)
        count(session)
        count(AuthorizedSession(ATLAS_SERVICE, sandbox.url))
    texts = [str(w.message) for w in caught if w.category is TokenExpiryWarning]
    assert len(texts) == warns
    if warns:
        assert origin in texts[0]


def test_expiry_warning_at_login(session, terminal):
    terminal.types("nogroup", "nogroup-pw")
    with pytest.warns(TokenExpiryWarning):
        session.login()


def test_expiry_is_a_time(session, terminal):
    session.login()
    assert isinstance(session.token_expires, Time)
    assert session.token_expires.scale == "utc"
    assert np.isscalar(session.token_expires.mjd)


def test_check_of_the_token_sends_nothing(sandbox, origin, requested_endpoints, session, terminal):
    with pytest.raises(NoTokenError, match="keyring") as raised:
        session.check_token()
    assert [place for place, _ in raised.value.sources] == ["token=", "ATLASQUERY_TOKEN", "keyring"]
    keep(sandbox, origin, "reader", -1)
    with pytest.raises(TokenExpiredError):
        session.check_token()
    keep(sandbox, origin, "reader", 90)
    assert session.check_token() is None
    assert session.token_source == "keyring"
    assert requested_endpoints() == []
    assert terminal.prompts == []


def test_check_of_a_token_that_the_server_rejected(sandbox, count):
    session = AuthorizedSession(ATLAS_SERVICE, sandbox.url, "0" * 40)
    assert session.check_token() is None  # it is not known yet
    with pytest.raises(InvalidTokenError):
        count(session)
    with pytest.raises(InvalidTokenError, match="from the argument"):
        session.check_token()

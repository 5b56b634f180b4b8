# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A secret is shown nowhere, and a token is checked when it is made."""

import copy
import json
import pickle
import traceback

import pytest

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError, InvalidTokenError
from atlasquery.transport import Password, Token

VALUE = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("kind", [Token, Password])
@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        "{}".format,
        "{!r:>60}".format,
        "%s".__mod__,
        lambda secret: f"{secret:>60}",
        lambda secret: repr([secret]),
        lambda secret: repr({"token": secret}),
        lambda secret: repr(dir(secret)),
    ],
)
def test_secret_is_never_shown(kind, show):
    assert VALUE not in show(kind(VALUE))


def test_secret_has_no_dict():
    with pytest.raises(TypeError):
        vars(Token(VALUE))


@pytest.mark.parametrize(
    "dump", [pickle.dumps, lambda t: t.__getstate__(), lambda t: t.__reduce__(), lambda t: t.__reduce_ex__(4)]
)
def test_secret_cannot_be_pickled(dump):
    with pytest.raises(TypeError, match="cannot be pickled"):
        dump(Token(VALUE))


def test_secret_is_not_json_serializable():
    with pytest.raises(TypeError):
        json.dumps(Token(VALUE))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copy_is_the_same_object(copied):
    assert copied(Token(VALUE)) == Token(VALUE)


def test_equal_tokens_are_equal():
    assert len({Token(VALUE), Token(VALUE), Token("another"), Password(VALUE)}) == 3
    assert Token(VALUE) != VALUE


def test_reveal():
    assert Token(VALUE).reveal() == VALUE
    assert Token(Token(VALUE)).reveal() == VALUE


def test_wrap_keeps_none():
    assert Token.wrap(None) is None
    assert Token.wrap(VALUE) == Token(VALUE)
    assert Token.wrap(VALUE).check() == Token(VALUE)


@pytest.mark.parametrize("value", ["two words", 5])
def test_wrap_does_not_check(value):
    wrapped = Token.wrap(value)
    with pytest.raises((InvalidTokenError, InvalidQueryTypeError)):
        wrapped.check()


@pytest.mark.parametrize("value", ["", "  ", "two words", "t\u00f6ken", "line\nbreak", "nul\0"])
def test_invalid_token_is_rejected(value):
    with pytest.raises(InvalidTokenError, match="`token`"):
        Token(value)


@pytest.mark.parametrize("value", [f"{VALUE}\n", f" {VALUE}\r\n", f"\ufeff{VALUE}\n", f"\t{VALUE}\xa0"])
def test_white_space_around_a_token_is_removed(value):
    """As of the environment variable; a file ends with a line feed, and may begin with a byte-order mark."""
    assert Token(value) == Token.wrap(value).check() == Token(VALUE)
    assert Token(value).reveal() == VALUE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "got an empty one"),
        (" \n", "got an empty one"),
        (f"Token {VALUE}", "got one with a word such as 'Token' before it"),
        (f"token={VALUE}", "got one with a word such as 'Token' before it"),
        (f"Token: {VALUE}", "got one with a word such as 'Token' before it"),
        (f"Bearer {VALUE}", "got one with a word such as 'Token' before it"),
        (f"Authorization: Token {VALUE}", "got one with a word such as 'Token' before it"),
        (f"ATLASQUERY_TOKEN={VALUE}", "got one with a word such as 'Token' before it"),
        (f'"{VALUE}"', "got one with a quotation mark or a bracket before it"),
        (f"'{VALUE}'", "got one with a quotation mark or a bracket before it"),
        (f"\u201c{VALUE}\u201d", "got one with a quotation mark or a bracket before it"),
        (f"<{VALUE}>", "got one with a quotation mark or a bracket before it"),
        (f'{{"token": "{VALUE}"}}', "got a whole answer of the server"),
        (f"{VALUE}\n{VALUE}", "printable ASCII without white space"),
    ],
)
def test_each_mistake_has_its_own_words(value, message):
    with pytest.raises(InvalidTokenError, match=f"`token` must be .*{message}") as raised:
        Token(value)
    assert VALUE not in str(raised.value)


@pytest.mark.parametrize("value", ["tokenabc123", "a.b-c_d~e+f/g=", "bearer", "token"])
def test_unusual_tokens_are_left_to_the_server(value):
    assert Token(value).reveal() == value


@pytest.mark.parametrize("value", [None, 5, VALUE.encode(), [VALUE]])
def test_token_must_be_a_string(value):
    with pytest.raises(InvalidQueryTypeError, match=type(value).__name__):
        Token(value)


@pytest.mark.parametrize("value", [f"{VALUE} {VALUE}", VALUE.encode()])
def test_rejected_token_is_not_in_the_traceback(value):
    try:
        Token(value)
    except (InvalidTokenError, InvalidQueryTypeError) as error:
        shown = "".join(
            traceback.TracebackException(type(error), error, error.__traceback__.tb_next, capture_locals=True).format()
        )
    assert "self = Token([secure])" in shown
    assert VALUE not in shown


def test_password_that_cannot_be_encoded_is_rejected_and_not_shown():
    with pytest.raises(InvalidQueryError, match="`password`") as caught:
        Password("hunter2\udcff")
    error = caught.value
    shown = "".join(
        traceback.TracebackException(type(error), error, error.__traceback__.tb_next, capture_locals=True).format()
    )
    assert "hunter2" not in shown + repr(error)


def test_redact_text():
    assert Token(VALUE).redact(f"Invalid token {VALUE}.") == "Invalid token [secure]."
    assert Password("abc").redact("the alphabet begins with abc") == "the alphabet begins with abc"


def test_token_is_redacted_in_an_answer(server, send, token):
    server.answer = [{"object": 1161600211221604900, "apiusername": token.reveal()}]
    assert json.loads(send().body) == [{"object": 1161600211221604900, "apiusername": "[secure]"}]


def test_short_token_is_not_redacted_in_an_answer():
    assert Token("1161").redact_body(b"[1161600211221604900]") == b"[1161600211221604900]"

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A secret is shown nowhere, and a token is checked when it is made."""

import copy
import json
import pickle
import traceback

import pytest

from atlasquery.exceptions import InvalidQueryTypeError, InvalidTokenError
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
def test_it_is_never_shown(kind, show):
    assert VALUE not in show(kind(VALUE))


def test_it_has_no_dict_to_look_into():
    with pytest.raises(TypeError):
        vars(Token(VALUE))


@pytest.mark.parametrize(
    "dump", [pickle.dumps, lambda t: t.__getstate__(), lambda t: t.__reduce__(), lambda t: t.__reduce_ex__(4)]
)
def test_it_is_not_pickled(dump):
    with pytest.raises(TypeError, match="cannot be pickled"):
        dump(Token(VALUE))


def test_json_does_not_take_it():
    with pytest.raises(TypeError):
        json.dumps(Token(VALUE))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_in_memory_is_the_same(copied):
    assert copied(Token(VALUE)) == Token(VALUE)


def test_equal_tokens_are_equal():
    assert len({Token(VALUE), Token(VALUE), Token("another"), Password(VALUE)}) == 3
    assert Token(VALUE) != VALUE


def test_reveal_is_the_way_out():
    assert Token(VALUE).reveal() == VALUE
    assert Token(Token(VALUE)).reveal() == VALUE


def test_none_stays_none():
    assert Token.wrap(None) is None
    assert Token.wrap(VALUE) == Token(VALUE)
    assert Token.wrap(VALUE).check() == Token(VALUE)


@pytest.mark.parametrize("value", ["two words", 5])
def test_wrapping_is_not_checking(value):
    wrapped = Token.wrap(value)
    with pytest.raises((InvalidTokenError, InvalidQueryTypeError)):
        wrapped.check()


@pytest.mark.parametrize("value", ["", "  ", "two words", "t\u00f6ken", "line\nbreak", f"{VALUE}\n", "nul\0"])
def test_what_cannot_be_a_token_is_refused(value):
    with pytest.raises(InvalidTokenError, match="`token`"):
        Token(value)


@pytest.mark.parametrize("value", [None, 5, VALUE.encode(), [VALUE]])
def test_only_a_text_can_be_a_token(value):
    with pytest.raises(InvalidQueryTypeError, match=type(value).__name__):
        Token(value)


@pytest.mark.parametrize("value", [f"{VALUE} {VALUE}", VALUE.encode()])
def test_a_refused_one_is_not_in_the_frames_that_refuse_it(value):
    try:
        Token(value)
    except (InvalidTokenError, InvalidQueryTypeError) as error:
        shown = "".join(
            traceback.TracebackException(type(error), error, error.__traceback__.tb_next, capture_locals=True).format()
        )
    assert "self = Token([secure])" in shown
    assert VALUE not in shown


def test_it_is_blotted_out_of_a_text():
    assert Token(VALUE).redact(f"Invalid token {VALUE}.") == "Invalid token [secure]."
    assert Password("abc").redact("the alphabet begins with abc") == "the alphabet begins with abc"


def test_an_answer_that_repeats_it_loses_it_and_nothing_else(server, send, token):
    server.answer = [{"object": 1161600211221604900, "apiusername": token.reveal()}]
    assert json.loads(send().body) == [{"object": 1161600211221604900, "apiusername": "[secure]"}]


def test_what_is_too_short_for_a_token_does_not_change_an_answer():
    assert Token("1161").redact_body(b"[1161600211221604900]") == b"[1161600211221604900]"

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The tree of errors: what each is a kind of, what it says, and that it survives a pickle."""

import copy
import inspect
import pickle
import re

import pytest
from astropy.utils.exceptions import AstropyUserWarning
from astroquery import exceptions as astroquery

from atlasquery import exceptions
from atlasquery.exceptions import (
    AtlasQueryError,
    InvalidInputError,
    InvalidQueryError,
    InvalidTypeError,
    LoginError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)

CLASSES = [getattr(exceptions, name) for name in exceptions.__all__]
ERRORS = [cls for cls in CLASSES if issubclass(cls, AtlasQueryError)]
WARNINGS = [cls for cls in CLASSES if issubclass(cls, Warning)]


def by_name(classes):
    return pytest.mark.parametrize("cls", classes, ids=lambda cls: cls.__name__)


def test_all_is_complete_and_sorted():
    defined = {
        name
        for name, value in vars(exceptions).items()
        if inspect.isclass(value) and value.__module__ == exceptions.__name__
    }
    assert exceptions.__all__ == sorted(defined)
    assert len(ERRORS) + len(WARNINGS) == len(CLASSES)


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        (
            AtlasQueryError,
            "LoginError PermissionDeniedError InvalidInputError UnreadableFileError ObjectNotFoundError ServerError "
            "BatchError WriteError",
        ),
        (LoginError, "NoTokenError InvalidTokenError TokenExpiredError InactiveUserError"),
        (InvalidInputError, "InvalidTypeError InvalidQueryError"),
        (InvalidTypeError, "InvalidQueryTypeError"),
        (InvalidQueryError, "InvalidQueryTypeError AmbiguousNameError"),
        (
            ServerError,
            "ServerUnreachableError ServerTimeoutError ServerFaultError UnexpectedRedirectError UnreadableAnswerError "
            "RateLimitError QuotaError",
        ),
    ],
)
def test_the_tree(parent, children):
    assert {cls.__name__ for cls in ERRORS if parent in cls.__bases__} == set(children.split())


def test_the_tree_is_drawn_as_it_is():
    drawn = {}
    path = []
    for line in exceptions.__doc__.splitlines():
        if found := re.match(r"    ((?:[│ ]   )*)(?:[├└]── )?([A-Z]\w+)", line):
            depth = len(found[1]) // 4 + ("── " in line)
            path[depth:] = [found[2]]
            drawn[found[2]] = path[depth - 1] if depth else None
    assert set(drawn) == {*exceptions.__all__, "AstropyUserWarning"}
    for name, parent in drawn.items():
        bases = [base.__name__ for base in getattr(exceptions, name, AstropyUserWarning).__bases__]
        assert parent is None or parent in bases, name


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("LoginError", [astroquery.LoginError]),
        ("InvalidQueryError", [astroquery.InvalidQueryError, ValueError]),
        ("InvalidTypeError", [TypeError, ValueError]),
        ("ObjectNotFoundError", [astroquery.ResolverError]),
        ("ServerError", [astroquery.RemoteServiceError]),
        ("ServerTimeoutError", [astroquery.TimeoutError]),
        ("NoResultsWarning", [astroquery.NoResultsWarning]),
        ("LargeQueryWarning", [astroquery.LargeQueryWarning]),
    ],
)
def test_where_others_have_the_word_ours_is_one_of_theirs(name, others):
    for other in others:
        assert issubclass(getattr(exceptions, name), other)


@by_name(WARNINGS)
def test_warnings_are_astropys(cls):
    assert issubclass(cls, AstropyUserWarning)


@by_name(ERRORS)
def test_each_says_what_where_and_what_next(cls):
    error = cls("It went wrong.", url="https://example.org/api/cone/", hint="Mend it.")
    assert str(error) == "It went wrong. URL: https://example.org/api/cone/. Mend it."
    assert (error.reason, error.url, error.hint) == ("It went wrong.", "https://example.org/api/cone/", "Mend it.")


@by_name(ERRORS)
def test_by_default_it_says_what_its_class_knows(cls):
    error = cls("It went wrong.")
    assert str(error) == f"It went wrong. {cls.hint}".strip()
    assert error.url is None


FACTS = {
    "NoTokenError": {"sources": (("keyring", "is locked"),)},
    "InvalidQueryError": {"fields": {"ra": "A valid number is required."}},
    "AmbiguousNameError": {"candidates": (1161600211221604900, 1000005291314656200)},
    "ObjectNotFoundError": {"object_id": 1161600211221604900},
    "ServerFaultError": {"status": 503},
    "UnexpectedRedirectError": {"status": 302, "location": "https://example.org/"},
    "UnreadableAnswerError": {"status": 200, "record": "detection", "column": "mag", "row": 3, "value": "x"},
    "RateLimitError": {"retry_after": 60.0, "resets_at": None, "results": [1, 2]},
    "BatchError": {"results": [1], "missing": (2,), "failed": {3: ServerError("no")}},
    "WriteError": {"results": [1]},
    "PermissionDeniedError": {"results": [1]},
}


@by_name(ERRORS)
@pytest.mark.parametrize(
    "copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"]
)
def test_nothing_is_lost_in_a_copy(cls, copied):
    facts = FACTS.get(cls.__name__, {})
    error = cls("It went wrong.", url="https://example.org/", **facts)
    other = copied(error)
    assert type(other) is cls
    assert str(other) == str(error)
    assert other.args == error.args
    for name in facts:
        assert str(getattr(other, name)) == str(facts[name])


@by_name(ERRORS)
def test_a_fact_it_does_not_have_is_refused(cls):
    with pytest.raises(TypeError, match="no attribute colour"):
        cls("It went wrong.", colour="red")


@by_name(ERRORS)
def test_facts_not_given_have_their_defaults(cls):
    first, second = cls("One."), cls("Two.")
    for name in FACTS.get(cls.__name__, {}):
        assert getattr(first, name) == getattr(second, name) == getattr(cls, name)


def test_classes_that_a_bot_must_distinguish_do_not_overlap():
    children = [cls for cls in ERRORS if AtlasQueryError in cls.__bases__]
    for cls in children:
        assert not any(issubclass(cls, other) for other in children if other is not cls)
    assert not issubclass(RateLimitError, PermissionDeniedError)


@by_name(CLASSES)
def test_each_is_documented(cls):
    assert cls.__doc__.strip()[0].isupper()

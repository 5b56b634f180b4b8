# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Decoding of JSON, and the structure of answers of objects/."""

import pytest

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning, ServerFaultError, UnreadableAnswerError

UNKNOWN = {"object": "AtlasDiffObjects matching query does not exist."} | dict.fromkeys(
    schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS
)


def make_record(**sections):
    return (
        {"object": {"id": 1}}
        | {section: [] for section in schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS}
        | sections
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"NaN",
        b"[1, NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[1, 2",
        b'{"a": 1} and more',
        b"<html>",
        b"[1,]",
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_invalid_json_is_an_error(body):
    with pytest.raises(UnreadableAnswerError, match="must be JSON") as caught:
        schema.decode_json(body, url="https://example.org/objects/")
    assert caught.value.url == "https://example.org/objects/"


def test_a_document():
    assert schema.decode_json(b'{"count": 3}') == {"count": 3}


def test_integers_are_exact():
    assert schema.decode_json(b"[1161600211221604900, 99999999999999999999999999]") == [
        1161600211221604900,
        99999999999999999999999999,
    ]


def test_records_are_returned_unchanged():
    records = [make_record(), UNKNOWN, make_record(lc=[{"mjd": 1.0}])]
    assert schema.check_objects_answer(records) is records
    assert [schema.is_missing_object(record) for record in records] == [False, True, False]


def test_an_error_message_of_the_server_is_an_error():
    with pytest.raises(ServerFaultError, match="Max number of objects"):
        schema.check_objects_answer({"info": "Max number of objects for each requests is 50,000"})


@pytest.mark.parametrize("document", [{}, "text", None, 3, {"info": 3}])
def test_an_answer_must_be_a_list(document):
    with pytest.raises(UnreadableAnswerError, match="must be a list, got"):
        schema.check_objects_answer(document)


@pytest.mark.parametrize("record", [[], "text", None, {}, {"object": None}, {"object": 3}])
def test_a_record_must_have_an_object(record):
    with pytest.raises(UnreadableAnswerError, match="record 1 must have an 'object'"):
        schema.check_objects_answer([make_record(), record])


def test_another_message_in_place_of_an_object_is_a_server_fault():
    with pytest.raises(ServerFaultError, match="the database is gone"):
        schema.check_objects_answer([UNKNOWN | {"object": "the database is gone"}])


@pytest.mark.parametrize("section", schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS)
@pytest.mark.parametrize("rows", [{}, "text", 0])
def test_a_section_must_be_a_list(section, rows):
    with pytest.raises(UnreadableAnswerError, match=f"'{section}' of record 0 must be a list"):
        schema.check_objects_answer([make_record(**{section: rows})])


@pytest.mark.parametrize("section", schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS)
def test_records_without_a_section_cause_one_warning(section):
    absent, null = make_record(), make_record(**{section: None})
    del absent[section]
    with pytest.warns(SchemaWarning, match=f"sends no '{section}' in its records") as caught:
        assert schema.check_objects_answer([absent, null]) == [absent, null]
    assert len(caught) == 1

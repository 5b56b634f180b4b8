# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Bytes become JSON or an error, and an answer of objects/ has the shape of one."""

import pytest

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning, ServerFaultError, UnreadableAnswerError

UNKNOWN = {"object": "AtlasDiffObjects matching query does not exist."} | dict.fromkeys(
    schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS
)


def known(**more):
    return (
        {"object": {"id": 1}}
        | {section: [] for section in schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS}
        | more
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
def test_what_is_not_json_is_an_error(body):
    with pytest.raises(UnreadableAnswerError, match="not JSON") as caught:
        schema.decode_json(body, url="https://example.org/objects/")
    assert caught.value.url == "https://example.org/objects/"


def test_integers_are_exact():
    assert schema.decode_json(b"[1161600211221604900, 99999999999999999999999999]") == [
        1161600211221604900,
        99999999999999999999999999,
    ]


def test_records_are_returned_as_they_came():
    records = [known(), UNKNOWN, known(lc=[{"mjd": 1.0}])]
    assert schema.check_objects_answer(records) is records
    assert [schema.is_missing_object(record) for record in records] == [False, True, False]


def test_a_refusal_is_an_error_with_the_servers_words():
    with pytest.raises(ServerFaultError, match="Max number of objects"):
        schema.check_objects_answer({"info": "Max number of objects for each requests is 50,000"})


@pytest.mark.parametrize("document", [{}, "text", None, 3, {"info": 3}])
def test_an_answer_is_a_list(document):
    with pytest.raises(UnreadableAnswerError, match="a list was expected"):
        schema.check_objects_answer(document)


@pytest.mark.parametrize("record", [[], "text", None, {}, {"object": None}, {"object": 3}])
def test_a_record_has_an_object(record):
    with pytest.raises(UnreadableAnswerError, match="record 1 has no 'object'"):
        schema.check_objects_answer([known(), record])


def test_any_other_text_for_an_object_is_a_fault_and_not_a_missing_object():
    with pytest.raises(ServerFaultError, match="the database is gone"):
        schema.check_objects_answer([UNKNOWN | {"object": "the database is gone"}])


@pytest.mark.parametrize("section", schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS)
@pytest.mark.parametrize("rows", [None, {}, "text"])
def test_a_section_is_a_list(section, rows):
    with pytest.raises(UnreadableAnswerError, match=f"record 0: '{section}' should be a list of rows"):
        schema.check_objects_answer([known(**{section: rows})])


@pytest.mark.parametrize("section", schema.PHOTOMETRY_SECTIONS)
def test_a_record_without_photometry_is_an_error(section):
    record = known()
    del record[section]
    with pytest.raises(UnreadableAnswerError, match=section):
        schema.check_objects_answer([record])


def test_a_record_without_crossmatches_is_warned_of():
    record = known()
    del record["tns_crossmatches"]
    with pytest.warns(SchemaWarning, match="tns_crossmatches"):
        assert schema.check_objects_answer([record]) == [record]

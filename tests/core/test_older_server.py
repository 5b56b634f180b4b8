# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Records of an older or newer server: sections and columns that are left out, and answers without a content type."""

import json
import warnings

import pytest

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning, UnreadableAnswerError
from atlasquery.sandbox import Fault
from constants import COW
from made_records import LIST_SECTIONS, make_full_record

SECTIONS = {"object": schema.OBJECT, **LIST_SECTIONS}
COLUMNS = [
    (section, field.server_key) for section, rows in SECTIONS.items() for field in rows.values() if not field.required
]


@pytest.fixture
def answer(make_sandbox):
    """Return a function that lets the sandbox answer once with records, and returns a client of it."""
    sandbox = make_sandbox()

    def answer(records, headers=None):
        body = records if isinstance(records, str) else json.dumps(records)
        sandbox.inject(Fault("status", endpoint="objects/", status=200, body=body, headers=headers or {}))
        return sandbox.client()

    yield answer
    sandbox.clear_faults()


def records(n=1):
    """Return records of different objects."""
    made = [make_full_record() for _ in range(n)]
    for number, record in enumerate(made):
        record["object"]["id"] = COW + number
    return made


@pytest.mark.parametrize("absent", ["no key", "null"])
@pytest.mark.parametrize("section", [name for name in SECTIONS if name != "object"])
def test_section_that_is_left_out_is_empty(answer, section, absent):
    (record,) = records()
    if absent == "null":
        record[section] = None
    else:
        del record[section]
    atlas = answer([record])
    with pytest.warns(SchemaWarning, match=f"sends no '{section}' in its records") as caught:
        transient = atlas.get_transient(COW)
    assert len(caught) == 1
    assert transient.raw[section] is None if absent == "null" else section not in transient.raw
    counts = [
        len(transient.light_curve[transient.light_curve["kind"] == kind]) for kind in ("detection", "limit", "forced")
    ]
    assert counts == [int(name != section) for name in schema.PHOTOMETRY_SECTIONS]
    assert len(transient.tns_crossmatches) == int(section != "tns_crossmatches")


def test_left_out_section_with_since(answer):
    (record,) = records()
    del record["fp"]
    atlas = answer([record])
    with pytest.warns(SchemaWarning, match="'fp'"):
        light_curve = atlas.get_light_curve(COW, since="2000-01-01")
    assert len(light_curve) == 2


@pytest.mark.parametrize(("section", "key"), COLUMNS, ids=[f"{section} {key}" for section, key in COLUMNS])
def test_column_that_is_left_out_is_masked(answer, section, key):
    (record,) = records()
    for row in [record["object"]] if section == "object" else record[section]:
        row.pop(key, None)
    atlas = answer([record])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        transient = atlas.get_transient(COW)
    schema_warnings = [str(item.message) for item in caught if item.category is SchemaWarning]
    assert len(schema_warnings) <= 1
    assert all(key in text for text in schema_warnings)
    name = next(name for name, field in SECTIONS[section].items() if field.server_key == key)
    if section == "object":
        assert transient.info[name].mask.all()
    elif section not in schema.PHOTOMETRY_SECTIONS and section != "sherlock_classifications":
        assert getattr(transient, section)[name].mask.all()


def test_one_warning_a_call_for_many_objects_sections_and_columns(answer):
    made = records(3)
    for record in made:
        del record["external_crossmatches"]
        record["tns_crossmatches"] = None
        for row in record["lc"]:
            del row["magerr"]
        for row in record["fp"]:
            del row["snrdet"]
    atlas = answer(made)
    with pytest.warns(SchemaWarning) as caught:
        curves = atlas.get_light_curves([COW, COW + 1, COW + 2])
    (warning,) = caught
    for name in ("'tns_crossmatches', 'external_crossmatches'", "magerr in its 'lc' rows", "snrdet in its 'fp' rows"):
        assert str(warning.message).count(name) == 1
    assert warning.filename == __file__
    assert len(curves) == 3


def test_one_warning_an_iterator(answer):
    made = records(3)
    for record in made:
        del record["fp"]
        del record["lc"][0]["magerr"]
    atlas = answer(made)
    with pytest.warns(SchemaWarning) as caught:
        names = [transient.atlas_id for transient in atlas.iter_transients([COW, COW + 1, COW + 2])]
    assert len(names) == 3
    assert len(caught) == 1


def test_each_call_has_its_warning(answer):
    (record,) = records()
    del record["fp"]
    for _ in range(2):
        atlas = answer([record])
        with pytest.warns(SchemaWarning, match="'fp'"):
            atlas.get_light_curve(COW)


def test_warning_turned_into_an_error_keeps_the_result(answer):
    (record,) = records()
    del record["fp"]
    atlas = answer([record])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(SchemaWarning) as raised:
            atlas.get_light_curves([COW])
    assert list(raised.value.results) == [COW]


@pytest.mark.parametrize("rows", [{}, "text", 5])
def test_section_of_another_type_is_an_error(answer, rows):
    (record,) = records()
    record["fp"] = rows
    with pytest.raises(UnreadableAnswerError, match="'fp' of record 0 must be a list of rows"):
        answer([record]).get_transient(COW)


def test_json_without_a_content_type_is_read(answer):
    """As behind a proxy that removes the header."""
    assert answer(records(), headers={"Content-Type": ""}).query_object(COW)["atlas_id"].tolist() == [COW]


@pytest.mark.parametrize("body", ["<html><title>Portal</title></html>", "busy"])
def test_other_answers_without_a_content_type_are_errors(answer, body):
    with pytest.raises(UnreadableAnswerError, match=r"must be application/json, got"):
        answer(body, headers={"Content-Type": ""}).query_object(COW)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Records whose sections are decoded from JSON directly: the same tables, warnings and errors as from dicts."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlasquery import Transient, schema
from atlasquery.exceptions import AtlasQueryError
from made_records import LIST_SECTIONS, make_detection, make_forced, make_limit, make_record, make_row

VALUES = [None, True, 0, -1, 2**53 + 1, 2**63, 10**30, 1.5, 1e308, "", "soon", "2026-11-01T00:00:00Z", "é°", [], {}]
ACTIONS = (
    "value",
    "drop",
    "drop everywhere",
    "new key",
    "empty",
    "null section",
    "no section",
    "number of rows",
    "row",
)
PLACES = [
    (name, key) for name, rows in LIST_SECTIONS.items() for key in [field.server_key for field in rows.values()]
] + [("object", field.server_key) for field in schema.OBJECT.values()]


def full_record():
    """Return a record with rows in each section, whose columns are null or not."""
    return make_record(
        lc=[make_detection(58285.0, 17.0), make_detection(58286.0, -20.0, date_inserted="2018-06-16T10:35:02Z")],
        lcnondets=[make_limit(58280.0), make_limit(58290.0, 18.0, input="a", filename="bc")],
        fp=[make_forced(58285.0, mag=18.9, dm=0.1), make_forced(58288.0, None, None, limiting_mag=False)],
    ) | {
        name: [make_row(rows, **{field.server_key: 7 for field in rows.values() if field.required})]
        for name, rows in LIST_SECTIONS.items()
        if name not in ("lc", "lcnondets", "fp")
    }


def change(record, place, action, value):
    """Change one thing of a record in place."""
    (section, key), rows = place, record[place[0]]
    if section == "object":
        rows = [rows]
    if action == "value":
        rows[-1][key] = value
    elif action == "drop":
        rows[0].pop(key, None)
    elif action == "drop everywhere":
        for row in rows:
            row.pop(key, None)
    elif action == "new key":
        rows[0]["brand_new"] = value
    elif section != "object":
        if action == "empty":
            record[section] = []
        elif action == "null section":
            record[section] = None
        elif action == "no section":
            del record[section]
        elif action == "number of rows":
            record[section] = rows * 3
        else:
            rows.append(value)


def plain(column):
    """Return the type, the attributes, the mask and the known values of a column as comparable objects."""
    mask = np.broadcast_to(getattr(column, "mask", False), len(column))
    data = column.jd if hasattr(column, "jd") else column
    data = np.asarray(getattr(data, "unmasked", data))
    info = column.info
    return type(column).__name__, info.description, info.unit, data.dtype, mask.tolist(), data[~mask].tolist()


def outcome(get_records):
    """Return all tables of an answer, or its error, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            transient = Transient(get_records()[0], url="https://example.org/objects/")
            tables = [transient.light_curve, transient.info, transient.sherlock_crossmatches]
            tables += [transient.tns_crossmatches, transient.external_crossmatches]
            classification = transient.sherlock_classification
            result = [{name: plain(table[name]) for name in table.colnames} for table in tables]
            result += [transient.light_curve.meta, transient.raw, str(classification)]
        except AtlasQueryError as error:
            result = type(error), str(error), getattr(error, "row", None), getattr(error, "column", None)
    return result, [(warning.category, str(warning.message)) for warning in caught]


def assert_same(body):
    url = "https://example.org/objects/"
    typed = outcome(lambda: schema.decode_objects(body, url=url))
    careful = outcome(lambda: schema.check_objects_answer(schema.decode_json(body, url=url), url=url))
    assert typed == careful
    return typed


def test_a_record_that_fits_is_the_same():
    (result, _) = assert_same(json.dumps([full_record()]).encode())
    assert isinstance(result, list)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(ACTIONS), st.sampled_from(VALUES)), min_size=1, max_size=2
    )
)
def test_a_record_that_was_changed_is_the_same(changes):
    record = full_record()
    for (section, key), action, value in changes:
        rows = [record["object"]] if section == "object" else record.get(section) or []
        if rows and all(isinstance(row, dict) for row in rows):
            change(record, (section, key), action, value)
    assert_same(json.dumps([record]).encode())


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_each_value_of_another_type_and_each_missing_key(place):
    for action, value in [("value", None), ("value", "soon"), ("drop everywhere", 0)]:
        record = full_record()
        change(record, place, action, value)
        assert_same(json.dumps([record]).encode())


@pytest.mark.parametrize("number", ["1000005291314656200", "1134751930091216800"])
def test_recorded_answers_are_the_same(shared_data, number):
    body = (shared_data / "recordings" / f"objects_{number}.json").read_bytes()
    (result, _) = assert_same(body)
    assert isinstance(result, list)


def test_mutated_recordings_are_the_same(shared_data):
    body = (shared_data / "recordings" / "objects_1134751930091216800.json").read_text()
    for old, new in [('"mjd"', '"mjd2"'), ('"expname"', '"new"'), ("null", "0"), ("null", '""'), (".0,", ".5,")]:
        for count in (1, 50, -1):
            assert_same(body.replace(old, new, count).encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[{}]",
        b"[1]",
        b"null",
        b'[{"object": "no"}]',
        b'[{"object": {}, "lc": NaN}]',
        b'{"info": "too many"}',
    ],
)
def test_invalid_answers_are_the_same_errors(body):
    result, _ = assert_same(body)
    assert isinstance(result, tuple)


def test_a_section_that_is_not_used_must_be_valid():
    text = json.dumps([full_record()])
    for broken in (text.replace('"tns_crossmatches": [', '"tns_crossmatches": [NaN, ', 1), text[:-1]):
        result, _ = assert_same(broken.encode())
        assert "must be JSON" in result[1]
    with pytest.raises(AtlasQueryError, match="must be JSON"):
        schema.decode_objects(text.encode().replace(b"ATLAS18qqn", b"ATLAS\xff\xff", 1))


def test_records_are_mappings():
    (record,) = schema.decode_objects(json.dumps([full_record()]).encode())
    assert dict(record) == full_record()
    assert len(record) == len(full_record())
    assert repr(record).startswith("<Record: object")
    other = record.replace({"lc": []})
    assert (other["lc"], other["fp"]) == ([], record["fp"])
    assert record["lc"] == full_record()["lc"]


def test_rows_that_fit_are_typed():
    """The fast way is taken: otherwise the other tests would compare the careful one with itself."""
    (record,) = schema.decode_objects(json.dumps([full_record()]).encode())
    for name, rows in LIST_SECTIONS.items():
        values = rows._typed_rows.values(record.rows_json(name))
        assert values is not None, name
        assert {len(column) for column in values.values()} == {len(record[name])}

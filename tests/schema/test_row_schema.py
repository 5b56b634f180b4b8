# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows become a table with every declared column, and a row that cannot be read is an error that says which."""

import pickle

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable, vstack
from astropy.time import Time

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning, UnreadableAnswerError

RECORDS = [record for record in vars(schema).values() if isinstance(record, schema.RowSchema)]
COW = 1161600211221604900


def cone(**more):
    return {"object": COW, "separation": 0.5, "objectname": "ATLAS18qqn", **more}


def test_a_table_has_our_names_units_and_descriptions():
    table = schema.CONE.table([cone(), cone(objectname=None, separation=2)])
    assert isinstance(table, QTable)
    assert table.colnames == ["atlas_id", "name", "separation"]
    assert table["atlas_id"].tolist() == [COW, COW]
    assert table["name"].tolist() == ["ATLAS18qqn", None]
    assert table["separation"].to_value(u.arcsec).tolist() == [0.5, 2.0]
    assert all(table[name].info.description == field.description for name, field in schema.CONE.items())


def test_columns_are_those_of_the_table():
    columns = schema.CONE.columns([cone()])
    assert list(columns) == ["atlas_id", "name", "separation"]
    assert columns["separation"].unit == u.arcsec


def test_meta_is_kept():
    meta = {"position_source": "id"}
    assert schema.CONE.table([cone()], meta=meta).meta == meta


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_an_empty_answer_is_an_empty_typed_table(record):
    table = record.table([])
    assert len(table) == 0
    assert table.colnames == list(record)
    kinds = {schema.Integer: "i", schema.Text: "U", schema.Flag: "b", schema.Float: "f"}
    for name, field in record.items():
        if isinstance(field, schema.Date):
            assert isinstance(table[name], Time)
        else:
            assert table[name].dtype.kind == kinds[type(field)]
            assert getattr(table[name], "unit", None) == field.unit


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_an_empty_table_stacks_with_a_full_one(record):
    values = {schema.Integer: 1, schema.Text: "a", schema.Flag: True, schema.Float: 1.5}
    row = {field.server_key: values.get(type(field), "2026-11-01T00:00:00Z") for field in record.values()}
    full = record.table([row])
    for stacked in (vstack([record.table([]), full]), vstack([full, record.table([])])):
        assert len(stacked) == 1
        assert all(stacked[name][0] == full[name][0] for name in full.colnames)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_table_of_nulls_stacks_with_a_full_one(record):
    nulls = {field.server_key: 1 if field.required else None for field in record.values()}
    stacked = vstack([record.table([nulls]), record.table([])])
    assert all(stacked[name].mask.tolist() == [not field.required] for name, field in record.items())


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (cone(separation="2.5"), "separation", "a number"),
        (cone(separation=True), "separation", "a number"),
        (cone(separation=None), "separation", "a number"),
        (cone(object=1.0), "object", "an integer"),
        (cone(object=2**63), "object", "an integer of at most 64 bits"),
        (cone(object=None), "object", "an integer"),
        (cone(objectname=5), "objectname", "a string or null"),
        ({"separation": 1.0, "objectname": None}, "object", "an integer"),
    ],
)
def test_a_wrong_value_is_named(row, column, expected):
    with pytest.raises(UnreadableAnswerError) as caught:
        schema.CONE.table([cone(), row], url="https://example.org/cone/")
    error = caught.value
    assert (error.record, error.column, error.row, error.value) == ("cone", column, 1, row.get(column))
    assert f"'{column}', row 1: expected {expected}, found" in str(error)
    assert "https://example.org/cone/" in str(error)


def test_a_long_wrong_value_is_shortened_in_the_message_only():
    with pytest.raises(UnreadableAnswerError) as caught:
        schema.CONE.table([cone(separation="x" * 1000)])
    assert len(str(caught.value)) < 400
    assert caught.value.value == "x" * 1000


@pytest.mark.parametrize("rows", [{}, "rows", None, 3])
def test_rows_are_a_list(rows):
    with pytest.raises(UnreadableAnswerError, match="a list of rows was expected"):
        schema.CONE.table(rows)


@pytest.mark.parametrize("row", [[], "row", None, 3])
def test_a_row_is_a_dict(row):
    with pytest.raises(UnreadableAnswerError, match="row 1 should be an object") as caught:
        schema.CONE.table([cone(), row])
    assert caught.value.row == 1


def test_a_column_that_an_older_server_lacks_is_masked_in_silence():
    row = {field.server_key: None for field in schema.OBJECT.values()} | {"id": 1}
    del row["vra"]
    assert schema.OBJECT.table([row])["vra"].tolist() == [None]


def test_a_column_that_was_always_there_and_is_gone_is_masked_with_a_warning():
    with pytest.warns(SchemaWarning, match="'vratodolist' rows no longer have timestamp"):
        table = schema.VRA_TODO.table([{"transient_object_id": 1}])
    assert table["timestamp"].mask.tolist() == [True]


def test_no_row_is_dropped_for_looking_implausible():
    rows = [cone(separation=-1e300), cone(object=-5), cone(objectname=""), cone(), cone()]
    table = schema.CONE.table(rows)
    assert len(table) == len(rows)
    assert table["separation"][0] == -1e300 * u.arcsec
    assert table["name"].tolist()[2] == ""


def test_a_record_is_a_mapping_of_its_fields():
    assert schema.CONE["atlas_id"].server_key == "object"
    assert list(schema.CONE) == ["atlas_id", "name", "separation"]
    assert len(schema.CONE) == 3
    assert repr(schema.CONE) == "<Record cone: atlas_id, name, separation>"
    assert schema.TNS_CROSSMATCH != schema.EXTERNAL_CROSSMATCH
    assert len({schema.CONE, schema.OBJECT}) == 2


def test_errors_can_be_pickled():
    with pytest.raises(UnreadableAnswerError) as caught:
        schema.CONE.table([cone(object="x")])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.column, again.row) == ("object", 0)


def test_values_are_as_sent():
    rows = [cone(object=COW + i, separation=i / 7) for i in range(100)]
    table = schema.CONE.table(rows)
    assert np.array_equal(table["atlas_id"].data.data, [row["object"] for row in rows])
    assert np.array_equal(table["separation"].unmasked.value, [row["separation"] for row in rows])

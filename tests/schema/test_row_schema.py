# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows become a table with all declared columns; an invalid row is an error with its place."""

import pickle

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable, vstack
from astropy.time import Time

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning, UnreadableAnswerError
from constants import COW

ROW_SCHEMAS = [record for record in vars(schema).values() if isinstance(record, schema.RowSchema)]


def cone_row(**values):
    return {"object": COW, "separation": 0.5, "objectname": "ATLAS18qqn", **values}


def test_a_table_has_names_units_and_descriptions():
    table = schema.CONE.table([cone_row(), cone_row(objectname=None, separation=2)])
    assert isinstance(table, QTable)
    assert table.colnames == ["atlas_id", "name", "separation"]
    assert table["atlas_id"].tolist() == [COW, COW]
    assert table["name"].tolist() == ["ATLAS18qqn", None]
    assert table["separation"].to_value(u.arcsec).tolist() == [0.5, 2.0]
    assert all(table[name].info.description == field.description for name, field in schema.CONE.items())


def test_columns_are_a_dict():
    columns = schema.CONE.columns([cone_row()])
    assert list(columns) == ["atlas_id", "name", "separation"]
    assert columns["separation"].unit == u.arcsec


def test_meta_is_kept():
    meta = {"position_source": "id"}
    assert schema.CONE.table([cone_row()], meta=meta).meta == meta


@pytest.mark.parametrize("record", ROW_SCHEMAS, ids=lambda record: record.name)
def test_no_rows_give_an_empty_typed_table(record):
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


@pytest.mark.parametrize("record", ROW_SCHEMAS, ids=lambda record: record.name)
def test_an_empty_table_stacks_with_another(record):
    values = {schema.Integer: 1, schema.Text: "a", schema.Flag: True, schema.Float: 1.5}
    row = {field.server_key: values.get(type(field), "2026-11-01T00:00:00Z") for field in record.values()}
    full = record.table([row])
    for stacked in (vstack([record.table([]), full]), vstack([full, record.table([])])):
        assert len(stacked) == 1
        assert all(stacked[name][0] == full[name][0] for name in full.colnames)


@pytest.mark.parametrize("record", ROW_SCHEMAS, ids=lambda record: record.name)
def test_a_table_of_nulls_stacks_with_another(record):
    values = {schema.Text: "a"}
    nulls = {field.server_key: values.get(type(field), 1) if field.required else None for field in record.values()}
    stacked = vstack([record.table([nulls]), record.table([])])
    assert all(stacked[name].mask.tolist() == [not field.required] for name, field in record.items())


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (cone_row(separation="2.5"), "separation", "a number"),
        (cone_row(separation=True), "separation", "a number"),
        (cone_row(separation=None), "separation", "a number"),
        (cone_row(object=1.0), "object", "an integer"),
        (cone_row(object=2**63), "object", "an integer of at most 64 bits"),
        (cone_row(object=None), "object", "an integer"),
        (cone_row(objectname=5), "objectname", "a string or null"),
        ({"separation": 1.0, "objectname": None}, "object", "an integer"),
    ],
)
def test_the_error_of_a_wrong_value_has_its_place(row, column, expected):
    with pytest.raises(UnreadableAnswerError) as caught:
        schema.CONE.table([cone_row(), row], url="https://example.org/cone/")
    error = caught.value
    assert (error.record, error.column, error.row, error.value) == ("cone", column, 1, row.get(column))
    assert f"'{column}' in row 1 must be {expected}, got" in str(error)
    assert "https://example.org/cone/" in str(error)


def test_a_long_value_is_shortened_in_the_message_only():
    with pytest.raises(UnreadableAnswerError) as caught:
        schema.CONE.table([cone_row(separation="x" * 1000)])
    assert len(str(caught.value)) < 400
    assert caught.value.value == "x" * 1000


@pytest.mark.parametrize("rows", [{}, "rows", None, 3])
def test_rows_must_be_a_list(rows):
    with pytest.raises(UnreadableAnswerError, match="must be a list, got"):
        schema.CONE.table(rows)


@pytest.mark.parametrize("row", [[], "row", None, 3])
def test_a_row_must_be_a_dict(row):
    with pytest.raises(UnreadableAnswerError, match="row 1 must be an object") as caught:
        schema.CONE.table([cone_row(), row])
    assert caught.value.row == 1


def test_a_column_of_newer_servers_is_masked_without_warning():
    row = {field.server_key: None for field in schema.OBJECT.values()} | {"id": 1}
    del row["vra"]
    assert schema.OBJECT.table([row])["vra"].tolist() == [None]


def test_a_removed_column_is_masked_with_a_warning():
    with pytest.warns(SchemaWarning, match="timestamp.*'vratodolist'"):
        table = schema.VRA_TODO.table([{"transient_object_id": 1}])
    assert table["timestamp"].mask.tolist() == [True]


def test_implausible_rows_are_kept():
    rows = [cone_row(separation=-1e300), cone_row(object=-5), cone_row(objectname=""), cone_row(), cone_row()]
    table = schema.CONE.table(rows)
    assert len(table) == len(rows)
    assert table["separation"][0] == -1e300 * u.arcsec
    assert table["name"].tolist()[2] == ""


def test_a_row_schema_is_a_mapping_of_its_fields():
    assert schema.CONE["atlas_id"].server_key == "object"
    assert list(schema.CONE) == ["atlas_id", "name", "separation"]
    assert len(schema.CONE) == 3
    assert repr(schema.CONE) == "<RowSchema cone: atlas_id, name, separation>"
    assert schema.TNS_CROSSMATCH != schema.EXTERNAL_CROSSMATCH
    assert len({schema.CONE, schema.OBJECT}) == 2


def test_errors_can_be_pickled():
    with pytest.raises(UnreadableAnswerError) as caught:
        schema.CONE.table([cone_row(object="x")])
    unpickled = pickle.loads(pickle.dumps(caught.value))
    assert (unpickled.column, unpickled.row) == ("object", 0)


def test_values_are_exactly_as_sent():
    rows = [cone_row(object=COW + i, separation=i / 7) for i in range(100)]
    table = schema.CONE.table(rows)
    assert np.array_equal(table["atlas_id"].data.data, [row["object"] for row in rows])
    assert np.array_equal(table["separation"].unmasked.value, [row["separation"] for row in rows])

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Undeclared columns of a newer server are kept, with the type of their values."""

import warnings

import pytest

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning


def todo_row(**values_of_keys):
    return {"transient_object_id": 1, "timestamp": "2026-11-08T23:27:57Z", **values_of_keys}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, None], "i"),
        ([1.5, 2, None], "f"),
        ([True, None], "b"),
        (["a", None], "U"),
        ([None, None], "f"),
        ([2**63 - 1, 1], "i"),
    ],
)
def test_a_new_column_has_the_type_of_its_values(values, kind):
    table = schema.VRA_TODO.table([todo_row(new=value) for value in values])
    assert table["new"].dtype.kind == kind
    assert table["new"].tolist() == values
    assert table.meta["new_columns"] == ["new"]
    assert "not documented" in table["new"].info.description


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, "a", None], ["1", '"a"', None]),
        ([True, 1], ["true", "1"]),
        ([{"a": [1]}, None], ['{"a": [1]}', None]),
        ([2**63, 1], ["9223372036854775808", "1"]),
        ([2**53 + 1, 1.5], ["9007199254740993", "1.5"]),
    ],
)
def test_mixed_or_nested_values_become_json_strings_with_a_warning(values, texts):
    with pytest.warns(SchemaWarning, match="'vratodolist'.*mixed or nested.*'new'"):
        table = schema.VRA_TODO.table([todo_row(new=value) for value in values])
    assert table["new"].tolist() == texts


def test_new_columns_keep_their_order_and_are_masked_where_absent():
    table = schema.VRA_TODO.table([todo_row(b=1, a=2), todo_row(c="x")])
    assert table.colnames == ["atlas_id", "timestamp", "b", "a", "c"]
    assert table["b"].tolist() == [1, None]
    assert table["c"].tolist() == [None, "x"]


def test_a_new_column_with_the_name_of_a_declared_one_gets_a_prefix():
    # The column "atlas_id" has the server key "transient_object_id".
    table = schema.VRA_TODO.table([todo_row(atlas_id="something else")])
    assert table["atlas_id"].tolist() == [1]
    assert table["server_atlas_id"].tolist() == ["something else"]


def test_an_unconfirmed_column_takes_the_type_of_its_values():
    # "followup_priority" is declared as an integer, but only nulls have been seen.
    table = schema.OBJECT.table([object_row(followup_priority="high")])
    assert table["followup_priority"].tolist() == ["high"]
    assert "new_columns" not in table.meta


def object_row(**values_of_keys):
    return {field.server_key: None for field in schema.OBJECT.values()} | {"id": 1} | values_of_keys


def test_an_unconfirmed_column_with_the_declared_type():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = schema.OBJECT.table([object_row(followup_priority=3)])
    assert table["followup_priority"].dtype.kind == "i"
    assert table["followup_priority"].info.description == schema.OBJECT["followup_priority"].description

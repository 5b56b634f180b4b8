# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What a newer server sends besides is kept, with the type it has."""

import warnings

import pytest

from atlasquery import schema
from atlasquery.exceptions import SchemaWarning


def todo(**more):
    return {"transient_object_id": 1, "timestamp": "2026-11-08T23:27:57Z", **more}


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
    table = schema.VRA_TODO.table([todo(new=value) for value in values])
    assert table["new"].dtype.kind == kind
    assert table["new"].tolist() == values
    assert table.meta["new_columns"] == ["new"]
    assert "not known" in table["new"].info.description


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
def test_what_no_type_holds_exactly_is_kept_as_json_with_a_warning(values, texts):
    with pytest.warns(SchemaWarning, match="'vratodolist' rows have mixed or nested values in 'new'"):
        table = schema.VRA_TODO.table([todo(new=value) for value in values])
    assert table["new"].tolist() == texts


def test_new_columns_keep_their_order_and_rows_without_them_are_masked():
    table = schema.VRA_TODO.table([todo(b=1, a=2), todo(c="x")])
    assert table.colnames == ["atlas_id", "timestamp", "b", "a", "c"]
    assert table["b"].tolist() == [1, None]
    assert table["c"].tolist() == [None, "x"]


def test_a_new_column_never_takes_the_name_of_a_declared_one():
    # "atlas_id" is our name for what the server calls "transient_object_id".
    table = schema.VRA_TODO.table([todo(atlas_id="something else")])
    assert table["atlas_id"].tolist() == [1]
    assert table["server_atlas_id"].tolist() == ["something else"]


def test_a_column_of_which_only_nulls_were_seen_takes_the_type_that_comes():
    # "followup_priority" is declared as an integer that has never been seen.
    table = schema.OBJECT.table([full_object(followup_priority="high")])
    assert table["followup_priority"].tolist() == ["high"]
    assert "new_columns" not in table.meta


def full_object(**more):
    return {field.server_key: None for field in schema.OBJECT.values()} | {"id": 1} | more


def test_an_unseen_column_with_its_expected_type_is_as_declared():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = schema.OBJECT.table([full_object(followup_priority=3)])
    assert table["followup_priority"].dtype.kind == "i"
    assert table["followup_priority"].info.description == schema.OBJECT["followup_priority"].description

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Values of a column become arrays; values of another type are an error."""

import pickle

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn
from astropy.time import Time
from astropy.utils.masked import Masked
from hypothesis import given
from hypothesis import strategies as st

from atlasquery.schema import Date, Flag, Float, Integer, Text
from atlasquery.schema.field import FieldValueError

WRONG = [
    (Float, "2.5"),
    (Float, True),
    (Float, [2.5]),
    (Float, {}),
    (Integer, 2.0),
    (Integer, "2"),
    (Integer, True),
    (Flag, 1),
    (Flag, "true"),
    (Text, 1),
    (Text, True),
    (Date, 20260101),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_type_is_an_error(field, value):
    good = {Float: 1.5, Integer: 1, Flag: True, Text: "a", Date: "2026-01-01"}[field]
    with pytest.raises(FieldValueError) as caught:
        field("name", "What it is.").decode([good, None, value, value])
    assert (caught.value.row, caught.value.value) == (2, value)
    assert "or null" in caught.value.expected


@pytest.mark.parametrize("field", [Float, Integer, Flag, Text, Date])
def test_null_in_a_required_field_is_an_error(field):
    with pytest.raises(FieldValueError) as caught:
        field("name", "What it is.", required=True).decode([None])
    assert caught.value.row == 0
    assert "null" not in caught.value.expected


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30])
def test_an_integer_of_more_than_64_bits_is_an_error(value):
    with pytest.raises(FieldValueError, match="64 bits"):
        Integer("id", "Id.").decode([1, value])


def test_an_integer_is_a_valid_float():
    decoded = Float("x", "X.").decode([1, 2.5])
    assert decoded.data.dtype == float
    assert decoded.data.tolist() == [1.0, 2.5]


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))))
def test_integers_are_exact(values):
    column = Integer("id", "Id.").decode(values).column()
    assert column.dtype == np.int64
    assert column.tolist() == values


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_floats_with_a_unit_are_masked_quantities_with_nan_under_the_mask(values):
    column = Float("x", "X.", unit=u.mag).decode(values).column()
    assert isinstance(column, Masked(u.Quantity))
    assert column.unit == u.mag
    assert column.mask.tolist() == [value is None for value in values]
    assert np.array_equal(np.isnan(column.unmasked.value), column.mask)
    assert column.unmasked.value[~column.mask].tolist() == [value for value in values if value is not None]


def test_floats_without_a_unit_are_masked_columns_with_nan_under_the_mask():
    column = Float("x", "X.").decode([1.5, None]).column()
    assert type(column) is MaskedColumn
    assert column.mask.tolist() == [False, True]
    assert np.isnan(column.data.data[1])


@pytest.mark.parametrize(
    ("field", "values", "kind"),
    [(Text, ["a", None, ""], "U"), (Flag, [True, None, False], "b"), (Integer, [1, None], "i")],
)
def test_other_columns_are_masked_columns_of_no_object_dtype(field, values, kind):
    column = field("name", "What it is.").decode(values).column()
    assert type(column) is MaskedColumn
    assert column.dtype.kind == kind
    assert column.tolist() == values
    assert column.info.description == "What it is."


def test_an_empty_string_is_null_only_with_blank_is_null():
    assert Text("a", "A.").decode(["", "x"]).mask.tolist() == [False, False]
    assert Text("a", "A.", blank_is_null=True).decode(["", "x", None]).mask.tolist() == [True, False, True]


@pytest.mark.parametrize("field", [Float("x", "X.", unit=u.s), Integer("x", "X."), Flag("x", "X."), Text("x", "X.")])
def test_all_masked_has_the_type_of_the_field(field):
    all_masked = field.all_masked(3)
    assert all_masked.mask.tolist() == [True] * 3
    assert all_masked.column().dtype.kind == field.decode([None]).column().dtype.kind


def test_no_values_give_an_empty_typed_column():
    assert Integer("x", "X.").decode([]).column().dtype == np.int64
    assert Flag("x", "X.").decode([]).column().dtype == bool
    assert Text("x", "X.").decode([]).column().dtype.kind == "U"
    assert Float("x", "X.", unit=u.s).decode([]).column().unit == u.s
    assert isinstance(Date("x", "X.").decode([]).column(), Time)


def test_the_server_key_is_the_name_by_default():
    assert Float("x", "X.").server_key == "x"
    assert Float("x", "X.", server_key="ecks").server_key == "ecks"


def test_a_field_is_frozen_and_can_be_pickled():
    field = Text("a", "A.", blank_is_null=True, null="none")
    assert pickle.loads(pickle.dumps(field)) == field
    with pytest.raises(AttributeError):
        field.name = "b"

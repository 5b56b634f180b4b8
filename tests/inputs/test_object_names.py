# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of object names."""

import numpy as np
import pytest
from astropy.table import MaskedColumn, QTable

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.object_names import (
    ObjectName,
    check_name,
    check_names,
    check_object_id,
    check_object_ids,
    normalize_designation,
)
from constants import COW


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("2018cow", "2018cow"),
        ("SN 2018cow", "2018cow"),
        ("AT2018cow", "2018cow"),
        ("at_2018cow", "2018cow"),
        ("TDE 2018hyz", "2018hyz"),
        (" ZTF18abcfcoo ", "ZTF18abcfcoo"),
        ("Gaia  18 abc", "Gaia 18 abc"),
        ("atlas18QQN", "ATLAS18qqn"),
        (np.str_("2018cow"), "2018cow"),
    ],
)
def test_query_of_a_name(name, query):
    checked = check_name(name)
    assert checked == ObjectName(str(name), query)
    assert str(checked) == name


@pytest.mark.parametrize("name", ["", " ", "12345", "12:30:10", "2018,cow", "2018\x00cow", "n" * 101])
def test_invalid_names(name):
    with pytest.raises(InvalidQueryError, match=r"name.*got"):
        check_name(name)


@pytest.mark.parametrize("name", [None, 1.5, True, b"2018cow", ["2018cow"]])
def test_names_of_a_wrong_type(name):
    with pytest.raises(InvalidQueryTypeError, match=r"name.*string"):
        check_name(name)


def test_a_masked_name():
    with pytest.raises(InvalidQueryError, match="masked"):
        check_name(np.ma.masked)


@pytest.mark.parametrize(
    ("text", "designation"),
    [("ATLAS18qqn", "ATLAS18qqn"), ("atlas 18QQN", "ATLAS18qqn"), ("2018cow", None), ("ATLAS18", None)],
)
def test_designations(text, designation):
    assert normalize_designation(text) == designation
    assert check_name(text).is_designation is (designation is not None)


def test_names_are_unique_and_in_order():
    names = check_names(["SN 2018cow", "ZTF18abcfcoo", "SN 2018cow"])
    assert [name.query for name in names] == ["2018cow", "ZTF18abcfcoo"]


@pytest.mark.parametrize(
    "names", ["2018cow", np.array("2018cow"), ("2018cow",), MaskedColumn(["2018cow"]), {"2018cow"}]
)
def test_one_name_in_several_types(names):
    assert check_names(names) == [ObjectName("2018cow", "2018cow")]


def test_no_names():
    assert check_names([]) == []


def test_a_table_has_a_hint():
    with pytest.raises(InvalidQueryTypeError, match=r"table\['name'\]"):
        check_names(QTable({"name": ["2018cow"]}))


@pytest.mark.parametrize("object_id", [COW, str(COW), np.int64(COW)])
def test_an_id(object_id):
    assert check_object_id(object_id) == COW


def test_ids_and_names_mixed():
    name = check_name("SN 2018cow")
    assert check_object_ids([COW, "SN 2018cow", name, COW]) == [COW, name, name, COW]

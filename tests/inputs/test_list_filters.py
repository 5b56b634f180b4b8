# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Filters of lists: the payload, and the selection of rows."""

import pytest
from astropy import units as u

from atlasquery import schema
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.list_filters import ListFilters


def list_table(*rows):
    nulls = {field.server_key: None for field in schema.LIST_ROW.values()}
    return schema.LIST_ROW.table([{**nulls, "id": number, **row} for number, row in enumerate(rows)])


@pytest.mark.parametrize(
    ("filters", "payload"),
    [
        ({}, {}),
        ({"dec": (-30, None)}, {"dec_gte": -30.00001}),
        ({"dec": (None, 30 * u.deg)}, {"dec_lte": 30.00001}),
        ({"ra": (20 * u.hourangle, None)}, {"ra_gte": 299.99999}),
        ({"ra": (350, 10)}, {}),
        ({"ra": (-10, 10)}, {}),
        ({"vra": (5, 10)}, {"vra_gte": 4.99999, "vra_lte": 10.00001}),
        ({"sherlock_class": "sn"}, {"sherlock_class": "SN"}),
        ({"sherlock_class": ["SN", "NT"]}, {}),
        ({"exclude_sherlock_class": "SN"}, {}),
        ({"spec_type": "SN Ia"}, {"spec_type": "SN Ia"}),
        ({"since": "2020-01-01"}, {"datethreshold": "2019-12-31T23:59:58Z"}),
    ],
)
def test_payload(filters, payload):
    assert ListFilters(**filters).payload() == payload


@pytest.mark.parametrize(
    ("filters", "column", "values", "selected"),
    [
        ({"ra": (350, 10)}, "ra", [349.0, 350.0, 0.0, 10.0, 11.0, None], [1, 2, 3]),
        ({"ra": (10, 20)}, "ra", [9.0, 10.0, 20.0, 21.0], [1, 2]),
        ({"dec": (None, 0)}, "dec", [-90.0, 0.0, 1.0, None], [0, 1]),
        ({"rb_pix": (None, None)}, "rb_pix", [0.5, None], [0]),
        ({"sherlock_class": "sn"}, "sherlockClassification", ["SN", "NT", None], [0]),
        ({"exclude_sherlock_class": "sn"}, "sherlockClassification", ["SN", "NT", None], [1, 2]),
        ({"spec_type": ["sn ia", "SN II"]}, "observation_status", ["SN Ia", "SN II", "", None], [0, 1]),
        ({"since": "2020-01-01"}, "followup_flag_date", ["2020-01-01T00:00:00Z", "2019-12-31T23:59:59Z", None], [0]),
    ],
)
def test_matches(filters, column, values, selected):
    table = list_table(*({column: value} for value in values))
    assert table[ListFilters(**filters).matches(table)]["atlas_id"].tolist() == selected


def test_missing_columns():
    filters = ListFilters(vra=(5, None), dec=(0, None))
    assert filters.missing_columns([{"dec": 1.0}]) == ["vra"]
    assert filters.missing_columns([{"dec": 1.0}, {"vra": None}]) == []
    assert filters.missing_columns([]) == []


@pytest.mark.parametrize(
    ("filters", "error", "message"),
    [
        ({"vra": (8, 5)}, InvalidQueryError, r"vra.*\(8, 5\)"),
        ({"vra": 5}, InvalidQueryTypeError, r"vra.*\(low, high\)"),
        ({"dec": (1 * u.s, None)}, InvalidQueryTypeError, "dec.*angles"),
        ({"ra": (None, -10)}, InvalidQueryError, "ra.*0 to 360"),
        ({"sherlock_class": "SNN"}, InvalidQueryError, "sherlock_class.*'SNN'.*'SN'"),
        ({"spec_type": 5}, InvalidQueryTypeError, "spec_type.*string"),
    ],
)
def test_invalid_filters(filters, error, message):
    with pytest.raises(error, match=message):
        ListFilters(**filters)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vra", (10.1, None)),
        ("vra", (None, -0.1)),
        ("rb_pix", (1.5, 2)),
        ("dec", (90.5, 95)),
        ("dec", (None, -91 * u.deg)),
    ],
)
def test_a_range_without_a_possible_value(name, value):
    with pytest.raises(InvalidQueryError, match=f"`{name}` must have values from"):
        ListFilters(**{name: value})


def test_ranges_up_to_the_limits():
    filters = ListFilters(vra=(10, None), dec=(90, 95), rb_pix=(None, 0))
    assert not filters.is_empty
    assert ListFilters().is_empty

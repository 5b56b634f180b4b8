# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves and selections made without astropy's constructors are those that astropy makes."""

import copy
import pickle

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn, QTable
from astropy.time import Time
from astropy.timeseries import TimeSeries
from astropy.utils.masked import Masked

from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.assembly import assemble, copy_with, select_rows
from atlasquery.schema.columns import masked_column


def same(column, expected):
    """Return whether two columns agree in type, attributes, mask and values, those under the mask included."""
    assert type(column) is type(expected)
    for name in ("name", "unit", "format", "description"):
        assert getattr(column.info, name) == getattr(expected.info, name), name
    assert (column.info.meta or {}) == (expected.info.meta or {})
    if isinstance(column, Time):
        column, expected = column.mjd, expected.mjd
    assert np.array_equal(getattr(column, "mask", False), getattr(expected, "mask", False))
    data, expected = (np.ma.getdata(getattr(values, "unmasked", values)) for values in (column, expected))
    assert data.dtype == expected.dtype
    assert np.array_equal(data, expected, equal_nan=data.dtype.kind == "f")


def assert_same_table(table, expected):
    assert type(table) is type(expected)
    assert table.colnames == expected.colnames
    for name in table.colnames:
        same(table[name], expected[name])
        assert table[name].info.parent_table is table
    assert dict(table.meta) == dict(expected.meta)
    assert table.primary_key == expected.primary_key


@pytest.fixture
def described(lc):
    """A light curve whose columns have attributes of a user."""
    lc["flux"].info.format = ".1f"
    lc["band"].meta["survey"] = "ATLAS"
    lc["extra"] = np.arange(2 * len(lc)).reshape(len(lc), 2)
    lc["plain"] = np.arange(len(lc)) * u.m
    return lc


@pytest.mark.parametrize("kind", ["b", "i8", "f8", "U3", "M8[s]"])
@pytest.mark.parametrize("mask", [[False, False], [True, False]])
def test_masked_columns_are_those_of_the_constructor(kind, mask):
    data = np.zeros(2, dtype=kind)
    column, expected = masked_column(data, np.array(mask), "Text."), MaskedColumn(data, mask=mask, description="Text.")
    same(column, expected)
    same(pickle.loads(pickle.dumps(column)), expected)
    assert np.array_equal(column.fill_value, expected.fill_value) or kind.startswith("M")
    column[0] = column[1]
    assert column.mask.tolist() == [False, False]
    assert (vars(column).keys() ^ vars(expected).keys()) <= {"_meta"}


def test_an_assembled_light_curve_is_that_of_the_constructor(described):
    columns = {name: described[name].copy() for name in described.colnames}
    expected = LightCurve({name: column.copy() for name, column in columns.items()}, copy=False, meta=described.meta)
    assembled = assemble(LightCurve, columns, dict(described.meta))
    for change in (lambda lc: lc, copy.copy, copy.deepcopy, LightCurve.copy, lambda lc: pickle.loads(pickle.dumps(lc))):
        assert_same_table(change(assembled), change(expected))
    for lc in (assembled, expected):
        lc["new"] = np.arange(len(lc))
        lc.add_row({"time": Time(58300.0, format="mjd")})
        lc.sort("time", reverse=True)
        lc.remove_column("extra")
    assert_same_table(assembled, expected)
    with pytest.raises(ValueError, match="first column"):
        assembled.remove_column("time")


@pytest.mark.parametrize(
    "item",
    [
        slice(2, 5),
        slice(None, None, -2),
        np.array([0, 3, 3, -1]),
        np.array([True, False] * 4),
        np.zeros(8, dtype=bool),
        np.array([], dtype=int),
    ],
    ids=str,
)
def test_selected_rows_are_those_of_astropy(described, item):
    described["flux"].mask[3] = True
    selected = described[item]
    assert select_rows(described, item) is not None
    assert_same_table(selected, super(LightCurve, described).__getitem__(item))
    assert len(selected.indices) == 1
    if len(selected):
        assert len(selected.iloc[:2]) == 2


@pytest.mark.parametrize("item", [np.array([True]), np.array([1.5]), np.array([99])])
def test_what_astropy_rejects_is_rejected(described, item):
    with pytest.raises((IndexError, ValueError)):
        described[item]


@pytest.mark.parametrize("name", ["flux", "band", "mag", "n"])
def test_slices_are_views_as_in_astropy(described, name):
    described["n"] = MaskedColumn(np.arange(8), mask=[False] * 7 + [True])
    ours, theirs = described, TimeSeries(described)
    for table in (ours, theirs):
        part = table[6:8] if isinstance(table, LightCurve) else table[slice(6, 8)]
        part[name][1] = part[name][0]
        table[2:3][name][0] = table[name][1]
        table[4:6][name].mask[0] = True
    same(ours[name], theirs[name])
    rows = described[np.array([0, 1])]
    rows[name][0] = rows[name][1]
    same(ours[name], theirs[name])  # selected rows are copies


def test_indices_of_the_user_are_kept(lc):
    lc.add_index("band")
    assert select_rows(lc, slice(0, 4)) is None
    part = lc[:4]
    assert len(part.indices) == 2
    assert sorted(len(index.columns) for index in part.indices) == [1, 1]


def test_the_index_by_time_is_made_when_it_is_used(lc):
    part = lc[2:6]
    assert not QTable.indices.fget(part)
    assert np.all(part.loc[part.time[1]]["time"] == part.time[1])
    assert len(QTable.indices.fget(part)) == 1


def test_copies_with_other_columns(lc):
    flux = Masked(np.arange(8.0) * u.mJy, mask=False)
    out = copy_with(lc, {"flux": flux, "new": masked_column(np.arange(8), np.zeros(8, bool), None)}, note="x")
    assert out.colnames == [*lc.colnames, "new"]
    assert (out["flux"].unit, lc["flux"].unit) == (u.mJy, u.uJy)
    assert (out.meta["note"], "note" in lc.meta) == ("x", False)
    out["mag"][:] = 1 * u.mag
    assert lc["mag"].mask.any()

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Masked columns can be pickled and stacked, which not all versions of astropy can do without the patches."""

import copy
import pickle

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable, vstack
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery import schema


@pytest.fixture
def time():
    time = Time(["2026-01-01T00:00:00", "2026-01-02T03:04:05.678"], format="isot", scale="utc", precision=6)
    time[1] = np.ma.masked
    time.info.description = "A date."
    return time


def test_a_masked_time_can_be_pickled(time):
    unpickled = pickle.loads(pickle.dumps(time))
    assert unpickled.mask.tolist() == [False, True]
    assert unpickled[0] == time[0]
    assert (unpickled.format, unpickled.scale, unpickled.precision) == ("isot", "utc", 6)
    assert unpickled.info.description == "A date."


def test_a_time_without_mask_is_pickled_as_in_astropy():
    time = Time([51544.25, 51545.5], format="mjd", scale="tdb")
    unpickled = pickle.loads(pickle.dumps(time))
    assert not unpickled.masked
    assert np.array_equal(unpickled.mjd, time.mjd)
    assert unpickled.scale == "tdb"


def test_an_assigned_mask_is_kept(time):
    plain = Time(["2026-02-01", "2026-02-02", "2026-02-03"])
    plain[1:] = time
    assert plain.mask.tolist() == [False, False, True]
    assert plain[1] == time[0]


def test_an_assignment_without_mask_creates_none(time):
    plain = Time(["2026-02-01", "2026-02-02"])
    plain[:] = plain.copy()
    assert not plain.masked


def test_a_mask_is_kept_by_vstack(time):
    plain = Time(["2026-02-01"], format="isot")
    for tables, mask in (([time, plain], [False, True, False]), ([plain, time], [False, False, True])):
        assert vstack([QTable({"date": dates}) for dates in tables])["date"].mask.tolist() == mask


def test_a_scalar_masked_time_can_be_pickled(time):
    unpickled = pickle.loads(pickle.dumps(time[1]))
    assert unpickled.isscalar
    assert unpickled.mask


def test_a_masked_time_keeps_its_full_precision(time):
    fine = Time(time.jd1.unmasked, time.jd2.unmasked + 1e-13, format="jd", scale="utc")
    fine[1] = np.ma.masked
    assert (pickle.loads(pickle.dumps(fine)) - fine)[0].sec == 0


@pytest.mark.parametrize("value", [[1.0, np.nan], [1, 2]])
def test_a_masked_quantity_with_a_description_can_be_pickled(value):
    quantity = Masked(u.Quantity(value, u.mag, dtype=np.array(value).dtype), mask=[False, True])
    quantity.info.description = "A magnitude."
    unpickled = pickle.loads(pickle.dumps(quantity))
    assert type(unpickled) is type(quantity)
    assert unpickled.dtype == quantity.dtype
    assert unpickled.unit == u.mag
    assert unpickled.mask.tolist() == [False, True]
    assert unpickled.unmasked[0] == quantity.unmasked[0]
    assert unpickled.info.description == "A magnitude."


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda table: pickle.loads(pickle.dumps(table))])
def test_a_table_of_all_types_can_be_copied_and_pickled(duplicate):
    table = schema.OBJECT.table([{field.server_key: None for field in schema.OBJECT.values()} | {"id": 1}])
    unpickled = duplicate(table)
    assert type(unpickled) is QTable
    assert unpickled.colnames == table.colnames
    for name in table.colnames:
        assert type(unpickled[name]) is type(table[name])
        assert unpickled[name].info.description == table[name].info.description
        assert np.array_equal(unpickled[name].mask, table[name].mask)

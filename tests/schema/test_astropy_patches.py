# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Masked columns travel between processes and into other tables, which not every astropy manages alone."""

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


def test_a_masked_time(time):
    again = pickle.loads(pickle.dumps(time))
    assert again.mask.tolist() == [False, True]
    assert again[0] == time[0]
    assert (again.format, again.scale, again.precision) == ("isot", "utc", 6)
    assert again.info.description == "A date."


def test_a_time_that_is_not_masked_is_pickled_as_ever():
    time = Time([51544.25, 51545.5], format="mjd", scale="tdb")
    again = pickle.loads(pickle.dumps(time))
    assert not again.masked
    assert np.array_equal(again.mjd, time.mjd)
    assert again.scale == "tdb"


def test_a_mask_survives_assignment(time):
    plain = Time(["2026-02-01", "2026-02-02", "2026-02-03"])
    plain[1:] = time
    assert plain.mask.tolist() == [False, False, True]
    assert plain[1] == time[0]


def test_an_assignment_without_a_mask_makes_none(time):
    plain = Time(["2026-02-01", "2026-02-02"])
    plain[:] = plain.copy()
    assert not plain.masked


def test_a_mask_survives_vstack(time):
    plain = Time(["2026-02-01"], format="isot")
    for tables, mask in (([time, plain], [False, True, False]), ([plain, time], [False, False, True])):
        assert vstack([QTable({"date": dates}) for dates in tables])["date"].mask.tolist() == mask


def test_a_scalar_masked_time(time):
    again = pickle.loads(pickle.dumps(time[1]))
    assert again.isscalar
    assert again.mask


def test_a_masked_time_keeps_its_full_precision(time):
    fine = Time(time.jd1.unmasked, time.jd2.unmasked + 1e-13, format="jd", scale="utc")
    fine[1] = np.ma.masked
    assert (pickle.loads(pickle.dumps(fine)) - fine)[0].sec == 0


@pytest.mark.parametrize("value", [[1.0, np.nan], [1, 2]])
def test_a_masked_quantity_with_a_description(value):
    quantity = Masked(u.Quantity(value, u.mag, dtype=np.array(value).dtype), mask=[False, True])
    quantity.info.description = "A magnitude."
    again = pickle.loads(pickle.dumps(quantity))
    assert type(again) is type(quantity)
    assert again.dtype == quantity.dtype
    assert again.unit == u.mag
    assert again.mask.tolist() == [False, True]
    assert again.unmasked[0] == quantity.unmasked[0]
    assert again.info.description == "A magnitude."


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda table: pickle.loads(pickle.dumps(table))])
def test_a_table_of_every_type(duplicate):
    table = schema.OBJECT.table([{field.server_key: None for field in schema.OBJECT.values()} | {"id": 1}])
    again = duplicate(table)
    assert type(again) is QTable
    assert again.colnames == table.colnames
    for name in table.colnames:
        assert type(again[name]) is type(table[name])
        assert again[name].info.description == table[name].info.description
        assert np.array_equal(again[name].mask, table[name].mask)

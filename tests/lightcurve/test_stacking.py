# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Stacked tables: the same as by astropy, and with columns of different types."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import MaskedColumn, QTable, vstack
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves
from atlasquery.lightcurve.stacking import stack_tables
from constants import COW


def join(*columns):
    return stack_tables([{"x": column} for column in columns])["x"]


def to_list(column):
    """Return the values as a list, None where masked."""
    if isinstance(column, Time):
        column = column.isot
    mask = np.broadcast_to(getattr(column, "mask", False), len(column))
    values = np.ma.getdata(np.asarray(getattr(column, "unmasked", column)))
    return [None if null else value for value, null in zip(values.tolist(), mask.tolist(), strict=True)]


def test_stacking_agrees_with_vstack(real, lc):
    parts = [real[:50], lc, real[40:45], lc[:0]]
    table = stack_tables([dict(part.columns) for part in parts])
    expected = vstack([QTable(part) for part in parts], metadata_conflicts="silent")
    assert table.colnames == expected.colnames
    for name in table.colnames:
        assert to_list(table[name]) == to_list(expected[name]), name
        assert type(table[name]) is type(expected[name]), name
        assert table[name].info.description == expected[name].info.description
        assert table[name].info.unit == expected[name].info.unit


def test_a_missing_column_is_masked():
    table = stack_tables([{"x": u.Quantity([1.0], u.m)}, {"y": MaskedColumn(["a", "b"])}])
    assert to_list(table["x"]) == [1.0, None, None]
    assert to_list(table["y"]) == [None, "a", "b"]


def test_other_units_are_converted():
    joined = join([1.0] * u.mJy, [1.0] * u.uJy)
    assert joined.unit == u.mJy
    assert to_list(joined) == [1.0, 0.001]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1.5, 2.0], ["a", "b"], ["1.5", "2.0", "a", "b"]),
        ([1, 2], [1.5], [1.0, 2.0, 1.5]),
        ([2**60 + 1], [1.5], [str(2**60 + 1), "1.5"]),
        ([True], [2.0], ["True", "2.0"]),
        ([True], [False], [True, False]),
    ],
)
def test_different_types_become_a_common_type(one, other, expected):
    assert to_list(join(MaskedColumn(one), MaskedColumn(other))) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (np.array([COW], np.uint64), np.array([COW]), [COW, COW]),
        (np.array([COW], np.uint64), np.array([COW], np.uint64), [COW, COW]),
        (np.array([2**63 + 5], np.uint64), np.array([COW]), [str(2**63 + 5), str(COW)]),
        (np.array([3], np.uint64), np.array([1.5]), [3.0, 1.5]),
    ],
)
def test_unsigned_integers_keep_all_digits(one, other, expected):
    assert to_list(join(MaskedColumn(one), MaskedColumn(other))) == expected


@pytest.mark.parametrize(
    "other", [[1.0] * u.mag, MaskedColumn(["a"]), MaskedColumn([1.0]), Time([58285.0], format="mjd")], ids=str
)
def test_columns_that_cannot_be_joined_are_named(other):
    with pytest.raises(InvalidInputError, match="Column 'x'") as caught:
        join([1.0] * u.m, other)
    assert "Quantity in m" in str(caught.value)
    assert type(other).__name__ in str(caught.value)


def test_a_folded_curve_cannot_be_stacked_with_others(lc):
    with pytest.raises(InvalidInputError, match=r"'time'.*Time and TimeDelta"):
        LightCurves({COW: lc, COW + 1: lc.fold(2 * u.d)}).stack()


def test_masked_values_stay_masked_as_strings():
    assert to_list(join(MaskedColumn([1.5, 2.0], mask=[True, False]), MaskedColumn(["a"]))) == [None, "2.0", "a"]


def test_dates_keep_format_and_mask():
    dates = Time(["2018-06-17T13:03:29.123", "2026-11-01T00:00:00.000"], scale="utc")
    with_null = dates[:]
    with_null[0] = np.ma.masked
    joined = join(dates, with_null)
    assert to_list(joined) == [*dates.isot.tolist(), None, dates.isot[1]]
    assert joined.format == "isot"


def test_other_column_types_are_joined_by_astropy():
    joined = join(SkyCoord([1, 2], [3, 4], unit="deg"), SkyCoord([5], [6], unit="deg"))
    assert joined.ra.deg.tolist() == [1, 2, 5]
    assert join(np.zeros((2, 3)) * u.m, np.ones((1, 3)) * u.m).shape == (3, 3)
    assert join(Time([1.0], format="mjd", scale="tdb"), Time([2.0], format="mjd", scale="tdb")).scale == "tdb"


def test_undeclared_columns_of_different_types_can_be_stacked(make):
    records = [make.record(lc=[make.detection(58285.0, 17.0, novel=value)]) for value in (1.5, "good", None)]
    curves = LightCurves({make.id + n: LightCurve.from_record(record) for n, record in enumerate(records)})
    table = curves.stack()
    assert to_list(table["novel"]) == ["1.5", "good", None]
    assert table["flux"].unit == u.uJy

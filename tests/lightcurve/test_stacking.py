# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many tables as one: as astropy does it, faster, and also where columns of a name differ in type."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import MaskedColumn, QTable, vstack
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves
from atlasquery.lightcurve.stacking import stack_tables

ID = 1161600211221604900


def join(*columns):
    return stack_tables([{"x": column} for column in columns])["x"]


def plain(column):
    """Return the values as a list, None where they are masked."""
    if isinstance(column, Time):
        column = column.isot
    mask = np.broadcast_to(getattr(column, "mask", False), len(column))
    values = np.ma.getdata(np.asarray(getattr(column, "unmasked", column)))
    return [None if null else value for value, null in zip(values.tolist(), mask.tolist(), strict=True)]


def test_the_same_as_vstack(real, lc):
    parts = [real[:50], lc, real[40:45], lc[:0]]
    ours = stack_tables([dict(part.columns) for part in parts])
    theirs = vstack([QTable(part) for part in parts], metadata_conflicts="silent")
    assert ours.colnames == theirs.colnames
    for name in ours.colnames:
        assert plain(ours[name]) == plain(theirs[name]), name
        assert type(ours[name]) is type(theirs[name]), name
        assert ours[name].info.description == theirs[name].info.description
        assert ours[name].info.unit == theirs[name].info.unit


def test_a_column_that_one_does_not_have():
    table = stack_tables([{"x": u.Quantity([1.0], u.m)}, {"y": MaskedColumn(["a", "b"])}])
    assert plain(table["x"]) == [1.0, None, None]
    assert plain(table["y"]) == [None, "a", "b"]


def test_other_units_are_converted():
    joined = join([1.0] * u.mJy, [1.0] * u.uJy)
    assert joined.unit == u.mJy
    assert plain(joined) == [1.0, 0.001]


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
def test_types_that_differ(one, other, expected):
    assert plain(join(MaskedColumn(one), MaskedColumn(other))) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (np.array([ID], np.uint64), np.array([ID]), [ID, ID]),
        (np.array([ID], np.uint64), np.array([ID], np.uint64), [ID, ID]),
        (np.array([2**63 + 5], np.uint64), np.array([ID]), [str(2**63 + 5), str(ID)]),
        (np.array([3], np.uint64), np.array([1.5]), [3.0, 1.5]),
    ],
)
def test_no_digit_of_an_unsigned_integer_is_lost(one, other, expected):
    assert plain(join(MaskedColumn(one), MaskedColumn(other))) == expected


@pytest.mark.parametrize(
    "other", [[1.0] * u.mag, MaskedColumn(["a"]), MaskedColumn([1.0]), Time([58285.0], format="mjd")], ids=str
)
def test_what_cannot_be_one_is_named(other):
    with pytest.raises(InvalidInputError, match="'x' cannot be one") as caught:
        join([1.0] * u.m, other)
    assert "Quantity in m" in str(caught.value)
    assert type(other).__name__ in str(caught.value)


def test_a_folded_curve_among_others(lc):
    with pytest.raises(InvalidInputError, match="'time' cannot be one: there are Time and TimeDelta"):
        LightCurves({ID: lc, ID + 1: lc.fold(2 * u.d)}).stack()


def test_what_is_masked_stays_so_as_text():
    assert plain(join(MaskedColumn([1.5, 2.0], mask=[True, False]), MaskedColumn(["a"]))) == [None, "2.0", "a"]


def test_dates():
    dates = Time(["2018-06-17T13:03:29.123", "2026-11-01T00:00:00.000"], scale="utc")
    with_nothing = dates[:]
    with_nothing[0] = np.ma.masked
    joined = join(dates, with_nothing)
    assert plain(joined) == [*dates.isot.tolist(), None, dates.isot[1]]
    assert joined.format == "isot"


def test_what_is_no_array_goes_astropys_way():
    joined = join(SkyCoord([1, 2], [3, 4], unit="deg"), SkyCoord([5], [6], unit="deg"))
    assert joined.ra.deg.tolist() == [1, 2, 5]
    assert join(np.zeros((2, 3)) * u.m, np.ones((1, 3)) * u.m).shape == (3, 3)
    assert join(Time([1.0], format="mjd", scale="tdb"), Time([2.0], format="mjd", scale="tdb")).scale == "tdb"


def test_curves_of_a_server_that_changed_its_mind(make):
    records = [make.record(lc=[make.detection(58285.0, 17.0, novel=value)]) for value in (1.5, "good", None)]
    curves = LightCurves({make.id + n: LightCurve.from_record(record) for n, record in enumerate(records)})
    table = curves.stack()
    assert plain(table["novel"]) == ["1.5", "good", None]
    assert table["flux"].unit == u.uJy

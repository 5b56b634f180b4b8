# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tables as VOTables."""

import io

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.io.votable import parse_single_table
from astropy.table import MaskedColumn, QTable, Table
from astropy.time import Time, TimeDelta
from astropy.utils.masked import Masked

from atlasquery import LightCurve, to_votable
from atlasquery.exceptions import InvalidInputError, InvalidTypeError

IDS = [1161600211221604900, 1132507360113744501]


def read_back(table, **options):
    stream = io.BytesIO()
    to_votable(table, **options).to_xml(stream)
    stream.seek(0)
    return parse_single_table(stream).to_table(use_names_over_ids=True)


@pytest.fixture
def table():
    time = Time(["2018-06-16T10:35:02", "2026-01-01T00:00:00"])
    time[1] = np.ma.masked
    time.info.description = "When."
    return QTable(
        {
            "atlas_id": MaskedColumn(IDS, mask=[False, True]),
            "name": MaskedColumn(["ATLAS18qqn", ""], mask=[False, True]),
            "flux": Masked([1.5, 2.5], [True, False]) * u.uJy,
            "time": time,
            "coord": SkyCoord([30, 31], [40, 41], unit="deg", frame="galactic"),
            "span": TimeDelta([1.0, 2.0], format="jd"),
            "flag": [True, False],
            "anything": np.array([None, {"a": 1}], dtype=object),
        }
    )


def test_columns(table):
    back = read_back(table)
    assert back.colnames == ["atlas_id", "name", "flux", "time", "coord_ra", "coord_dec", "span", "flag", "anything"]
    assert back["atlas_id"].tolist() == [IDS[0], None]
    assert back["atlas_id"].dtype == np.int64
    assert list(back["name"].filled("")) == ["ATLAS18qqn", ""]
    assert back["flux"].mask.tolist() == [True, False]
    assert back["flux"].unit == u.uJy
    assert list(back["time"]) == ["2018-06-16T10:35:02.000", ""]
    assert back["time"].description == "When."
    assert back["coord_ra"].tolist() == pytest.approx(table["coord"].icrs.ra.deg)
    assert back["span"].tolist() == [1.0, 2.0]
    assert list(back["anything"]) == ["", "{'a': 1}"]


def test_modified_julian_dates(table):
    back = read_back(table, time_format="mjd")
    assert back["time"].unit == u.day
    assert back["time"].mask.tolist() == [False, True]
    assert back["time"][0] == pytest.approx(58285.44099537)


def test_times_in_another_scale():
    table = Table({"time": Time([60000.0], format="mjd", scale="tdb")})
    assert read_back(table, time_format="mjd")["time"][0] == pytest.approx(60000 - 69.184 / 86400, abs=1e-7)


def test_the_table_is_not_changed(table):
    to_votable(table)
    assert isinstance(table["time"], Time)
    assert isinstance(table["coord"], SkyCoord)


def test_light_curve():
    lc = LightCurve(time=["2026-11-01"], data={"atlas_id": IDS[:1], "flux": [3.0] * u.uJy})
    assert read_back(lc)["atlas_id"].tolist() == IDS[:1]


def test_no_rows(table):
    assert read_back(table[:0]).colnames == read_back(table).colnames


def test_serialization(table):
    stream = io.BytesIO()
    to_votable(table).to_xml(stream)
    assert b"<BINARY2>" in stream.getvalue()


@pytest.mark.parametrize("wrong", [None, {"a": [1]}, [1, 2], "t.fits"])
def test_values_that_are_no_table(wrong):
    with pytest.raises(InvalidTypeError, match="`table` must be an astropy table"):
        to_votable(wrong)


def test_unknown_time_format(table):
    with pytest.raises(InvalidInputError, match="`time_format` must be 'iso' or 'mjd', got 'jd'"):
        to_votable(table, time_format="jd")


@pytest.mark.parametrize(
    "values", [[0, 0], ["", ""], [0.0, 0.0], [False, False], np.array([None, None], dtype=object)], ids=str
)
def test_columns_without_any_value(values):
    back = read_back(Table({"a": MaskedColumn(values, mask=[True, True]), "atlas_id": IDS}))
    assert len(back) == 2
    assert back["atlas_id"].tolist() == IDS


def test_upload_of_pyvo():
    query = pytest.importorskip("pyvo.dal.query")
    stream = io.BytesIO()
    to_votable(Table({"atlas_id": IDS})).to_xml(stream)
    stream.seek(0)
    upload = query.Upload("mine", stream)
    assert upload.is_inline
    assert parse_single_table(upload.fileobj()).to_table()["atlas_id"].tolist() == IDS

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of object ids, and the positions that they contain."""

import csv
import json

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Column, MaskedColumn, Table
from hypothesis import given
from hypothesis import strategies as st

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.object_ids import check_id, positions_from_ids
from atlasquery.inputs.object_names import check_object_ids
from constants import COW


@pytest.mark.parametrize(
    "given_id", [COW, str(COW), f" {COW} ", np.int64(COW), np.uint64(COW), np.array(COW), np.str_(COW)]
)
def test_an_id_in_several_types(given_id):
    checked = check_id(given_id)
    assert checked == COW
    assert type(checked) is int


@pytest.mark.parametrize(
    "given_id", [float(COW), np.float64(COW), 1.5, True, np.True_, None, b"1161600211221604900", [COW], object()]
)
def test_a_wrong_type_is_a_type_error(given_id):
    with pytest.raises(InvalidQueryTypeError) as caught:
        check_id(given_id)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "given_id",
    [
        "",
        "abc",
        "2018cow",
        "1161600211221604900.0",
        "-116160021122160490",
        COW // 10,
        COW * 10,
        0,
        -COW,
        2**63,
        "٣" * 19,
    ],
)
def test_invalid_ids(given_id):
    with pytest.raises(InvalidQueryError, match=r"object_id.*19 digits"):
        check_id(given_id)


def test_the_error_of_a_float_has_the_reason():
    with pytest.raises(InvalidQueryTypeError, match=r"float 1.16.*lost digits.*2\*\*53"):
        check_id(1.1616002112216049e18)


@pytest.mark.parametrize(
    "object_ids",
    [
        [COW, COW + 1],
        (str(COW), COW + 1),
        np.array([COW, COW + 1]),
        Column([COW, COW + 1]),
        MaskedColumn([COW, COW + 1], mask=[False, False]),
        np.array([str(COW), str(COW + 1)]),
        iter([COW, COW + 1]),
    ],
)
def test_ids_in_several_sequences(object_ids):
    assert check_object_ids(object_ids) == [COW, COW + 1]


def test_order_and_repetitions_are_kept():
    assert check_object_ids([COW + 1, COW, COW + 1]) == [COW + 1, COW, COW + 1]


def test_a_single_id_gives_a_list():
    assert check_object_ids(COW) == check_object_ids(str(COW)) == check_object_ids(np.array(COW)) == [COW]


@pytest.mark.parametrize("object_ids", [[], (), np.array([], dtype=int), set()])
def test_no_ids(object_ids):
    assert check_object_ids(object_ids) == []


MISSING = [None, np.nan, float("nan"), np.float32("nan"), np.datetime64("NaT"), np.ma.masked, "", " ", "NA", "nan",
           "NaN", "None", "null", "--", "N/A", "<NA>", "NaT", "masked"]  # fmt: skip


@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_missing_values_have_the_way_out(missing):
    with pytest.raises(InvalidQueryError, match=r"`object_id` must be an id of 19 digits.*dropna"):
        check_object_ids(missing)
    values = [COW, missing, COW, missing]
    with pytest.raises(InvalidQueryError, match=r"2 wrong of 4: row 1 \(.*, row 3 \(.*dropna") as caught:
        check_object_ids(values)
    assert caught.value.rows == (1, 3)


def test_missing_values_of_pandas():
    pandas = pytest.importorskip("pandas")
    for values in (
        pandas.Series([COW, None], dtype="Int64"),
        pandas.Series([str(COW), None]),
        pandas.Series([COW, pandas.NaT], dtype=object),
    ):
        with pytest.raises(InvalidQueryError, match=r"1 wrong of 2: row 1 .*dropna"):
            check_object_ids(values)
    assert check_object_ids(pandas.Series([COW, None], dtype="Int64").dropna()) == [COW]
    with pytest.raises(InvalidQueryError, match=r"one dimension, got 2.*column of ids"):
        check_object_ids(pandas.DataFrame({"atlas_id": [COW]}))


SPOILT = [
    "1.1616002112216049e18",
    "1161600211221604900.0",
    "1.16E+18",
    "1e18",
    "-1.5",
    ".5e19",
    1.16e18,
    np.float64(1.16e18),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=repr)
def test_numbers_that_may_have_lost_digits(spoilt):
    with pytest.raises(InvalidQueryTypeError, match=r"digits.*'Int64'"):
        check_object_ids(spoilt)
    with pytest.raises(InvalidQueryTypeError, match=r"1 wrong of 3: row 2 \(.*'Int64'"):
        check_object_ids([COW, "2018cow", spoilt])


def test_many_wrong_rows_are_counted():
    with pytest.raises(InvalidQueryError, match=r"got 50 wrong of 100: row 50 .* row 54 \(float \(nan\)\) and 45 more"):
        check_object_ids([COW] * 50 + [np.nan] * 50)


@pytest.mark.parametrize("invalid", [np.array([float(COW)]), [COW, None], [COW, 1.5]])
def test_one_invalid_id_of_several(invalid):
    with pytest.raises(InvalidQueryTypeError):
        check_object_ids(invalid)


def test_a_masked_id_is_an_error():
    with pytest.raises(InvalidQueryError, match="masked"):
        check_object_ids(MaskedColumn([COW, COW], mask=[False, True]))


@pytest.mark.parametrize("invalid", [Table({"atlas_id": [COW]}), Table({"atlas_id": [COW]})[0], str(COW).encode()])
def test_a_table_or_bytes_are_an_error(invalid):
    with pytest.raises(InvalidQueryTypeError):
        check_object_ids(invalid)


def test_two_dimensions_are_an_error():
    with pytest.raises(InvalidQueryError, match="one dimension"):
        check_object_ids(np.full((2, 2), COW))


def test_position_of_at2018cow():
    ra, dec = positions_from_ids([COW])
    np.testing.assert_allclose(ra, 15 * (16 + 16 / 60 + 0.21 / 3600), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dec, 22 + 16 / 60 + 4.9 / 3600, rtol=0, atol=1e-12)


def test_positions_in_the_south_and_ids_without_position():
    ra, dec = positions_from_ids([1000000000000009700, 1235959990895959900, 1246000001000000000, 2**63 - 1])
    np.testing.assert_allclose(dec[:2], [-9.7 / 3600, -(89 + 59 / 60 + 59.9 / 3600)], atol=1e-7)
    np.testing.assert_allclose(ra[1], 359.99995833, atol=1e-7)
    assert np.isnan(ra[2:]).all()
    assert np.isnan(dec[2:]).all()


@given(ra=st.floats(0, 360, exclude_max=True), dec=st.floats(-89.99, 89.99), counter=st.integers(0, 99))
def test_an_id_built_from_a_position_gives_it_back(ra, dec, counter):
    hundredths, tenths = int(ra / 15 * 3600 * 100) % 8640000, int(abs(dec) * 3600 * 10)
    hms = f"{hundredths // 360000:02d}{hundredths // 6000 % 60:02d}{hundredths % 6000:04d}"
    dms = f"{tenths // 36000:02d}{tenths // 600 % 60:02d}{tenths % 600:03d}"
    decoded = positions_from_ids([int(f"1{hms}{int(dec >= 0)}{dms}{counter:02d}")])
    # Truncation: at most 0.15 arcsec in RA and 0.1 arcsec in Dec.
    assert abs((decoded[0][0] - ra + 180) % 360 - 180) * 3600 <= 0.1501
    assert abs(decoded[1][0] - dec) * 3600 <= 0.1001


def test_positions_of_the_real_recordings(shared_data):
    for path in sorted((shared_data / "recordings").glob("objects_*.json")):
        record = json.loads(path.read_text())[0]["object"]
        ra, dec = positions_from_ids([record["id"]])
        published = SkyCoord(record["ra"], record["dec"], unit="deg")
        assert SkyCoord(ra, dec, unit="deg").separation(published)[0] < 3 * u.arcsec


def test_positions_of_every_recorded_list_row(shared_data):
    """The ids of a recorded list contain its positions; its sky is synthetic."""
    rows = json.loads((shared_data / "recorded" / "objectlist_02.json").read_text())["body"]
    ra, dec = positions_from_ids([row["id"] for row in rows])
    sent_positions = SkyCoord([row["ra"] for row in rows], [row["dec"] for row in rows], unit="deg")
    assert (SkyCoord(ra, dec, unit="deg").separation(sent_positions) < 3 * u.arcsec).all()
    assert len(rows) > 0


def test_the_published_id_of_at2018cow(shared_data):
    with open(shared_data / "objects" / "at2018cow_atlas_points.csv") as file:
        row = next(csv.DictReader(file))
    ra, dec = positions_from_ids([COW])
    published = SkyCoord(float(row["ra_deg"]), float(row["dec_deg"]), unit="deg")
    assert SkyCoord(ra, dec, unit="deg").separation(published)[0] < 0.2 * u.arcsec


@pytest.mark.parametrize("number", [pytest.param(10**5000, id="huge"), pytest.param(-(10**5000), id="negative")])
def test_huge_integers_are_no_ids(number):
    with pytest.raises(InvalidQueryError, match="19 digits"):
        check_id(number)

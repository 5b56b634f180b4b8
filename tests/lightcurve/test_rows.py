# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows that are added to a light curve: what is not given is masked, and the curve can be written."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import EarthLocation
from astropy.table import MaskedColumn
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurve


def test_columns_that_are_not_given_are_masked(lc, tmp_path):
    lc.add_row({"time": Time(58300.5, format="mjd"), "flux": 3 * u.uJy})
    assert (lc.time.mjd[-1], lc["flux"][-1]) == (58300.5, 3 * u.uJy)
    assert [name for name in lc.colnames if not np.all(getattr(lc[name][-1], "mask", False))] == ["time", "flux"]
    lc.write(tmp_path / "curve.ecsv")
    restored = LightCurve.read(tmp_path / "curve.ecsv")
    assert restored["band"].tolist()[-1] is None
    assert restored["date_inserted"].mask[-1]
    assert restored["flux"].info.description == lc["flux"].info.description


@pytest.mark.parametrize("index", [0, 3, -1, 8])
def test_a_row_is_inserted_before_another(lc, index):
    flux, unmasked = lc["flux"].filled(-1 * u.uJy).value.tolist(), lc["band"].tolist()
    lc.insert_row(index, {"time": 58290.0, "flux": 0.003 * u.mJy, "band": "orange", "limiting_mag": True})
    flux.insert(index, 3.0)
    unmasked.insert(index, "orange")
    assert lc["flux"].filled(-1 * u.uJy).value.tolist() == pytest.approx(flux)
    assert lc["band"].tolist() == unmasked
    assert len(lc.loc[Time(58290.0, format="mjd")]) == 2  # the index is that of the new rows; one had this time


@pytest.mark.parametrize("time", ["2018-07-01", 58300, Time("2018-07-01"), np.datetime64("2018-07-01")])
def test_times_of_any_kind(curve, time):
    curve.add_row({"time": time})
    assert curve.time.mjd[-1] == 58300
    assert curve.time.format == "mjd"


def test_values_in_the_order_of_the_columns(curve):
    curve.add_row(["2026-11-01", "c", "forced", 1 * u.uJy, 0.001 * u.mJy, None])
    assert curve["flux_err"][-1] == 1 * u.uJy
    assert curve["chi_n"].tolist()[-1] is None
    curve.add_row(
        ("2026-11-01", "c", "forced", 1 * u.uJy, 1 * u.uJy, 2.0), mask=[False, True, False, False, False, False]
    )
    assert curve["band"].tolist()[-1] is None
    curve.add_row(curve[0])
    assert curve["flux"][-1] == curve["flux"][0]


def test_a_curve_without_masks_gets_them():
    lc = LightCurve(time=["2026-11-01"], data={"n": [1], "flux": [2.0] * u.uJy, "when": Time(["2026-11-01"])})
    lc.add_row({"time": "2026-11-02"})
    assert lc["n"].tolist() == [1, None]
    assert (lc["flux"].mask.tolist(), lc["when"].mask.tolist()) == ([False, True], [False, True])


def test_ids_keep_their_digits(lc):
    lc.add_row({"time": 58300.0, "atlas_id": 1161600211221604901})
    assert lc["atlas_id"].tolist()[-1] == 1161600211221604901
    assert lc["atlas_id"].dtype == np.int64


def test_times_with_a_location_and_another_scale():
    site = EarthLocation.from_geodetic(-156 * u.deg, 20 * u.deg)
    lc = LightCurve(time=Time([61000.0], format="mjd", scale="tdb", location=site), data={"n": [1]})
    lc.add_row({"time": "2026-11-01", "n": 2})
    assert (lc.time.scale, lc.time.utc.iso[1]) == ("tdb", "2026-11-01 00:00:00.000")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"flux": 3 * u.uJy}, "`vals` must have a time"),
        ({"time": None}, "`vals` must have a time"),
        ({"time": 61000.0, "fluxx": 3}, "no column 'fluxx'; did you mean 'flux'"),
        ({"time": 61000.0, "flux": 3}, r"unit such as uJy for column 'flux', got int \(3\)"),
        ({"time": 61000.0, "flux": 3 * u.mag}, "unit such as uJy for column 'flux'"),
        ({"time": 61000.0, "flux": "bright"}, "unit such as uJy for column 'flux'"),
        ({"time": 61000.0, "band": 5}, "column 'band'"),
        ({"time": 61000.0, "n": 2.5}, "column 'n'"),
        ({"time": 61000.0, "n": True}, "column 'n'"),
        ({"time": "yesterday"}, "column 'time'"),
        (["2026-11-01"], "one value for each of 7 columns, got 1"),
    ],
)
def test_invalid_values_are_named_and_change_nothing(curve, values, message):
    curve["n"] = MaskedColumn([1, 2, 3, 4])
    with pytest.raises(InvalidInputError, match=message):
        curve.add_row(values)
    assert len(curve) == len(curve["flux"]) == 4


@pytest.mark.parametrize("values", [None, 5, "2026-11-01"])
def test_values_of_another_type(curve, values):
    with pytest.raises(InvalidTypeError, match=r"`vals`.*dict, list or tuple"):
        curve.add_row(values)


def test_a_row_outside_raises_an_index_error(curve):
    with pytest.raises(IndexError, match="`index` must be -4 to 4, got 9"):
        curve.insert_row(9, {"time": 61000.0})


def test_columns_can_still_be_added(curve):
    curve.add_row({"time": 61010.0})
    curve["new"] = np.arange(5)
    curve.add_column([1.0] * 5, name="newer")
    assert curve.colnames[-2:] == ["new", "newer"]
    assert len(curve.bin_nightly()) == 3


def test_a_part_of_a_curve_is_changed_alone(lc):
    for part in (lc[2:5], lc.forced, lc["time", "flux"]):
        n_rows = len(part)
        part.add_row({"time": 58300.0})
        assert len(part) == n_rows + 1
        assert len(part.loc[Time(58299.0, format="mjd") : Time(58301.0, format="mjd")]) == 1
    assert len(lc) == len(lc["flux"]) == 8

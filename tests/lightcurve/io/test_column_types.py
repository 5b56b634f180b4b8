# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns and meta of the user's own in files: what comes back, and what is refused."""

import json
import re

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import EarthLocation
from astropy.table import MaskedColumn, Table
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

SMALLEST, LARGEST = -(2**63), 2**63 - 1
NULL_OF_ASTROPY = 999999
INTEGERS = [SMALLEST, SMALLEST + 2, NULL_OF_ASTROPY, -1, 0, 1, LARGEST - 1, LARGEST]


def again(lc, file):
    format_, path = file
    lc.write(path, format=format_, overwrite=True)
    return LightCurve.read(path, format=format_)


@pytest.mark.parametrize("masked", [[], [3], [3, 4], range(8)])
@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.int16, bool])
def test_integers_of_all_sizes(lc, file, dtype, masked):
    info = np.iinfo(dtype) if dtype is not bool else np.iinfo(np.uint8)
    values = np.clip(np.array(INTEGERS, dtype=object), info.min, min(info.max, LARGEST)).astype(dtype)
    mask = np.isin(np.arange(8), masked)
    lc["whole"] = MaskedColumn(values, mask=mask)
    back = again(lc, file)["whole"]
    assert back.mask.tolist() == mask.tolist()
    assert back[~mask].tolist() == values[~mask].tolist()


def test_other_programs_see_which_integers_are_null(lc, tmp_path):
    lc["whole"] = MaskedColumn(INTEGERS, mask=np.arange(8) == 4)
    lc["flags"] = MaskedColumn([True, False] * 4, mask=np.arange(8) == 4)
    lc.write(tmp_path / "curve.fits")
    table = Table.read(tmp_path / "curve.fits")
    assert table["whole"].tolist() == [*INTEGERS[:4], None, *INTEGERS[5:]]
    assert table["flags"].tolist() == [1, 0, 1, 0, None, 0, 1, 0]


def test_what_does_not_fit_64_bits_is_refused(lc, file):
    lc["whole"] = np.array([1] * 7 + [2**63], dtype=np.uint64)
    with pytest.raises(InvalidInputError, match=r"Column 'whole' cannot be written: .*64 bits"):
        again(lc, file)


def test_whole_quantities(lc, file):
    lc["whole"] = u.Quantity([1, 2, 3, 2**53 + 1] * 2, u.pix, dtype=int)
    back = again(lc, file)["whole"]
    assert (back.unit, back.dtype) == (u.pix, np.int64)
    assert back.unmasked.value.tolist() == [1, 2, 3, 2**53 + 1] * 2


@pytest.mark.parametrize(
    "time",
    [
        Time(["2026-11-01T00:00:00.123456789", "2026-11-02"] * 4, scale="tdb", precision=9),
        Time([61000.25, 61001.5] * 4, format="mjd", scale="tai"),
        Time([2461000.5, 2461001.0] * 4, format="jd", scale="utc"),
        Time([1.7e9 + 0.123456, 1.7e9] * 4, format="unix"),
        Time([61000.25] * 8, format="mjd", location=EarthLocation.from_geodetic(-156, 20, 3000)),
    ],
)
def test_times_of_the_user(lc, file, time):
    lc["seen"] = time
    lc["sometimes"] = time.copy()
    lc["sometimes"][3] = np.ma.masked
    lc = LightCurve(time=time, data=lc[[name for name in lc.colnames if name != "time"]])
    back = again(lc, file)
    assert np.abs((back["seen"] - time).to_value(u.ns)).max() < 1
    assert np.abs((back.time - time).to_value(u.us)).max() < 1  # which a float MJD can hold
    assert back["sometimes"].mask.tolist() == [False] * 3 + [True] + [False] * 4
    for name in ("seen", "sometimes", "time"):
        assert (back[name].scale, back[name].format) == (time.scale, time.format)
        assert back[name].precision == time.precision
        assert str(back[name].location) == str(time.location)


@pytest.mark.filterwarnings("ignore:ERFA function")  # the years are dubious
@pytest.mark.parametrize(
    "time",
    [
        Time([5e6] * 8, format="mjd"),
        Time([-2e6] * 8, format="mjd"),
        Time([61000.0] * 8, format="mjd", scale="local"),
        Time(np.full((8, 2), 61000.0), format="mjd"),
        Time([61000.0] * 8, format="mjd", location=EarthLocation.from_geodetic(np.arange(8), 20)),
    ],
)
def test_times_that_a_file_cannot_hold_are_refused(lc, file, time):
    lc["seen"] = time
    with pytest.raises(InvalidInputError, match="Column 'seen' cannot be written"):
        again(lc, file)


@pytest.mark.parametrize("unit", [u.ABmag, u.mag(u.ct), u.def_unit("spoon")])
def test_units_that_no_file_has_are_refused(lc, file, unit):
    lc["mine"] = np.arange(8.0) * unit
    with pytest.raises(InvalidInputError, match="Column 'mine' cannot be written"):
        again(lc, file)
    assert not file[1].exists()


@pytest.mark.parametrize("unit", [u.dex, u.hourangle, u.electron / u.s])
def test_units_come_back_or_are_refused(lc, file, unit):
    lc["mine"] = np.arange(8.0) * unit
    if file[0] in ("ascii.ecsv", "parquet") or (file[0], unit) == ("votable", u.hourangle):
        assert again(lc, file)["mine"].unit == unit
        return
    with pytest.raises(InvalidInputError, match="Column 'mine' cannot be written: the format has no unit"):
        again(lc, file)
    assert not file[1].exists()


@pytest.mark.filterwarnings("ignore:.*W03")  # VOTable has ASCII only in the ids of columns, beside their names
@pytest.mark.parametrize("name", ["two\nlines", " blank", "µ"])
def test_names_come_back_or_are_refused(lc, file, name):
    lc[name] = np.arange(8.0)
    if (name, file[0]) in [("µ", "ascii.ecsv"), ("µ", "votable"), ("µ", "parquet")]:
        assert again(lc, file)[name].tolist() == list(range(8))
        return
    with pytest.raises(InvalidInputError, match=re.escape(repr(name))):
        again(lc, file)
    assert not file[1].exists()


def test_what_astropy_refuses_leaves_an_old_file_as_it_was(lc, tmp_path):
    lc.write(tmp_path / "curve.fits")
    before = (tmp_path / "curve.fits").read_bytes()
    lc["µ"] = np.arange(8.0)
    with pytest.raises(InvalidInputError):
        lc.write(tmp_path / "curve.fits", overwrite=True)
    assert (tmp_path / "curve.fits").read_bytes() == before


@pytest.mark.parametrize(
    "meta", [{"odd": 3 * u.m}, {"odd": [1, 2] * u.m}, {"odd": {1: 2}}, {1: 2}, {"odd": [{None: 1}]}, {"odd": {1}}]
)
def test_a_meta_that_would_be_spoiled_is_refused(lc, file, meta):
    lc.meta.update(meta)
    with pytest.raises(InvalidInputError, match="The meta of the light curve cannot be written"):
        again(lc, file)
    assert not file[1].exists()


def test_tuples_in_the_meta_become_lists(lc, file):
    lc.meta["pair"] = (1, (2, 3))
    assert again(lc, file).meta["pair"] == [1, [2, 3]]


@pytest.mark.parametrize(("ending", "key"), [("fits", "ATLASQ"), ("ecsv", "atlasquery")])
def test_files_of_older_versions(make, tmp_path, ending, key):
    """They told of a time and of a date in a word."""
    dates = ["2018-06-17T13:03:29Z", None]
    rows = [make.detection(58285.0 + day, 18.0, date_inserted=date) for day, date in enumerate(dates)]
    lc = LightCurve.from_record(make.record(lc=rows))
    lc.write(tmp_path / f"curve.{ending}")
    table = Table.read(tmp_path / f"curve.{ending}")
    note = json.loads(table.meta[key])
    note["columns"] = {k: v["kind"] if isinstance(v, dict) else v for k, v in note["columns"].items()}
    table.meta[key] = json.dumps(note)
    table.write(tmp_path / f"old.{ending}")
    old = LightCurve.read(tmp_path / f"old.{ending}")
    assert old.time.mjd.tolist() == lc.time.mjd.tolist()
    assert old["date_inserted"].scale == "utc"
    assert old["date_inserted"][0] == Time("2018-06-17T13:03:29", scale="utc")
    assert old["date_inserted"].mask.tolist() == [False, True]


def test_a_file_that_has_lost_a_column(lc, tmp_path):
    lc.write(tmp_path / "curve.fits")
    table = Table.read(tmp_path / "curve.fits")
    table.remove_column("band")
    table.write(tmp_path / "less.fits")
    with pytest.raises(UnreadableFileError, match=r"has the columns time, kind, .* expected are time, band, kind"):
        LightCurve.read(tmp_path / "less.fits")


def test_what_astropy_does_not_write(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"cannot be written as ascii\.ecsv: .*delimiter"):
        lc.write(tmp_path / "curve.ecsv", delimiter=";")
    assert not list(tmp_path.iterdir())

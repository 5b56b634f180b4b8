# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns and meta of the user in files: round trips, and errors for unsupported ones."""

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


def write_and_read(lc, file):
    format_, path = file
    lc.write(path, format=format_, overwrite=True)
    return LightCurve.read(path, format=format_)


@pytest.mark.parametrize("masked_rows", [[], [3], [3, 4], range(8)])
@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.int16, bool])
def test_integers_of_all_sizes_are_exact(lc, file, dtype, masked_rows):
    info = np.iinfo(dtype) if dtype is not bool else np.iinfo(np.uint8)
    values = np.clip(np.array(INTEGERS, dtype=object), info.min, min(info.max, LARGEST)).astype(dtype)
    mask = np.isin(np.arange(8), masked_rows)
    lc["whole"] = MaskedColumn(values, mask=mask)
    restored = write_and_read(lc, file)["whole"]
    assert restored.mask.tolist() == mask.tolist()
    assert restored[~mask].tolist() == values[~mask].tolist()


def test_null_integers_are_masked_for_other_programs(lc, tmp_path):
    lc["whole"] = MaskedColumn(INTEGERS, mask=np.arange(8) == 4)
    lc["flags"] = MaskedColumn([True, False] * 4, mask=np.arange(8) == 4)
    lc.write(tmp_path / "curve.fits")
    table = Table.read(tmp_path / "curve.fits")
    assert table["whole"].tolist() == [*INTEGERS[:4], None, *INTEGERS[5:]]
    assert table["flags"].tolist() == [1, 0, 1, 0, None, 0, 1, 0]


def test_integers_above_64_bits_raise_an_error(lc, file):
    lc["whole"] = np.array([1] * 7 + [2**63], dtype=np.uint64)
    with pytest.raises(InvalidInputError, match=r"column 'whole'.*64 bits"):
        write_and_read(lc, file)


def test_integer_quantities_are_exact(lc, file):
    lc["whole"] = u.Quantity([1, 2, 3, 2**53 + 1] * 2, u.pix, dtype=int)
    restored = write_and_read(lc, file)["whole"]
    assert (restored.unit, restored.dtype) == (u.pix, np.int64)
    assert restored.unmasked.value.tolist() == [1, 2, 3, 2**53 + 1] * 2


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
def test_times_of_the_user_are_kept(lc, file, time):
    lc["seen"] = time
    lc["sometimes"] = time.copy()
    lc["sometimes"][3] = np.ma.masked
    lc = LightCurve(time=time, data=lc[[name for name in lc.colnames if name != "time"]])
    restored = write_and_read(lc, file)
    assert np.abs((restored["seen"] - time).to_value(u.ns)).max() < 1
    assert np.abs((restored.time - time).to_value(u.us)).max() < 1  # the precision of a float MJD
    assert restored["sometimes"].mask.tolist() == [False] * 3 + [True] + [False] * 4
    for name in ("seen", "sometimes", "time"):
        assert (restored[name].scale, restored[name].format) == (time.scale, time.format)
        assert restored[name].precision == time.precision
        assert str(restored[name].location) == str(time.location)


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
def test_unsupported_times_raise_an_error(lc, file, time):
    lc["seen"] = time
    with pytest.raises(InvalidInputError, match="column 'seen'"):
        write_and_read(lc, file)


@pytest.mark.parametrize("unit", [u.ABmag, u.mag(u.ct), u.def_unit("spoon")])
def test_unsupported_units_raise_an_error(lc, file, unit):
    lc["custom"] = np.arange(8.0) * unit
    with pytest.raises(InvalidInputError, match="column 'custom'"):
        write_and_read(lc, file)
    assert not file[1].exists()


@pytest.mark.parametrize("unit", [u.dex, u.hourangle, u.electron / u.s])
def test_units_are_kept_or_raise_an_error(lc, file, unit):
    lc["custom"] = np.arange(8.0) * unit
    if file[0] in ("ascii.ecsv", "parquet") or (file[0], unit) == ("votable", u.hourangle):
        assert write_and_read(lc, file)["custom"].unit == unit
        return
    with pytest.raises(InvalidInputError, match=re.escape(f"column 'custom': {file[0]} has no unit {unit}")):
        write_and_read(lc, file)
    assert not file[1].exists()


@pytest.mark.filterwarnings("ignore:.*W03")  # ids of columns in VOTable must be ASCII
@pytest.mark.parametrize("name", ["two\nlines", " blank", "µ"])
def test_column_names_are_kept_or_raise_an_error(lc, file, name):
    lc[name] = np.arange(8.0)
    if (name, file[0]) in [("µ", "ascii.ecsv"), ("µ", "votable"), ("µ", "parquet")]:
        assert write_and_read(lc, file)[name].tolist() == list(range(8))
        return
    with pytest.raises(InvalidInputError, match=re.escape(repr(name))):
        write_and_read(lc, file)
    assert not file[1].exists()


def test_error_of_a_writer_does_not_change_an_existing_file(lc, tmp_path):
    lc.write(tmp_path / "curve.fits")
    before = (tmp_path / "curve.fits").read_bytes()
    lc["µ"] = np.arange(8.0)
    with pytest.raises(InvalidInputError):
        lc.write(tmp_path / "curve.fits", overwrite=True)
    assert (tmp_path / "curve.fits").read_bytes() == before


@pytest.mark.parametrize(
    "meta", [{"odd": 3 * u.m}, {"odd": [1, 2] * u.m}, {"odd": {1: 2}}, {1: 2}, {"odd": [{None: 1}]}, {"odd": {1}}]
)
def test_meta_that_would_change_raises_an_error(lc, file, meta):
    lc.meta.update(meta)
    with pytest.raises(InvalidInputError, match="`meta`"):
        write_and_read(lc, file)
    assert not file[1].exists()


def test_tuples_in_the_meta_become_lists(lc, file):
    lc.meta["pair"] = (1, (2, 3))
    assert write_and_read(lc, file).meta["pair"] == [1, [2, 3]]


@pytest.mark.parametrize(("suffix", "key"), [("fits", "ATLASQ"), ("ecsv", "atlasquery")])
def test_files_of_older_versions_are_read(make, tmp_path, suffix, key):
    """Their notes had a string for times and dates, without scale and format."""
    dates = ["2018-06-17T13:03:29Z", None]
    rows = [make.detection(58285.0 + day, 18.0, date_inserted=date) for day, date in enumerate(dates)]
    lc = LightCurve.from_record(make.record(lc=rows))
    lc.write(tmp_path / f"curve.{suffix}")
    table = Table.read(tmp_path / f"curve.{suffix}")
    note = json.loads(table.meta[key])
    note["columns"] = {k: v["kind"] if isinstance(v, dict) else v for k, v in note["columns"].items()}
    table.meta[key] = json.dumps(note)
    table.write(tmp_path / f"old.{suffix}")
    old = LightCurve.read(tmp_path / f"old.{suffix}")
    assert old.time.mjd.tolist() == lc.time.mjd.tolist()
    assert old["date_inserted"].scale == "utc"
    assert old["date_inserted"][0] == Time("2018-06-17T13:03:29", scale="utc")
    assert old["date_inserted"].mask.tolist() == [False, True]


def test_missing_column_raises_an_error(lc, tmp_path):
    lc.write(tmp_path / "curve.fits")
    table = Table.read(tmp_path / "curve.fits")
    table.remove_column("band")
    table.write(tmp_path / "less.fits")
    with pytest.raises(UnreadableFileError, match="'band'") as caught:
        LightCurve.read(tmp_path / "less.fits")
    assert (caught.value.filename, caught.value.column) == (str(tmp_path / "less.fits"), "band")


def test_invalid_argument_of_a_writer_raises_an_error(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"ascii\.ecsv.*delimiter"):
        lc.write(tmp_path / "curve.ecsv", delimiter=";")
    assert not list(tmp_path.iterdir())

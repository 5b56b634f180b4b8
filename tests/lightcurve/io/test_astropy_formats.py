# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""ECSV, FITS, VOTable, Parquet: what goes in comes out."""

import gzip
import sys

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io.votable.tree import VOTableFile
from astropy.table import MaskedColumn, QTable
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve


def values(column):
    """Return a column as a list, exact, None where it is masked."""
    if isinstance(column, Time):
        column = column.mjd if column.format == "mjd" else column.isot
    mask = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    data = np.asarray(getattr(column, "unmasked", column))
    return [None if null else value for value, null in zip(data.tolist(), mask, strict=True)]


def assert_same(again, lc):
    assert type(again) is LightCurve
    assert again.colnames == lc.colnames
    assert again.meta == lc.meta
    for name in lc.colnames:
        ours, theirs = lc[name], again[name]
        expected = values(ours)
        if getattr(ours, "dtype", np.dtype(float)).kind == "U":
            expected = [value or None for value in expected]
        assert values(theirs) == expected, name
        assert type(theirs) is type(ours), name
        assert theirs.info.description == ours.info.description, name
        assert getattr(theirs, "unit", None) == getattr(ours, "unit", None), name
        if not isinstance(ours, Time):
            assert theirs.dtype.kind == ours.dtype.kind, name
            assert theirs.dtype.kind == "U" or theirs.dtype == ours.dtype, name


def test_the_ending_tells_the_format(lc, file):
    _, path = file
    lc.write(path)
    assert_same(LightCurve.read(path), lc)
    lc.write(path, overwrite=True)


@pytest.mark.parametrize("rows", [slice(0, 0), slice(0, 1)])
def test_few_rows(lc, file, rows):
    format_, path = file
    lc[rows].write(path, format=format_)
    assert_same(LightCurve.read(path, format=format_), lc[rows])


def test_what_follows_from_a_light_curve(lc, file):
    format_, path = file
    made = lc.flag(lc["kind"] == "limit").at_significance(3).combined()
    made.write(path, format=format_)
    again = LightCurve.read(path, format=format_)
    assert_same(again, made)
    assert len(again.good()) == 6
    lc.bin_nightly().write(path, format=format_, overwrite=True)
    assert_same(LightCurve.read(path, format=format_), lc.bin_nightly())


def test_dates_and_ids(make, file):
    format_, path = file
    lc = LightCurve.from_record(
        make.record(
            lc=[
                make.detection(58285.123456789, 18.0, date_inserted="2018-06-17T13:03:29Z"),
                make.detection(58286.0, 18.0, date_inserted=None, id=None),
            ]
        )
    )
    lc.write(path, format=format_)
    again = LightCurve.read(path, format=format_)
    assert again["date_inserted"][0] == Time("2018-06-17T13:03:29", scale="utc")
    assert again["date_inserted"].mask.tolist() == [False, True]
    assert again["atlas_id"].tolist() == [1161600211221604900, None]
    assert again["atlas_id"].dtype == np.int64
    assert again.time.mjd[0] == 58285.123456789


def test_a_table_reads_it_too(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    table = QTable.read(path, format=format_)
    assert len(table) == len(lc)
    assert table["flux"].unit == u.uJy
    assert table["flux"].info.description == lc["flux"].info.description
    time = table["time"]
    assert np.allclose(time.mjd if isinstance(time, Time) else np.asarray(getattr(time, "value", time)), lc.time.mjd)


def test_columns_of_the_user(lc, file):
    format_, path = file
    lc["mine"] = np.arange(8.0)
    lc["plain"] = np.arange(8) * u.km
    lc["flags"] = MaskedColumn([True, False] * 4, mask=[False] * 7 + [True])
    lc["words"] = ["ä" if format_ != "fits" else "a", "b", "", "d"] * 2
    lc.write(path, format=format_)
    again = LightCurve.read(path, format=format_)
    assert again["mine"].tolist() == list(range(8))
    assert again["plain"].unit == u.km
    assert values(again["flags"]) == [True, False] * 3 + [True, None]
    assert values(again["words"]) == ["ä" if format_ != "fits" else "a", "b", None, "d"] * 2


def test_fits_has_ascii_only(lc, tmp_path):
    lc["words"] = ["ä"] * 8
    with pytest.raises(InvalidInputError, match="column 'words' has other letters"):
        lc.write(tmp_path / "curve.fits")


def test_a_file_that_is_there_stays(lc, file):
    format_, path = file
    path.write_text("mine")
    with pytest.raises(OSError, match="overwrite"):
        lc.write(path, format=format_)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("column", [SkyCoord([1] * 8, [2] * 8, unit="deg"), np.array([None] * 8), np.zeros((8, 2))])
def test_what_a_file_cannot_hold_is_refused(lc, file, column):
    format_, path = file
    lc["odd"] = column
    with pytest.raises(InvalidInputError, match="Column 'odd' cannot be written"):
        lc.write(path, format=format_)
    assert not path.exists()


def test_a_meta_that_a_file_cannot_hold_is_refused(lc, file):
    format_, path = file
    lc.meta["odd"] = object()
    with pytest.raises(InvalidInputError, match="meta"):
        lc.write(path, format=format_)


def test_numbers_of_numpy_in_the_meta(lc, file):
    format_, path = file
    lc.meta |= {"n": np.int64(1161600211221604900), "list": np.arange(2)}
    lc.write(path, format=format_)
    meta = LightCurve.read(path, format=format_).meta
    assert (meta["n"], meta["list"]) == (1161600211221604900, [0, 1])


def test_a_damaged_note(lc, tmp_path):
    lc.write(tmp_path / "curve.ecsv")
    text = (tmp_path / "curve.ecsv").read_text()
    start = text.index("atlasquery: '{")
    (tmp_path / "curve.ecsv").write_text(text[: start + 13] + "[" + text[start + 14 :])
    with pytest.raises(UnreadableFileError, match="What atlasquery wrote"):
        LightCurve.read(tmp_path / "curve.ecsv")


def test_other_formats_of_astropy(lc, tmp_path):
    lc["time", "band", "exptime"].write(tmp_path / "curve.csv", format="ascii.csv")
    again = LightCurve.read(tmp_path / "curve.csv", format="ascii.csv", time_column="time", time_format="mjd")
    assert type(again) is LightCurve
    assert again["band"].tolist() == lc["band"].tolist()


def test_a_format_that_is_not_clear(lc, tmp_path):
    with pytest.raises(InvalidInputError, match="not clear"):
        lc.write(tmp_path / "curve.txt")
    (tmp_path / "curve.txt").write_text("what?")
    with pytest.raises(InvalidInputError, match="not clear"):
        LightCurve.read(tmp_path / "curve.txt")


def test_a_text_called_csv_is_what_it_is(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"not clear.*ascii\.csv"):
        lc.write(tmp_path / "curve.csv")  # which would lose units and more, so that it has to be asked for
    lc.forced.write(tmp_path / "curve.csv", format="snana")
    assert LightCurve.read(tmp_path / "curve.csv")["kind"].tolist() == ["forced"] * 2


@pytest.mark.parametrize("name", ["curve.txt", "curve.csv"])
def test_an_empty_file(tmp_path, name):
    (tmp_path / name).write_text("\n")
    with pytest.raises(UnreadableFileError, match=f"{name} is empty"):
        LightCurve.read(tmp_path / name)


def test_a_format_that_there_is_not(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"no format 'eecsv'\. There are ascii\.ecsv, fits"):
        lc.write(tmp_path / "curve.txt", format="eecsv")
    lc.write(tmp_path / "curve.ecsv")
    with pytest.raises(InvalidInputError, match=r"no format 'eecsv'\. There are ascii\.ecsv, fits"):
        LightCurve.read(tmp_path / "curve.ecsv", format="eecsv")


@pytest.mark.parametrize("name", ["curve.fits.txt", "curve.ecsv.old", "fits", ".fits.txt.gz"])
def test_only_the_last_ending_tells_the_format(lc, tmp_path, name):
    with pytest.raises(InvalidInputError, match="not clear"):
        lc.write(tmp_path / name)
    assert not list(tmp_path.iterdir())
    lc.forced.write(tmp_path / name, format="snana")
    assert len(LightCurve.read(tmp_path / name)) == 2


def test_the_format_of_an_open_file_has_to_be_said(lc, tmp_path):
    lc.write(tmp_path / "curve.ecsv")
    with (tmp_path / "curve.ecsv").open("rb") as opened, pytest.raises(InvalidInputError, match="not clear"):
        LightCurve.read(opened)
    with (tmp_path / "new.ecsv").open("w") as opened, pytest.raises(InvalidInputError, match="not clear"):
        lc.write(opened)


def test_a_votable_without_a_table(tmp_path):
    VOTableFile().to_xml(str(tmp_path / "curve.vot"))
    with pytest.raises(UnreadableFileError, match="There is no table in "):
        LightCurve.read(tmp_path / "curve.vot")


def test_a_file_that_is_not_there(file):
    format_, path = file
    with pytest.raises(OSError, match=str(path)):
        LightCurve.read(path, format=format_)


def test_a_compressed_file(lc, file):
    _, path = file
    name = path.with_name(f"{path.name}.gz")
    lc.write(name)
    assert_same(LightCurve.read(name), lc)
    lc.write(path)
    assert LightCurve.read(path).colnames == lc.colnames
    assert gzip.decompress(name.read_bytes())[:80] == path.read_bytes()[:80]


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_a_compressed_text(lc, tmp_path, format_):
    lc.forced.write(tmp_path / "curve.txt.gz", format=format_)
    assert len(gzip.decompress((tmp_path / "curve.txt.gz").read_bytes()).splitlines()) > 2
    assert len(LightCurve.read(tmp_path / "curve.txt.gz")) >= 2


@pytest.mark.parametrize(("ending", "format_"), [("ecsv.bz2", None), ("txt.xz", "snana"), ("csv.gz", "ascii.csv")])
def test_a_compression_that_is_not_made_is_refused(lc, tmp_path, ending, format_):
    with pytest.raises(InvalidInputError, match="promises a compression"):
        lc.write(tmp_path / f"curve.{ending}", format=format_)
    assert not list(tmp_path.iterdir())


def test_what_parquet_needs(lc, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for use in (lc.write, LightCurve.read):
        with pytest.raises(ImportError, match="needs pyarrow: pip install"):
            use(tmp_path / "curve.parquet")


def test_open_files(lc, file):
    format_, path = file
    is_text = format_ == "ascii.ecsv"
    with path.open("w" if is_text else "wb", **({"encoding": "utf-8", "newline": ""} if is_text else {})) as opened:
        lc.write(opened, format=format_)
    assert_same(LightCurve.read(path), lc)
    with path.open("rb") as opened:
        assert_same(LightCurve.read(opened, format=format_), lc)

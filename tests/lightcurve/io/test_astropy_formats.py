# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Round trips through ECSV, FITS, VOTable, Parquet and HDF5, and formats of files."""

import gzip
import io
import subprocess
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

FORMATS = {"ascii.ecsv": "ecsv", "fits": "fits", "votable": "vot", "parquet": "parquet", "hdf5": "h5"}
LIBRARIES = {"parquet": "pyarrow", "hdf5": "h5py"}


@pytest.fixture(params=FORMATS)
def file(request, tmp_path):
    """A format that keeps everything, and a path with its suffix."""
    if request.param in LIBRARIES:
        pytest.importorskip(LIBRARIES[request.param], reason=f"needs {LIBRARIES[request.param]}")
    return request.param, tmp_path / f"curve.{FORMATS[request.param]}"


def exact_values(column):
    """Return a column as a list, None where it is masked."""
    if isinstance(column, Time):
        column = column.mjd if column.format == "mjd" else column.isot
    mask = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    data = np.asarray(getattr(column, "unmasked", column))
    return [None if null else value for value, null in zip(data.tolist(), mask, strict=True)]


def assert_equal(restored, lc):
    assert type(restored) is LightCurve
    assert restored.colnames == lc.colnames
    assert restored.meta == lc.meta
    for name in lc.colnames:
        original, column = lc[name], restored[name]
        expected = exact_values(original)
        if getattr(original, "dtype", np.dtype(float)).kind == "U":
            expected = [value or None for value in expected]
        assert exact_values(column) == expected, name
        assert type(column) is type(original), name
        assert column.info.description == original.info.description, name
        assert getattr(column, "unit", None) == getattr(original, "unit", None), name
        if not isinstance(original, Time):
            assert column.dtype.kind == original.dtype.kind, name
            assert column.dtype.kind == "U" or column.dtype == original.dtype, name


def test_format_is_determined_from_the_suffix(lc, file):
    _, path = file
    lc.write(path)
    assert_equal(LightCurve.read(path), lc)
    lc.write(path, overwrite=True)


@pytest.mark.parametrize("rows", [slice(0, 0), slice(0, 1)])
def test_round_trip_of_no_or_one_row(lc, file, rows):
    format_, path = file
    lc[rows].write(path, format=format_)
    assert_equal(LightCurve.read(path, format=format_), lc[rows])


def test_round_trip_of_derived_light_curves(lc, file):
    format_, path = file
    derived = lc.flag(lc["kind"] == "limit").at_significance(3).combined()
    derived.write(path, format=format_)
    restored = LightCurve.read(path, format=format_)
    assert_equal(restored, derived)
    assert len(restored.good()) == 6
    lc.bin_nightly().write(path, format=format_, overwrite=True)
    assert_equal(LightCurve.read(path, format=format_), lc.bin_nightly())


def test_dates_and_ids_are_exact(make, file):
    format_, path = file
    lc = LightCurve.from_record(
        make.record(
            lc=[
                make.detection(58285.123456789, 18.0, date_inserted="2018-06-17T13:03:29Z"),
                make.detection(58286.0, 18.0, date_inserted=None),
            ]
        )
    )
    lc["atlas_id"].mask[1] = True
    lc.write(path, format=format_)
    restored = LightCurve.read(path, format=format_)
    assert restored["date_inserted"][0] == Time("2018-06-17T13:03:29", scale="utc")
    assert restored["date_inserted"].mask.tolist() == [False, True]
    assert restored["atlas_id"].tolist() == [1161600211221604900, None]
    assert restored["atlas_id"].dtype == np.int64
    assert restored.time.mjd[0] == 58285.123456789


def test_table_reads_the_file(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    table = QTable.read(path, format=format_)
    assert len(table) == len(lc)
    assert table["flux"].unit == u.uJy
    assert table["flux"].info.description == lc["flux"].info.description
    time = table["time"]
    assert np.allclose(time.mjd if isinstance(time, Time) else np.asarray(getattr(time, "value", time)), lc.time.mjd)


def test_columns_of_the_user_are_kept(lc, file):
    format_, path = file
    lc["mine"] = np.arange(8.0)
    lc["plain"] = np.arange(8) * u.km
    lc["flags"] = MaskedColumn([True, False] * 4, mask=[False] * 7 + [True])
    lc["words"] = ["ä" if format_ != "fits" else "a", "b", "", "d"] * 2
    lc.write(path, format=format_)
    restored = LightCurve.read(path, format=format_)
    assert restored["mine"].tolist() == list(range(8))
    assert restored["plain"].unit == u.km
    assert exact_values(restored["flags"]) == [True, False] * 3 + [True, None]
    assert exact_values(restored["words"]) == ["ä" if format_ != "fits" else "a", "b", None, "d"] * 2


def test_fits_strings_must_be_ascii(lc, tmp_path):
    lc["words"] = ["ä"] * 8
    with pytest.raises(InvalidInputError, match=r"column 'words'.*ASCII"):
        lc.write(tmp_path / "curve.fits")


def test_existing_file_is_not_overwritten(lc, file):
    format_, path = file
    path.write_text("old")
    with pytest.raises(OSError, match="overwrite"):
        lc.write(path, format=format_)
    assert path.read_text() == "old"


@pytest.mark.parametrize("column", [SkyCoord([1] * 8, [2] * 8, unit="deg"), np.array([None] * 8), np.zeros((8, 2))])
def test_unsupported_column_types_raise_an_error(lc, file, column):
    format_, path = file
    lc["odd"] = column
    with pytest.raises(InvalidInputError, match="column 'odd'"):
        lc.write(path, format=format_)
    assert not path.exists()


def test_unsupported_meta_raises_an_error(lc, file):
    format_, path = file
    lc.meta["odd"] = object()
    with pytest.raises(InvalidInputError, match="`meta`"):
        lc.write(path, format=format_)


def test_numpy_values_in_the_meta_are_converted(lc, file):
    format_, path = file
    lc.meta |= {"n": np.int64(1161600211221604900), "list": np.arange(2)}
    lc.write(path, format=format_)
    meta = LightCurve.read(path, format=format_).meta
    assert (meta["n"], meta["list"]) == (1161600211221604900, [0, 1])


def test_damaged_note_raises_an_error(lc, tmp_path):
    lc.write(tmp_path / "curve.ecsv")
    text = (tmp_path / "curve.ecsv").read_text()
    start = text.index("atlasquery: '{")
    (tmp_path / "curve.ecsv").write_text(text[: start + 13] + "[" + text[start + 14 :])
    with pytest.raises(UnreadableFileError, match="atlasquery") as caught:
        LightCurve.read(tmp_path / "curve.ecsv")
    assert caught.value.filename == str(tmp_path / "curve.ecsv")
    assert caught.value.value.startswith("[")


def test_other_formats_of_astropy(lc, tmp_path):
    lc["time", "band", "exptime"].write(tmp_path / "curve.csv", format="ascii.csv")
    restored = LightCurve.read(tmp_path / "curve.csv", format="ascii.csv", time_format="mjd", units={"exptime": "s"})
    assert type(restored) is LightCurve
    assert restored["band"].tolist() == lc["band"].tolist()


def test_undetermined_format_raises_an_error(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"curve.txt.*`format`"):
        lc.write(tmp_path / "curve.txt")
    (tmp_path / "curve.txt").write_text("unknown content")
    with pytest.raises(UnreadableFileError, match=r"curve.txt.*got the first line 'unknown content'.*`format`"):
        LightCurve.read(tmp_path / "curve.txt")


def test_first_line_has_priority_over_csv(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"`format`.*curve\.csv.*ascii\.csv"):
        lc.write(tmp_path / "curve.csv")  # needs an explicit format: it would lose units
    lc.forced.write(tmp_path / "curve.csv", format="snana")
    assert LightCurve.read(tmp_path / "curve.csv")["kind"].tolist() == ["forced"] * 2


@pytest.mark.parametrize("name", ["curve.txt", "curve.csv"])
def test_empty_file_raises_an_error(tmp_path, name):
    (tmp_path / name).write_text("\n")
    with pytest.raises(UnreadableFileError, match=f"{name}.*empty") as caught:
        LightCurve.read(tmp_path / name)
    assert caught.value.filename == str(tmp_path / name)


def test_unknown_format_raises_an_error(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"`format`.*ascii\.ecsv, fits.*'eecsv'"):
        lc.write(tmp_path / "curve.txt", format="eecsv")
    lc.write(tmp_path / "curve.ecsv")
    with pytest.raises(InvalidInputError, match=r"`format`.*ascii\.ecsv, fits.*'eecsv'"):
        LightCurve.read(tmp_path / "curve.ecsv", format="eecsv")


@pytest.mark.parametrize("name", ["curve.fits.txt", "curve.ecsv.old", "fits", ".fits.txt.gz"])
def test_only_the_last_suffix_determines_the_format(lc, tmp_path, name):
    with pytest.raises(InvalidInputError, match="`format`"):
        lc.write(tmp_path / name)
    assert not list(tmp_path.iterdir())
    lc.forced.write(tmp_path / name, format="snana")
    assert len(LightCurve.read(tmp_path / name)) == 2


def test_open_file_needs_a_format(lc, tmp_path):
    lc.write(tmp_path / "curve.ecsv")
    with (tmp_path / "curve.ecsv").open("rb") as open_file, pytest.raises(InvalidInputError, match="`format`"):
        LightCurve.read(open_file)
    with (tmp_path / "new.ecsv").open("w") as open_file, pytest.raises(InvalidInputError, match="`format`"):
        lc.write(open_file)


def test_votable_without_a_table_raises_an_error(tmp_path):
    VOTableFile().to_xml(str(tmp_path / "curve.vot"))
    with pytest.raises(UnreadableFileError, match="table") as caught:
        LightCurve.read(tmp_path / "curve.vot")
    assert caught.value.filename == str(tmp_path / "curve.vot")


def test_missing_file_raises_an_os_error(file):
    format_, path = file
    with pytest.raises(OSError, match=str(path)):
        LightCurve.read(path, format=format_)


def test_compressed_file(lc, file):
    _, path = file
    name = path.with_name(f"{path.name}.gz")
    lc.write(name)
    assert_equal(LightCurve.read(name), lc)
    lc.write(path)
    assert LightCurve.read(path).colnames == lc.colnames
    assert gzip.decompress(name.read_bytes())[:40] == path.read_bytes()[:40]


@pytest.mark.filterwarnings("ignore:The fit failed")
@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_compressed_text(lc, tmp_path, format_):
    lc.forced.write(tmp_path / "curve.txt.gz", format=format_)
    assert len(gzip.decompress((tmp_path / "curve.txt.gz").read_bytes()).splitlines()) > 2
    assert len(LightCurve.read(tmp_path / "curve.txt.gz")) >= 2


@pytest.mark.parametrize(("suffix", "format_"), [("ecsv.bz2", None), ("txt.xz", "snana"), ("csv.gz", "ascii.csv")])
def test_unavailable_compression_raises_an_error(lc, tmp_path, suffix, format_):
    with pytest.raises(InvalidInputError, match=rf"'\.{suffix.rpartition('.')[2]}'.*curve\.{suffix}"):
        lc.write(tmp_path / f"curve.{suffix}", format=format_)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("library", "name", "extra"), [("pyarrow", "curve.parquet", "export"), ("h5py", "curve.hdf5", "hdf5")]
)
def test_missing_library_error_names_the_extra(lc, tmp_path, monkeypatch, library, name, extra):
    monkeypatch.setitem(sys.modules, library, None)
    for function in (lc.write, LightCurve.read):
        with pytest.raises(ImportError, match=rf"{library}.*pip install \"atlasquery\[{extra}\]\""):
            function(tmp_path / name)


GROWING_TEXT = """
import sys
import astropy.units as u
from astropy.time import Time
import numpy as np
from atlasquery import LightCurve

lc = LightCurve(time=Time(np.arange(60000.0, 60600.0), format="mjd"), data={"text": ["x" * n for n in range(600)]})
lc["flux"], lc["id"] = np.arange(600.0) * u.uJy, 1161600211221604901 + np.arange(600)
lc.write(sys.argv[1], format="votable")
restored = LightCurve.read(sys.argv[1])
assert restored["text"].filled("").tolist() == lc["text"].tolist()
assert restored["id"].tolist() == lc["id"].tolist()
"""


def test_votable_of_growing_text_does_not_end_the_interpreter(tmp_path):
    """The text serialization of astropy 8.0 ends it."""
    command = [sys.executable, "-c", GROWING_TEXT, str(tmp_path / "curve.vot")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("value", ["tabledata", "binary", None])
def test_votable_has_only_the_safe_serialization(lc, tmp_path, value):
    lc.write(tmp_path / "curve.vot", tabledata_format="binary2")
    assert_equal(LightCurve.read(tmp_path / "curve.vot"), lc)
    with pytest.raises(InvalidInputError, match=f"`tabledata_format`.*'binary2'.*{value}"):
        lc.write(tmp_path / "other.vot", tabledata_format=value)
    assert not (tmp_path / "other.vot").exists()


def test_open_files(lc, file):
    format_, path = file
    is_text = format_ == "ascii.ecsv"
    with path.open("w" if is_text else "wb", **({"encoding": "utf-8", "newline": ""} if is_text else {})) as open_file:
        lc.write(open_file, format=format_)
    assert_equal(LightCurve.read(path), lc)
    with path.open("rb") as open_file:
        assert_equal(LightCurve.read(open_file, format=format_), lc)


def test_ecsv_in_memory(lc):
    text = io.StringIO()
    lc.write(text, format="ascii.ecsv")
    assert_equal(LightCurve.read(io.StringIO(text.getvalue()), format="ascii.ecsv"), lc)
    assert_equal(LightCurve.read(io.BytesIO(text.getvalue().encode()), format="ascii.ecsv"), lc)

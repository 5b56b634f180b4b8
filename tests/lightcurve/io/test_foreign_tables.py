# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tables of other programs, read as light curves."""

import warnings

import astropy.units as u
import numpy as np
import pytest
from astropy.io import fits
from astropy.io.votable import from_table
from astropy.table import MaskedColumn, QTable, Table
from astropy.time import Time
from astropy.timeseries import TimeSeries
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

MJDS = [58002.5, 58000.5, 58001.5]


def read(file, columns, **kwargs):
    format_, path = file
    Table(columns).write(path, format=format_)
    return LightCurve.read(path, format=format_, **kwargs)


def test_rows_are_sorted_by_time(file):
    lc = read(file, {"flux": [1.0, 2.0, 3.0] * u.uJy, "time": MJDS, "band": ["o", "c", "t"]})
    assert lc.time.mjd.tolist() == sorted(MJDS)
    assert lc["flux"].unmasked.value.tolist() == [2, 3, 1]
    assert isinstance(lc["flux"], Masked)
    assert lc["band"].tolist() == ["c", "t", "o"]
    assert lc.colnames[0] == "time"


def test_null_bools_are_masked(file):
    has_null = file[0] != "fits"  # astropy writes True for a null bool
    column = MaskedColumn([False, False, True], mask=[False, has_null, False])
    lc = read(file, {"time": MJDS, "bright": column})
    assert lc["bright"].tolist() == [None if has_null else False, True, False]


def test_meta_is_kept(tmp_path):
    table = Table({"time": MJDS}, meta={"OBSERVER": "Tombaugh"})
    for name in ("curve.ecsv", "curve.fits"):
        table.write(tmp_path / name)
        assert LightCurve.read(tmp_path / name).meta["OBSERVER"] == "Tombaugh"


def test_name_of_a_votable_is_not_the_name_of_the_object(tmp_path):
    votable = from_table(Table({"time": MJDS}))
    next(votable.iter_tables()).name = "results"
    votable.to_xml(str(tmp_path / "curve.vot"))
    lc = LightCurve.read(tmp_path / "curve.vot")
    assert (lc.meta.get("name"), lc.meta["table_name"]) == (None, "results")


def test_light_curve_written_as_a_table(lc, tmp_path):
    QTable(lc).write(tmp_path / "curve.ecsv")
    restored = LightCurve.read(tmp_path / "curve.ecsv")
    assert restored.meta == lc.meta
    for name in ("limiting_mag", "flux", "band"):
        assert restored[name].mask.tolist() == lc[name].mask.tolist(), name
    assert repr(restored) == repr(lc)


def test_csv_of_other_programs(tmp_path):
    Table({"time": MJDS, "n": [1, 2, 3]}).write(tmp_path / "curve.csv")
    for kwargs in ({}, {"format": "ascii.csv"}, {"time_column": "time", "time_format": "mjd"}):
        lc = LightCurve.read(tmp_path / "curve.csv", **kwargs)
        assert lc["n"].tolist() == [2, 3, 1]
        assert lc.time.mjd.tolist() == sorted(MJDS)


def test_csv_of_a_light_curve(lc, tmp_path):
    lc["time", "band", "flux"].write(tmp_path / "curve.csv", format="ascii.csv")
    restored = LightCurve.read(tmp_path / "curve.csv", format="ascii.csv", units={"flux": "uJy"})
    assert restored.time.mjd.tolist() == lc.time.mjd.tolist()
    assert restored["flux"].unit == u.uJy
    assert restored["flux"].mask.tolist() == lc["flux"].mask.tolist()


def test_format_of_time_series(tmp_path):
    columns = {"TIME": [1500.5, 1499.5, 1501.5], "PDCSAP_FLUX": np.array([1, 2, 3], dtype=np.float32)}
    hdu = fits.BinTableHDU(Table(columns), name="LIGHTCURVE")
    hdu.header.update({"TELESCOP": "TESS", "EXTVER": 1, "BJDREFI": 2457000, "BJDREFF": 0.0, "TIMESYS": "TDB"})
    first = fits.PrimaryHDU()
    first.header["TELESCOP"] = "TESS"
    fits.HDUList([first, hdu]).writeto(tmp_path / "tess.fits")
    lc = LightCurve.read(tmp_path / "tess.fits", format="tess.fits")
    assert type(lc) is LightCurve
    assert (lc.time.jd.tolist(), lc.time.scale) == ([2458499.5, 2458500.5, 2458501.5], "tdb")
    assert np.asarray(lc["pdcsap_flux"]).tolist() == [2, 1, 3]


def test_missing_time_series_raises_an_os_error(tmp_path):
    with pytest.raises(OSError, match=r"nothing\.fits"):
        LightCurve.read(tmp_path / "nothing.fits", format="kepler.fits")


@pytest.mark.parametrize(
    ("format_", "scale", "values"),
    [
        (None, None, MJDS),
        ("jd", None, [2400000.5 + mjd for mjd in MJDS]),
        ("mjd", "tdb", MJDS),
        ("unix", None, [(mjd - 40587) * 86400 for mjd in MJDS]),
        (None, "tai", ["2017-09-06T12:00:00", "2017-09-04T12:00:00", "2017-09-05T12:00:00"]),
    ],
)
def test_time_column_format_and_scale(file, format_, scale, values):
    lc = read(file, {"when": values}, time_column="when", time_format=format_, time_scale=scale)
    assert lc.colnames == ["time"]
    assert lc.time.scale == (scale or "utc")
    assert lc.time.mjd.tolist() == sorted(MJDS)


def test_times_in_hours_are_converted(file):
    lc = read(file, {"time": np.array(MJDS) * u.d.to(u.h) * u.h})
    assert np.allclose(lc.time.mjd, sorted(MJDS), atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("format_", "values"),
    [
        ("mjd", MJDS * u.d),
        ("mjd", np.array(MJDS) * 24 * u.h),
        ("jd", (np.array(MJDS) + 2400000.5) * 1440 * u.min),
        ("unix", (np.array(MJDS) - 40587) * 86400 * u.s),
        ("unix", (np.array(MJDS) - 40587) * u.d),
        ("jyear", Time(MJDS, format="mjd").jyear * u.yr),
        ("decimalyear", Time(MJDS, format="mjd").decimalyear * u.yr),
    ],
)
def test_times_of_a_format_are_converted_from_any_unit(file, format_, values):
    lc = read(file, {"time": values}, time_format=format_)
    assert np.allclose(lc.time.mjd, sorted(MJDS), atol=1e-5, rtol=0)


@pytest.mark.parametrize("format_", ["mjd", "unix", "decimalyear"])
def test_times_in_km_raise_an_error(file, format_):
    with pytest.raises(InvalidInputError, match=r"'time'.*km"):
        read(file, {"time": MJDS * u.km}, time_format=format_)


@pytest.mark.parametrize("values", [[2461000.5], [58000.5, 130000.0], [1.7e9], [2000.5]])
def test_implausible_mjds_raise_an_error(file, values):
    with pytest.raises(InvalidInputError, match=r"'time'.*MJDs.*`time_format`"):
        read(file, {"time": values})


@pytest.mark.parametrize(
    ("columns", "kwargs", "column", "row"),
    [
        ({"mjd": MJDS}, {}, "time", None),
        ({"time": MJDS}, {"time_column": "mjd"}, "mjd", None),
        ({"time": [58000.5, np.nan]}, {}, "time", 1),
        ({"time": MaskedColumn([58000, 58001], mask=[False, True])}, {}, "time", 1),
        ({"time": ["yesterday"]}, {}, "time", None),
    ],
)
def test_missing_or_invalid_times_raise_an_error(file, columns, kwargs, column, row):
    with pytest.raises(UnreadableFileError, match=f"'{column}'") as caught:
        read(file, columns, **kwargs)
    error = caught.value
    assert (error.filename, error.line, error.row, error.column) == (str(file[1]), None, row, column)
    assert ("`time_column`" in str(error)) == (column not in columns)


def test_ambiguous_times_raise_an_error(file):
    with pytest.raises(InvalidInputError, match=r"`time_column`.*'time'.*'mjd'"):
        read(file, {"mjd": MJDS, "time": MJDS}, time_column="mjd")
    with pytest.raises(InvalidInputError, match=r"'time'.*km"):
        LightCurve.read(write_times_in_km(file), format=file[0])


def write_times_in_km(file):
    format_, path = file
    Table({"time": MJDS * u.km}).write(path, format=format_, overwrite=True)
    return path


def test_time_arguments_for_own_files_raise_an_error(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    with pytest.raises(InvalidInputError, match=r"`time_format`.*'jd'"):
        LightCurve.read(path, format=format_, time_format="jd")


@pytest.mark.parametrize("time", [Time(MJDS, format="mjd"), Time(MJDS, format="mjd", scale="tdb")])
def test_time_series_of_astropy_in_fits(tmp_path, time):
    TimeSeries(time=time, data={"flux": [1, 2, 3] * u.uJy}).write(tmp_path / "series.fits")
    with (tmp_path / "series.fits").open("rb") as file:
        for lc in (LightCurve.read(tmp_path / "series.fits"), LightCurve.read(file, format="fits")):
            assert lc.time.mjd.tolist() == sorted(MJDS)
            assert lc.time.scale == time.scale
            assert lc["flux"].unmasked.value.tolist() == [2, 3, 1]
    with pytest.raises(InvalidInputError, match=r"`time_format`.*'time'.*'jd'"):
        LightCurve.read(tmp_path / "series.fits", time_format="jd")


def test_times_relative_to_a_reference_day_in_fits(tmp_path):
    hdu = fits.BinTableHDU(Table({"TIME": [0.5, 1.5] * u.d, "n": [1.0, 2.0]}))
    hdu.header.update({"MJDREF": 58000.25, "TIMESYS": "TDB", "TIMEUNIT": "d"})
    hdu.writeto(tmp_path / "since.fits")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # astropy warns that the location of the observatory is missing
        lc = LightCurve.read(tmp_path / "since.fits", time_column="TIME")
    assert lc.time.mjd.tolist() == [58000.75, 58001.75]
    assert lc.time.scale == "tdb"


def test_columns_of_unsupported_types_are_kept(tmp_path):
    Table({"time": MJDS, "stamp": np.arange(12).reshape(3, 2, 2)}).write(tmp_path / "curve.fits")
    assert LightCurve.read(tmp_path / "curve.fits")["stamp"].tolist()[2] == [[0, 1], [2, 3]]

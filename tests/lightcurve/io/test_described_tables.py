# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`LightCurve.from_table`, and the same arguments of `read`: right, or one error with all that is missing."""

from datetime import UTC, datetime

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn, QTable, Table
from astropy.time import Time
from astropy.timeseries import TimeSeries
from astropy.utils.masked import Masked

from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurve

ID = 1161600211221604901
COLUMNS = {"MJD": [61346.5, 61345.5], "uJy": [-12.0, None], "e_uJy": [9, 10], "band": ["o", None]}
NAMES = {"uJy": "flux", "e_uJy": "flux_err"}


def values(column):
    """Return a column as a list, None where it is masked."""
    mask = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    data = np.asarray(getattr(column, "unmasked", column)).tolist()
    return [None if null else value for value, null in zip(data, mask, strict=True)]


def to_frame(columns):
    return pytest.importorskip("pandas", reason="a DataFrame needs pandas").DataFrame(columns)


def to_table(columns):
    return Table([MaskedColumn([0 if v is None else v for v in column], mask=[v is None for v in column])
                  if None in column and not isinstance(column[0], str) else column
                  for column in columns.values()], names=list(columns))  # fmt: skip


@pytest.mark.parametrize("make_table", [dict, to_frame, to_table])
def test_one_call_makes_a_light_curve(make_table):
    lc = LightCurve.from_table(make_table(COLUMNS), columns=NAMES, time="MJD", units={"flux": "uJy"})
    assert type(lc) is LightCurve
    assert lc.time.mjd.tolist() == [61345.5, 61346.5]
    assert (values(lc["flux"])[1], lc["flux"].mask.tolist(), lc["flux"].unit) == (-12, [True, False], u.uJy)
    assert (values(lc["flux_err"]), lc["flux_err"].unit) == ([10, 9], u.uJy)
    assert values(lc["band"]) == [None, "o"]
    assert isinstance(lc["flux"], Masked)


def test_all_problems_are_in_one_error():
    table = {"mjd": [61000.0, 61001.0], "flux": ["1.0", "bright"], "mag": [1.0, 2.0], "limit": [1.0, 2.0] * u.s}
    with pytest.raises(InvalidInputError) as caught:
        LightCurve.from_table(table, columns={"uJy": "flux_err"}, units={"sky": "mag"})
    parts = ("'uJy'", "pass time='mjd'", "'sky'", "'bright' in row 1", "no unit for 'mag'", "unit s", "{'mag': 'mag'}")
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("table", "arguments", "message"),
    [
        ({"MJD": [61000.5]}, {}, "no column of times 'time': pass time='MJD'"),
        ({"mjd": [61000.5]}, {"time": "MJD"}, "no column of times 'MJD'; did you mean 'mjd'"),
        ({"time": [61000.5], "x": [1]}, {"columns": {"flux": "x"}}, "`columns` has the names of the table first"),
        ({"time": [61000.5], "x": [1], "y": [2]}, {"columns": {"x": "y"}}, "two columns for 'y': 'x' and 'y'"),
        ({"time": [61000.5], "MJD": [61000.5]}, {"time": "MJD"}, "columns 'time' and 'MJD'"),
        ({"time": [61000.5, None]}, {}, "missing value in row 1"),
        ({"time": ["yesterday"]}, {}, "valid times"),
        ({"JD": [2461000.5]}, {"time": "JD"}, "MJDs of the years 1900 to 2200.*`time_format`"),
        ({"time": [61000.5], "flux": [1] * u.ct}, {}, "'flux' with the unit ct"),
        ({"time": [61000.5], "flux": [1] * u.mJy}, {"units": {"flux": "uJy"}}, "unit mJy, but uJy in `units`"),
        ({"time": [61000.5], "flux": [1]}, {"units": {"flux": "microjanskies"}}, "unknown unit 'microjanskies'"),
        ({"time": [61000.5], "mag": [1] * u.STmag}, {}, r"unit mag\(ST\)|unit STmag"),
        ({"time": [61000.5], "flux": [True]}, {"units": {"flux": "uJy"}}, "'flux' with bools instead of numbers"),
        ({"time": [61000.5], "flux": [[1, 2]]}, {"units": {"flux": "uJy"}}, "'flux'"),
        ({"time": [61000.5], "band": ["o"]}, {"units": {"band": "m"}}, "'band' with the unit m, but text"),
        ({"time": [61000.5, 61001], "n": [1, "a"]}, {}, "'n' with values of int and str"),
        ({"time": [61000.5, 61001], "n": [1]}, {}, "different lengths.*time 2, n 1"),
        ({"time": [61000.5], "n": 5}, {}, "'n' with a single value"),
        ({"time": [61000.5], "atlas_id": [1.1616e18]}, {}, "'atlas_id' with floats, which have lost digits"),
        ({}, {}, "no column of times 'time'"),
    ],
)
def test_each_problem_is_named(table, arguments, message):
    with pytest.raises(InvalidInputError, match=f"`table` must describe a light curve, got .*({message})"):
        LightCurve.from_table(table, **arguments)


@pytest.mark.parametrize("table", [5, "curve.csv", None, [1, 2]])
def test_other_types_are_rejected(table):
    with pytest.raises(InvalidTypeError, match="`table` must be a Table, a DataFrame or a dict"):
        LightCurve.from_table(table)
    with pytest.raises(InvalidTypeError, match="`columns` must be a dict"):
        LightCurve.from_table({"time": [61000.0]}, columns=["flux"])


@pytest.mark.parametrize(
    ("times", "arguments", "mjd"),
    [
        ([2461000.5], {"time_format": "jd"}, 61000.0),
        (["2026-11-01"], {}, 61345.0),
        (["61000.5"], {}, 61000.5),
        ([datetime(2026, 11, 1, 12, tzinfo=UTC)], {}, 61345.5),
        (np.array(["2026-11-01"], dtype="datetime64[s]"), {}, 61345.0),
        (Time(["2026-11-01"], scale="tdb"), {}, 61345.0),
        ([61000.5], {"time_scale": "tdb"}, 61000.5),
        ([61000.5], {"units": {"time": "d"}}, 61000.5),
        ([61000.5 * 24], {"units": {"time": "h"}}, 61000.5),
    ],
)
def test_times_of_any_kind(times, arguments, mjd):
    assert LightCurve.from_table({"time": times}, **arguments).time.mjd[0] == pytest.approx(mjd, abs=1e-9)


def test_text_of_numbers_and_null_words():
    table = {"time": [1, 2], "flux": [" 1.5", "nan"], "mag": ["N/A", "18"], "atlas_id": [str(ID), ""]}
    lc = LightCurve.from_table(table, units={"flux": "uJy", "mag": u.ABmag}, time_format="mjd")
    assert (values(lc["flux"])[0], lc["flux"].mask.tolist()) == (1.5, [False, True])
    assert (lc["mag"].mask.tolist(), lc["mag"].unit) == ([True, False], u.mag)
    assert values(lc["atlas_id"]) == [str(ID), None]


def test_rows_of_dicts_and_structured_arrays():
    rows = [{"time": 61001.5, "n": 1}, {"time": 61000.5, "n": 2}]
    array = np.array([(61001.5, 1), (61000.5, 2)], dtype=[("time", float), ("n", int)])
    for table in (rows, array):
        assert LightCurve.from_table(table)["n"].tolist() == [2, 1]


def test_frames_of_pandas_types():
    pd = pytest.importorskip("pandas", reason="a DataFrame needs pandas")
    frame = pd.DataFrame({
        "time": pd.to_datetime(["2026-11-02", "2026-11-01"]).tz_localize("Europe/Paris"),
        "atlas_id": pd.array([ID, None], dtype="Int64"), "is_good": pd.array([True, None], dtype="boolean"),
        "text": pd.array(["a", None], dtype="string"), "x": pd.array([1.5, None], dtype="Float64"),
        "site": pd.Categorical(["a", "b"]), "date": pd.to_datetime(["2026-11-02", None]),
    })  # fmt: skip
    for table in (frame, frame.set_index("time")):
        lc = LightCurve.from_table(table)
        assert lc.time.isot.tolist() == ["2026-10-31T23:00:00.000", "2026-11-01T23:00:00.000"]
        names = ("atlas_id", "is_good", "text", "x")
        assert [values(lc[name])[1] for name in names] == [ID, True, "a", 1.5]
        assert [values(lc[name])[0] for name in names] == [None] * 4
        assert values(lc["site"]) == ["b", "a"]
        assert lc["date"].mask.tolist() == [True, False]


def test_units_of_a_frame_and_its_meta():
    frame = to_frame(COLUMNS)
    frame.attrs["units"] = {"uJy": "mJy", "e_uJy": "mJy"}
    lc = LightCurve.from_table(frame, columns=NAMES, time="MJD", meta={"name": "my supernova"})
    assert (lc["flux"].unit, lc["flux_err"].unit, lc.meta) == (u.mJy, u.mJy, {"name": "my supernova"})


@pytest.mark.parametrize("index", [True, False])
def test_to_pandas_and_back(lc, index):
    pytest.importorskip("pandas", reason="needs pandas")
    restored = LightCurve.from_table(lc.to_pandas(index=index))
    assert restored.meta == lc.meta
    assert restored.time.mjd.tolist() == lc.time.mjd.tolist()
    assert set(restored.colnames) == set(lc.colnames)
    for name in ("flux", "mag", "band", "limiting_mag", "atlas_id"):
        assert values(restored[name]) == pytest.approx(values(lc[name]), nan_ok=True), name
        assert getattr(restored[name], "unit", None) == getattr(lc[name], "unit", None)


@pytest.mark.parametrize("to_other", [TimeSeries, QTable, Table, lambda lc: dict(lc.columns)])
def test_tables_of_astropy_and_back(lc, to_other):
    restored = LightCurve.from_table(to_other(lc), meta=lc.meta)
    assert (restored.colnames, restored.meta) == (lc.colnames, lc.meta)
    for name in ("flux", "mag", "band", "limiting_mag", "atlas_id"):
        assert values(restored[name]) == pytest.approx(values(lc[name]), nan_ok=True), name
        assert type(restored[name]) is type(lc[name])


def test_the_table_is_not_changed():
    table = QTable({"MJD": [2.0, 1.0], "flux": [1.0, 2.0]})
    lc = LightCurve.from_table(table, time="MJD", time_format="mjd", units={"flux": "uJy"})
    lc["flux"][0] = 7 * u.uJy
    assert (table.colnames, table["flux"].tolist(), table["MJD"].tolist()) == (["MJD", "flux"], [1.0, 2.0], [2.0, 1.0])


def test_the_same_arguments_of_read(tmp_path):
    (tmp_path / "other.csv").write_text("MJD,uJy,e_uJy,band\n61346.5,-12.0,9,o\n61345.5,,10,\n")
    lc = LightCurve.read(tmp_path / "other.csv", columns=NAMES, time="MJD", units={"flux": "uJy"})
    assert (lc.time.mjd.tolist(), lc["flux"].unit, values(lc["band"])) == ([61345.5, 61346.5], u.uJy, [None, "o"])
    with pytest.raises(InvalidInputError, match="times 'time': pass time='MJD'; no unit for 'flux', 'flux_err'"):
        LightCurve.read(tmp_path / "other.csv", columns=NAMES)
    with pytest.raises(InvalidInputError, match="`time` must be `time_column`, 'MJD', got 'JD'"):
        LightCurve.read(tmp_path / "other.csv", time="JD", time_column="MJD")


@pytest.mark.parametrize("suffix", ["ecsv", "fits", "vot"])
def test_the_same_arguments_for_files_with_types(tmp_path, suffix):
    Table({"MJD": [61346.5, 61345.5], "uJy": [1.0, 2.0]}).write(
        tmp_path / f"other.{suffix}",
        **({"format": "votable", "tabledata_format": "binary2"} if suffix == "vot" else {}),
    )
    lc = LightCurve.read(tmp_path / f"other.{suffix}", columns={"uJy": "flux"}, time="MJD", units={"uJy": "uJy"})
    assert (values(lc["flux"]), lc["flux"].unit) == ([2, 1], u.uJy)
    lc.write(tmp_path / f"own.{suffix}")
    with pytest.raises(InvalidInputError, match=r"`columns`.*atlasquery has written"):
        LightCurve.read(tmp_path / f"own.{suffix}", columns={"uJy": "flux"})


def test_placeholders_are_masked_with_a_warning():
    table = {
        "time": [58000.5, 58001.5, 58002.5, 58003.5, 58004.5],
        "flux": [100.0, 1.0, 2.0, 3.0, -40.0],
        "flux_err": [20.0, 0.0, -9.0, -999.0, 10.0],
        "mag": [18.9, 99.0, -999.0, -18.0, 18.0],
        "mag_err": [0.1, 99.0, -9.0, 0.2, 0.2],
        "limit": [19.5, 0.0, -9.0, 99.9, 19.4],
    }
    message = r"3 of 'flux_err' \(0, -9, -999\); 3 of 'mag' \(99, -999, -18\).*'limit' \(-9, 99.9\)"
    with pytest.warns(DataQualityWarning, match=message):
        lc = LightCurve.from_table(table, units={"flux": "uJy", "mag": "mag", "limit": "mag"})
    assert lc["flux"].mask.tolist() == lc["flux_err"].mask.tolist() == [False, True, True, True, False]
    assert lc["mag"].mask.tolist() == lc["mag_err"].mask.tolist() == [False, True, True, True, False]
    assert lc["limit"].mask.tolist() == [False, False, True, True, False]


def test_times_with_a_zone():
    pandas = pytest.importorskip("pandas")
    times = pandas.DatetimeIndex(["2018-06-16 12:00", "2018-06-17 12:00"]).tz_localize("Pacific/Honolulu")
    lc = LightCurve.from_table({"time": times, "flux": [1.0, 2.0]}, units={"flux": "uJy"})
    assert lc.time.isot.tolist() == ["2018-06-16T22:00:00.000", "2018-06-17T22:00:00.000"]


FLUXES = {"mjd": [60003.1, 60003.11], "flux": [100.0, 3000.0], "flux_err": [10.0, 10.0]}
FLUX_UNITS = {"flux": "uJy", "flux_err": "uJy"}


@pytest.mark.parametrize("name", ["filter", "Filter", "FILTER", "F", "Band", "BAND", "filt", "passband", "FLT"])
@pytest.mark.parametrize("bands", [["o", "c"], ["orange", "cyan"], ["ATLAS-o", ""], [b"o", b"c"], ["ztfg", "ps1::r"]])
def test_the_only_column_of_bands_is_used(name, bands):
    """Without a band the bins were means of all bands."""
    lc = LightCurve.from_table(FLUXES | {name: bands}, time="mjd", units=FLUX_UNITS)
    assert lc.colnames == ["time", "flux", "flux_err", "band"]
    assert len(lc.bin_nightly()) == 2


def test_the_column_of_bands_of_a_file_is_used(tmp_path):
    (tmp_path / "f.csv").write_text("mjd,flux,flux_err,filter\n60003.10,100,10,o\n60003.11,3000,10,c\n")
    lc = LightCurve.read(tmp_path / "f.csv", time="mjd", units=FLUX_UNITS)
    assert lc.bin_nightly()["flux"].value.tolist() == [100, 3000]
    Table({"time": FLUXES["mjd"], "flux": [1, 2] * u.uJy, "filter": ["o", "c"]}).write(tmp_path / "f.ecsv")
    assert LightCurve.read(tmp_path / "f.ecsv")["band"].tolist() == ["o", "c"]


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"filter": ["wide", "narrow"]}, {"filter": "band"}),
        ({"filter": ["o", "c"], "F": ["o", "o"]}, {"filter": "band", "F": "band"}),
        ({"flux_err": None, "fluxerr": [1.0, 2.0]}, {"fluxerr": "flux_err"}),
        ({"flux_err": None, "dflux": [1, 2]}, {"dflux": "flux_err"}),
        ({"flux_err": None, "FLUX_ERR": ["1", "2"]}, {"FLUX_ERR": "flux_err"}),
        ({"flux": None, "uJy": [1, 2]}, {"uJy": "flux"}),
        ({"mag": [18.0, 19.0], "e_mag": [0.1, 0.2]}, {"e_mag": "mag_err"}),
        ({"flux": None, "flux_err": None, "Mag": [18.0, 19.0], "dm": [0.1, 0.2]}, {"Mag": "mag", "dm": "mag_err"}),
    ],
)
def test_columns_that_may_be_meant_must_be_named_or_kept(columns, named):
    table = {name: values for name, values in (FLUXES | columns).items() if values is not None}
    arguments = {"time": "mjd", "units": {name: "uJy" for name in FLUX_UNITS if name in table}}
    arguments["units"] |= {"mag": "mag"} if "mag" in table else {}
    with pytest.raises(InvalidInputError) as caught:
        LightCurve.from_table(table, **arguments)
    assert f"columns={named}" in str(caught.value)
    assert "no unit" not in str(caught.value)
    lc = LightCurve.from_table(table, columns={name: name for name in named}, **arguments)
    assert set(named) < set(lc.colnames)


def test_columns_that_are_not_needed_keep_their_names():
    table = FLUXES | {"band": ["o", "c"], "F": ["o", "c"], "m": [18.9, 15.2], "dm": [0.1, 0.1], "f": [1, 2]}
    lc = LightCurve.from_table(table, time="mjd", units=FLUX_UNITS)
    assert lc.colnames == ["time", "flux", "flux_err", "band", "F", "m", "dm", "f"]
    numbers = LightCurve.from_table(FLUXES | {"filter": [1, 2]}, time="mjd", units=FLUX_UNITS)
    assert "band" not in numbers.colnames


def test_infinite_values_and_fluxes_that_are_none_are_masked():
    nan, inf = np.nan, np.inf
    table = {
        "time": 58000.5 + np.arange(9),
        "flux": [100.0, inf, 1.0, -999.0, -999.0, -999.0, -999.0, -99.0, -inf],
        "flux_err": [20.0, 10.0, inf, -999.0, 999.0, nan, 10.0, 0.0, 10.0],
    }
    with pytest.warns(DataQualityWarning, match=r"'flux_err' \(inf, -999, 0\); .*'flux' \(inf, -999, -inf\)"):
        lc = LightCurve.from_table(table, units={"flux": "uJy"})
    is_masked = [False, True, True, True, True, True, False, True, True]
    assert lc["flux"].mask.tolist() == lc["flux_err"].mask.tolist() == is_masked
    assert np.isfinite(lc.at_significance(3)["mag"].unmasked.value[[0]]).all()
    with pytest.warns(DataQualityWarning, match=r"1 of 'flux' \(-999\)"):
        alone = LightCurve.from_table({"time": [58000.5, 58001], "flux": [-999, 5]}, units={"flux": "uJy"})
    assert alone["flux"].mask.tolist() == [True, False]


@pytest.mark.parametrize(("format_", "value"), [("jd", 60003.1), ("mjd", 2460003.6), ("unix", 1e13)])
def test_times_of_a_wrong_format_are_refused(format_, value, tmp_path):
    with pytest.raises(InvalidInputError, match=r"times of the years 1 to 2200.*JD is MJD \+ 2400000\.5"):
        LightCurve.from_table({"mjd": [value]}, time="mjd", time_format=format_)
    Table({"mjd": [value]}).write(tmp_path / "f.csv")
    with pytest.raises(InvalidInputError, match="years 1 to 2200"):
        LightCurve.read(tmp_path / "f.csv", time_column="mjd", time_format=format_)
    with pytest.raises(InvalidInputError, match="years 1 to 2200"):
        LightCurve.from_table({"time": Time([60003.1], format="jd")})


@pytest.mark.parametrize("unit", ["ABmag", "AB mag", "mag(AB)", "AB", "mag_AB", u.ABmag, "mag"])
def test_ways_to_write_ab_magnitudes(unit):
    assert LightCurve.from_table({"time": [60003.0], "mag": [18.0]}, units={"mag": unit})["mag"].unit == u.mag


def test_unknown_units_name_a_known_one():
    with pytest.raises(InvalidInputError, match=r"unknown unit 'mags' \(it can be 'mag'\)"):
        LightCurve.from_table({"time": [60003.0], "mag": [18.0]}, units={"mag": "mags"})
    table = Table({"time": [60003.0], "flux": [18.0]})
    table["flux"].unit = u.Unit("spoon", parse_strict="silent")
    assert LightCurve.from_table(table, units={"flux": "uJy"})["flux"].unit == u.uJy


def test_images_of_a_table():
    table = {"time": [60003.0], "flux": [100.0] * u.uJy, "flux_err": [10.0] * u.uJy}
    assert LightCurve.from_table(table).plot(y="flux").get_ylabel().startswith("Flux [")
    for images, label in (("reduced", "Flux in the reduced images"), ("difference", "Difference flux")):
        lc = LightCurve.from_table(table, images=images)
        assert lc.meta["images"] == images
        assert lc.bin_nightly().plot(y="flux").get_ylabel().startswith(label)
    with pytest.raises(InvalidInputError, match=r"`images` must be 'difference', 'reduced' or None, got .*'Reduced'"):
        LightCurve.from_table(table, images="Reduced")
    with pytest.raises(InvalidInputError, match=r"`meta\['images'\]` must be"):
        LightCurve.from_table(table, meta={"images": "Reduced"})
    own = QTable(table)
    own["flux"].info.description = "PSF flux of my programme."
    assert LightCurve.from_table(own, images="reduced")["flux"].info.description == "PSF flux of my programme."


def test_wrong_images_are_refused_where_they_are_used(lc, tmp_path):
    lc.meta["images"] = "Reduced"
    message = r"`meta\['images'\]` must be 'difference', 'reduced' or None, got str \('Reduced'\)"
    uses = (
        lambda: lc.plot(y="flux"),
        lc.check_quality,
        lambda: lc.write(tmp_path / "curve.dat", format="snana"),
        lambda: lc.forced.write(tmp_path / "curve.txt", format="atlas.forced"),
    )
    for use in uses:
        with pytest.raises(InvalidInputError, match=message):
            use()


def test_an_exported_curve_keeps_values_of_bad_exposures(lc):
    pytest.importorskip("pandas", reason="needs pandas")
    lc["mag"][0], lc["limit"][1] = -8.245 * u.mag, -5.51 * u.mag
    restored = LightCurve.from_table(lc.to_pandas())
    for name in ("mag", "mag_err", "limit"):
        assert values(restored[name]) == values(lc[name]), name


def test_positions_that_are_none_are_masked():
    """They were taken for another object."""
    table = FLUXES | {"ra": [150.0, -999.0], "dec": [2.0, -999.0], "band": ["o", "o"]}
    with pytest.warns(DataQualityWarning, match=r"1 of 'ra' \(-999\)"):
        lc = LightCurve.from_table(table, time="mjd", units=FLUX_UNITS | {"ra": "deg", "dec": "deg"})
    assert lc["ra"].mask.tolist() == lc["dec"].mask.tolist() == [False, True]
    assert lc.bin_nightly()["n_points"].tolist() == [2]

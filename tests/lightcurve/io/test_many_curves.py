# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many light curves in one file: each comes back as it was, with its key and meta."""

import json

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import EarthLocation
from astropy.table import MaskedColumn, QTable, Table
from astropy.time import Time

from atlasquery.exceptions import AtlasQueryError, InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve, LightCurves
from constants import COW

SUFFIXES = {"ecsv": None, "fits": None, "vot": None, "parquet": "pyarrow", "h5": "h5py", "fits.gz": None}


@pytest.fixture(params=SUFFIXES)
def path(request, tmp_path):
    """A file of each format."""
    if SUFFIXES[request.param]:
        pytest.importorskip(SUFFIXES[request.param], reason=f"needs {SUFFIXES[request.param]}")
    return tmp_path / f"curves.{request.param}"


def values(column):
    """Return a column as a list, None where it is masked."""
    column = column.isot if isinstance(column, Time) and column.format == "isot" else getattr(column, "mjd", column)
    mask = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    data = np.ma.getdata(np.asarray(getattr(column, "unmasked", column))).tolist()
    return [None if null or value == "" else value for value, null in zip(data, mask, strict=True)]


def assert_same(restored, curve):
    assert type(restored) is LightCurve
    assert (restored.colnames, restored.meta) == (curve.colnames, curve.meta)
    for name in curve.colnames:
        original, column = curve[name], restored[name]
        assert values(column) == values(original), name
        assert getattr(column, "unit", None) == getattr(original, "unit", None), name
        assert column.info.description == original.info.description, name
        if isinstance(original, Time):
            assert (column.scale, column.format) == (original.scale, original.format)


@pytest.fixture
def curves(lc, curve):
    """A curve of the server, and others that have columns of the same names with other types, units and times."""
    other = curve.copy()
    other["flux"] = other["flux"].to(u.mJy)
    other["chi_n"] = ["a", "b", "", "d"]
    other["flux_2"] = [1, 2, 3, 4]
    other["key"] = MaskedColumn([1161600211221604901, 2, 3, 4], mask=[False, True, False, False])
    site = EarthLocation.from_geocentric(1, 2, 6371000, unit=u.m)
    times = Time(["2026-11-01", "2026-11-02"], scale="tdb", location=site, format="isot")
    dated = LightCurve(
        time=times, data={"date_inserted": Time(["2026-11-01", "2026-11-02"], scale="tai"), "n": [True, False]}
    )
    dated.meta = {"name": "x", "list": [1, {"a": None}]}
    return LightCurves(
        {COW: lc, "my supernova": curve, 7: other, "dated": dated, "no rows": curve[:0], "no columns": LightCurve()},
        names={"2018cow": COW},
        missing=[COW + 1, "2030xyz"],
        failed={COW + 2: AtlasQueryError("too slow", hint="Wait.")},
    )


def test_each_light_curve_comes_back(curves, path):
    curves.write(path)
    restored = LightCurves.read(path)
    assert type(restored) is LightCurves
    assert list(restored) == list(curves)
    for key in curves:
        assert_same(restored[key], curves[key])
    assert restored["2018cow"] is restored[COW]
    assert restored.missing == [COW + 1, "2030xyz"]
    assert {key: str(error) for key, error in restored.failed.items()} == {COW + 2: "too slow Wait."}
    assert repr(restored) == repr(curves)
    assert len(restored["my supernova"].bin_nightly()) == len(curves["my supernova"].bin_nightly())


def test_no_light_curves(path):
    LightCurves(missing=["2030xyz"]).write(path)
    restored = LightCurves.read(path)
    assert (len(restored), restored.missing) == (0, ["2030xyz"])


def test_curves_without_rows_or_columns_only(tmp_path):
    LightCurves({"a": LightCurve()}).write(tmp_path / "curves.ecsv")
    assert len(LightCurves.read(tmp_path / "curves.ecsv")["a"]) == 0


def test_other_programs_read_all_rows(curves, path):
    curves.write(path)
    table = QTable.read(path, format="votable") if path.suffix == ".vot" else QTable.read(path)
    assert len(table) == sum(map(len, curves.values()))
    assert "my supernova" in [key.decode() if isinstance(key, bytes) else key for key in table["key_2"].tolist()]


def test_the_restored_curves_are_independent(curves, tmp_path):
    curves.write(tmp_path / "curves.fits")
    restored = LightCurves.read(tmp_path / "curves.fits")
    restored["my supernova"]["flux"][:] = np.ma.masked
    restored["my supernova"]["band"][:] = "c"
    assert_same(restored[COW], curves[COW])


@pytest.mark.parametrize("key", [("field", 3), 2.5, True, frozenset({1})])
def test_keys_that_json_does_not_have_are_refused(curve, key, tmp_path):
    with pytest.raises(InvalidInputError, match="Keys must be ATLAS ids, other integers or strings"):
        LightCurves({key: curve}).write(tmp_path / "curves.ecsv")
    assert not list(tmp_path.iterdir())


def test_a_curve_that_cannot_be_written_is_named(curve, tmp_path):
    bad = curve.copy()
    bad["odd"] = np.zeros((4, 2))
    with pytest.raises(InvalidInputError, match=r"light curve 'bad'.*column 'odd'"):
        LightCurves({"good": curve, "bad": bad}).write(tmp_path / "curves.fits")
    curve.meta["odd"] = object()
    with pytest.raises(InvalidInputError, match="`meta`"):
        LightCurves({"good": curve}).write(tmp_path / "curves.fits")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "format_"), [("curves.csv", None), ("curves", None), ("curves.txt", "snana")])
def test_formats_that_do_not_keep_everything_are_refused(curves, tmp_path, name, format_):
    for function in (curves.write, LightCurves.read):
        with pytest.raises(InvalidInputError, match=r"`format` must be one of ascii\.ecsv, fits"):
            function(tmp_path / name, format=format_)


def test_an_existing_file_is_kept(curves, tmp_path):
    (tmp_path / "curves.ecsv").write_text("old")
    with pytest.raises(OSError, match="overwrite"):
        curves.write(tmp_path / "curves.ecsv")
    curves.write(tmp_path / "curves.ecsv", overwrite=True)
    assert len(LightCurves.read(tmp_path / "curves.ecsv")) == len(curves)


def test_files_of_one_and_of_many_are_told_apart(curves, curve, path):
    curves.write(path)
    with pytest.raises(UnreadableFileError, match=r"got one of LightCurves with 6.*LightCurves.read"):
        LightCurve.read(path)
    curve.write(path, overwrite=True)
    with pytest.raises(UnreadableFileError, match=r"LightCurves.write has written.*LightCurve.read"):
        LightCurves.read(path)


def test_a_table_of_another_program_is_refused(tmp_path):
    Table({"time": [1.0]}).write(tmp_path / "curves.ecsv")
    with pytest.raises(UnreadableFileError, match=r"LightCurves.write has written.*from_table"):
        LightCurves.read(tmp_path / "curves.ecsv")


def test_rows_that_another_program_has_removed(curves, tmp_path):
    curves.write(tmp_path / "curves.fits")
    Table.read(tmp_path / "curves.fits")[1:].write(tmp_path / "fewer.fits")
    with pytest.raises(UnreadableFileError, match="do not have the rows and columns of the note: 17 rows"):
        LightCurves.read(tmp_path / "fewer.fits")


def test_curves_of_equal_columns_share_a_layout(curve, tmp_path):
    LightCurves(dict.fromkeys(range(100), curve)).write(tmp_path / "curves.ecsv")
    note = json.loads(Table.read(tmp_path / "curves.ecsv").meta["atlasquery"])
    assert (len(note["layouts"]), len(note["curves"]), len(note["columns"])) == (1, 100, 6)


def test_units_and_descriptions_do_not_split_a_column(curve, tmp_path):
    """Another program that reads the flux lost the light curves whose flux was in another column."""
    other = curve.copy()
    other["flux"] = other["flux"].to(u.mJy)
    other["flux"].info.description, other["band"].info.description = "Flux of a friend.", "Filter."
    curves = LightCurves({"A": curve, "B": other})
    for name in ("curves.fits", "curves.ecsv"):
        curves.write(tmp_path / name)
        table = QTable.read(tmp_path / name)
        assert "flux_2" not in table.colnames
        assert "band_2" not in table.colnames
        assert np.allclose(table["flux"][4:].value, table["flux"][:4].value, rtol=1e-12, atol=0)
        restored = LightCurves.read(tmp_path / name)["B"]
        assert values(restored["flux"]) == pytest.approx(values(other["flux"]), rel=1e-12)
        assert restored["flux"].unit == u.mJy
        for column in ("flux", "flux_err", "band"):
            assert restored[column].info.description == other[column].info.description, column


@pytest.mark.parametrize("unit", [u.ct, u.mag, None])
def test_units_that_do_not_convert_are_refused(curve, unit, tmp_path):
    other = curve.copy()
    other["flux"] = np.arange(4.0) if unit is None else np.arange(4.0) * unit
    with pytest.raises(InvalidInputError, match=r"light curve 'B': column 'flux' .* of light curve 'A', uJy, got"):
        LightCurves({"A": curve, "B": other}).write(tmp_path / "curves.fits")
    assert not list(tmp_path.iterdir())

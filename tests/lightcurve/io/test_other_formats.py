# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Formats without types of columns: each keeps all values, or nothing is written."""

import io
import sys

import astropy.units as u
import numpy as np
import pytest
from astropy.io import registry
from astropy.table import MaskedColumn, QTable
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.io.astropy_formats import FORMATS

pytestmark = pytest.mark.filterwarnings("ignore:.*table_id:astropy.utils.exceptions.AstropyUserWarning")
WITHOUT_NAMES = ("no_header", "fast_no_header", "fixed_width_no_header")
LIBRARIES = {"html": "bs4", "pandas": "pandas", "parquet": "pyarrow", "asdf": "asdf_astropy", "json": "pandas"}


def other_formats():
    """Return the formats that astropy writes, and whose content `LightCurve` does not describe itself."""
    rows = registry.get_formats(QTable, readwrite="Write")
    own = {*FORMATS, "atlas.forced", "snana"}
    return [str(row["Format"]) for row in rows if row["Format"] not in own and row["Deprecated"] != "Yes"]


@pytest.fixture
def simple():
    """A curve with negative fluxes, masks, empty text and long ids, not sorted by time."""
    return LightCurve(
        time=Time([61000.123456789, 61000.02, 61000.01], format="mjd"),
        data={
            "band": MaskedColumn(["o", "c", ""]),
            "flux": [100.123456789, -50.25, np.nan] * u.uJy,
            "atlas_id": MaskedColumn([1161600211221604901, 0, 3], mask=[False, True, False]),
            "is_good": MaskedColumn([True, False, True], mask=[False, False, True]),
            "nothing": MaskedColumn(np.zeros(3), mask=True),
            "empty": MaskedColumn(["", "", ""]),
        },
        meta={"name": "ATLAS18qqn"},
    )


def plain_values(column):
    """Return a column as a list, None where it is null."""
    column = column.mjd if isinstance(column, Time) else column
    mask = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    values = np.ma.getdata(np.asarray(getattr(column, "unmasked", column))).tolist()
    return [None if null or v in ("",) or v != v else v for v, null in zip(values, mask, strict=True)]


def units_of(lc):
    """Return the units of a curve, which most formats do not keep."""
    units = {name: getattr(lc[name], "unit", None) for name in lc.colnames if name != "time"}
    return {name: unit for name, unit in units.items() if unit is not None}


def assert_kept_or_refused(lc, format_, path):
    """Write and read a curve, or return the error, which must name the format, after which there is no file."""
    try:
        lc.write(path, format=format_)
    except InvalidInputError as error:
        message = str(error)
    else:
        message = ""
    assert path.exists() == (message == "")
    if message:
        assert format_ in message
        return message
    restored = LightCurve.read(path, format=format_, units=units_of(lc))
    assert restored.colnames == lc.colnames
    assert units_of(restored) == units_of(lc)
    for name in lc.colnames:
        assert plain_values(restored[name]) == plain_values(lc[name][np.argsort(lc.time.mjd)]), name
    return ""


@pytest.mark.parametrize("format_", other_formats())
def test_each_format_keeps_all_values_or_is_refused(simple, lc, format_, tmp_path):
    for part, library in LIBRARIES.items():
        if part in format_:
            pytest.importorskip(library, reason=f"{format_} needs {library}")
    if format_ == "jsviewer":
        pytest.skip("astropy does not read it")
    for n, curve in enumerate((simple, lc, lc["time", "band", "flux"], lc[:1])):
        assert_kept_or_refused(curve, format_, tmp_path / f"{n}")


KEPT = ["csv", "basic", "fixed_width", "html", "ipac", "latex", "aastex", "rst", "tab", "fast_csv", "fast_basic"]


@pytest.mark.parametrize("format_", [f"ascii.{name}" for name in KEPT])
def test_formats_that_keep_the_usual_columns(simple, format_, tmp_path):
    if format_ == "ascii.html":
        pytest.importorskip("bs4", reason="HTML needs beautifulsoup4")
    assert assert_kept_or_refused(simple, format_, tmp_path / "curve") == ""
    assert LightCurve.read(tmp_path / "curve", format=format_, units={"flux": "uJy"})["is_good"].dtype == bool


@pytest.mark.parametrize("format_", ["ascii.mrt", "ascii.csv", "ascii.latex", "ascii.ipac"])
def test_curve_of_the_server(real, format_, tmp_path):
    """MRT was ``cannot convert float NaN to integer``."""
    some = real[np.r_[:20, -20:0]]
    message = assert_kept_or_refused(some, format_, tmp_path / "curve")
    assert (message == "") == (format_ != "ascii.mrt")
    columns = [name for name in real.colnames if repr(name) not in message]
    assert len(columns) > 20
    assert assert_kept_or_refused(some[columns], format_, tmp_path / "some") == ""


@pytest.mark.parametrize(
    ("strings", "format_"),
    [
        (["1", "02", "1e5"], "ascii.csv"),
        (["x ", " y", "z"], "ascii.csv"),
        (["a&b", r"\alpha", "c"], "ascii.latex"),
        (["--", "a", "b"], "ascii.rst"),
        (["True", "False", "True"], "ascii.csv"),
        (["a\nb", "c", "d"], "ascii.ipac"),
    ],
)
def test_text_that_a_format_changes_is_refused_by_its_name(simple, strings, format_, tmp_path):
    simple["words"] = strings
    message = assert_kept_or_refused(simple, format_, tmp_path / "curve")
    assert message == "" or "column 'words'" in message


@pytest.mark.parametrize("strings", [["1", "02", "1e5"], ["x ", " y", "z"], ["True", "False", "True"]])
def test_csv_does_not_change_the_type_of_text(simple, strings, tmp_path):
    simple["words"] = strings
    with pytest.raises(InvalidInputError, match=r"column 'words' as ascii\.csv.*'ascii\.ecsv'"):
        simple.write(tmp_path / "curve.csv", format="ascii.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ['a "b"', "a, b", "a|b", "it's", "a b"])
def test_csv_quotes_text(simple, text, tmp_path):
    simple["words"] = [text, "x", ""]
    assert assert_kept_or_refused(simple, "ascii.csv", tmp_path / "curve.csv") == ""


@pytest.mark.parametrize("name", WITHOUT_NAMES)
def test_formats_without_names_are_refused(simple, name, tmp_path):
    with pytest.raises(InvalidInputError, match=f"light curve as ascii.{name}.*'ascii.ecsv'"):
        simple.write(tmp_path / "curve", format=f"ascii.{name}")


def test_arguments_of_the_writer(simple, tmp_path):
    simple.write(tmp_path / "curve", format="ascii.basic", delimiter="|")
    assert (tmp_path / "curve").read_text().startswith("time|band|flux")
    with pytest.raises(TypeError, match="colour"):
        simple.write(tmp_path / "other", format="ascii.html", colour="red")


def test_existing_file_is_kept_unless_overwritten(simple, tmp_path):
    (tmp_path / "curve").write_text("old")
    with pytest.raises(OSError, match="overwrite"):
        simple.write(tmp_path / "curve", format="ascii.csv")
    assert (tmp_path / "curve").read_text() == "old"
    simple.write(tmp_path / "curve", format="ascii.csv", overwrite=True)
    assert len(LightCurve.read(tmp_path / "curve", format="ascii.csv", units={"flux": "uJy"})) == 3


def test_open_files(simple, tmp_path):
    text = io.StringIO()
    simple.write(text, format="ascii.csv")
    assert text.getvalue().splitlines()[0] == ",".join(simple.colnames)
    with (tmp_path / "curve").open("wb") as file:
        simple.write(file, format="ascii.csv")
    assert (tmp_path / "curve").read_text().splitlines() == text.getvalue().splitlines()


def test_format_that_can_only_be_read(simple, tmp_path):
    with pytest.raises(InvalidInputError, match=r"`format`.*'ascii\.daophot', which astropy cannot write"):
        simple.write(tmp_path / "curve", format="ascii.daophot")


def test_missing_library_is_named(simple, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "bs4", None)
    with pytest.raises(ImportError, match=r"bs4|BeautifulSoup"):
        simple.write(tmp_path / "curve", format="ascii.html")
    if "asdf" not in other_formats():
        with pytest.raises(ImportError, match="asdf-astropy"):
            simple.write(tmp_path / "curve", format="asdf")


def test_times_far_from_now_and_other_scales(tmp_path):
    """They are read with `time_format`, as numbers outside the range of MJDs are ambiguous."""
    for n, time in enumerate((Time([10.25, 20.5], format="mjd"), Time([60000.25, 60001], format="mjd", scale="tdb"))):
        LightCurve(time=time, data={"n": [1, 2]}).write(tmp_path / f"{n}", format="ascii.csv")
        restored = LightCurve.read(tmp_path / f"{n}", format="ascii.csv", time_format="mjd")
        assert np.abs(restored.time.mjd - time.utc.mjd).max() < 1e-10


def test_no_rows(lc, tmp_path):
    lc[:0]["time", "band", "flux"].write(tmp_path / "curve", format="ascii.csv")
    assert len(LightCurve.read(tmp_path / "curve", format="ascii.csv", units={"flux": "uJy"})) == 0


def test_units_that_are_missing_are_named_when_the_file_is_read(lc, tmp_path):
    """Without them the first method failed, with an error of one column at a time."""
    lc.write(tmp_path / "curve.csv", format="ascii.csv")
    with pytest.raises(InvalidInputError, match=r"no unit for 'flux'.*units=\{'flux': 'uJy', .*'ra': 'deg'"):
        LightCurve.read(tmp_path / "curve.csv")
    restored = LightCurve.read(tmp_path / "curve.csv", units=units_of(lc))
    assert len(restored.bin_nightly()) == len(lc.bin_nightly())


def test_values_that_are_no_measurements_are_those_of_the_curve(lc, tmp_path):
    """Magnitudes of bad exposures, such as -8.2, were masked as placeholders on the way back."""
    lc["mag"][0], lc["mag_err"][0], lc["limit"][1] = -8.245 * u.mag, 0.1 * u.mag, -5.51 * u.mag
    lc.write(tmp_path / "curve.csv", format="ascii.csv")
    restored = LightCurve.read(tmp_path / "curve.csv", units=units_of(lc))
    for name in ("mag", "mag_err", "limit"):
        assert plain_values(restored[name]) == plain_values(lc[name]), name


def test_the_format_of_csv_must_be_given(lc, tmp_path):
    with pytest.raises(InvalidInputError, match=r"`format` must be given .*a\.csv.*'ascii\.csv'.*neither units.*ecsv"):
        lc.write(tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())

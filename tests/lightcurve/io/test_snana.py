# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading and writing text files of SNANA."""

import io
import re

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

OLD_HEADER = "SURVEY: X\nSNID: 5  # a comment\nNVAR: 4\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\n"


def write_text(lc):
    text = io.StringIO()
    lc.write(text, format="snana")
    return text.getvalue()


def test_content_of_a_file(lc):
    lines = write_text(lc).splitlines()
    assert lines[:3] == ["SURVEY: ATLAS", "SNID: ATLAS18qqn", "IMAGES: difference"]
    assert lines[3:6] == ["FILTERS: co", "NOBS: 5", "NVAR: 6"]
    assert lines[6] == "VARLIST: MJD BAND FLUXCAL FLUXCALERR ZPFLUX PHOTFLAG"
    assert lines[-1] == "END:"
    assert "OBS: 58285.0000000 o 2754.23 275.423 27.5 0" in lines


def test_round_trip_of_a_real_curve(real):
    text = write_text(real)
    lc = LightCurve.read(io.StringIO(text), format="snana")
    rows = real.combined()
    rows = rows[rows["flux_err"] > 0 * u.uJy]
    assert len(lc) == len(rows)
    assert lc["band"].tolist() == rows["band"].tolist()
    assert np.allclose(lc.time.mjd, rows.time.mjd, atol=1e-7, rtol=0)
    assert np.allclose(lc["flux"].unmasked.value, rows["flux"].unmasked.value, rtol=1e-5)
    assert np.allclose(lc["flux_err"].unmasked.value, rows["flux_err"].unmasked.value, rtol=1e-5)
    is_low = lc["flux"].unmasked < 3 * lc["flux_err"].unmasked
    assert lc["mag"].mask.tolist() == (~lc["limit"].mask).tolist() == is_low.tolist()
    assert lc.meta["name"] == real.meta["name"]
    assert float(lc.meta["snana"]["RA"]) == pytest.approx(np.nanmedian(real["ra"].filled(np.nan).value), abs=1e-3)
    assert write_text(lc) == text


def test_header_is_kept_unless_rows_have_a_position():
    header = OLD_HEADER.replace("NVAR", "RA: 359.5 deg\nDECL: -1.25 deg\nNVAR")
    lc = LightCurve.read(io.StringIO(header + "OBS: 58001 g 5 1\nEND:"), format="snana")
    assert write_text(lc).splitlines()[:4] == ["SURVEY: X", "SNID: 5", "RA: 359.5 deg", "DECL: -1.25 deg"]
    lc["ra"], lc["dec"] = [10.0] * u.deg, [20.0] * u.deg
    assert write_text(lc).splitlines()[2:4] == ["RA: 10.000000", "DEC: 20.000000"]


def test_flags_are_written_but_not_read(lc):
    text = write_text(lc.flag(lc["band"] == "c"))
    assert [line.split()[-1] for line in text.splitlines() if line.startswith("OBS:")] == ["0"] * 4 + ["1073741824"]
    assert "quality" not in LightCurve.read(io.StringIO(text), format="snana").colnames


def test_description_of_times_names_the_file(lc):
    assert "the file gives it" in LightCurve.read(io.StringIO(write_text(lc)), format="snana").time.info.description


@pytest.mark.parametrize(("flux", "flux_err"), [(np.inf, 1.0), (100.0, np.inf), (100.0, 0.0), (np.nan, 1.0)])
def test_rows_without_a_valid_flux_are_not_written(flux, flux_err):
    data = {"band": ["o", "o"], "flux": [1.0, flux] * u.uJy, "flux_err": [1.0, flux_err] * u.uJy}
    text = write_text(LightCurve(time=["2026-11-01", "2026-11-02"], data=data))
    assert text.splitlines()[-2:] == ["OBS: 61345.0000000 o 27.5423 27.5423 27.5 0", "END:"]
    assert "NOBS: 1" in text


def test_format_is_detected_and_registered_with_tables(lc, tmp_path):
    lc.write(tmp_path / "curve.dat", format="snana")
    assert len(LightCurve.read(tmp_path / "curve.dat")) == 5
    assert len(Table.read(tmp_path / "curve.dat", format="snana")) == 5


def test_position_of_an_object_at_ra_0(make):
    rows = [make.detection(mjd, 18.0, ra=ra, dec=1.0) for mjd, ra in ((58001.0, 359.9999), (58002.0, 0.0001))]
    lc = LightCurve.from_record(make.record(lc=rows, ra=None, dec=None))
    assert "RA: 0.000000" in write_text(lc).splitlines()


def test_older_files_are_read():
    text = OLD_HEADER + "OBS: 58002 r -5 1\nOBS: 58001 g 5 1\nEND:"
    lc = LightCurve.read(io.StringIO(text), format="snana")
    assert lc["band"].tolist() == ["g", "r"]
    assert lc["mag"].mask.tolist() == [False, True]
    assert lc.meta["name"] == "5"


NAMES = "MJD FLT FLUXCAL FLUXCALERR"


@pytest.mark.parametrize(
    ("text", "line", "column", "value"),
    [
        ("", None, None, None),
        ("SURVEY: X\nVARLIST: MJD FLT\n", None, "FLUXCAL", ["MJD", "FLT"]),
        (f"SURVEY: X\nVARLIST: {NAMES.replace('FLT', 'X')}\n", None, "BAND", ["MJD", "X", "FLUXCAL", "FLUXCALERR"]),
        (f"{OLD_HEADER}OBS: nan g 5 1\n", 5, "MJD", pytest.approx(np.nan, nan_ok=True)),
        (f"{OLD_HEADER}OBS: inf g 5 1\n", 5, "MJD", np.inf),
        (f"SURVEY: X\nVARLIST: {NAMES} FLT\nOBS: 1 g 5 6 1\n", None, "FLT", [*NAMES.split(), "FLT"]),
        (f"SURVEY: X\nNOBS: 2\nVARLIST: {NAMES}\nOBS: 1 g 5 1\n", None, "NOBS", "2"),
        (f"SURVEY: X\nNOBS: few\nVARLIST: {NAMES}\nOBS: 1 g 5 1\n", None, "NOBS", "few"),
        (f"SURVEY: X\nVARLIST: {NAMES}\nOBS: 1 g 5\n", 3, None, "1 g 5"),
        (f"SURVEY: X\nVARLIST: {NAMES}\nOBS: 1 g x 5\n", 3, "FLUXCAL", "x"),
    ],
)
def test_invalid_files_raise_an_error(tmp_path, text, line, column, value):
    (tmp_path / "curve.dat").write_text(text)
    with pytest.raises(UnreadableFileError, match=r"curve\.dat") as caught:
        LightCurve.read(tmp_path / "curve.dat", format="snana")
    error = caught.value
    assert error.filename == str(tmp_path / "curve.dat")
    assert (error.line, error.row, error.column, error.value) == (line, None, column, value)
    with pytest.raises(UnreadableFileError) as caught:
        LightCurve.read(io.StringIO(text), format="snana")
    assert (caught.value.filename, caught.value.line) == (None, line)


@pytest.mark.parametrize("name", [None, "ATLAS18qqn"])
def test_name_or_id_is_kept(lc, name):
    lc.meta["name"] = name
    meta = LightCurve.read(io.StringIO(write_text(lc)), format="snana").meta
    assert meta["name"] == name
    assert meta.get("atlas_id") == (None if name else lc.meta["atlas_id"])
    del lc.meta["name"], lc.meta["atlas_id"]
    assert LightCurve.read(io.StringIO(write_text(lc)), format="snana").meta["name"] is None


@pytest.mark.parametrize("name", ["AT 2018cow", "AT\nEND:", "cow # 1", " cow"])
def test_names_with_blanks_or_comments_raise_an_error(lc, name):
    lc.meta["name"] = name
    with pytest.raises(InvalidInputError, match=re.escape(repr(name))):
        write_text(lc)


def test_missing_fluxes_and_long_bands_raise_an_error(lc, make):
    with pytest.raises(InvalidInputError, match=r"'snana'.*flux"):
        write_text(lc.limits)
    with pytest.raises(InvalidInputError, match=r"'band'.*' '"):
        write_text(LightCurve.from_record(make.record(fp=[make.forced(1.0, filter=" ")])))
    with pytest.raises(InvalidInputError, match=r"'band'.*'ps1'"):
        write_text(LightCurve.from_record(make.record(fp=[make.forced(1.0, filter="ps1")])))


NEWER = """\
# SURVEY: ATLAS
# SNID: 2018cow
# NOBS: 2
# a comment: not a key
# NVAR: 4
# VARNAMES: MJD BAND FLUXCAL FLUXCALERR
OBS: 58285.5 {}c 2754.23 275.42
OBS: 58286.5 {}o 27.54 275.42
END:
"""


@pytest.mark.parametrize("prefix", ["ATLAS-", "atlas", "ATLAS_", "ATLAS-c/", ""])
@pytest.mark.parametrize("comment", ["# ", "#", ""])
def test_newer_files_are_read(prefix, comment, tmp_path):
    text = NEWER.replace("{}c", f"{prefix}c").replace("{}o", f"{prefix}o")
    is_key = [line[:2] == "# " and "comment" not in line for line in text.splitlines()]
    lines = zip(is_key, text.splitlines(), strict=True)
    text = "\n".join(comment + line[2:] if commented else line for commented, line in lines)
    (tmp_path / "cow.dat").write_text(text)
    lc = LightCurve.read(tmp_path / "cow.dat")
    assert lc["band"].tolist() == ["c", "o"]
    assert lc["flux"].unmasked.value.tolist() == pytest.approx([100, 1], rel=1e-4)
    assert lc["mag"].mask.tolist() == [False, True]
    assert lc["limit"].mask.tolist() == [True, False]
    assert lc.meta["name"] == "2018cow"
    assert "a comment" not in lc.meta["snana"]


@pytest.mark.parametrize("bands", ["ATLAS-", {"c": "ATLAS-c", "o": "ATLAS-o"}])
def test_names_of_bands_are_chosen(lc, bands):
    text = io.StringIO()
    lc.write(text, format="snana", bands=bands)
    assert "FILTERS: co" in text.getvalue()
    assert {line.split()[2] for line in text.getvalue().splitlines() if line[:4] == "OBS:"} == {"ATLAS-c", "ATLAS-o"}
    assert set(LightCurve.read(io.StringIO(text.getvalue()), format="snana")["band"]) == {"c", "o"}


@pytest.mark.parametrize("bands", [{"c": "ATLAS-c"}, {"c": "cyan", "o": "orange"}, "AT LAS", {"c": 1, "o": 2}, "#"])
def test_invalid_names_of_bands(lc, bands):
    with pytest.raises(InvalidInputError, match="`bands` must have a name without blanks that ends with the band"):
        lc.write(io.StringIO(), format="snana", bands=bands)
    with pytest.raises(TypeError, match="`bands` must be a string or a dict"):
        lc.write(io.StringIO(), format="snana", bands=["ATLAS-c"])


def test_a_second_object_is_not_lost():
    text = NEWER.replace("{}", "")
    with pytest.raises(
        UnreadableFileError, match="must have one object, got '# SURVEY: ATLAS' after its END"
    ) as caught:
        LightCurve.read(io.StringIO(text + text), format="snana")
    assert caught.value.line == len(text.splitlines()) + 1
    assert len(LightCurve.read(io.StringIO(text + "\n# the end of the file\n"), format="snana")) == 2


@pytest.mark.parametrize("null", ["0", "-9", "-999", "nan"])
def test_uncertainties_that_are_no_measurement_are_masked(null):
    lc = LightCurve.read(io.StringIO(NEWER.replace("{}", "").replace("27.54 275.42", f"-999 {null}")), format="snana")
    for name in ("flux", "flux_err", "mag", "limit"):
        assert lc[name].mask.tolist()[1], name
    assert lc["flux"].mask.tolist() == [False, True]


@pytest.mark.parametrize("time", ["2458400.5", "8285.4", "0", "-1", "999999"])
def test_times_that_are_no_mjd(time):
    with pytest.raises(UnreadableFileError, match="'MJD' must be a Modified Julian Date of the years 1900 to 2200"):
        LightCurve.read(io.StringIO(f"{OLD_HEADER}OBS: {time} g 5 1\nEND:"), format="snana")

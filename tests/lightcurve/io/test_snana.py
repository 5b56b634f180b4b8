# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text files of SNANA."""

import io

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

OLDER = "SURVEY: X\nSNID: 5  # a comment\nNVAR: 4\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\n"


def written(lc):
    text = io.StringIO()
    lc.write(text, format="snana")
    return text.getvalue()


def test_a_file(lc):
    lines = written(lc).splitlines()
    assert lines[:5] == ["SURVEY: ATLAS", "SNID: ATLAS18qqn", "FILTERS: co", "NOBS: 5", "NVAR: 6"]
    assert lines[5] == "VARLIST: MJD BAND FLUXCAL FLUXCALERR ZPFLUX PHOTFLAG"
    assert lines[-1] == "END:"
    assert "OBS: 58285.0000000 o 2754.23 275.423 27.5 0" in lines


def test_the_round_trip(real):
    text = written(real)
    lc = LightCurve.read(io.StringIO(text), format="snana")
    rows = real.combined()
    rows = rows[rows["flux_err"] > 0 * u.uJy]
    assert len(lc) == len(rows)
    assert lc["band"].tolist() == rows["band"].tolist()
    assert np.allclose(lc.time.mjd, rows.time.mjd, atol=1e-7, rtol=0)
    assert np.allclose(lc["flux"].unmasked.value, rows["flux"].unmasked.value, rtol=1e-5)
    assert np.allclose(lc["flux_err"].unmasked.value, rows["flux_err"].unmasked.value, rtol=1e-5)
    assert lc["mag"].mask.tolist() == (rows["flux"].unmasked.value <= 0).tolist()
    assert lc.meta["name"] == real.meta["name"]
    assert float(lc.meta["snana"]["RA"]) == pytest.approx(np.nanmedian(real["ra"].filled(np.nan).value), abs=1e-3)
    assert written(lc) == text


def test_what_the_header_tells_is_written_again():
    header = OLDER.replace("NVAR", "RA: 359.5 deg\nDECL: -1.25 deg\nNVAR")
    lc = LightCurve.read(io.StringIO(header + "OBS: 1 g 5 1\nEND:"), format="snana")
    assert written(lc).splitlines()[:4] == ["SURVEY: X", "SNID: 5", "RA: 359.5 deg", "DECL: -1.25 deg"]
    lc["ra"], lc["dec"] = [10.0] * u.deg, [20.0] * u.deg
    assert written(lc).splitlines()[2:4] == ["RA: 10.000000", "DEC: 20.000000"]


def test_flags_are_written_and_not_read(lc):
    text = written(lc.flag(lc["band"] == "c"))
    assert [line.split()[-1] for line in text.splitlines() if line.startswith("OBS:")] == ["0"] * 4 + ["1073741824"]
    assert "quality" not in LightCurve.read(io.StringIO(text), format="snana").colnames


def test_whose_time_it_is(lc):
    assert "the file gives it" in LightCurve.read(io.StringIO(written(lc)), format="snana").time.info.description


@pytest.mark.parametrize(("flux", "flux_err"), [(np.inf, 1.0), (100.0, np.inf), (100.0, 0.0), (np.nan, 1.0)])
def test_what_is_no_flux_is_not_written(flux, flux_err):
    data = {"band": ["o", "o"], "flux": [1.0, flux] * u.uJy, "flux_err": [1.0, flux_err] * u.uJy}
    text = written(LightCurve(time=["2026-11-01", "2026-11-02"], data=data))
    assert text.splitlines()[-2:] == ["OBS: 61345.0000000 o 27.5423 27.5423 27.5 0", "END:"]
    assert "NOBS: 1" in text


def test_it_is_found_out_and_known_to_tables(lc, tmp_path):
    lc.write(tmp_path / "curve.dat", format="snana")
    assert len(LightCurve.read(tmp_path / "curve.dat")) == 5
    assert len(Table.read(tmp_path / "curve.dat", format="snana")) == 5


def test_an_object_at_ra_0(make):
    rows = [make.detection(1.0, 18.0, ra=359.9999, dec=1.0), make.detection(2.0, 18.0, ra=0.0001, dec=1.0)]
    lc = LightCurve.from_record(make.record(lc=rows, ra=None, dec=None))
    assert "RA: 0.000000" in written(lc).splitlines()


def test_older_files():
    text = OLDER + "OBS: 2 r -5 1\nOBS: 1 g 5 1\nEND:"
    lc = LightCurve.read(io.StringIO(text), format="snana")
    assert lc["band"].tolist() == ["g", "r"]
    assert lc["mag"].mask.tolist() == [False, True]
    assert lc.meta["name"] == "5"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no header"),
        ("SURVEY: X\nVARLIST: MJD FLT\n", "no light curve of SNANA"),
        (f"{OLDER}OBS: nan g 5 1\n", "line 5: the measurement has no time"),
        (f"{OLDER}OBS: inf g 5 1\n", "line 5: the measurement has no time"),
        ("SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCAL FLUXCALERR\nOBS: 1 g 5 6 1\n", "two columns of the same name"),
        ("SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\nOBS: 1 g 5\n", "line 3: 4 values"),
        ("SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\nOBS: 1 g x 5\n", "line 3: FLUXCAL is 'x'"),
    ],
)
def test_what_is_no_such_file(text, message):
    with pytest.raises(UnreadableFileError, match=message):
        LightCurve.read(io.StringIO(text), format="snana")


@pytest.mark.parametrize("name", [None, "ATLAS18qqn"])
def test_who_it_is_comes_back(lc, name):
    lc.meta["name"] = name
    meta = LightCurve.read(io.StringIO(written(lc)), format="snana").meta
    assert meta["name"] == name
    assert meta.get("atlas_id") == (None if name else lc.meta["atlas_id"])
    del lc.meta["name"], lc.meta["atlas_id"]
    assert LightCurve.read(io.StringIO(written(lc)), format="snana").meta["name"] is None


@pytest.mark.parametrize("name", ["AT 2018cow", "AT\nEND:", "cow # 1", " cow"])
def test_a_name_of_more_than_a_word_is_refused(lc, name):
    lc.meta["name"] = name
    with pytest.raises(InvalidInputError, match="name of one word, not "):
        written(lc)


def test_what_it_cannot_express_is_refused(lc, make):
    with pytest.raises(InvalidInputError, match="no flux"):
        written(lc.limits)
    with pytest.raises(InvalidInputError, match="one character, not ' '"):
        written(LightCurve.from_record(make.record(fp=[make.forced(1.0, filter=" ")])))
    with pytest.raises(InvalidInputError, match="one character, not 'ps1'"):
        written(LightCurve.from_record(make.record(fp=[make.forced(1.0, filter="ps1")])))

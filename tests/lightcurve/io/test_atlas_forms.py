# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The forms in which people keep ATLAS photometry as text: each is read with the right values."""

import gzip
import io

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Table
from astropy.time import Time
from numpy.testing import assert_allclose

from atlasquery import conf
from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

HEADER = "###MJD m dm uJy duJy F err chi/N RA Dec x y maj min phi apfit mag5sig Sky Obs"
START = "58757.5 18.900 0.217 100 20 o 0 1.50 123.84754 -38.98983 1666.50 4612.12 2.32 2.21 -22.2"
ROW = f"{START} -0.420 18.66 19.35 02a58757o0713o"
EARLY_HEADER = HEADER.replace("mag5sig Sky Obs", "Sky ZP Obs")
EARLY_ROW = f"{START} -0.41 19.14 21.33 01a58757o0456o"
PAGE = "#expname,mag,filter,mjd,flux,dflux,uJy,duJy"
RAW = (
    "#expname,ra,dec,mag,dm,snr,filter,zp,mjd,x,y,peakval,skyval,peakfit,dpeak,skyfit,flux,dflux,chin,major,minor,"
    "snrdet,snrlimit,apfit,uJy,duJy,mag5sig,texp"
)
RAW_ROW = (
    "02a57401o0456c,244.0,22.2,18.9,0.21,5.0,c,22.1,57401.6,1666.5,4612.1,120.5,100.1,98.0,19.0,0.5,701.3,140.2,1.5,"
    "2.32,2.21,1,3,-0.42,100,20,19.55,30"
)


@pytest.fixture(params=["file object", "path", "path without format", "gzip"])
def read(request, tmp_path):
    """Read a text in each way that a user may have it."""

    def read(text, **options):
        if request.param == "file object":
            return LightCurve.read(io.StringIO(text), format="atlas.forced", **options)
        path = tmp_path / ("job.txt.gz" if request.param == "gzip" else "job.txt")
        content = text.encode()
        path.write_bytes(gzip.compress(content) if request.param == "gzip" else content)
        return LightCurve.read(path, format="atlas.forced" if request.param == "path" else None, **options)

    return read


def read_lines(*lines, **options):
    return LightCurve.read(io.StringIO("\n".join(lines)), format="atlas.forced", **options)


def value(lc, name, row=0):
    column = lc[name]
    return None if np.ma.is_masked(column[row]) or getattr(column[row], "mask", False) else column[row]


def test_early_files_have_the_limit_below_sky_and_the_sky_below_zp(read):
    lc = read(f"{EARLY_HEADER}\n{EARLY_ROW}\n")
    assert lc["limit"].value.tolist() == [19.14]
    assert lc["limit_sigma"].tolist() == [5]
    assert lc["sky"].value.tolist() == [21.33]
    assert lc["zp"].mask.tolist() == [True]
    assert lc["expname"].tolist() == ["01a58757o0456o"]
    assert lc["site"].tolist() == ["01a"]


def test_stacked_photometry_names_a_stack_and_no_exposure(read):
    lc = read(f"{EARLY_HEADER.replace('Obs', 'Stack')}\n{EARLY_ROW.replace('01a58757o0456o', 'stack58757o')}\n")
    assert lc["stack"].tolist() == ["stack58757o"]
    assert lc["expname"].mask.tolist() == lc["site"].mask.tolist() == [True]
    assert lc["limit"].value.tolist() == [19.14]


def test_a_zero_point_beside_the_limit_is_one():
    lc = read_lines(HEADER + " ZP", ROW + " 22.1")
    assert (lc["zp"].value.tolist(), lc["limit"].value.tolist(), lc["sky"].value.tolist()) == ([22.1], [18.66], [19.35])


@pytest.mark.parametrize("delimiter", [",", "\t", ";", " , "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_delimiters_line_ends_and_byte_order_marks(delimiter, end, start, tmp_path):
    blank = read_lines(HEADER, ROW)
    text = start + end.join([delimiter.join(HEADER.split()), delimiter.join(ROW.split()), ""])
    (tmp_path / "job.txt").write_bytes(text.encode())
    lc = LightCurve.read(tmp_path / "job.txt")
    assert lc.colnames == blank.colnames
    for name in lc.colnames[1:]:
        assert value(lc, name) == value(blank, name), name
    assert lc.time.mjd.tolist() == [58757.5]


def test_a_file_that_pandas_has_saved():
    names, values = HEADER.split(), ROW.split()
    lc = read_lines("," + ",".join(names), "0," + ",".join(values), "1," + ",".join(["58758.5", *values[1:]]))
    assert lc["flux"].value.tolist() == [100, 100]
    assert "" not in lc.colnames


@pytest.mark.parametrize(
    "above", [[""], ["Error: no image", ""], ["# made by a script", "# at 12:00"], ["", "1 of 3 exposures"]]
)
def test_lines_above_the_header(read, above):
    lc = read("\n".join([*above, HEADER, ROW]))
    assert lc["flux"].value.tolist() == [100]
    assert lc.meta.get("notes", []) == [line for line in above if line]


def test_diagnostics_below_the_header():
    lc = read_lines(HEADER, "Error: could not open image 02a59100o0400o", ROW)
    assert (len(lc), lc.meta["notes"]) == (1, ["Error: could not open image 02a59100o0400o"])


def test_joined_files_repeat_the_header():
    assert len(read_lines(HEADER, ROW, HEADER, ROW.replace("58757.5", "58758.5"))) == 2


def test_a_row_above_the_header_is_not_lost():
    with pytest.raises(UnreadableFileError, match="below the column names"):
        read_lines(ROW, HEADER, ROW)


@pytest.mark.parametrize("dm", ["-", "nan", "0"])
def test_a_limit_in_place_of_the_magnitude(read, dm):
    lc = read(f"###MJD m dm uJy duJy F Obs\n58757.5 >19.53 {dm} 5 17 c 02a58757o0713c\n")
    assert value(lc, "mag") is None
    assert value(lc, "mag_err") is None
    assert (lc["limit"].value.tolist(), lc["limit_sigma"].tolist()) == ([19.53], [3])
    assert (lc["flux"].value.tolist(), lc["flux_err"].value.tolist()) == ([5], [17])


def test_the_limit_of_the_exposure_has_priority_over_that_of_the_measurement():
    lc = read_lines(HEADER, ROW.replace("18.900 0.217 100", ">19.53 - 5"))
    assert (lc["limit"].value.tolist(), lc["limit_sigma"].tolist()) == ([18.66], [5])
    assert (lc["mag_server"].value.tolist(), lc["limit_server"].mask.tolist()) == ([19.53], [True])


@pytest.mark.filterwarnings("ignore:The fit failed")
def test_magnitudes_and_limits_without_a_flux():
    lc = read_lines(
        "MJD m dm uJy duJy F",
        "57401.6 18.9 0.2 nan nan c",
        "57402.6 20.9 0.9 nan nan c",
        "57403.6 >19.5 - nan nan c",
        "57404.6 0.000 0.000 0 0 c",
        "57405.6 18.8 0.1 0 0 c",
        "57406.6 >19.4 - 0 0 c",
    )
    assert lc["mag"].filled(0).value.tolist() == [18.9, 0, 0, 0, 0, 0]
    assert lc["mag_err"].filled(0).value.tolist() == [0.2, 0, 0, 0, 0, 0]
    assert lc["mag_server"].filled(0).value.tolist() == [0, 20.9, 0, 0, 18.8, 0]
    assert lc["mag_err_server"].filled(0).value.tolist() == [0, 0.9, 0, 0, 0.1, 0]
    assert lc["limit"].filled(0).value.tolist() == [0, 0, 19.5, 0, 0, 0]
    assert lc["limit_server"].filled(0).value.tolist() == [0, 0, 0, 0, 0, 19.4]
    assert lc["flux"].mask.all()


def test_files_of_atclean():
    lc = read_lines(
        "MJD m dm uJy duJy F Mask",
        "57401.6 19.53 nan 5 17 c 0",
        "57402.6 18.90 0.2 100 20 c 0x400001",
        "57403.6 18.90 0.2 100 20 c 1.0",
    )
    assert lc["mag"].mask.tolist() == [True, False, False]
    assert (value(lc, "limit").value, value(lc, "limit_sigma")) == (19.53, 3)
    assert lc["mask"].tolist() == [0, 0x400001, 1]
    flagged = lc.flag("mask")
    assert len(flagged.good()) == 1
    assert flagged.quality_summary()["rule"].tolist() == ["mask_bits"]
    assert len(lc.flag(lc["mask"] == 1).good()) == 2


def test_the_table_of_other_pages(read):
    lc = read(
        f"{PAGE}\n02a57401o0456c,>20.12,c,57401.6,701.3,900.2,4.5,5.8\n02a57402o0456o,18.9,o,57402.6,9e3,2e3,100,20\n"
    )
    assert lc["flux"].value.tolist() == [4.5, 100]
    assert lc["flux_err"].value.tolist() == [5.8, 20]
    assert lc["flux"].unit == u.uJy
    assert lc["mag"].mask.tolist() == [True, False]
    assert (value(lc, "limit").value, value(lc, "limit_sigma")) == (20.12, 3)
    assert lc["band"].tolist() == ["c", "o"]
    assert lc["expname"].tolist() == ["02a57401o0456c", "02a57402o0456o"]
    assert lc["site"].tolist() == ["02a", "02a"]
    assert lc["aperture_flux"].value.tolist() == [701.3, 9000]
    assert lc.time.mjd.tolist() == [57401.6, 57402.6]


def test_the_raw_form(read):
    lc = read(f"{RAW}\n{RAW_ROW}\n")
    expected = {"ra": 244.0, "dec": 22.2, "mag": 18.9, "mag_err": 0.21, "flux": 100, "flux_err": 20, "zp": 22.1}
    expected |= {
        "major": 2.32,
        "minor": 2.21,
        "peakfit": 98,
        "dpeak": 19,
        "limit": 19.55,
        "exptime": 30,
        "apfit": -0.42,
    }
    assert {name: value(lc, name).value for name in expected} == expected
    assert {name: value(lc, name) for name in ("snr", "chi_n", "snrdet")} == {"snr": 5, "chi_n": 1.5, "snrdet": 1}
    assert (lc["band"].tolist(), lc["limit_sigma"].tolist()) == (["c"], [5])
    assert not [name for name in lc.colnames if "server_" in name]


@pytest.mark.parametrize("null", ["", "nan", "NaN", "None", "null", "-", "N/A"])
def test_missing_values(null):
    lc = read_lines("MJD,m,dm,uJy,duJy,F,err,Obs,x", f"57401.6,{null},{null},{null},{null},{null},{null},{null},{null}")
    for name in ("mag", "mag_err", "flux", "flux_err", "band", "err", "expname", "x"):
        assert lc[name].mask.tolist() == [True], name


@pytest.mark.parametrize("sigma", [3.0, 5.0])
def test_magnitudes_below_the_significance_are_masked(sigma):
    rows = [f"{57401.6 + i} 19.5 {1 / n:.3f} {20 * n} 20 c 19.0" for i, n in enumerate([0.5, 2.9, 3, 4.9, 5, 20])]
    rows.append("57420.6 -18.9 0.2 -100 20 c 19.0")
    with conf.set_temp("mag_sigma", sigma):
        lc = read_lines("MJD m dm uJy duJy F mag5sig", *rows)
    is_low = lc["flux"].unmasked < sigma * lc["flux_err"].unmasked
    assert lc["mag"].mask.tolist() == lc["mag_err"].mask.tolist() == is_low.tolist()
    assert set(lc["limit_sigma"][is_low]) == {sigma}
    assert_allclose(lc["limit"][is_low].value, 23.9 - 2.5 * np.log10(sigma * 20))
    assert set(lc["limit"][~is_low].value.tolist()) == {19.0}
    assert set(lc["limit_server"][is_low].value.tolist()) == {19.0}
    assert lc["mag_server"].unmasked.value[-1] == -18.9
    text = io.StringIO()
    lc.write(text, format="atlas.forced")
    names, *written = (line.split() for line in text.getvalue().splitlines())
    assert [float(row[names.index("mag5sig")]) for row in written] == [19.0] * 7
    assert [float(row[1]) for row in written] == [19.5] * 6 + [-18.9]


def test_all_magnitudes_of_the_file_on_request():
    with conf.set_temp("mag_sigma", None):
        lc = read_lines(
            "MJD m dm uJy duJy F mag5sig", "57401.6 20.75 2.0 18 36 c 19.0", "57402.6 -20.75 2.0 -18 36 c 19.0"
        )
    assert lc["mag"].mask.tolist() == [False, True]
    assert (lc["limit"].value.tolist(), lc["limit_sigma"].tolist()) == ([19, 19], [5, 5])
    assert value(lc, "mag").value == 20.75


@pytest.mark.parametrize("sigma", [0, -3, "many", np.nan, np.inf, True])
def test_invalid_significance(sigma):
    with pytest.raises(TypeError, match=r"mag_sigma` must be a finite number of at least 0\.1, or None"):
        conf.mag_sigma = sigma


@pytest.mark.parametrize("format", ["atlas.forced", "ascii.ecsv", "fits", "votable", "snana"])
def test_reduced_images_are_named(format, tmp_path):
    lc = read_lines(HEADER, ROW, images="reduced")
    assert lc.meta["images"] == "reduced"
    assert "educed images" in lc.plot(y="flux").get_ylabel()
    assert "Difference" not in lc["flux"].info.description
    assert read_lines(HEADER, ROW).plot(y="flux").get_ylabel().startswith("Flux [")
    assert "Difference flux" in read_lines(HEADER, ROW, images="difference").plot(y="flux").get_ylabel()
    lc.write(tmp_path / "curve", format=format)
    restored = LightCurve.read(tmp_path / "curve", format=format)
    assert restored.meta["images"] == "reduced"
    assert "educed images" in restored.bin_nightly().plot(y="flux").get_ylabel()
    with pytest.raises(InvalidInputError, match=r"`images` must be None or 'reduced'"):
        LightCurve.read(tmp_path / "curve", format=format, images="difference")


def test_reduced_images_have_no_template():
    rows = [ROW.replace("58757.5", mjd) for mjd in ("58400.5", "58430.5")]
    with pytest.warns(UserWarning, match="template"):
        assert read_lines(HEADER, *rows).check_quality()
    assert read_lines(HEADER, *rows, images="reduced").check_quality() == []


def test_unknown_images():
    with pytest.raises(InvalidInputError, match=r"`images` must be 'difference', 'reduced' or None, got .*'diff'"):
        read_lines(HEADER, ROW, images="diff")


def test_tables_of_astropy_read_files_with_commas_as_before(tmp_path):
    (tmp_path / "job.csv").write_text(",".join(HEADER.lstrip("#").split()) + "\n" + ",".join(ROW.split()) + "\n")
    assert Table.read(tmp_path / "job.csv")["uJy"].tolist() == [100]
    assert LightCurve.read(tmp_path / "job.csv")["flux"].value.tolist() == [100]


SHORT_HEADER, SHORT_ROW = "MJD m dm uJy duJy F Obs", "58757.5 18.9 0.2 100 20 o 02a58757o0713o"


def split_with(delimiter, text):
    return delimiter.join(text.split())


@pytest.mark.parametrize(
    "lines",
    [
        [SHORT_HEADER.lower(), SHORT_ROW],
        [SHORT_HEADER.upper(), SHORT_ROW],
        [split_with(",", SHORT_HEADER) + ",", split_with(",", SHORT_ROW) + ","],
        ["\t" + split_with("\t", SHORT_HEADER), "0\t" + split_with("\t", SHORT_ROW)],
        [split_with(";", SHORT_HEADER), split_with(";", SHORT_ROW).replace(".", ",")],
        [split_with(",", '"' + '" "'.join(SHORT_HEADER.split()) + '"'), split_with(",", SHORT_ROW)],
        [SHORT_HEADER, "------- ---- --- --- ---- - --------------", SHORT_ROW],
        [SHORT_HEADER, "d mag mag uJy uJy - -", SHORT_ROW],
        [SHORT_HEADER, SHORT_ROW, "# 1 row"],
    ],
    ids=["lower", "upper", "last delimiter", "index", "decimal comma", "quotes", "dashes", "units", "comment"],
)
def test_files_of_other_programs(lines):
    lc = read_lines(*lines)
    assert (lc["flux"].value.tolist(), lc["mag"].value.tolist()) == ([100], [18.9])
    assert (lc.time.mjd.tolist(), lc["band"].tolist()) == ([58757.5], ["o"])
    assert not [name for name in lc.colnames if not name or name.startswith("server_")]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (SHORT_ROW.replace("58757.5", "2458758.0"), "MJD", "Subtract 2400000.5"),
        (SHORT_ROW.replace(" 20 ", " -20 "), "duJy", "at least 0"),
        (SHORT_ROW.replace("58757.5", "8757.5"), "MJD", "Modified Julian Date of the years 1900 to 2200"),
        (SHORT_ROW.replace("58757.5", "0"), "MJD", "Modified Julian Date"),
        (SHORT_ROW.replace("58757.5", "-1"), "MJD", "Modified Julian Date"),
        (SHORT_ROW.replace("58757.5", "999999"), "MJD", "Modified Julian Date"),
        (SHORT_ROW.replace(" 100 ", " inf "), "uJy", "a finite number, got inf"),
        (SHORT_ROW.replace(" 20 ", " inf "), "duJy", "a finite number of at least 0"),
        (SHORT_ROW.replace(" 100 ", " 1.0D2 "), "uJy", "must be a number"),
        (SHORT_ROW + " 7", None, "must have 7 values, got 8"),
    ],
)
def test_rows_with_a_wrong_value(row, column, message):
    with pytest.raises(UnreadableFileError, match=message) as caught:
        read_lines(SHORT_HEADER, row)
    assert (caught.value.line, caught.value.column) == (2, column)


@pytest.mark.parametrize("time", ["2017-10-11T15:14", "5.8037D+04", "58'037.6"])
def test_a_row_without_a_number_as_time_is_not_lost(time):
    with pytest.raises(UnreadableFileError, match="'MJD' must be a number") as caught:
        read_lines(SHORT_HEADER, SHORT_ROW.replace("58757.5", time), SHORT_ROW)
    assert caught.value.line == 2
    with pytest.raises(UnreadableFileError, match="line 2: column 'mjd'"):
        read_lines(PAGE, "02a57401o0456c,19.5,o,,100,10,40,15")


def test_thousands_separators_are_not_decimal_commas():
    row = SHORT_ROW.replace(" 100 ", " 12,984 ")
    with pytest.raises(UnreadableFileError, match="'uJy' must be a number, got '12,984'"):
        read_lines(split_with("\t", SHORT_HEADER), split_with("\t", row))


def test_joined_files_of_different_columns_are_refused():
    other = "#expname,mag,filter,mjd,uJy,duJy,flux,dflux"
    with pytest.raises(UnreadableFileError, match="line 3: the column names must be those of line 1"):
        read_lines(PAGE, "a,19,o,58038.6,100,10,60,15", other, "b,19,o,58039.6,60,15,100,10")


def test_rows_of_two_objects_keep_their_ids():
    rows = ["58037.6,100,10,o,1161600211221604900", "58037.7,1000,10,o,1220226540355822100"]
    lc = read_lines("MJD,uJy,duJy,F,atlas_id", *rows)
    assert lc["atlas_id"].tolist() == [1161600211221604900, 1220226540355822100]
    with pytest.raises(InvalidInputError, match="rows of 2 objects"):
        lc.bin_nightly()


@pytest.mark.parametrize(("key", "value"), [("RA", "423.8"), ("RA", "-1"), ("Dec", "-98.9")])
def test_positions_that_are_none(key, value):
    row = ROW.replace("123.84754" if key == "RA" else "-38.98983", value)
    with pytest.raises(UnreadableFileError, match=f"column '{key}' must be .* degrees, got {value}"):
        read_lines(HEADER, row)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_encodings(encoding, tmp_path):
    text = f"# 12 °C, Haleakalā\n{SHORT_HEADER}\n{SHORT_ROW}\n"
    text = text.replace("ā", "a") if encoding == "latin-1" else text
    (tmp_path / "job.txt").write_bytes(text.encode(encoding))
    lc = LightCurve.read(tmp_path / "job.txt")
    assert (lc["flux"].value.tolist(), lc.meta["notes"]) == ([100], [text.splitlines()[0]])


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "job.txt").write_bytes(b"MJD\x00\xff\x01uJy")
    with pytest.raises(UnreadableFileError, match="utf-8"):
        LightCurve.read(tmp_path / "job.txt", format="atlas.forced")


@pytest.mark.parametrize(
    ("given", "band"),
    [("o", "o"), ("O", "o"), ("orange", "o"), ("Cyan", "c"), ("atlaso", "o"), ("ATLAS-c", "c"), ("atlas::o", "o")],
)
def test_names_of_bands(given, band):
    lc = read_lines(SHORT_HEADER, SHORT_ROW.replace(" o ", f" {given} "))
    assert lc["band"].tolist() == [band]


@pytest.mark.parametrize(
    "header",
    [
        SHORT_HEADER.replace(" F ", " filter "),
        SHORT_HEADER.replace(" F ", " band "),
        SHORT_HEADER.replace("MJD m", "mjd M").replace("Obs", "obs"),
        "# ###" + SHORT_HEADER,
        "#" + SHORT_HEADER,
    ],
)
def test_names_of_columns(header):
    lc = read_lines(header, SHORT_ROW)
    assert (lc["mag"].value.tolist(), lc["band"].tolist()) == ([18.9], ["o"])
    assert lc["expname"].tolist() == ["02a58757o0713o"]


def test_names_in_lower_case_beside_others():
    lc = read_lines("MJD m dm uJy duJy F ra DEC", "58757.5 18.9 0.2 100 20 o 10.5 -20.5")
    assert (lc["ra"].value.tolist(), lc["dec"].value.tolist()) == ([10.5], [-20.5])


@pytest.mark.parametrize(
    "lines",
    [
        [split_with(",", SHORT_HEADER), split_with(",", SHORT_ROW), ",,,,,,", ","],
        [
            split_with(",", SHORT_HEADER),
            split_with(",", SHORT_ROW) + ",",
            split_with(",", SHORT_ROW).replace("757.5", "757.6") + ",,",
        ],
        ['"' + '" "'.join(SHORT_HEADER.split()) + '"', '"' + '" "'.join(SHORT_ROW.split()) + '"'],
    ],
    ids=["empty rows", "delimiter after values", "quotes and blanks"],
)
def test_rows_of_spreadsheets(lines):
    lc = read_lines(*lines)
    assert set(lc["flux"].value.tolist()) == {100}
    assert set(lc["expname"].tolist()) == {"02a58757o0713o"}


@pytest.mark.parametrize("file", [["MJD m"], b"MJD", 5, f"{SHORT_HEADER}\n{SHORT_ROW}"])
def test_content_in_place_of_a_file(file):
    with pytest.raises((TypeError, InvalidInputError), match="`filename` must be a path or an open file"):
        LightCurve.read(file, format="atlas.forced")
    with pytest.raises((TypeError, InvalidInputError), match="`filename` must be a path or an open file"):
        LightCurve.read(file)


@pytest.mark.parametrize("format", ["ascii.ecsv", "fits"])
def test_files_with_another_suffix(format, tmp_path):
    lc = read_lines(SHORT_HEADER, SHORT_ROW)
    lc.write(tmp_path / "curve.txt", format=format)
    assert LightCurve.read(tmp_path / "curve.txt")["flux"].value.tolist() == [100]


def test_a_table_without_bands_says_how_to_describe_it(tmp_path):
    (tmp_path / "job.csv").write_text("MJD,m,dm,uJy,duJy\n58757.5,18.9,0.2,100,20\n")
    with pytest.raises(UnreadableFileError, match="as in time='MJD', columns=") as caught:
        LightCurve.read(tmp_path / "job.csv")
    described = {"time": "MJD", "columns": {"m": "mag", "dm": "mag_err", "uJy": "flux", "duJy": "flux_err"}}
    assert f"time={described['time']!r}, columns={described['columns']}" in str(caught.value)
    lc = LightCurve.read(tmp_path / "job.csv", **described, units={"flux": "uJy", "mag": "mag"})
    assert lc["flux"].value.tolist() == [100]


def test_times_that_are_not_read_are_not_written():
    lc = LightCurve(time=Time([1.0], format="mjd"), data={"flux": [1.0] * u.uJy, "flux_err": [1.0] * u.uJy})
    lc["kind"], lc["band"] = ["forced"], ["o"]
    for format in ("atlas.forced", "snana"):
        with pytest.raises(InvalidInputError, match="Cannot write times outside of the years 1900 to 2200, got MJD 1"):
            lc.write(io.StringIO(), format=format)

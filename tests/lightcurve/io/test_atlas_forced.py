# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading and writing text files of the forced-photometry server."""

import gzip
import io
import re

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable, Table

from atlasquery.exceptions import DataQualityWarning, InvalidInputError, UnreadableFileError
from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.columns import SERVER_COLUMNS

HEADER = "###MJD m dm uJy duJy F err chi/N RA Dec x y maj min phi apfit mag5sig Sky Obs"
ROW = (
    "58037.635279 18.900 0.217 100 20 o 0 1.50 123.84754 -38.98983 1666.50 4612.12 2.32 2.21 -22.2 -0.420 18.66 19.35 "
    "02a58037o0713o"
)
KEYS = HEADER.lstrip("#").split()
pytestmark = pytest.mark.filterwarnings("ignore:The fit failed")  # in one row of the real file


def row(**values):
    strings = dict(zip(KEYS, ROW.split(), strict=True)) | {key.replace("_", "/"): str(v) for key, v in values.items()}
    return " ".join(strings.values())


def read(*rows, header=HEADER):
    return LightCurve.read(io.StringIO("\n".join([header, *rows, ""])), format="atlas.forced")


def round_trip(lc):
    text = io.StringIO()
    lc.write(text, format="atlas.forced")
    return LightCurve.read(io.StringIO(text.getvalue()), format="atlas.forced")


def plain(column):
    return np.asarray(getattr(column.filled(np.nan), "value", column.filled(np.nan)), dtype=float)


@pytest.fixture
def job(shared_data):
    return shared_data / "forced" / "job211831.txt"


@pytest.fixture
def table(job):
    """The columns of the real file as numpy arrays."""
    rows = [line.split() for line in job.read_text().splitlines()[1:]]
    columns = dict(zip(KEYS, zip(*rows, strict=True), strict=True))
    return {
        key: np.array(strings) if key in ("F", "Obs") else np.array(strings, float) for key, strings in columns.items()
    }


def test_all_columns_of_a_real_file(job, table):
    lc = LightCurve.read(job, format="atlas.forced")
    assert len(lc) == 1042
    assert set(lc["kind"]) == {"forced"}
    assert lc.time.mjd.tolist() == table["MJD"].tolist()
    is_measured = table["duJy"] > 0
    for name, key in {"flux": "uJy", "flux_err": "duJy"}.items():
        assert plain(lc[name])[is_measured].tolist() == table[key][is_measured].tolist()
        assert np.isnan(plain(lc[name])[~is_measured]).all()
    for name, key in {"chi_n": "chi/N", "x": "x", "phi": "phi", "sky": "Sky"}.items():
        assert plain(lc[name]).tolist() == table[key].tolist()
    assert lc["err"].tolist() == table["err"].tolist()
    assert lc["expname"].tolist() == table["Obs"].tolist()
    assert lc["band"].tolist() == table["F"].tolist()
    assert set(lc["band"]) == {"c", "o", "g", "H"}
    assert lc["site"].tolist() == [name[:3] for name in table["Obs"]]
    bright = is_measured & (table["uJy"] >= 3 * table["duJy"])
    assert plain(lc["mag"])[bright].tolist() == table["m"][bright].tolist()
    assert np.isnan(plain(lc["mag"])[~bright]).all()
    low = is_measured & ~bright
    assert (low.sum(), set(lc["limit_sigma"][low]), set(lc["limit_sigma"][bright])) == (31, {3}, {5})
    assert lc["limit"].mask.tolist() == lc["limit_sigma"].mask.tolist() == (~is_measured).tolist()
    assert plain(lc["mag_server"])[low].tolist() == table["m"][low].tolist()
    assert np.allclose(plain(lc["limit"])[low], 23.9 - 2.5 * np.log10(3 * table["duJy"][low]))
    assert np.where(~bright, plain(lc["limit_server"]), plain(lc["limit"])).tolist() == table["mag5sig"].tolist()
    assert lc["sky"].unit == u.mag / u.arcsec**2


def test_magnitudes_agree_with_fluxes(job):
    lc = LightCurve.read(job)
    flux, mag = plain(lc["flux"]), plain(lc["mag"])
    is_bright = (flux > 1000) & ~np.isnan(mag)  # rounded to 1 uJy, an error of at most 0.5 mmag
    assert is_bright.sum() > 900
    assert np.abs(23.9 - 2.5 * np.log10(flux[is_bright]) - mag[is_bright]).max() < 0.0012


@pytest.mark.filterwarnings("ignore:The template changed", "ignore:.* fluxes are brighter")
def test_rules_flag_the_expected_rows(job, table):
    flagged = LightCurve.read(job).flag("faq").flag("atclean")
    failed = ~(table["duJy"] > 0)
    expected = {
        "faq_flux_err": table["duJy"] >= 10000,
        "faq_err": table["err"] != 0,
        "faq_position": ~((table["x"] > 100) & (table["x"] < 10460) & (table["y"] > 100) & (table["y"] < 10460)),
        "faq_shape": ~((table["maj"] < 5) & (table["maj"] > 1.6) & (table["min"] > 1.6) & (table["min"] < 5)),
        "faq_apfit": ~((table["apfit"] > -1) & (table["apfit"] < -0.1)),
        "faq_mag5sig": ~(table["mag5sig"] > 17),
        "faq_sky": ~(table["Sky"] > 17),
        "atclean_flux_err": table["duJy"] > 160,
        "atclean_chi_n": table["chi/N"] > 10,
    }
    summary = flagged.quality_summary()
    assert dict(zip(summary["rule"], summary["flagged"], strict=True)) == {k: v.sum() for k, v in expected.items()}
    assert summary["checked"].tolist() == [1042 - failed.sum(), *[1042] * 6, 1042 - failed.sum(), 1042]
    bad = np.any(list(expected.values()), axis=0)
    assert len(flagged.good()) == (~bad).sum()
    assert len(flagged.good("faq")) == (~np.any([v for k, v in expected.items() if k[:3] == "faq"], axis=0)).sum()


@pytest.mark.filterwarnings("ignore:The template changed", "ignore:.* fluxes are brighter")
def test_nightly_bins_of_a_real_file(job, table):
    nights = LightCurve.read(job).flag("faq").good().bin_nightly(clip=3)
    assert len(nights) > 200
    assert nights["n_points"].max() > 3
    # Computed independently for one night.
    at = int(np.argmax(nights["n_points"]))
    first, last = nights["first_mjd"][at].value, nights["last_mjd"][at].value
    rows = (table["MJD"] >= first) & (table["MJD"] <= last) & (table["F"] == nights["band"][at])
    assert (nights["n_points"][at], nights["n_clipped"][at]) == (rows.sum(), 0)
    weight = table["duJy"][rows] ** -2.0
    assert np.isclose(nights["flux"][at].value, (weight * table["uJy"][rows]).sum() / weight.sum())


def test_round_trip_of_a_real_file(job, table, tmp_path):
    lc = LightCurve.read(job)
    lc.write(tmp_path / "restored.txt", format="atlas.forced")
    rows = [line.split() for line in (tmp_path / "restored.txt").read_text().splitlines()]
    assert rows[0] == ["###MJD", *KEYS[1:]]
    for key, strings in zip(KEYS, zip(*rows[1:], strict=True), strict=True):
        if key in ("F", "Obs"):
            assert list(strings) == table[key].tolist()
        else:
            assert np.array(strings, float).tolist() == table[key].tolist(), key
    restored = LightCurve.read(tmp_path / "restored.txt")
    assert restored["flux"].mask.tolist() == lc["flux"].mask.tolist()
    brightest = np.abs(table["uJy"]) > 3.6e9  # with negative magnitudes, positive for a negative flux
    assert brightest.sum() == 17
    magnitudes = [strings[1] for strings in rows[1:]]
    assert np.array(magnitudes, float)[brightest].tolist() == table["m"][brightest].tolist()


def test_table_reads_and_writes_the_format(job, tmp_path):
    table = Table.read(job, format="atlas.forced")
    assert isinstance(QTable.read(job), QTable)
    assert len(table) == 1042
    table.write(tmp_path / "restored.txt", format="atlas.forced")
    assert len(LightCurve.read(tmp_path / "restored.txt")) == 1042


def test_compressed_file(job, tmp_path):
    (tmp_path / "job.txt.gz").write_bytes(gzip.compress(job.read_bytes()))
    assert len(LightCurve.read(tmp_path / "job.txt.gz")) == 1042


def test_columns_of_other_versions():
    old = read(row() + " 22.1", header=HEADER + " ZP")
    assert old["zp"].value.tolist() == [22.1]
    new = read(row() + " -0.5", header=HEADER + " PA_DEG")
    assert new["pa"].unit == u.deg
    few = read("58037.6 100 20 o", header="#MJD uJy duJy F")
    assert few["flux"].value.tolist() == [100]
    assert few["expname"].mask.tolist() == [True]
    assert np.round([plain(few["mag"])[0], plain(few["mag_err"])[0]], 6).tolist() == [18.9, 0.217147]
    assert few.colnames == [*old.colnames[:14], *SERVER_COLUMNS]


def test_unknown_columns_are_kept():
    lc = read(row() + " 1.5 string 7", header=HEADER + " New Other Err")
    assert (lc["New"].tolist(), lc["Other"].tolist(), lc["Err"].tolist()) == ([1.5], ["string"], [7])


@pytest.mark.parametrize("at", [1, len(KEYS)])
@pytest.mark.parametrize(
    "key",
    ["time", "mjd", "kind", "site", "limit_sigma", "flux", "mag_err", "band", "quality", "n_points", "sky", "exptime"],
)
@pytest.mark.parametrize(("strings", "values"), [(["7", "8"], [7, 8]), (["good", "-"], ["good", None])])
def test_unknown_column_with_a_taken_name_gets_a_prefix(key, at, strings, values):
    def with_column(line, string):
        return " ".join([*line.split()[:at], string, *line.split()[at:]])

    rows = [ROW, row(MJD=58037.7)]
    without = read(*rows)
    lc = read(*map(with_column, rows, strings), header=with_column(HEADER, key))
    assert lc[f"server_{key}"].tolist() == values
    assert set(lc.colnames) == {*without.colnames, f"server_{key}"}
    for name in without.colnames:
        assert str(lc[name]) == str(without[name])
    assert len(lc.flag([False, True]).good()) == 1


@pytest.mark.parametrize(
    ("strings", "values"),
    [
        (["-", "5"], [None, 5]),
        (["1.5", "5"], [1.5, 5]),
        (["nan", "5"], [None, 5]),
        (["5", "string"], ["5", "string"]),
        (["2018_1", "2018_2"], ["2018_1", "2018_2"]),
        (["-", "-"], [None, None]),
    ],
)
def test_type_of_an_unknown_column(strings, values):
    lc = read(*(f"{row(x=x)} {string}" for x, string in enumerate(strings)), header=HEADER + " New")
    assert lc["New"].tolist() == values


def test_negative_fluxes_and_failed_fits():
    with pytest.warns(DataQualityWarning, match="The fit failed .* in 1 of"):
        lc = read(
            row(uJy=-100, m=-18.9), row(uJy=0, duJy=0, m=0.0, dm=0.0), row(m="nan", dm="nan"), row(F="-", Obs="-")
        )
    assert lc["flux"].mask.tolist() == [False, True, False, False]
    assert lc["flux"].unmasked.value[0] == -100
    assert lc["mag"].mask.tolist() == [True, True, False, False]
    assert lc["limit"].mask.tolist() == [False, True, False, False]
    assert lc["limit_server"].filled(0).value.tolist() == [18.66, 18.66, 0, 0]
    assert lc["band"].mask.tolist() == lc["site"].mask.tolist() == [False, False, False, True]
    text = io.StringIO()
    lc.write(text, format="atlas.forced")
    rows = [dict(zip(KEYS, line.split(), strict=True)) for line in text.getvalue().splitlines()[1:]]
    assert [row["m"] for row in rows] == ["-18.900", "0.000", "18.900", "18.900"]
    assert [row["uJy"] for row in rows] == ["-100", "0", "100", "100"]
    assert [row["Obs"] for row in rows][3] == "-"


def test_file_without_rows():
    lc = read()
    assert len(lc) == 0
    assert lc["flux"].unit == u.uJy
    text = io.StringIO()
    lc.write(text, format="atlas.forced")
    assert text.getvalue() == HEADER + "\n"


def test_rows_are_sorted_by_time():
    assert read(row(MJD=58040.5), row(MJD=58030.5)).time.mjd.tolist() == [58030.5, 58040.5]


@pytest.mark.parametrize(
    ("lines", "line", "column", "value"),
    [
        ([], None, None, ""),
        (["<!doctype html>"], 1, None, "<!doctype html>"),
        (["", "###MJD m"], 2, None, "###MJD m"),
        ([HEADER, "58037.6 18.9"], 2, None, "58037.6 18.9"),
        ([HEADER, row(), "", row(uJy="many")], 4, "uJy", "many"),
        ([HEADER, row(uJy="1_0")], 2, "uJy", "1_0"),
        ([HEADER, row(err="0.5")], 2, "err", "0.5"),
        ([HEADER, row(err="9" * 20)], 2, "err", int("9" * 20)),
        ([row(), HEADER], None, None, None),
        ([HEADER, row(MJD="nan")], 2, "MJD", pytest.approx(np.nan, nan_ok=True)),
        ([HEADER, row(), row(MJD="inf")], 3, "MJD", np.inf),
        ([HEADER, row(MJD="-1e9")], 2, "MJD", -1e9),
        ([HEADER + " m", row() + " 1"], None, "m", [*KEYS, "m"]),
    ],
)
def test_invalid_files_raise_an_error(tmp_path, lines, line, column, value):
    path = tmp_path / "job.txt"
    path.write_text("\n".join(lines))
    with pytest.raises(UnreadableFileError, match=re.escape(str(path))) as caught:
        LightCurve.read(path, format="atlas.forced")
    error = caught.value
    assert (error.filename, error.line, error.row, error.column, error.value) == (str(path), line, None, column, value)


def test_byte_order_mark_is_ignored(job, tmp_path):
    (tmp_path / "job.txt").write_text("\ufeff" + job.read_text(), encoding="utf-8")
    assert len(LightCurve.read(tmp_path / "job.txt")) == len(Table.read(tmp_path / "job.txt")) == 1042
    with (tmp_path / "job.txt").open(encoding="utf-8") as file:
        assert len(LightCurve.read(file, format="atlas.forced")) == 1042


def test_small_fluxes_are_not_written_as_failed_fits():
    lc = read(row(uJy=0.2, duJy=0.4), row(uJy=-3e-7, duJy=2e-7), row(uJy=0, duJy=1))
    restored = round_trip(lc)
    assert plain(restored["flux"]).tolist() == [0.2, -3e-7, 0]
    assert plain(restored["flux_err"]).tolist() == [0.4, 2e-7, 1]


@pytest.mark.parametrize("string", ["a b", " ", "o\n", "-"])
def test_strings_that_would_change_raise_an_error(string):
    lc = read(row())
    lc["band"] = [string]
    with pytest.raises(InvalidInputError, match=r"column 'band'"):
        round_trip(lc)


def test_rows_of_other_kinds_raise_an_error(lc):
    with pytest.raises(InvalidInputError, match=r"'detection', 'limit'.*lc\.forced"):
        lc.write(io.StringIO(), format="atlas.forced")


@pytest.mark.parametrize(
    ("flux", "flux_err"),
    [(np.inf, 1.0), (-np.inf, 1.0), (100.0, np.nan), (100.0, 0.0), (100.0, -1.0), (100.0, np.inf)],
)
def test_fluxes_without_valid_uncertainty_raise_an_error(tmp_path, flux, flux_err):
    lc = read(ROW, row(MJD=58037.7))
    lc["flux"], lc["flux_err"] = [1.0, flux] * u.uJy, [1.0, flux_err] * u.uJy
    with pytest.raises(InvalidInputError, match=r"1 rows.*`flux`"):
        lc.write(tmp_path / "job.txt", format="atlas.forced")
    assert not (tmp_path / "job.txt").exists()


def test_columns_of_the_user_are_left_out():
    lc = read(row()).flag([True])
    lc["custom"] = [1.5]
    assert not {"custom", "quality"} & set(round_trip(lc).colnames)


def test_forced_photometry_of_the_web_server(real):
    forced, text = real.forced, io.StringIO()
    forced.write(text, format="atlas.forced")
    restored = LightCurve.read(io.StringIO(text.getvalue()), format="atlas.forced")
    assert len(restored) == len(forced)
    is_measured = ~forced["flux"].mask
    for name in ("flux", "flux_err"):
        assert np.allclose(plain(restored[name])[is_measured], plain(forced[name])[is_measured], rtol=1e-5, atol=0)
    assert restored["expname"].tolist() == forced["expname"].tolist()
    assert np.abs(restored.time.mjd - forced.time.mjd).max() < 1e-6


@pytest.mark.filterwarnings("ignore:.* fluxes are brighter")
def test_reading_a_real_file_warns_once_of_failed_fits(job):
    with pytest.warns(DataQualityWarning) as caught:
        lc = LightCurve.read(job)
    assert [str(warning.message) for warning in caught] == [
        "The fit failed (duJy of 0) in 1 of 1042 rows: flux, magnitude and limit are masked."
    ]
    with pytest.warns(DataQualityWarning, match="template"):
        lc.check_quality()


@pytest.mark.parametrize("n_sigma", [None, 3, 4, 5])
def test_limits_are_written_at_5_sigma(make, n_sigma):
    """The 3-sigma limit of the server, 19.5 mag, is not rescaled: it has no aperture correction, but duJy has."""
    rows = [
        make.forced(58001.0, 20.0, 10.0, mag=19.5, dm=0.0, limiting_mag=True),
        make.forced(58002.0, mag=18.9, dm=0.1),
    ]
    lc = LightCurve.from_record(make.record(fp=rows))
    if n_sigma:
        lc = lc.at_significance(n_sigma)
    restored = round_trip(lc)
    assert np.allclose(plain(restored["limit_server"])[0], 23.9 - 2.5 * np.log10(5 * 10.0), atol=0.0051, rtol=0)
    assert np.isnan(plain(restored["limit_server"])[1])
    assert restored["limit_sigma"][0] == 3
    assert np.allclose(plain(restored["mag_server"])[0], 20.647, atol=5e-4, rtol=0)
    assert np.allclose(plain(restored["mag"])[1], 18.9, atol=5e-4, rtol=0)
    assert plain(restored["mag_err_server"])[0] == 0.5  # duJy / uJy, as the server writes it


def test_a_limit_of_unknown_significance_is_not_written(make):
    lc = LightCurve.from_record(make.record(fp=[make.forced(58001.0, 20.0, 10.0, mag=19.5, dm=0.0, limiting_mag=True)]))
    lc.remove_column("limit_sigma")
    assert round_trip(lc)["limit_server"].mask.tolist() == [True]


@pytest.mark.parametrize(
    ("m", "dm"), [("0.000", "0.000"), ("-0.0", "0.5"), ("nan", "nan"), ("-", "-"), ("inf", "nan"), ("-inf", "inf")]
)
@pytest.mark.parametrize("uJy", ["0", "-0", "-100", "100"])
def test_the_limit_of_a_low_flux_is_that_of_the_measurement_without_a_magnitude_too(m, dm, uJy):
    lc = read(row(uJy=uJy, duJy=44, m=m, dm=dm))
    for restored in (lc, round_trip(lc)):
        assert restored["mag"].mask.tolist() == [True]
        assert (restored["limit_sigma"].tolist(), plain(restored["limit_server"]).tolist()) == ([3], [18.66])
        assert np.allclose(plain(restored["limit"]), 23.9 - 2.5 * np.log10(3 * 44))


def test_a_flux_that_is_missing_is_no_failed_fit():
    lc = read(row(uJy="nan", duJy="nan", m="nan", dm="nan"))
    for restored in (lc, round_trip(lc)):
        assert restored["flux"].mask.tolist() == [True]
        assert plain(restored["limit"]).tolist() == [18.66]


def test_copies_of_rows_are_reported(tmp_path):
    one = "\n".join([HEADER, row(), row(MJD=58037.7), ""])
    (tmp_path / "twice.txt").write_text(one + one)
    with pytest.warns(DataQualityWarning, match="copies of rows: 2 are the same"):
        lc = LightCurve.read(tmp_path / "twice.txt")
    assert len(lc) == 4
    with pytest.warns(DataQualityWarning, match="copies of rows: 1 are the same"):
        read(row(), row(), row(x=5))


def test_names_and_images_come_back():
    meta = {"name": "SN 2018cow", "tns_name": "2018cow", "atlas_id": 1161600211221604900, "images": "difference"}
    lc = read(row())
    assert lc.meta == {"magsys": "AB"}
    assert lc["flux"].info.description == "Flux; negative is real."
    lc.meta |= meta
    assert round_trip(lc).meta == lc.meta
    assert round_trip(lc)["flux"].info.description.startswith("Difference flux")
    lc.meta |= {"name": None, "atlas_id": "ATLAS18qqn"}
    assert round_trip(lc).meta["notes"] == ["# atlas_id: ATLAS18qqn"]
    lc.meta["name"] = "two\nlines"
    with pytest.raises(InvalidInputError, match=r"`meta\['name'\]`.*two.*lines"):
        round_trip(lc)


def test_images_of_a_file_must_be_known(tmp_path):
    (tmp_path / "job.txt").write_text(f"# images: Reduced\n{HEADER}\n{ROW}\n")
    for reader in (LightCurve, Table):
        with pytest.raises(UnreadableFileError, match=r"must be 'difference' or 'reduced', got .*'Reduced'.*`images`"):
            reader.read(tmp_path / "job.txt", format="atlas.forced")
    for reader in (LightCurve, Table):
        table = reader.read(tmp_path / "job.txt", format="atlas.forced", images="reduced")
        assert table.meta["images"] == "reduced"
        assert "reduced images" in table["flux"].info.description
    with pytest.raises(InvalidInputError, match="`images` must be"):
        Table.read(tmp_path / "job.txt", format="atlas.forced", images="diff")

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Commands that print a table: columns, rows, formats and files."""

import io
import json
import os
import stat
import sys
import threading

import pytest
from astropy import units as u
from astropy.io.votable import parse_single_table
from astropy.table import QTable, Table

from atlasquery import ATLAS, LightCurve
from constants import COW

POSITION = "16h16m00.2s +22d16m04.9s"


@pytest.mark.parametrize("position", [POSITION, "244.0009 22.2680", "16:16:00.2 +22:16:04.9"])
def test_region(run, position):
    result = run("region", position, "1arcmin", "-f", "json")
    assert (result.code, result.errors) == (0, "")
    (row,) = result.json()
    assert list(row) == ["atlas_id", "name", "separation", "ra", "dec"]
    assert (row["atlas_id"], row["name"]) == (COW, "ATLAS18qqn")


def test_empty_region_is_a_success(run):
    result = run("region", "10 10", "1arcsec", "--format", "csv")
    assert result.code == 0
    assert result.output.splitlines() == ["atlas_id,name,separation,ra,dec"]
    assert result.errors.count("\n") == 1
    assert "warning" in result.errors


@pytest.mark.parametrize("words", [["244.0009", "22.2680"], ["16", "16", "00.2", "+22", "16", "04.9"]])
def test_position_without_quotes(run, words):
    assert run("region", *words, "1arcmin", "-f", "csv").output.count("ATLAS18qqn") == 1


def test_negative_number_without_quotes_is_explained(run, server):
    n_before = len(server.requests)
    for words in (["region", "10", "-20", "1arcmin"], ["region", "10", "-.5", "1arcmin"], ["object", "-5"]):
        result = run(*words)
        assert result.code == 2
        assert "begins with a minus sign needs --" in result.errors
    assert len(server.requests) == n_before
    assert run("region", "10 -20", "1arcmin", "-f", "csv").code == 0


@pytest.mark.parametrize("name", ["ATLAS26zzz", "atlas26zzz"])
def test_designation_that_the_server_cannot_look_up(run, name):
    result = run("object", name)
    assert result.code == 10
    assert "cannot look up an ATLAS designation" in result.errors
    some = run("object", "2018cow", name, "2099zzz", "-f", "csv")
    assert some.code == 11
    assert "The server has no object 2099zzz. The server cannot look up" in some.errors


def test_object(run):
    table = ATLAS.query_object("2018cow")
    (row,) = run("object", "2018cow", "-f", "json").json()
    assert list(row) == table.colnames
    assert row["atlas_id"] == COW
    assert row["followup_flag_date"] == table["followup_flag_date"].isot[0]
    masked = [name for name in table.colnames if getattr(table[name], "mask", [False])[0]]
    assert masked
    assert all(row[name] is None for name in masked)


def test_no_rows_or_columns_are_left_out_off_a_terminal(run, server):
    rows = run("list", "eyeball").output.splitlines()
    table = ATLAS.query_list("eyeball")
    assert rows[0].split() == table.colnames
    assert len(rows) == len(table) + 3  # names, units, a line
    assert "..." not in "".join(row.partition(" ")[0] for row in rows)


@pytest.mark.parametrize("table_format", ["csv", "ecsv", "votable", "json"])
@pytest.mark.parametrize(
    "words",
    [
        ["list", "eyeball"], ["lists"], ["region", POSITION, "1arcmin"], ["object", "2018cow"],
        ["lc", "2018cow", "--since", "2018-06-01"],
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_each_format_can_be_read(run, words, table_format, tmp_path):
    result = run(*words, "-f", table_format)
    assert (result.code, result.errors) == (0, "")
    reference = run(*words, "-f", "json").json()
    if table_format == "json":
        names, n_rows = list(reference[0]), len(reference)
    elif table_format == "votable":
        table = parse_single_table(io.BytesIO(result.output.encode())).to_table()
        names, n_rows = table.colnames, len(table)
    else:
        table = QTable.read(result.output, format=f"ascii.{table_format}")
        names, n_rows = table.colnames, len(table)
        if "atlas_id" in names:
            assert table["atlas_id"].tolist() == [row["atlas_id"] for row in reference]
    assert (names, n_rows) == (list(reference[0]), len(reference))


def test_file_formats_follow_the_suffix(run, tmp_path):
    for suffix in ("csv", "ecsv", "json", "vot", "xml"):
        path = tmp_path / f"lists.{suffix}"
        result = run("lists", "-o", str(path))
        assert (result.code, result.output) == (0, "")
        assert path.stat().st_size > 500
    assert len(json.loads((tmp_path / "lists.json").read_text())) == len(ATLAS.list_lists())
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".ecsv", ".json", ".vot", ".xml"]
    assert run("lists", "-o", str(tmp_path / "lists.doc")).code == 2


def test_light_curve_and_plot(run, tmp_path):
    curve, plot = tmp_path / "cow.ecsv", tmp_path / "cow.png"
    result = run("lc", "2018cow", "-o", str(curve), "--plot", str(plot), "--since", "2018-06-01")
    assert (result.code, result.output, result.errors) == (0, "", "")
    read = LightCurve.read(curve)
    assert len(read) == len(ATLAS.get_light_curve("2018cow", since="2018-06-01"))
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("words", "is_kept"),
    [
        (["--vra", "9:"], lambda row: row["vra"] >= 9),
        (["--dec", ":10"], lambda row: row["dec"] <= 10),
        (["--dec", "-30:"], lambda row: row["dec"] >= -30),
        (["--dec=-30:10", "--vra", "5:"], lambda row: -30 <= row["dec"] <= 10 and row["vra"] >= 5),
        (["--sherlock-class", "SN", "--sherlock-class", "NT"], lambda row: row["sherlock_class"] in ("SN", "NT")),
        (["--exclude-sherlock-class", "SN"], lambda row: row["sherlock_class"] != "SN"),
    ],
)
def test_filters_of_a_list(run, words, is_kept):
    rows = run("list", "good", "-f", "json").json()
    kept = run("list", "good", *words, "-f", "json").json()
    expected = [row for row in rows if None not in (row["vra"], row["dec"]) and is_kept(row)]
    assert 0 < len(kept) < len(rows)
    assert {row["atlas_id"] for row in kept} >= {row["atlas_id"] for row in expected}
    assert all(is_kept(row) for row in kept)


@pytest.mark.parametrize("value", ["9", "a:b", "", "1:2:3"])
def test_invalid_range(run, value):
    result = run("list", "good", "--vra", value)
    assert result.code == 2
    assert "range" in result.errors


def test_lists_by_number(run):
    assert run("list", "2", "-f", "csv").output == run("list", "good", "-f", "csv").output
    assert run("list", "72", "--custom", "-f", "csv").output == run("list", "heloise", "-f", "csv").output


@pytest.mark.parametrize("suffix", ["fits", "ecsv", "csv"])
def test_crossmatch(run, tmp_path, suffix):
    catalogue, output = tmp_path / f"catalogue.{suffix}", tmp_path / "out.ecsv"
    Table({"source": ["cow", "none"], "ra": [244.0009, 10.0], "dec": [22.2680, 10.0]}).write(catalogue)
    result = run("crossmatch", str(catalogue), "2arcsec", "-o", str(output))
    assert result.code == 0
    assert result.errors == "atlasquery: warning: The columns ra, dec have no unit; they are taken as degrees.\n"
    (row,) = QTable.read(output)
    assert (row["source"], row["atlas_id"]) == ("cow", COW)


def test_a_catalogue_that_cannot_be_read(run, tmp_path):
    path = tmp_path / "catalogue.fits"
    path.write_text("nonsense")
    result = run("crossmatch", str(path), "2arcsec")
    assert result.code == 2
    assert "catalogue.fits" in result.errors


@pytest.mark.skipif("sys.platform == 'win32'")
def test_closed_pipe_is_silent(run_process):
    result = run_process("atlasquery list garbage -f csv | head -n 1")
    assert result.stderr == ""
    assert result.stdout.startswith("atlas_id,")


@pytest.mark.parametrize(
    "words",
    [
        ["object", "2018cow", "-o", "cow.txt"],
        ["object", "2018cow", "-o", "cow"],
        ["object", "2018cow", "-o", "cow.fits"],
        ["lc", "2018cow", "-o", "cow.txt"],
        ["lc", "2018cow", "-o", "cow.fits.gz"],
        ["lc", "2018cow", "-o", "nofolder/cow.csv"],
        ["lc", "2018cow", "--plot", "cow.docx"],
        ["lc", "2018cow", "--plot", "cow"],
        ["lc", "2018cow", "--plot", "nofolder/cow.png"],
        ["demo", "-o", "nofolder/cow.png"],
        ["login", "--token-stdin", "--output", "nofolder/token"],
        ["crossmatch", __file__, "1arcsec", "-o", "matches.txt"],
        ["object", "2018cow", "-o", ""],
        ["object", "2018cow", "-o", "a" * 250 + ".csv"],
    ],
    ids=" ".join,
)
def test_output_file_is_checked_before_the_first_request(run, server, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    n_before = len(server.requests)
    result = run(*words)
    assert result.code == 2
    assert result.errors.count("\n") == 1
    assert any(word in result.errors for word in words[-2:])
    assert len(server.requests) == n_before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("suffix", "package"), [("parquet", "pyarrow"), ("h5", "h5py"), ("hdf5", "h5py")])
def test_a_missing_package_is_told_before_the_request(run, server, monkeypatch, suffix, package):
    from atlasquery.cli import output

    monkeypatch.setattr(output, "find_spec", lambda name: None)
    n_before = len(server.requests)
    result = run("lc", "2018cow", "-o", f"cow.{suffix}")
    assert (result.code, len(server.requests)) == (2, n_before)
    assert f"needs the package {package}, which is not installed" in result.errors


def test_light_curve_formats_are_those_of_write(run, tmp_path):
    from atlasquery.cli import output
    from atlasquery.lightcurve.io.files import SUFFIX_FORMATS

    assert {*output._SUFFIXES, *output.LIGHT_CURVE_SUFFIXES} == {*SUFFIX_FORMATS, ".json"}


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs a device")
@pytest.mark.parametrize("words", [["object", "2018cow"], ["lc", "2018cow"]])
def test_device_is_not_replaced(run, words):
    before = os.stat("/dev/null")
    assert run(*words, "-o", "/dev/null", "-f", "ecsv").code == 0
    assert os.stat("/dev/null").st_rdev == before.st_rdev
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
def test_pipe_with_a_name_is_written_to(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    received = []
    reader = threading.Thread(target=lambda: received.append((tmp_path / "pipe.csv").read_text()))
    reader.start()
    assert run("object", "2018cow", "-o", str(tmp_path / "pipe.csv")).code == 0
    reader.join(30)
    assert received[0].startswith("atlas_id,")


@pytest.mark.skipif(not hasattr(os, "symlink") or sys.platform == "win32", reason="needs symbolic links")
def test_link_stays_a_link(run, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert run("object", "2018cow", "-o", str(tmp_path / "link.csv")).code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text().startswith("atlas_id,")


def test_unreadable_catalogue(run, tmp_path):
    path = tmp_path / "catalogue.xyz"
    path.write_text("no table")
    result = run("crossmatch", str(path), "1arcsec")
    assert result.code == 2
    assert len(result.errors) < 400


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_links_that_lead_nowhere(run, server, tmp_path):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "none" / "file.csv")
    n_before = len(server.requests)
    for name in ("loop.csv", "dangling.csv"):
        assert run("object", "2018cow", "-o", str(tmp_path / name)).code == 2
    assert len(server.requests) == n_before


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs the device")
def test_standard_output_as_a_file(run_process):
    result = run_process("atlasquery lists -o /dev/stdout -f csv | head -1")
    assert result.stdout.startswith("name,number,")
    assert result.stderr == ""


def test_columns_that_a_format_does_not_have(run, tmp_path):
    catalogue = tmp_path / "catalogue.ecsv"
    QTable({"ra": [244.0009] * u.deg, "dec": [22.268] * u.deg, "shape": [[1.0, 2.0]]}).write(catalogue)
    result = run("crossmatch", str(catalogue), "2arcsec", "-f", "csv")
    assert result.code == 2
    assert "cannot be written as csv" in result.errors
    assert run("crossmatch", str(catalogue), "2arcsec", "-f", "ecsv").code == 0


@pytest.mark.parametrize("since", ["30", "58000", "yesterday", "30 x", "30 m"])
def test_since_of_another_kind(run, server, since):
    n_before = len(server.requests)
    result = run("lc", "2018cow", "--since", since)
    assert (result.code, len(server.requests)) == (2, n_before)
    assert f"a time span such as 30d, got '{since}'" in result.errors


def test_a_list_that_is_not_there(run):
    result = run("list", "9999", "--custom", "-f", "csv")
    assert result.code == 0
    assert "list 9999 is empty, or the server has no such list" in result.errors
    assert run("list", "eyeball", "--vra", "12:").code == 2

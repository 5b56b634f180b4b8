# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Files that are damaged or have another format."""

import bz2
import gzip
import lzma
import random
import re
import warnings

import astropy.units as u
import pytest
from astropy.io import fits
from astropy.table import Table

from atlasquery.exceptions import InvalidTypeError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

pytestmark = pytest.mark.filterwarnings("ignore")  # of astropy, before its error
GARBAGE = b"\x89\xff\xfe garbage \x00" * 50


def truncate(content):
    return content[: len(content) // 2]


@pytest.mark.parametrize("damage", [truncate, lambda content: GARBAGE, lambda content: b""])
def test_damaged_file_raises_an_error(lc, file, damage):
    format_, path = file
    lc.write(path, format=format_)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UnreadableFileError) as caught:
        LightCurve.read(path, format=format_)
    assert caught.value.filename == str(path)
    assert caught.value.__cause__ is not None or caught.value.column == "time"


def count_errors(path, format_, damage, *, times):
    """Damage the file several times; return the number of `UnreadableFileError`, the only error that is allowed."""
    content_before, n_errors = path.read_bytes(), 0
    for _ in range(times):
        path.write_bytes(damage(content_before))
        try:
            LightCurve.read(path, format=format_)
        except UnreadableFileError:
            n_errors += 1
    return n_errors


def make_damage(byte, *, at_most):
    """Return a function that replaces up to ``at_most`` bytes of a content, with a fixed seed."""
    random_state = random.Random(20261123)

    def damage(content):
        content = bytearray(content)
        for _ in range(random_state.randint(1, at_most)):
            content[random_state.randrange(len(content))] = byte(random_state)
        return bytes(content)

    return damage


def test_random_damage_raises_no_other_error(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    any_byte = make_damage(lambda random_state: random_state.randrange(256), at_most=20)
    assert count_errors(path, format_, any_byte, times=60) > 0


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_random_damage_of_texts_raises_no_other_error(lc, tmp_path, format_):
    """Bytes of numbers leave many lines valid."""
    path = tmp_path / "curve.txt"
    lc.forced.write(path, format=format_)
    any_byte = make_damage(lambda random_state: random_state.randrange(256), at_most=20)
    assert count_errors(path, format_, any_byte, times=60) > 0
    lc.forced.write(path, format=format_, overwrite=True)
    bytes_of_numbers = make_damage(lambda random_state: random_state.choice(b"0123456789.-+einfa #:\n\t"), at_most=3)
    assert 0 < count_errors(path, format_, bytes_of_numbers, times=300) < 300


@pytest.mark.parametrize(
    ("format_", "text", "column", "value"),
    [
        ("atlas.forced", "###MJD uJy duJy F err\n{} 1 1 o 0\n", "MJD", "inf"),
        ("atlas.forced", "###MJD uJy duJy F err\n58000 1 1 o {}\n", "err", "9" * 20),
        ("snana", "SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\nOBS: {} o 1 1\n", "MJD", "nan"),
        ("snana", "SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\nOBS: {} o 1 1\n", "MJD", "1e300"),
    ],
)
def test_invalid_value_raises_an_error_with_its_place(tmp_path, format_, text, column, value):
    (tmp_path / "curve.txt").write_text(text.format(value))
    for reader in (LightCurve, Table):
        with pytest.raises(UnreadableFileError, match=r"curve\.txt, line [23]:") as caught:
            reader.read(tmp_path / "curve.txt", format=format_)
        error = caught.value
        assert error.filename == str(tmp_path / "curve.txt")
        assert (error.line, error.column) == ((2, column) if format_ == "atlas.forced" else (3, column))
        assert str(error.value) == str(type(error.value)(value))
    (tmp_path / "curve.txt").write_text(text.format(58000))
    assert len(LightCurve.read(tmp_path / "curve.txt", format=format_)) == 1


VOTABLE = """<?xml version="1.0"?>
<VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE><TABLE>
<FIELD name="time" datatype="{}"/><DATA><TABLEDATA><TR><TD>58000.5</TD></TR></TABLEDATA></DATA>
</TABLE></RESOURCE></VOTABLE>"""


def test_votable_warning_that_is_an_error(tmp_path):
    path = tmp_path / "curve.vot"
    path.write_text(VOTABLE.format("double"))
    assert LightCurve.read(path).time.mjd.tolist() == [58000.5]
    path.write_text(VOTABLE.format("number"))
    with pytest.raises(UnreadableFileError, match=r"votable: .*datatype 'number'") as caught:
        LightCurve.read(path)
    assert isinstance(caught.value.__cause__, Warning)


def test_warning_that_a_filter_raises_is_not_damage(tmp_path):
    hdu = fits.BinTableHDU(Table({"time": [58000.5], "n": [1.0]}))
    hdu.header["TUNIT2"] = "spoon"
    hdu.writeto(tmp_path / "curve.fits")
    assert len(LightCurve.read(tmp_path / "curve.fits")) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(u.UnitsWarning, match="spoon"):
            LightCurve.read(tmp_path / "curve.fits")


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_binary_content_is_not_text(tmp_path, format_):
    (tmp_path / "curve.txt").write_bytes(GARBAGE)
    with pytest.raises(UnreadableFileError, match=rf"curve\.txt.* {format_}"):
        LightCurve.read(tmp_path / "curve.txt", format=format_)
    with pytest.raises(UnreadableFileError, match=rf"curve\.txt.* {format_}"):
        Table.read(tmp_path / "curve.txt", format=format_)


def test_unknown_content_raises_an_error(tmp_path):
    (tmp_path / "curve.dat").write_bytes(GARBAGE)
    with pytest.raises(UnreadableFileError, match=r"curve\.dat.*got a binary file.*`format`"):
        LightCurve.read(tmp_path / "curve.dat")
    (tmp_path / "curve.dat").write_bytes(gzip.compress(b"SURVEY: X" * 50)[:20])
    with pytest.raises(UnreadableFileError, match=r"curve\.dat"):
        LightCurve.read(tmp_path / "curve.dat")


def test_errors_of_the_operating_system_are_raised(lc, file, tmp_path):
    format_, path = file
    with pytest.raises(FileNotFoundError):
        LightCurve.read(path, format=format_)
    with pytest.raises(IsADirectoryError):
        LightCurve.read(tmp_path, format=format_)
    with pytest.raises(FileNotFoundError):
        lc.write(path.parent / "missing" / path.name)


def test_invalid_argument_is_not_damage(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    with pytest.raises(TypeError):
        LightCurve.read(path, format=format_, unknown=1)


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_text_formats_have_no_arguments(lc, tmp_path, format_):
    path = tmp_path / "curve.txt"
    with pytest.raises(InvalidTypeError, match=f"'{format_}'.*`unknown`"):
        lc.forced.write(path, format=format_, unknown=1)
    assert not path.exists()
    lc.forced.write(path, format=format_)
    for reader in (LightCurve, Table):
        with pytest.raises(InvalidTypeError, match=f"'{format_}'.*`time_column`, `unknown`"):
            reader.read(path, format=format_, time_column="time", unknown=1)


@pytest.mark.parametrize(
    ("name", "content", "got"),
    [
        ("f.txt", "<!DOCTYPE html><html>Log in</html>", "a page of a website, '<!DOCTYPE html>"),
        ("f.csv", "<!DOCTYPE html><html>Log in</html>", "a page of a website, '<!DOCTYPE html>"),
        ("f.txt", "58285.441 14.739 0.009 4617 38 o\n", "numbers without column names '58285.441 14.739"),
        ("f.csv", "58285.441,14.739,0.009,o\n58286.441,14.739,0.009,o\n", "the numbers 58285.441, 14.739"),
        ("f.txt", "Dear user,\nno data", "the first line 'Dear user,'"),
        ("f.txt", "", "an empty file"),
        ("f.csv", "\n", "an empty file"),
    ],
)
def test_files_that_are_no_light_curves_are_described(name, content, got, tmp_path):
    (tmp_path / name).write_text(content)
    with pytest.raises(UnreadableFileError, match=re.escape(f"got {got}")):
        LightCurve.read(tmp_path / name)


@pytest.mark.parametrize("name", ["job.txt.bz2", "job.txt.xz", "job.dat"])
@pytest.mark.parametrize("module", [bz2, lzma, gzip])
def test_compressed_text_is_read_by_its_content(name, module, tmp_path):
    text = "MJD m dm uJy duJy F Obs\n58757.5 18.9 0.2 100 20 o 02a58757o0713o\n"
    (tmp_path / name).write_bytes(module.compress(text.encode()))
    assert LightCurve.read(tmp_path / name)["flux"].value.tolist() == [100]
    (tmp_path / name).write_bytes(module.compress(text.encode())[:-12])
    with pytest.raises(UnreadableFileError, match=r"job\."):
        LightCurve.read(tmp_path / name)

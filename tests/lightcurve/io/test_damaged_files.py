# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Files that are damaged, or not what they are called."""

import gzip
import random
import warnings

import astropy.units as u
import pytest
from astropy.io import fits
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError, InvalidTypeError, UnreadableFileError
from atlasquery.lightcurve import LightCurve

pytestmark = pytest.mark.filterwarnings("ignore")  # of astropy, before it gives up
GARBAGE = b"\x89\xff\xfe garbage \x00" * 50


def cut(content):
    return content[: len(content) // 2]


@pytest.mark.parametrize("spoil", [cut, lambda content: GARBAGE, lambda content: b""])
def test_a_damaged_file(lc, file, spoil):
    format_, path = file
    lc.write(path, format=format_)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UnreadableFileError) as caught:
        LightCurve.read(path, format=format_)
    assert caught.value.__cause__ is not None or "expected are time" in str(caught.value)


def how_often_damage_is_told(path, format_, spoilt, *, times):
    """Spoil the file so many times; count how often reading it is refused, for it may do nothing but that."""
    whole, n_told = path.read_bytes(), 0
    for _ in range(times):
        path.write_bytes(spoilt(whole))
        try:
            LightCurve.read(path, format=format_)
        except UnreadableFileError:
            n_told += 1
    return n_told


def spoiler(byte, *, at_most):
    """Return what puts other bytes at that many places of a content, the same ones in each run of the tests."""
    where = random.Random(20261123)

    def spoilt(content):
        content = bytearray(content)
        for _ in range(where.randint(1, at_most)):
            content[where.randrange(len(content))] = byte(where)
        return bytes(content)

    return spoilt


def test_wherever_a_file_is_damaged(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    any_byte = spoiler(lambda where: where.randrange(256), at_most=20)
    assert how_often_damage_is_told(path, format_, any_byte, times=60) > 0


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_wherever_a_text_is_damaged(lc, tmp_path, format_):
    """By bytes of any sort, and by those that numbers are made of, so that many lines are understood."""
    path = tmp_path / "curve.txt"
    lc.forced.write(path, format=format_)
    any_byte = spoiler(lambda where: where.randrange(256), at_most=20)
    assert how_often_damage_is_told(path, format_, any_byte, times=60) > 0
    lc.forced.write(path, format=format_, overwrite=True)
    of_numbers = spoiler(lambda where: where.choice(b"0123456789.-+einfa #:\n\t"), at_most=3)
    assert 0 < how_often_damage_is_told(path, format_, of_numbers, times=300) < 300


@pytest.mark.parametrize(
    ("format_", "text", "value"),
    [
        ("atlas.forced", "###MJD uJy duJy F err\n{} 1 1 o 0\n", "inf"),
        ("atlas.forced", "###MJD uJy duJy F err\n58000 1 1 o {}\n", "9" * 20),
        ("snana", "SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\nOBS: {} o 1 1\n", "nan"),
        ("snana", "SURVEY: X\nVARLIST: MJD FLT FLUXCAL FLUXCALERR\nOBS: {} o 1 1\n", "1e300"),
    ],
)
def test_a_value_that_no_column_can_hold(tmp_path, format_, text, value):
    (tmp_path / "curve.txt").write_text(text.format(value))
    for reader in (LightCurve, Table):
        with pytest.raises(UnreadableFileError, match=r"curve\.txt, line [23]: "):
            reader.read(tmp_path / "curve.txt", format=format_)
    (tmp_path / "curve.txt").write_text(text.format(58000))
    assert len(LightCurve.read(tmp_path / "curve.txt", format=format_)) == 1


VOTABLE = """<?xml version="1.0"?>
<VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE><TABLE>
<FIELD name="time" datatype="{}"/><DATA><TABLEDATA><TR><TD>58000.5</TD></TR></TABLEDATA></DATA>
</TABLE></RESOURCE></VOTABLE>"""


def test_errors_of_votable_that_are_called_warnings(tmp_path):
    path = tmp_path / "curve.vot"
    path.write_text(VOTABLE.format("double"))
    assert LightCurve.read(path).time.mjd.tolist() == [58000.5]
    path.write_text(VOTABLE.format("number"))
    with pytest.raises(UnreadableFileError, match=r"is no votable, or damaged: .*datatype 'number'") as caught:
        LightCurve.read(path)
    assert isinstance(caught.value.__cause__, Warning)


def test_a_warning_that_the_user_has_made_an_error_is_no_damage(tmp_path):
    hdu = fits.BinTableHDU(Table({"time": [58000.5], "flux": [1.0]}))
    hdu.header["TUNIT2"] = "spoon"
    hdu.writeto(tmp_path / "curve.fits")
    assert len(LightCurve.read(tmp_path / "curve.fits")) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(u.UnitsWarning, match="spoon"):
            LightCurve.read(tmp_path / "curve.fits")


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_texts_that_are_none(tmp_path, format_):
    (tmp_path / "curve.txt").write_bytes(GARBAGE)
    with pytest.raises(UnreadableFileError, match=f"is no {format_}, or damaged"):
        LightCurve.read(tmp_path / "curve.txt", format=format_)
    with pytest.raises(UnreadableFileError, match=f"is no {format_}, or damaged"):
        Table.read(tmp_path / "curve.txt", format=format_)


def test_an_unknown_file(tmp_path):
    (tmp_path / "curve.dat").write_bytes(GARBAGE)
    with pytest.raises(InvalidInputError, match="not clear"):
        LightCurve.read(tmp_path / "curve.dat")
    (tmp_path / "curve.dat").write_bytes(gzip.compress(b"SURVEY: X" * 50)[:20])
    with pytest.raises(UnreadableFileError, match="damaged"):
        LightCurve.read(tmp_path / "curve.dat")


def test_what_the_system_says_stays(lc, file, tmp_path):
    format_, path = file
    with pytest.raises(FileNotFoundError):
        LightCurve.read(path, format=format_)
    with pytest.raises(IsADirectoryError):
        LightCurve.read(tmp_path, format=format_)
    with pytest.raises(FileNotFoundError):
        lc.write(path.parent / "nowhere" / path.name)


def test_a_wrong_argument_is_no_damage(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    with pytest.raises(TypeError):
        LightCurve.read(path, format=format_, nonsense=1)


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_a_wrong_argument_of_a_text(lc, tmp_path, format_):
    path = tmp_path / "curve.txt"
    with pytest.raises(InvalidTypeError, match=f"{format_} has no argument nonsense"):
        lc.forced.write(path, format=format_, nonsense=1)
    assert not path.exists()
    lc.forced.write(path, format=format_)
    for reader in (LightCurve, Table):
        with pytest.raises(InvalidTypeError, match=f"{format_} has no argument time_column, nonsense"):
            reader.read(path, format=format_, time_column="time", nonsense=1)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Files that are damaged, or not what they are called."""

import gzip
import random

import pytest
from astropy.table import Table

from atlasquery.exceptions import InvalidQueryError, UnreadableAnswerError
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
    with pytest.raises(UnreadableAnswerError) as caught:
        LightCurve.read(path, format=format_)
    assert caught.value.__cause__ is not None or "expected are time" in str(caught.value)


def test_wherever_a_file_is_damaged(lc, file):
    format_, path = file
    lc.write(path, format=format_)
    whole, where = path.read_bytes(), random.Random(20261123)
    n_told = 0
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(20):
            content[where.randrange(len(content))] = where.randrange(256)
        path.write_bytes(content)
        try:
            LightCurve.read(path, format=format_)
        except UnreadableAnswerError:
            n_told += 1
    assert n_told > 0


@pytest.mark.parametrize("format_", ["atlas.forced", "snana"])
def test_texts_that_are_none(tmp_path, format_):
    (tmp_path / "curve.txt").write_bytes(GARBAGE)
    with pytest.raises(UnreadableAnswerError, match=f"is no {format_}, or damaged"):
        LightCurve.read(tmp_path / "curve.txt", format=format_)
    with pytest.raises(UnreadableAnswerError, match=f"is no {format_}, or damaged"):
        Table.read(tmp_path / "curve.txt", format=format_)


def test_an_unknown_file(tmp_path):
    (tmp_path / "curve.dat").write_bytes(GARBAGE)
    with pytest.raises(InvalidQueryError, match="not clear"):
        LightCurve.read(tmp_path / "curve.dat")
    (tmp_path / "curve.dat").write_bytes(gzip.compress(b"SURVEY: X" * 50)[:20])
    with pytest.raises(UnreadableAnswerError, match="damaged"):
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

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Known names that are like a mistaken one."""

import pickle

import pytest

from atlasquery.utils.near_names import UnknownAttributeError, did_you_mean, near_names

COLUMNS = ["time", "band", "flux", "flux_err", "mag", "mag_err", "limit"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("magnitude", ["mag"]),
        ("Mag_Err", ["mag_err", "mag"]),
        ("magerr", ["mag_err", "mag"]),
        ("fluxerror", ["flux_err", "flux"]),
        ("FLUX", ["flux", "flux_err"]),
        ("limits", ["limit"]),
        ("x", []),
        ("", []),
        (5, []),
        (None, []),
    ],
)
def test_nearest_first(name, expected):
    assert near_names(name, COLUMNS) == expected


def test_synonyms_come_first():
    assert near_names("filter", COLUMNS, {"Filter": "band"}) == ["band"]
    assert near_names("filter", ["flux"], {"filter": "band"}) == []


def test_message():
    assert did_you_mean("limits", COLUMNS) == "; did you mean 'limit'?"
    assert did_you_mean("bnd", COLUMNS) == "; did you mean 'band'?"
    assert did_you_mean("Mag_Err", COLUMNS) == "; did you mean 'mag_err' or 'mag'?"
    assert did_you_mean("nothing", COLUMNS) == ""


def test_guess_is_made_only_when_the_message_is_read():
    """`hasattr` of libraries, such as numpy, asks for many attributes."""
    guesses = []

    def guess():
        guesses.append(1)
        return "; did you mean 'b'?"

    error = UnknownAttributeError("text", "a", guess)
    assert guesses == []
    assert str(error) == "'str' object has no attribute 'a'; did you mean 'b'?"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert str(UnknownAttributeError("text", "_a", guess)) == "'str' object has no attribute '_a'"

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns as plain arrays, whatever they are made of, and which rows are measured."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Column, MaskedColumn
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.arrays import fits_int64, has_flux, null_mask, plain_array, string_array


def curve(**columns):
    return LightCurve(time=Time(58000 + np.arange(7.0), format="mjd"), data=columns)


def test_what_is_measured_has_a_finite_flux_and_a_finite_uncertainty_above_0():
    flux = Masked([1, -1, 1, np.inf, np.nan, 1, 1] * u.mJy, mask=[False] * 6 + [True])
    flux_err = [1, 1, 0, 1, 1, np.inf, 1] * u.uJy
    assert has_flux(curve(flux=flux, flux_err=flux_err)).tolist() == [True, True] + [False] * 5


def test_without_a_flux_or_an_uncertainty_nothing_is_measured():
    assert not has_flux(curve()).any()
    assert not has_flux(curve(flux=np.ones(7) * u.uJy)).any()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (np.array([1.0, np.nan]), [False, True]),
        (np.array(["o", ""]), [False, True]),
        (np.array([0, 1]), [False, False]),
        (np.array([False, True]), [False, False]),
    ],
)
def test_what_is_unknown_in_plain_arrays(data, expected):
    assert null_mask(data).tolist() == expected


def test_bare_is_what_lies_under_the_mask():
    for column in (MaskedColumn([1, 2], mask=[True, False]), Masked([1, 2] * u.m, mask=[True, False]), [1, 2]):
        assert type(plain_array(column)) is np.ndarray
        assert plain_array(column).tolist() == [1, 2]


def test_which_integers_fit():
    assert fits_int64(np.array([2**63 - 1], dtype=np.uint64))
    assert not fits_int64(np.array([1, 2**63], dtype=np.uint64))
    assert fits_int64(np.array([-1]))
    assert fits_int64(np.array([], dtype=np.uint64))


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Column([1, 2, 1, 2, 1, 2, 3]), ["1", "2", "1", "2", "1", "2", "3"]),
        (MaskedColumn([1] * 7, mask=[True] + [False] * 6), ["unknown", *["1"] * 6]),
        (MaskedColumn(["o"] * 7, mask=[True] + [False] * 6), ["unknown", *["o"] * 6]),
        (MaskedColumn([b"o"] * 7, mask=[True] + [False] * 6), ["unknown", *["o"] * 6]),
        (Column(["o", None, *"ccccc"], dtype=object), ["o", "unknown", *["c"] * 5]),
    ],
    ids=["integers", "masked integers", "words shorter than the missing one", "bytes", "objects"],
)
def test_words_of_any_column(column, words):
    assert string_array(curve(band=column), "band", "unknown").tolist() == words


def test_bands_that_are_numbers_as_those_of_other_surveys(lc):
    lc["band"] = [1, 2, 1, 2, 1, 2, 1, 2][: len(lc)]
    assert set(lc.bin_nightly()["band"].tolist()) <= {"1", "2"}
    assert "(" in repr(lc)
    assert lc.plot() is not None

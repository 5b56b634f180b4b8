# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns as plain arrays, whatever they are made of, and which rows are measured."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Column, MaskedColumn
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.plain import measured, texts


def curve(**columns):
    return LightCurve(time=Time(58000 + np.arange(7.0), format="mjd"), data=columns)


def test_what_is_measured_has_a_finite_flux_and_a_finite_uncertainty_above_0():
    flux = Masked([1, -1, 1, np.inf, np.nan, 1, 1] * u.mJy, mask=[False] * 6 + [True])
    flux_err = [1, 1, 0, 1, 1, np.inf, 1] * u.uJy
    assert measured(curve(flux=flux, flux_err=flux_err)).tolist() == [True, True] + [False] * 5


def test_without_a_flux_or_an_uncertainty_nothing_is_measured():
    assert not measured(curve()).any()
    assert not measured(curve(flux=np.ones(7) * u.uJy)).any()


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
    assert texts(curve(band=column), "band", "unknown").tolist() == words


def test_bands_that_are_numbers_as_those_of_other_surveys(lc):
    lc["band"] = [1, 2, 1, 2, 1, 2, 1, 2][: len(lc)]
    assert set(lc.bin_nightly()["band"].tolist()) <= {"1", "2"}
    assert "(" in repr(lc)
    assert lc.plot() is not None

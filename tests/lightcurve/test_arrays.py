# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion of columns to plain arrays, and selection of rows with a flux."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Column, MaskedColumn
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.arrays import fits_int64, has_flux, null_mask, plain_array, string_array


def make_curve(**columns):
    return LightCurve(time=Time(58000 + np.arange(7.0), format="mjd"), data=columns)


def test_rows_with_flux_have_finite_flux_and_finite_positive_uncertainty():
    flux = Masked([1, -1, 1, np.inf, np.nan, 1, 1] * u.mJy, mask=[False] * 6 + [True])
    flux_err = [1, 1, 0, 1, 1, np.inf, 1] * u.uJy
    assert has_flux(make_curve(flux=flux, flux_err=flux_err)).tolist() == [True, True] + [False] * 5


def test_no_row_has_flux_without_flux_and_flux_err_columns():
    assert not has_flux(make_curve()).any()
    assert not has_flux(make_curve(flux=np.ones(7) * u.uJy)).any()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (np.array([1.0, np.nan]), [False, True]),
        (np.array(["o", ""]), [False, True]),
        (np.array([0, 1]), [False, False]),
        (np.array([False, True]), [False, False]),
    ],
)
def test_nulls_of_plain_arrays(data, expected):
    assert null_mask(data).tolist() == expected


def test_plain_array_has_values_under_the_mask():
    for column in (MaskedColumn([1, 2], mask=[True, False]), Masked([1, 2] * u.m, mask=[True, False]), [1, 2]):
        assert type(plain_array(column)) is np.ndarray
        assert plain_array(column).tolist() == [1, 2]


def test_integers_that_fit_signed_64_bits():
    assert fits_int64(np.array([2**63 - 1], dtype=np.uint64))
    assert not fits_int64(np.array([1, 2**63], dtype=np.uint64))
    assert fits_int64(np.array([-1]))
    assert fits_int64(np.array([], dtype=np.uint64))


@pytest.mark.parametrize(
    ("column", "strings"),
    [
        (Column([1, 2, 1, 2, 1, 2, 3]), ["1", "2", "1", "2", "1", "2", "3"]),
        (MaskedColumn([1] * 7, mask=[True] + [False] * 6), ["missing value", *["1"] * 6]),
        (MaskedColumn(["o"] * 7, mask=[True] + [False] * 6), ["missing value", *["o"] * 6]),
        (MaskedColumn([b"o"] * 7, mask=[True] + [False] * 6), ["missing value", *["o"] * 6]),
        (Column(["o", None, *"ccccc"], dtype=object), ["o", "missing value", *["c"] * 5]),
    ],
    ids=["integers", "masked integers", "strings shorter than the missing value", "bytes", "objects"],
)
def test_string_array_of_any_column_type(column, strings):
    assert string_array(make_curve(band=column), "band", "missing value").tolist() == strings


def test_integer_bands_of_other_surveys_are_supported(lc):
    lc["band"] = [1, 2, 1, 2, 1, 2, 1, 2][: len(lc)]
    assert set(lc.bin_nightly()["band"].tolist()) <= {"1", "2"}
    assert "(" in repr(lc)
    assert lc.plot() is not None

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Values of the Virtual Research Assistant: numbers of any type, but no NaN, strings or bools."""

from fractions import Fraction

import numpy as np
import pytest
from astropy import units as u
from astropy.table import MaskedColumn

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.vra_values import check_flag, check_probability, check_rank


@pytest.mark.parametrize(
    "value", [0, 1, 0.5, np.float32(0.25), np.int64(1), Fraction(1, 2), np.array(0.5), MaskedColumn([0.5])[0]]
)
def test_probability(value):
    number = check_probability("preal", value)
    assert (type(number), number) == (float, float(value))


@pytest.mark.parametrize(
    "value", [-1e-9, 1 + 1e-9, 2, float("nan"), float("inf"), -float("inf"), 10**400, pytest.param(10**5000, id="huge")]
)
def test_probability_out_of_range(value):
    with pytest.raises(InvalidQueryError, match="`pfast` must be a number from 0 to 1, got"):
        check_probability("pfast", value)


NO_NUMBERS = ["0.5", "", None, True, np.bool_(False), [0.5], (0.5,), np.array([0.5]), 0.5 + 0j, 0.5 * u.one, b"1"]


@pytest.mark.parametrize("value", [*NO_NUMBERS, np.ma.masked, MaskedColumn([0.5], mask=[True])[0]])
@pytest.mark.parametrize("check", [check_probability, check_rank])
def test_value_that_is_no_number(check, value):
    with pytest.raises(InvalidQueryTypeError, match=r"`rank` must be a .*number.*, got"):
        check("rank", value)


@pytest.mark.parametrize("value", [0, -3, 1e300, np.float64(7.5)])
def test_rank(value):
    assert check_rank("rank", value) == float(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("-inf"), 10**400])
def test_rank_that_is_not_finite(value):
    with pytest.raises(InvalidQueryError, match="`rank` must be a finite number, got"):
        check_rank("rank", value)


@pytest.mark.parametrize("value", [True, False, np.bool_(True), np.array(False)])
def test_flag(value):
    assert check_flag("is_gal_cand", value) is bool(value)


@pytest.mark.parametrize("value", [0, 1, None, "True", 1.0, np.int64(1), np.ma.masked, [True], np.array([True])])
def test_value_that_is_no_bool(value):
    with pytest.raises(InvalidQueryTypeError, match="`is_gal_cand` must be True or False, got"):
        check_flag("is_gal_cand", value)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Dates become Time in UTC, masked where null or invalid."""

import numpy as np
import pytest
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning
from atlasquery.schema.dates import parse_dates


def parse(*texts):
    texts = np.array([text or "" for text in texts], dtype=str)
    return parse_dates(texts, texts == "", "date")


@pytest.mark.parametrize(
    "text",
    [
        "2018-06-17T13:03:29Z",
        "2018-06-17T13:03:29",
        "2018-06-17T13:03:29.000000Z",
        "2018-06-17 13:03:29",
        "2018-06-17T13:03:29+00:00",
        "2018-06-17T15:03:29+02:00",
    ],
)
def test_all_iso_forms_are_utc(text):
    time = parse(text)
    assert (time.scale, time.format) == ("utc", "isot")
    assert time.isot.tolist() == ["2018-06-17T13:03:29.000"]
    assert not time.masked


def test_a_leap_second_is_valid():
    assert parse("2016-12-31T23:59:60Z").isot.tolist() == ["2016-12-31T23:59:60.000"]


def test_null_is_masked_without_warning():
    time = parse("2018-06-17T13:03:29Z", None)
    assert time.mask.tolist() == [False, True]


def test_invalid_dates_are_masked_with_a_warning():
    with pytest.warns(DataQualityWarning, match=r"'date'.*2 invalid.* 'soon' \(row 1\)"):
        time = parse("2018-06-17T13:03:29Z", "soon", None, "0000-00-00T00:00:00Z", "2018-06-17 00:00:00")
    assert time.mask.tolist() == [False, True, True, True, False]
    assert time[4] == Time("2018-06-17", scale="utc")


def test_no_dates_give_an_empty_time():
    time = parse()
    assert isinstance(time, Time)
    assert (len(time), time.scale, time.format) == (0, "utc", "isot")

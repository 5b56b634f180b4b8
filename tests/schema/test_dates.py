# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Dates become Time in UTC, masked only where there is nothing to be read."""

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
def test_every_spelling_is_utc(text):
    time = parse(text)
    assert (time.scale, time.format) == ("utc", "isot")
    assert time.isot.tolist() == ["2018-06-17T13:03:29.000"]
    assert not time.masked


def test_a_leap_second_is_a_date():
    assert parse("2016-12-31T23:59:60Z").isot.tolist() == ["2016-12-31T23:59:60.000"]


def test_null_is_masked_without_a_warning():
    time = parse("2018-06-17T13:03:29Z", None)
    assert time.mask.tolist() == [False, True]


def test_an_unreadable_date_is_masked_with_a_warning_and_the_others_stay():
    with pytest.warns(DataQualityWarning, match=r"date: 2 dates .* 'soon' \(row 1\)"):
        time = parse("2018-06-17T13:03:29Z", "soon", None, "0000-00-00T00:00:00Z", "2018-06-17 00:00:00")
    assert time.mask.tolist() == [False, True, True, True, False]
    assert time[4] == Time("2018-06-17", scale="utc")


def test_no_dates_give_an_empty_time():
    time = parse()
    assert isinstance(time, Time)
    assert (len(time), time.scale, time.format) == (0, "utc", "isot")

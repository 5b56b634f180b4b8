# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of `since` and `date`: times and time spans."""

import warnings
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time, TimeDelta
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.times import check_date, check_since


@pytest.mark.parametrize(
    "since",
    [
        Time(58285.5, format="mjd"),
        Time(58285.5, format="mjd", scale="utc").tdb,
        Time("2018-06-16T12:00:00"),
        "2018-06-16T12:00:00",
        "2018-06-16 12:00:00",
        "2018-06-16T12:00:00Z",
        "2018-06-16T14:00:00+02:00",
        datetime(2018, 6, 16, 12),
        datetime(2018, 6, 16, 12, tzinfo=UTC),
        datetime(2018, 6, 16, 14, tzinfo=timezone(timedelta(hours=2))),
        np.datetime64("2018-06-16T12:00"),
        np.datetime64("2018-06-16T12:00", "ns"),
    ],
)
def test_since_in_several_types(since):
    assert check_since(since).mjd == pytest.approx(58285.5, abs=1e-9)


def test_a_date_is_midnight_in_utc():
    for since in ("2018-06-16", date(2018, 6, 16), np.datetime64("2018-06-16")):
        assert check_since(since).mjd == 58285.0


@pytest.mark.parametrize("since", ["2050-01-01", Time("2050-01-01T00:00:00", scale="tai"), 100 * u.yr])
def test_unknown_leap_seconds_do_not_warn(since):
    assert abs(check_since(since).mjd - 61345) > 5000


def test_none_stays_none():
    assert check_since(None) is None


@pytest.mark.parametrize(
    "since", [30 * u.day, 1 * u.hour, TimeDelta(30, format="jd"), TimeDelta(30 * u.day), timedelta(days=30)]
)
def test_a_time_span_is_before_now(since):
    expected = (Time.now() - since).utc.mjd
    assert check_since(since).mjd == pytest.approx(expected, abs=1e-4)


def test_a_numpy_time_span_is_before_now():
    assert check_since(np.timedelta64(36, "h")).mjd == pytest.approx(Time.now().utc.mjd - 1.5, abs=1e-4)


@pytest.mark.parametrize("since", ["30d", "yesterday", "30"])
def test_text_of_a_time_span(since):
    with pytest.raises(InvalidQueryError, match=r"30 \* u.day for a time span"):
        check_since(since)


@pytest.mark.parametrize("since", [58285.5, 58285, np.float64(58285.5), True, [1], object()])
def test_since_of_a_wrong_type(since):
    with pytest.raises(InvalidQueryTypeError, match=r"since.*got"):
        check_since(since)


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("last week", "since.*ISO 8601"),
        ("58285.5", "since.*ISO 8601"),
        ("", "since.*ISO 8601"),
        (-30 * u.day, "since.*positive"),
        (0 * u.day, "since.*positive"),
        (np.nan * u.day, "since.*positive"),
        ([1, 2] * u.day, "since.*positive"),
        (3 * u.m, "since.*time span"),
        (timedelta(days=-30), "since.*positive"),
        (np.timedelta64("NaT", "D"), "since.*positive"),
        (np.timedelta64(3, "Y"), "since.*time span"),
        (np.datetime64("NaT", "D"), "since.*finite"),
        (1e9 * u.yr, "since.*UTC"),
        (Time(58285, format="mjd", scale="local"), "since.*UTC"),
        (Time([58285, 58286], format="mjd"), r"since.*shape \(2,\)"),
        (Time(Masked(58285.0, mask=True), format="mjd"), "since.*finite"),
    ],
)
def test_invalid_since(since, message):
    with pytest.raises(InvalidQueryError, match=message):
        check_since(since)


def test_a_time_span_without_unit():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer numpy deprecates a timedelta64 without unit
        span = np.timedelta64(3)
        with pytest.raises(InvalidQueryError, match="no unit"):
            check_since(span)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (None, None),
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        ("2026-11-20T01:02:03Z", "2026-11-20T01:02:03Z"),
        ("2026-11-20 01:02:03.25", "2026-11-20T01:02:03.25Z"),
        ("2026-11-20T01:02:03.123456", "2026-11-20T01:02:03.123456Z"),
        ("2026-11-20T01:02:03+02:00", "2026-11-19T23:02:03Z"),
        (date(2026, 11, 20), "2026-11-20T00:00:00Z"),
        (datetime(2026, 11, 20, 12), "2026-11-20T12:00:00Z"),
        (datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=-5))), "2026-11-20T17:00:00Z"),
        (np.datetime64("2026-11-20T12:00"), "2026-11-20T12:00:00Z"),
        (Time("2026-11-20T01:02:03", scale="tai"), "2026-11-20T01:01:26Z"),
        (Time(61364.5, format="mjd"), "2026-11-20T12:00:00Z"),
        (Time("2016-12-31T23:59:60.5"), "2016-12-31T23:59:59.5Z"),
        ("9999-12-30", "9999-12-30T00:00:00Z"),
    ],
)
def test_date_as_sent(value, sent):
    assert check_date(value) == sent


@pytest.mark.parametrize("value", [61364.5, 5, True, 30 * u.day, timedelta(1), ("2026-11-20",), np.ma.masked])
def test_date_of_a_wrong_type(value):
    with pytest.raises(InvalidQueryTypeError, match="`date` must be a Time, ISO string or datetime, got"):
        check_date(value)


@pytest.mark.parametrize(
    "value",
    ["soon", "", "2026-13-01", np.datetime64("NaT"), Time([1, 2], format="mjd"), "1700-01-01", Time(3e6, format="mjd")],
)
def test_invalid_date(value):
    with pytest.raises(InvalidQueryError, match="`date` must be"):
        check_date(value)

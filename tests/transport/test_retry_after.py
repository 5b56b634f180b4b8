# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``Retry-After``, in all its forms."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from astropy.time import Time

from atlasquery.transport.retry_after import parse_retry_after, time_from_now

DETAIL = "Request was throttled. Expected available in 3598 seconds."


@pytest.mark.parametrize(("text", "seconds"), [("0", 0.0), ("3600", 3600.0), (" 12 ", 12.0), ("1.5", 1.5)])
def test_seconds(text, seconds):
    assert parse_retry_after({"Retry-After": text}) == seconds


def test_date_with_the_clock_of_the_server():
    # ... and not by ours, which is years away from it.
    headers = {"Date": "Mon, 23 Nov 2015 03:12:30 GMT", "Retry-After": "Mon, 23 Nov 2015 03:14:30 GMT"}
    assert parse_retry_after(headers) == 120.0


def test_date_with_the_local_clock():
    then = datetime.now(UTC) + timedelta(seconds=100)
    assert parse_retry_after({"Retry-After": format_datetime(then, usegmt=True)}) == pytest.approx(100, abs=3)


def test_past_date_is_zero_seconds():
    assert parse_retry_after({"Retry-After": "Mon, 23 Nov 2015 03:14:30 GMT"}) == 0.0


@pytest.mark.parametrize(
    "text", ["soon", "-5", "1e3", "nan", "inf", "9" * 400, "", "Mon, 99 Nov 2026 03:14:30 GMT", "\u0663"]
)
def test_invalid_header_falls_back_to_the_message(text):
    assert parse_retry_after({"Retry-After": text}, DETAIL) == 3598.0
    assert parse_retry_after({"Retry-After": text}) is None


def test_message_only():
    assert parse_retry_after({}, DETAIL) == 3598.0
    assert parse_retry_after({}, "Expected available in 1 second.") == 1.0
    assert parse_retry_after({}, "Request was throttled.") is None


def test_far_future_gives_no_leap_second_warning():
    assert (time_from_now(60.0) - Time.now()).to_value("s") == pytest.approx(60, abs=1)
    assert time_from_now(3e9).mjd == pytest.approx(Time.now().mjd + 3e9 / 86400, abs=0.1)
    assert time_from_now(1e300) is None


@pytest.mark.parametrize("date", ["Mon, 01 Jan 2026 00:00:00 +99999999999999999999", "Mon, 01 Jan 2026 00:00:00 +9999"])
def test_dates_beyond_the_calendar_are_no_waiting_time(date):
    assert parse_retry_after({"Retry-After": date}) in (None, 0.0)

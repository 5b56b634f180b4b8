# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The quota as a client sees it, beside the count of the server."""

import time

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.time import Time

from atlasquery import ATLASClass, conf
from atlasquery.exceptions import InvalidQueryError, LargeQueryWarning, RateLimitError
from atlasquery.sandbox import Sandbox

COW = 1161600211221604900
APART = SkyCoord([10, 20, 30, 40], [-60, -40, -20, 0], unit="deg")


@pytest.fixture
def small():
    """A sandbox with a quota of 6 an hour."""
    with Sandbox(n_objects=20, end="2026-11-01", rates={"user": 6}) as running:
        yield running


def test_what_is_counted_is_what_the_server_counts(small):
    atlas = small.client()
    with conf.set_temp("hourly_requests", 6):
        assert (atlas.quota.limit, atlas.quota.used, atlas.quota.remaining) == (6, 0, 6)
        atlas.query_object(COW)
        with pytest.raises(InvalidQueryError):
            atlas._request("cone/", {"ra": "east"})
        atlas.resolve_name("2018cow")
        assert (atlas.quota.used, atlas.quota.remaining) == (3, 3)
        assert small.client().quota.remaining == 3
        assert atlas().quota.remaining == 3
        assert small.client("writer").quota.remaining == 6
        for _ in range(3):
            atlas.query_object(COW)
        assert atlas.quota.remaining == 0
        with pytest.raises(RateLimitError):
            atlas.query_object(COW)
        assert atlas.quota.used == 6
        assert 0 * u.s < atlas.quota.resets_at - Time.now() <= 1 * u.hour


def test_another_process_spent_it_and_the_429_says_so(small):
    """The count of this process is at 0; only the server knows better."""
    token, other = small.token(), small.client()
    for _ in range(6):
        other.query_object(COW)
    from atlasquery.transport import quota

    quota._QUOTAS.clear()
    atlas = ATLASClass(server=small.url, token=token)
    with conf.set_temp("hourly_requests", 6):
        assert atlas.quota.remaining == 6
        with pytest.raises(RateLimitError) as caught:
            atlas.query_object(COW)
        assert atlas.quota.remaining == 0
        assert abs(atlas.quota.resets_at - caught.value.resets_at) < 2 * u.s


def test_the_warning_comes_before_the_first_request_and_says_when(small):
    atlas = small.client()
    with conf.set_temp("hourly_requests", 6):
        for _ in range(4):
            atlas.query_object(COW)
        before, hour = len(small.requests), Time.now() + 1 * u.hour
        with pytest.raises(LargeQueryWarning, match="about 4 requests, and 2 of 6 are left") as said:
            atlas.query_region(APART, 5 * u.arcsec)  # a warning is an error in these tests
        assert len(small.requests) == before
        assert hour.utc.iso[:13] in str(said.value)
        with pytest.warns(LargeQueryWarning) as warned, pytest.raises(RateLimitError):
            atlas.query_region(APART, 5 * u.arcsec)
        assert warned[0].filename == __file__


def test_what_fits_is_not_warned_of(small):
    with conf.set_temp("hourly_requests", 6), pytest.warns(match="No object lies within") as said:
        small.client().query_region(APART, 5 * u.arcsec)
    assert not [one for one in said if issubclass(one.category, LargeQueryWarning)]


def test_a_bot_may_wait():
    """The server gives a request back every second; the call takes its time and is complete."""
    with Sandbox(n_objects=20, end="2026-11-01", rates={"user": "2/second"}) as quick:
        atlas, begin = quick.client(), time.monotonic()
        with conf.set_temp("max_wait", 5):
            for _ in range(5):
                assert len(atlas.query_object(COW)) == 1
        assert 1 < time.monotonic() - begin < 20
        assert [seen.status for seen in quick.requests].count(429) >= 1


def test_looking_at_it_sends_nothing(small):
    repr(small.client().quota)
    assert small.requests == []

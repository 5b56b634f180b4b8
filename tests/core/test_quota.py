# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The quota as counted by the client, compared with the count of the server."""

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.time import Time

from atlasquery import ATLASClass, conf
from atlasquery.exceptions import InvalidQueryError, LargeQueryWarning, RateLimitError
from atlasquery.sandbox import Fault
from atlasquery.transport import quota
from constants import COW

POSITIONS = SkyCoord([10, 20, 30, 40], [-60, -40, -20, 0], unit="deg")


@pytest.fixture
def limited_sandbox(make_sandbox):
    """A sandbox with a quota of 6 requests per hour."""
    with make_sandbox(n_objects=20, rates={"user": 6}, shared=False) as sandbox:
        yield sandbox


def test_the_client_counts_as_the_server(limited_sandbox):
    atlas = limited_sandbox.client()
    with conf.set_temp("hourly_requests", 6):
        assert (atlas.quota.limit, atlas.quota.used, atlas.quota.remaining) == (6, 0, 6)
        atlas.query_object(COW)
        with pytest.raises(InvalidQueryError):
            atlas._endpoints.cone._read({"ra": "east"})
        atlas.resolve_name("2018cow")
        assert (atlas.quota.used, atlas.quota.remaining) == (3, 3)
        assert limited_sandbox.client().quota.remaining == 3
        assert atlas().quota.remaining == 3
        assert limited_sandbox.client("writer").quota.remaining == 6
        for _ in range(3):
            atlas.query_object(COW)
        assert atlas.quota.remaining == 0
        with pytest.raises(RateLimitError):
            atlas.query_object(COW)
        assert atlas.quota.used == 6
        assert 0 * u.s < atlas.quota.resets_at - Time.now() <= 1 * u.hour


def test_a_429_corrects_the_count(limited_sandbox):
    """The count of this process is 0; the 429 corrects it."""
    token, other_client = limited_sandbox.token(), limited_sandbox.client()
    for _ in range(6):
        other_client.query_object(COW)
    quota._QUOTAS.clear()
    atlas = ATLASClass(server=limited_sandbox.url, token=token)
    with conf.set_temp("hourly_requests", 6):
        assert atlas.quota.remaining == 6
        with pytest.raises(RateLimitError) as caught:
            atlas.query_object(COW)
        assert atlas.quota.remaining == 0
        assert abs(atlas.quota.resets_at - caught.value.resets_at) < 2 * u.s


def test_the_warning_is_before_the_first_request_and_has_the_time(limited_sandbox):
    atlas = limited_sandbox.client()
    with conf.set_temp("hourly_requests", 6):
        for _ in range(4):
            atlas.query_object(COW)
        n_before, hour = len(limited_sandbox.requests), Time.now() + 1 * u.hour
        with pytest.raises(LargeQueryWarning, match="4 requests, and 2 of 6 are left") as caught:
            atlas.query_region(POSITIONS, 5 * u.arcsec)  # a warning is an error in these tests
        assert len(limited_sandbox.requests) == n_before
        assert hour.utc.iso[:13] in str(caught.value)
        with pytest.warns(LargeQueryWarning) as caught_warnings, pytest.raises(RateLimitError):
            atlas.query_region(POSITIONS, 5 * u.arcsec)
        assert caught_warnings[0].filename == __file__


def test_a_query_within_the_quota_has_no_warning(limited_sandbox):
    with conf.set_temp("hourly_requests", 6), pytest.warns(match="No object") as caught:
        limited_sandbox.client().query_region(POSITIONS, 5 * u.arcsec)
    assert not [warning for warning in caught if issubclass(warning.category, LargeQueryWarning)]


def test_max_wait_waits_for_the_server(make_sandbox):
    """Every query succeeds in spite of a throttle of 2 per second, and of a 429 that comes on any machine."""
    with make_sandbox(n_objects=20, rates={"user": "2/second"}, shared=False) as throttled_sandbox:
        headers = {"Retry-After": "1"}
        throttled_sandbox.inject(Fault("status", skip=1, status=429, headers=headers, body='{"detail": "no"}'))
        atlas = throttled_sandbox.client()
        with conf.set_temp("max_wait", 5):
            for _ in range(5):
                assert len(atlas.query_object(COW)) == 1
        statuses = [request.status for request in throttled_sandbox.requests]
    assert statuses.count(200) == 5
    assert statuses.count(429) >= 1
    assert set(statuses) == {200, 429}


def test_the_quota_sends_no_request(limited_sandbox):
    repr(limited_sandbox.client().quota)
    assert limited_sandbox.requests == []

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The sliding hour, counted as the server does."""

import time

import pytest
from astropy import units as u
from astropy.time import Time

from atlasquery.config import conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import InvalidInputError
from atlasquery.transport import Quota, Token, get_quota

HOURLY = ATLAS_SERVICE.quotas[0]


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return lambda seconds: moment.__setitem__(0, moment[0] + seconds)


def record(quota, status=200):
    """Count a request that was answered."""
    quota.reserve().settle(status)


def test_new_quota_is_unused(clock):
    quota = Quota(HOURLY)
    assert (quota.limit, quota.used, quota.remaining, quota.resets_at) == (100, 0, 100, None)


def test_limit_is_configured():
    with conf.set_temp("hourly_requests", 100_000):
        assert Quota(HOURLY).limit == Quota(HOURLY).remaining == 100_000


@pytest.mark.parametrize("status", [200, 201, 400, 405, 500, 504, None])
def test_counted_statuses(clock, status):
    quota = Quota(HOURLY)
    record(quota, status)
    assert quota.used == 1


@pytest.mark.parametrize("status", [301, 401, 403, 404, 429])
def test_uncounted_statuses(clock, status):
    quota = Quota(HOURLY)
    record(quota, status)
    assert quota.used == 0


def test_requests_expire_after_an_hour(clock):
    quota = Quota(HOURLY)
    record(quota, 200)
    clock(1800)
    record(quota, 200)
    assert quota.used == 2
    assert abs(quota.resets_at - Time.now() - 1800 * u.s) < 1 * u.s
    clock(1801)
    assert (quota.used, quota.remaining) == (1, 99)
    clock(1800)
    assert quota.used == 0


def test_429_blocks_until_it_resets(clock):
    quota = Quota(HOURLY)
    record(quota, 200)
    quota.record_rate_limit(600.0)
    assert (quota.used, quota.remaining) == (100, 0)
    assert abs(quota.resets_at - Time.now() - 600 * u.s) < 1 * u.s
    assert not quota.allows(1)
    assert "next at" in repr(quota)
    clock(601)
    assert quota.used == 1
    assert quota.allows(99)


def test_429_without_a_wait_does_not_block(clock):
    quota = Quota(HOURLY)
    quota.record_rate_limit(None)
    assert quota.allows(1)


def test_finish_time(clock):
    quota = Quota(HOURLY)
    with conf.set_temp("hourly_requests", 10):
        for _ in range(4):
            record(quota, 200)
        clock(600)
        for n, minutes in [(1, 0), (6, 0), (7, 50), (10, 50), (11, 60), (16, 60), (17, 110), (30, 170)]:
            assert abs(quota.finish_time(n) - Time.now() - minutes * u.min) < 1 * u.s, n


def test_higher_limit_of_the_server(clock):
    quota = Quota(HOURLY)
    with conf.set_temp("hourly_requests", 3):
        for _ in range(3):
            record(quota, 200)
        assert not quota.allows(1)
        record(quota, 200)
        assert quota.allows(1000)


def test_clients_of_one_user_share_a_quota():
    mine, yours = Token("a" * 40), Token("b" * 40)
    assert get_quota("https://one.example", mine, HOURLY) is get_quota("https://one.example", Token("a" * 40), HOURLY)
    assert get_quota("https://one.example", mine, HOURLY) is not get_quota("https://one.example", yours, HOURLY)
    assert get_quota("https://one.example", mine, HOURLY) is not get_quota("https://two.example", mine, HOURLY)
    assert "aaaa" not in repr(get_quota("https://one.example", mine, HOURLY))


def test_a_request_counts_while_it_is_sent_and_not_if_it_was_not_sent(clock):
    quota = Quota(HOURLY)
    reservation = quota.reserve()
    assert quota.used == 1
    reservation.cancel()
    assert quota.used == 0


def test_a_request_counts_from_its_answer_on(clock):
    """The server counted it before: counting from the start would free it too early."""
    quota = Quota(HOURLY)
    reservation = quota.reserve()
    clock(600)
    reservation.settle(200)
    clock(3599)
    assert quota.used == 1
    clock(1)
    assert quota.used == 0


def test_without_file_and_reserve_no_request_is_held_back(clock):
    quota = get_quota("https://one.example", Token("c" * 40), HOURLY)
    with conf.set_temp("hourly_requests", 2):
        for _ in range(3):
            record(quota)
        quota.record_rate_limit(60.0)
        assert quota.reserve() is not None
    assert not quota.is_enforced


def test_reserve_leaves_requests_to_others(clock):
    quota = get_quota("https://one.example", Token("d" * 40), HOURLY)
    with conf.set_temp("hourly_requests", 10), conf.set_temp("quota_reserve", 3):
        assert (quota.limit, quota.remaining, quota.is_enforced) == (10, 7, True)
        for _ in range(7):
            record(quota)
            clock(60)
        assert (quota.used, quota.remaining, quota.reserve()) == (7, 0, None)
        assert quota.seconds_until_free() == 3600 - 7 * 60
        assert repr(quota).startswith("<Quota: 7 of 10 requests used and 3 reserved for others, 0 remaining, next at")
        assert abs(quota.finish_time(1) - Time.now() - (3600 - 7 * 60) * u.s) < 1 * u.s
        assert not quota.allows(1)
        clock(3600 - 7 * 60)
        assert quota.reserve() is not None


@pytest.mark.parametrize("reserve", [10, 11])
def test_reserve_that_leaves_nothing(reserve):
    quota = get_quota("https://one.example", Token("d" * 40), HOURLY)
    with conf.set_temp("hourly_requests", 10), conf.set_temp("quota_reserve", reserve):  # noqa: SIM117
        with pytest.raises(InvalidInputError, match=f"must be less than the limit of 10 requests, got {reserve}"):
            quota.reserve()


def test_attempts_to_sign_in_are_not_held_back():
    quota = Quota(HOURLY)
    with conf.set_temp("quota_reserve", 100), conf.set_temp("quota_file", "/nonexistent/quota"):
        record(quota)
        assert (quota.used, quota.is_enforced, quota.is_shared) == (1, False, False)


def test_old_requests_are_freed_one_by_one(clock):
    """With more requests than now allowed, the next is free when the count is below the limit."""
    quota = get_quota("https://one.example", Token("e" * 40), HOURLY)
    for _ in range(5):
        record(quota)
        clock(100)
    with conf.set_temp("hourly_requests", 4), conf.set_temp("quota_reserve", 1):
        assert quota.seconds_until_free() == 3600 - 500 + 200


def test_a_request_that_outlasts_the_window_counts_from_its_answer(clock):
    quota = Quota(HOURLY)
    reservation = quota.reserve()
    clock(4000)
    assert quota.used == 0
    reservation.settle(200)
    assert quota.used == 1

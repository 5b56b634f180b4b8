# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Three throttles, each with a sliding window: users, staff, and addresses at ``auth-token/``."""

import threading
from types import SimpleNamespace

import pytest

from atlasquery.exceptions import RateLimitError
from atlasquery.sandbox.throttle_rates import check_rates

COUNT = {"ra": 1, "dec": 2, "radius": 3, "requestType": "count"}


def get_statuses(send, n_requests, **options):
    return [send("cone/", COUNT, **options).status_code for _ in range(n_requests)]


class FakeTimer:
    """A clock that stands still until a test moves it; seconds."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def timer():
    return FakeTimer()


@pytest.fixture
def make_throttle(timer):
    """Return a function that makes a user throttle with a rate, as Django does for each request."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(REST_FRAMEWORK={"DEFAULT_THROTTLE_RATES": {"user": None}})
    from atlasquery.sandbox.throttling import RequestTimes, UserThrottle

    request_times = RequestTimes()

    class TimedThrottle(UserThrottle):
        cache = request_times

        def __init__(self, rate):
            self.rate = rate
            self.timer = timer
            super().__init__()

    return TimedThrottle


REQUEST = SimpleNamespace(user=SimpleNamespace(pk=1, is_staff=False))


def test_window_slides(make_throttle, timer):
    def is_allowed():
        return make_throttle("2/second").allow_request(REQUEST, None)

    allowed = []
    for step in (0.0, 0.25, 0.25, 0.25, 0.25, 0.25):
        timer.now += step
        allowed.append(is_allowed())
    # At 0.5 s and 0.75 s the window is full; a rejected request does not count, so each slot is free after 1 s.
    assert allowed == [True, True, False, False, True, True]
    assert not is_allowed()


def test_wait_ends_when_the_first_request_leaves_the_window(make_throttle, timer):
    for _ in range(2):
        assert make_throttle("2/hour").allow_request(REQUEST, None)
    timer.now += 1.25
    throttle = make_throttle("2/hour")
    assert not throttle.allow_request(REQUEST, None)
    assert throttle.wait() == 3598.75


def test_default_rates_are_those_of_the_server(make_sender):
    send = make_sender()
    assert get_statuses(send, 101, role="reader") == [200] * 100 + [429]
    assert get_statuses(send, 110, role="staff") == [200] * 110
    wrong_password = {"username": "reader", "password": "nope"}
    assert [send("auth-token/", wrong_password, role=None).status_code for _ in range(11)] == [400] * 10 + [429]


def test_rates_are_completed_and_formatted():
    forced = {"forced_write": "60/minute", "forced_read": "600/minute"}
    assert check_rates({"user": 5, "auth": None}) == {"user": "5/hour", "staff": "100000/hour", "auth": None} | forced
    assert check_rates({"user": "3/second"})["user"] == "3/second"


def test_throttled_answer_has_the_time_to_wait(make_sender):
    send = make_sender(rates={"user": 2})
    get_statuses(send, 2, role="reader")
    answer = send("objects/", {"objects": "1"}, role="reader")
    assert answer.status_code == 429
    seconds = int(answer.headers["Retry-After"])
    assert 0 < seconds <= 3600
    assert answer.json() == {"detail": f"Request was throttled. Expected available in {seconds} seconds."}


def test_users_are_counted_separately_and_over_all_endpoints(make_sender):
    send = make_sender(rates={"user": 3})
    assert send("cone/", COUNT, role="reader").status_code == 200
    assert send("vratodolist/", {}, role="reader").status_code == 200
    # The throttle comes before the parameters, so a request with invalid parameters counts.
    assert send("objects/", {}, role="reader").status_code == 400
    assert send("objects/", {}, role="reader").status_code == 429
    assert send("cone/", COUNT, role="writer").status_code == 200


def test_unauthenticated_and_forbidden_requests_do_not_count(make_sender):
    send = make_sender(rates={"user": 1})
    assert get_statuses(send, 3, role="expired") == [401] * 3
    assert [send("vratodo/", {"objectid": 1}, role="reader").status_code for _ in range(3)] == [403] * 3
    assert get_statuses(send, 2, role="reader") == [200, 429]


def test_addresses_are_counted_separately(make_sender):
    send = make_sender(rates={"auth": 1})
    account = {"username": "reader", "password": "reader-pw"}
    for address, status in [("10.0.0.1", 200), ("10.0.0.1", 429), ("10.0.0.2", 200)]:
        assert send("auth-token/", account, role=None, headers={"X-Forwarded-For": address}).status_code == status


def test_role_throttled_has_no_requests_left(send, make_sender):
    assert get_statuses(make_sender(), 2, role="throttled") == [429, 429]
    assert send("cone/", COUNT, role="throttled").status_code == 200  # the shared sandbox has no limit


@pytest.mark.parametrize("rates", [None, {"user": 20}])
def test_threads_cannot_share_the_last_request(make_sender, rates):
    send = make_sender(rates=rates)
    limit = 100 if rates is None else 20
    statuses = []

    def work():
        statuses.extend(get_statuses(send, 20, role="reader"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) == limit
    assert statuses.count(429) == 160 - limit


def test_the_clock_of_the_quota_can_be_moved(make_sandbox):
    sandbox = make_sandbox(shared=False, rates={"user": 2})
    atlas = sandbox.client()
    for _ in range(2):
        atlas.count_region("10d 10d", "1 arcsec")
    with pytest.raises(RateLimitError):
        atlas.count_region("10d 10d", "1 arcsec")
    sandbox.advance_clock(3601)
    assert atlas.count_region("10d 10d", "1 arcsec") == 0
    assert [request.status for request in sandbox.requests] == [200, 200, 429, 200]

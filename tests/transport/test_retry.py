# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which requests are sent again, how often, and after which delay."""

import itertools

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import AtlasQueryError, ServerFaultError, ServerTimeoutError
from atlasquery.transport.deadline import Deadline
from atlasquery.transport.retry import RetryPolicy

TEMPORARY = [
    {"kind": "reset"},
    {"kind": "reset_midbody"},
    {"kind": "stall"},
    {"kind": "stall_midbody"},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 503, "headers": {"Retry-After": "nonsense"}},
    {"kind": "status", "status": 504},
]


def name(fault):
    return f"{fault['kind']}{fault.get('status', '')}"


@pytest.mark.parametrize("fault", TEMPORARY, ids=name)
def test_idempotent_request_is_retried(server, send, log_messages, fault):
    server.order(**fault, times=2)
    with conf.set_temp("timeout", 0.2):
        assert send().status == 200
    assert len(server.received) == 3
    lines = log_messages()
    assert [line[:16] for line in lines] == ["Attempt 1 of 4 f", "Attempt 2 of 4 f"]
    assert all("Next in" in line and server.url in line for line in lines)


@pytest.mark.parametrize("fault", TEMPORARY, ids=name)
def test_other_request_is_sent_once(server, send, log_messages, fault):
    server.order(**fault, times=2)
    with conf.set_temp("timeout", 0.2), pytest.raises(AtlasQueryError):
        send("objectgroups/", idempotent=False)
    assert len(server.received) == 1
    assert log_messages() == []


@pytest.mark.parametrize("fault", TEMPORARY, ids=name)
def test_sign_in_is_sent_once(server, fault, send_raw):
    server.order(**fault, times=2)
    with conf.set_temp("timeout", 0.2), pytest.raises(AtlasQueryError):
        send_raw("auth-token/", {"username": "reader"})
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_permanent_failure_is_not_retried(server, send, status):
    server.order("status", status=status, times=None)
    with pytest.raises(AtlasQueryError):
        send()
    assert len(server.received) == 1


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_number_of_retries_is_configured(server, send, retries):
    server.order("status", status=503, times=None)
    with conf.set_temp("retries", retries), pytest.raises(ServerFaultError, match="503"):
        send()
    assert len(server.received) == retries + 1


def test_retry_after_is_the_minimum_delay(server, send, recorded_waits):
    server.order("status", status=503, headers={"Retry-After": "1"})
    assert send().status == 200
    assert recorded_waits == [1.0]


def test_delays_grow_and_vary():
    error = ServerTimeoutError("No answer.", url="http://127.0.0.1/")
    with conf.set_temp("backoff", 1.0), conf.set_temp("retries", 4):
        series = []
        for _ in range(20):
            policy = RetryPolicy(Deadline(1e6))
            series.append([policy.next_delay(error, None) for _ in range(5)])
    assert all(waits[4] is None for waits in series)
    for number, (low, high) in enumerate([(0.5, 1.5), (1, 3), (2, 6), (4, 12)]):
        column = [waits[number] for waits in series]
        assert all(low <= wait <= high for wait in column)
        assert len(set(column)) > 10
    assert not any(a == b for a, b in itertools.pairwise(series))

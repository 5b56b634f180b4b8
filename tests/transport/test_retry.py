# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is repeated and what is not."""

import itertools
import time

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import AtlasQueryError, ServerFaultError, ServerTimeoutError
from atlasquery.transport.deadline import Deadline
from atlasquery.transport.retry import RetryPolicy

PASSING = [
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


@pytest.mark.parametrize("fault", PASSING, ids=name)
def test_a_read_is_repeated(server, send, said, fault):
    server.order(**fault, times=2)
    with conf.set_temp("timeout", 0.2):
        assert send().status == 200
    assert len(server.seen) == 3
    lines = said()
    assert [line[:16] for line in lines] == ["Attempt 1 of 4 f", "Attempt 2 of 4 f"]
    assert all("Next in" in line and server.url in line for line in lines)


@pytest.mark.parametrize("fault", PASSING, ids=name)
def test_a_write_is_not(server, send, said, fault):
    server.order(**fault, times=2)
    with conf.set_temp("timeout", 0.2), pytest.raises(AtlasQueryError):
        send("objectgroups/", idempotent=False)
    assert len(server.seen) == 1
    assert said() == []


@pytest.mark.parametrize("fault", PASSING, ids=name)
def test_signing_in_is_not(server, fault, send_raw):
    server.order(**fault, times=2)
    with conf.set_temp("timeout", 0.2), pytest.raises(AtlasQueryError):
        send_raw("auth-token/", {"username": "reader"})
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_what_would_fail_again_is_not_repeated(server, send, status):
    server.order("status", status=status, times=None)
    with pytest.raises(AtlasQueryError):
        send()
    assert len(server.seen) == 1


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_as_often_as_the_configuration_says(server, send, retries):
    server.order("status", status=503, times=None)
    with conf.set_temp("retries", retries), pytest.raises(ServerFaultError, match="503"):
        send()
    assert len(server.seen) == retries + 1


def test_the_servers_wish_is_heeded(server, send):
    server.order("status", status=503, headers={"Retry-After": "1"})
    begin = time.monotonic()
    send()
    assert time.monotonic() - begin >= 1


def test_waits_grow_and_differ():
    error = ServerTimeoutError("No answer.", url="http://127.0.0.1/")
    with conf.set_temp("backoff", 1.0), conf.set_temp("retries", 4):
        series = []
        for _ in range(20):
            patience = RetryPolicy(Deadline(1e6))
            series.append([patience.next_delay(error, None) for _ in range(5)])
    assert all(waits[4] is None for waits in series)
    for number, (low, high) in enumerate([(0.5, 1.5), (1, 3), (2, 6), (4, 12)]):
        column = [waits[number] for waits in series]
        assert all(low <= wait <= high for wait in column)
        assert len(set(column)) > 10
    assert not any(a == b for a, b in itertools.pairwise(series))

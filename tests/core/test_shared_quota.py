# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Several processes of one account share the quota, by ``conf.quota_file``."""

import json
import os
import subprocess
import sys
import threading

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery import ATLASClass, conf
from atlasquery.exceptions import InvalidInputError, LargeQueryWarning, RateLimitError, UnreadableFileError
from constants import COW

# A program of 40 requests. Its clock stands at the seconds in a file, which the test moves; it looks at it often.
PROGRAM = """
import json, sys, time
from pathlib import Path
from atlasquery import ATLAS, conf
from atlasquery.exceptions import RateLimitError
from atlasquery.transport.cancellation import Cancellation

added_seconds, wait = Path(sys.argv[2]), Cancellation.wait
time.time = lambda: 1.8e9 + float(added_seconds.read_text() or 0)
Cancellation.wait = lambda cancellation, seconds: wait(cancellation, 0.2)
conf.quota_file, conf.max_wait = sys.argv[3], float(sys.argv[4])
print("ready", flush=True)
sys.stdin.readline()
n_done, n_refused = 0, 0
for _ in range(40):
    try:
        n_done += len(ATLAS.query_object(int(sys.argv[1])))
    except RateLimitError as error:
        assert error.status is None and not error.request_sent and 0 < error.retry_after <= 3601
        n_refused += 1
print(json.dumps([n_done, n_refused]))
"""


@pytest.fixture
def sandbox(make_sandbox):
    """A sandbox with the limits of the real server: 100 requests per hour."""
    with make_sandbox(n_objects=20, shared=False) as running:
        yield running


@pytest.fixture
def start(sandbox, tmp_path):
    """Start the program with a maximum wait; it begins when a line is written to it."""
    running = []
    clock = tmp_path / "added_seconds"
    clock.write_text("0")

    def start(max_wait):
        environment = {**os.environ, "ATLASQUERY_SERVER": sandbox.url, "ATLASQUERY_TOKEN": sandbox.token()}
        command = [sys.executable, "-c", PROGRAM, str(COW), str(clock), str(tmp_path / "quota.sqlite"), str(max_wait)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running.append(subprocess.Popen(command, env=environment, text=True, **pipes))
        return running[-1]

    start.clock = clock
    yield start
    for process in running:
        process.kill()
        process.communicate()


def begin(processes):
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def result(process):
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return json.loads(output)


def statuses(sandbox):
    return [request.status for request in sandbox.requests]


def test_three_processes_share_the_quota(sandbox, start):
    """120 requests at 100 per hour: 100 are answered, 20 are refused here, and none is sent in vain."""
    processes = [start(max_wait=0) for _ in range(3)]
    begin(processes)
    results = [result(process) for process in processes]
    assert sum(n_done for n_done, _ in results) == 100
    assert sum(n_refused for _, n_refused in results) == 20
    assert statuses(sandbox) == [200] * 100


def test_three_processes_that_wait_get_everything(sandbox, start):
    """When an hour has passed, the 20 others are answered."""
    processes = [start(max_wait=7200) for _ in range(3)]
    begin(processes)
    waiting = [threading.Event() for _ in processes]

    def read_log(process, event):
        for line in process.stderr:
            if "is used up; waiting" in line:
                event.set()

    readers = [threading.Thread(target=read_log, args=pair) for pair in zip(processes, waiting, strict=True)]
    for reader in readers:
        reader.start()
    # Some processes may have all their answers; at least one has to wait.
    while sum(status == 200 for status in statuses(sandbox)) < 100 or not any(event.is_set() for event in waiting):
        waiting[0].wait(0.2)
    sandbox.advance_clock(3600)
    start.clock.write_text("3600")
    results = [json.loads(process.stdout.read()) for process in processes]
    for reader in readers:
        reader.join()
    assert results == [[40, 0]] * 3
    assert statuses(sandbox) == [200] * 120


@pytest.fixture
def limited(make_sandbox, tmp_path):
    """A sandbox and a client with 6 requests per hour, 2 of which are left to others."""
    with (
        make_sandbox(n_objects=20, rates={"user": 6}, shared=False) as sandbox,
        conf.set_temp("hourly_requests", 6),
        conf.set_temp("quota_reserve", 2),
        conf.set_temp("quota_file", tmp_path / "quota.sqlite"),
    ):
        yield sandbox, sandbox.client()


def test_reserved_requests_are_not_sent(limited):
    sandbox, atlas = limited
    for _ in range(4):
        atlas.query_object(COW)
    with pytest.raises(RateLimitError, match=r"used 4 of 6 requests, and conf\.quota_reserve leaves 2") as caught:
        atlas.query_object(COW)
    assert 0 < caught.value.retry_after <= 3600
    assert caught.value.resets_at is not None
    assert statuses(sandbox) == [200] * 4
    with conf.set_temp("quota_reserve", 0):  # another program, which may use them
        assert atlas.quota.remaining == 2
        atlas.query_object(COW)
    assert statuses(sandbox) == [200] * 5


def test_the_warning_counts_the_requests_of_others(limited):
    _, atlas = limited
    for _ in range(3):
        atlas.query_object(COW)
    other = ATLASClass(server=atlas.server, token=limited[0].token())
    with pytest.warns(LargeQueryWarning, match="2 requests, and 1 of 6 are left"), pytest.raises(RateLimitError):
        other.query_region(SkyCoord([10, 20], [-60, -40], unit="deg"), 5 * u.arcsec)


def test_a_429_stops_the_other_processes_too(limited):
    """Requests from another computer are not in the file; the server's answer is."""
    sandbox, atlas = limited
    with conf.set_temp("quota_file", ""), conf.set_temp("quota_reserve", 0):
        for _ in range(6):
            atlas.query_object(COW)
    with pytest.raises(RateLimitError) as caught:
        atlas.query_object(COW)
    assert caught.value.status == 429
    for _ in range(3):
        with pytest.raises(RateLimitError) as caught:
            atlas.query_object(COW)
        assert caught.value.status is None
    assert statuses(sandbox) == [200] * 6 + [429]


def test_a_write_that_is_held_back_was_not_done(make_sandbox, tmp_path):
    with make_sandbox(n_objects=20, rates={"user": 6}, shared=False) as sandbox, conf.set_temp("hourly_requests", 2):
        atlas = sandbox.client("writer")
        ids = [int(object_id) for object_id in sandbox.truth["atlas_id"][:3]]
        with conf.set_temp("quota_file", tmp_path / "quota"), pytest.warns(LargeQueryWarning):  # noqa: SIM117
            with pytest.raises(RateLimitError) as caught:
                atlas.add_to_list(ids, "vra")
        assert list(caught.value.results["status"])[-1] == "not done"
        assert len(sandbox.requests) == 2


def test_errors_are_before_the_first_request(limited, tmp_path):
    sandbox, atlas = limited
    with conf.set_temp("quota_file", tmp_path), pytest.raises(UnreadableFileError):
        atlas.query_object(COW)
    with conf.set_temp("quota_reserve", 6), pytest.raises(InvalidInputError, match="quota_reserve"):
        atlas.query_object(COW)
    assert sandbox.requests == []


def test_a_cancelled_request_ends_its_wait_for_the_quota(make_sandbox, tmp_path):
    """The iterator is closed while the next batch waits for the quota in the background."""
    with (
        make_sandbox(n_objects=200, shared=False) as sandbox,
        conf.set_temp("hourly_requests", 1),
        conf.set_temp("quota_file", tmp_path / "quota"),
        conf.set_temp("max_wait", 4000),
    ):
        atlas = sandbox.client()
        with pytest.warns(LargeQueryWarning):
            transients = atlas.iter_transients(sandbox.truth["atlas_id"].tolist(), since="2026-08-01")
        next(transients)
        (background,) = [thread for thread in threading.enumerate() if thread.name == "atlasquery"]
        transients.close()
        background.join(20)
        assert not background.is_alive()
        assert statuses(sandbox) == [200]

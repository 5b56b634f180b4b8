# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The count that processes share in a file."""

import logging
import multiprocessing
import os
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from atlasquery.config import conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.transport import Token, get_quota, quota_file
from atlasquery.transport.quota_file import SharedRequestTimes

HOURLY = ATLAS_SERVICE.quotas[0]
TOKEN = Token("0123456789abcdef0123456789abcdef01234567")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "quota.sqlite"


@pytest.fixture
def clock(monkeypatch):
    """The clock of the computer, which stands still until it is moved."""
    moment = [1.7e9]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return lambda seconds: moment.__setitem__(0, moment[0] + seconds)


@pytest.fixture
def times(path, clock):
    return SharedRequestTimes(str(path), "someone", 3600.0)


def test_at_most_so_many_in_the_window(times, clock):
    assert None not in [times.add(2), times.add(2)]
    assert times.add(2) is None
    clock(3600)
    assert times.add(2) is not None
    assert len(times.read()[0]) == 1


def test_another_user_has_another_count(times, path):
    times.add()
    assert SharedRequestTimes(str(path), "another", 3600.0).read() == ([], 0.0)


def test_confirmed_and_removed_requests(times, clock):
    first, second = times.add(), times.add()
    clock(60)
    times.confirm(first)
    times.remove(second)
    assert times.read() == ([1.7e9 + 60], 0.0)
    clock(3599)
    assert len(times.read()[0]) == 1


def test_block_holds_for_all_processes_and_ends(times, path, clock):
    times.block(100)
    other = SharedRequestTimes(str(path), "someone", 3600.0)
    assert other.add(10) is None
    clock(100)
    assert other.add(10) is not None


def test_a_block_is_no_longer_than_the_window(times):
    """Every request has left the window by then; a wrong `Retry-After` must not stop all bots for a year."""
    times.block(1e9)
    assert times.read()[1] == 1.7e9 + 3600


def test_clock_set_back(times, clock):
    times.add()
    times.block(3600)
    clock(-1e6)
    assert times.read() == ([1.7e9 - 1e6], 1.7e9 - 1e6 + 3600)
    clock(3600)
    assert times.read() == ([], 0.0)


def test_a_count_of_an_hour_ago_is_removed_from_the_file(times, path, clock):
    SharedRequestTimes(str(path), "another", 3600.0).add()
    clock(3601)
    times.add()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM requests").fetchone() == (1,)


def test_the_file_never_holds_the_token(path):
    with conf.set_temp("quota_file", path):
        quota = get_quota("https://one.example", TOKEN, HOURLY)
        quota.reserve().settle(200)
        assert (quota.used, quota.is_shared) == (1, True)
    assert TOKEN.reveal().encode() not in path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        (account,) = database.execute("SELECT account FROM requests").fetchone()
    assert account == TOKEN.hash_with("https://one.example 3600 ")
    assert account != Token("f" * 40).hash_with("https://one.example 3600 ")
    assert account != TOKEN.hash_with("https://two.example 3600 ")


def test_the_window_is_counted_from_the_file_by_any_quota_of_the_user(path):
    with conf.set_temp("quota_file", str(path)), conf.set_temp("hourly_requests", 3):
        quota = get_quota("https://one.example", TOKEN, HOURLY)
        assert [quota.reserve() is None for _ in range(5)] == [False, False, False, True, True]
        assert 3590 < quota.seconds_until_free() <= 3600
        assert get_quota("https://one.example", Token("f" * 40), HOURLY).reserve() is not None
        assert get_quota("https://two.example", TOKEN, HOURLY).reserve() is not None


def test_default_is_in_the_state_folder_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_state_path", lambda *names, **options: tmp_path / "state" / names[0])
    with conf.set_temp("quota_file", "default"):
        get_quota("https://one.example", TOKEN, HOURLY).reserve()
    assert (tmp_path / "state" / "atlasquery" / "quota.sqlite").exists()


def test_home_folder_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    SharedRequestTimes("~/quota.sqlite", "someone", 60.0).add()
    assert (tmp_path / "quota.sqlite").exists()


def write_text(path):
    path.write_text("requests: 3 of 100\n" * 100)


def write_database(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE requests (planet TEXT)")


@pytest.mark.parametrize("make", [Path.mkdir, write_text, write_database])
def test_a_file_of_another_kind_is_an_error_and_stays(path, make):
    make(path)
    content = None if path.is_dir() else path.read_bytes()
    with pytest.raises(UnreadableFileError, match=r"`conf\.quota_file` must be a file that can be") as caught:
        SharedRequestTimes(str(path), "someone", 60.0).add()
    assert caught.value.filename == str(path)
    assert path.is_dir() or path.read_bytes() == content


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableFileError, match="unable to open"):
        SharedRequestTimes(str(tmp_path / "none" / "quota.sqlite"), "someone", 60.0).read()


def test_a_file_that_fails_after_the_answer_is_a_log_line(times, path, caplog):
    key = times.add()
    path.unlink()
    path.mkdir()
    with caplog.at_level(logging.WARNING, logger="atlasquery"):
        times.confirm(key)
        times.remove(key)
        times.block(10)
    assert [record.getMessage().count("may be counted wrongly") for record in caplog.records] == [1, 1, 1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts processes by fork")
def test_processes_that_add_at_once_never_exceed_the_limit(path):
    context = multiprocessing.get_context("fork")
    barrier, counts = context.Barrier(4), context.Queue()

    def add_many():
        times = SharedRequestTimes(str(path), "someone", 1e6)
        barrier.wait(30)
        counts.put(sum(times.add(50) is not None for _ in range(30)))

    processes = [context.Process(target=add_many) for _ in range(4)]
    for process in processes:
        process.start()
    numbers = [counts.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert sum(numbers) == 50
    assert max(numbers) <= 30


def test_a_number_is_not_used_again(times, path, clock):
    """A process may hold the number of a row that has left the window."""
    old = times.add()
    clock(3601)
    new = SharedRequestTimes(str(path), "another", 3600.0).add()
    assert new != old
    times.remove(old)
    assert len(SharedRequestTimes(str(path), "another", 3600.0).read()[0]) == 1
    times.confirm(old)  # the request lasted longer than the window, and counts from its answer
    assert times.read()[0] == [1.7e9 + 3601]


def test_a_request_is_settled_where_it_was_reserved(tmp_path):
    quota = get_quota("https://one.example", TOKEN, HOURLY)
    with conf.set_temp("quota_file", tmp_path / "one"):
        reservation = quota.reserve()
    with conf.set_temp("quota_file", tmp_path / "two"):
        quota.reserve()
        reservation.settle(404)
        assert quota.used == 1
    with conf.set_temp("quota_file", tmp_path / "one"):
        assert quota.used == 0


@pytest.mark.parametrize(
    "path", ["quota.sqlite", ":memory:", "file:x?mode=memory", "./x", "~nosuchuser/x", "/tmp/a\0b"]
)
def test_a_path_that_is_not_one_file_is_an_error(path):
    with pytest.raises(InvalidInputError, match=r"`conf\.quota_file` must be"):
        SharedRequestTimes(path, "someone", 60.0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_that_is_forked_during_a_transaction_can_use_the_file(path, monkeypatch):
    times = SharedRequestTimes(str(path), "someone", 1e6)
    is_open, can_end = threading.Event(), threading.Event()
    read = SharedRequestTimes._read

    def slow_read(self, database):
        is_open.set()
        can_end.wait(0.3)
        return read(self, database)

    monkeypatch.setattr(SharedRequestTimes, "_read", slow_read)
    thread = threading.Thread(target=times.read)
    thread.start()
    assert is_open.wait(10)
    child = os.fork()  # waits for the transaction
    if child == 0:
        monkeypatch.setattr(quota_file, "_LOCK_TIMEOUT", 1.0)
        try:
            os._exit(0 if times.add() is not None else 1)
        finally:
            os._exit(2)
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal to a thread")
def test_ctrl_c_ends_the_wait_for_another_process(path, monkeypatch):
    times = SharedRequestTimes(str(path), "someone", 60.0)
    times.add()
    main = threading.main_thread().ident
    monkeypatch.setattr(time, "sleep", lambda seconds: signal.pthread_kill(main, signal.SIGINT))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KeyboardInterrupt):
            times.add()


def test_a_lock_that_is_not_released_is_an_error(path, monkeypatch):
    times = SharedRequestTimes(str(path), "someone", 60.0)
    times.add()
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnreadableFileError, match="locked"):
            times.add()
    assert sum(waits) == pytest.approx(30)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Ctrl-C, signal handlers of the user and warnings as errors: they come at once, and nothing fetched is lost."""

import io
import signal
import sys
import threading

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery import LightCurves, conf
from atlasquery.batches import batch_size
from atlasquery.exceptions import (
    InvalidQueryTypeError,
    NoResultsWarning,
    RateLimitError,
    ServerTimeoutError,
)
from atlasquery.sandbox import Fault
from atlasquery.transport import Request
from constants import COW

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals to a thread")
SINCE = "2026-08-01"


@pytest.fixture
def ids(small_sandbox):
    return small_sandbox.truth["atlas_id"].tolist()[:12]


@pytest.fixture
def atlas(small_sandbox, monkeypatch):
    """A client whose batches have four objects; the faults are removed at the end."""
    monkeypatch.setattr(batch_size, "GROWTH", 1)
    monkeypatch.setattr("atlasquery.endpoints.objects.RECENT", (4, *batch_size.RECENT[1:]))
    small_sandbox.clear_faults()
    yield small_sandbox.client("staff")
    small_sandbox.clear_faults()


@pytest.fixture
def interrupt(small_sandbox):
    """Send a signal to the main thread as soon as the server has received so many more requests.

    It is sent again after some seconds: astropy ignores any exception in some places.
    """
    threads = []

    def interrupt(n_requests, number=signal.SIGINT):
        n_before, main = len(small_sandbox.requests), threading.main_thread().ident
        stop = threading.Event()

        def wait():
            while len(small_sandbox.requests) < n_before + n_requests:
                if stop.wait(0.05):
                    return
            while not stop.wait(0.2):
                signal.pthread_kill(main, number)
                stop.wait(5)

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        threads.append((stop, thread))
        return stop

    yield interrupt
    for stop, thread in threads:
        stop.set()
        thread.join()


@pytest.fixture
def alarm():
    """A handler of SIGALRM that raises the exception of a test."""
    raised = []

    def handler(number, frame):
        raise raised[0]

    before = signal.signal(signal.SIGALRM, handler)
    yield raised
    signal.signal(signal.SIGALRM, before)


class OwnError(OSError):
    """A class of the user."""


EXCEPTIONS = [
    TimeoutError("enough"),
    OSError("enough"),
    ConnectionError("enough"),
    OwnError("enough"),
    ValueError("enough"),
]


@pytest.mark.parametrize("error", EXCEPTIONS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("kind", ["stall", "stall_midbody"])
def test_an_exception_of_a_signal_handler_is_raised_at_once(small_sandbox, atlas, alarm, interrupt, error, kind):
    """It is no time-out of the network, although it has the class of one: no second request, and no class of ours."""
    alarm.append(error)
    small_sandbox.inject(Fault(kind, times=None))
    n_before = len(small_sandbox.requests)
    interrupt(1, signal.SIGALRM)
    with pytest.raises(type(error), match="enough") as caught:
        atlas.query_object(COW)
    assert caught.value is error
    assert len(small_sandbox.requests) - n_before == 1
    names = [frame.name for frame in caught.traceback]
    assert "send" in names
    assert "_exchange" not in names  # these frames hold the token


def test_an_exception_of_a_signal_handler_during_back_off(small_sandbox, atlas, alarm, interrupt):
    alarm.append(TimeoutError("enough"))
    small_sandbox.inject(Fault("status", status=503, times=None))
    interrupt(1, signal.SIGALRM)
    with conf.set_temp("backoff", 60.0), pytest.raises(TimeoutError, match="enough"):
        atlas.query_object(COW)


def test_an_exception_of_a_signal_handler_while_iterating(small_sandbox, atlas, ids, alarm, interrupt):
    alarm.append(TimeoutError("enough"))
    small_sandbox.inject(Fault("stall", endpoint="objects/", skip=1, times=None))
    transients = atlas.iter_transients(ids, since=SINCE)
    assert [next(transients).atlas_id for _ in range(4)] == ids[:4]
    interrupt(0, signal.SIGALRM)
    with pytest.raises(TimeoutError, match="enough") as caught:
        next(transients)
    assert (caught.value.results, list(caught.value.failed)) == (ids[:4], ids[4:])


def test_an_exception_of_a_signal_handler_during_login(small_sandbox, atlas, alarm, interrupt):
    alarm.append(TimeoutError("enough"))
    small_sandbox.inject(Fault("stall", times=None))
    interrupt(1, signal.SIGALRM)
    with pytest.raises(TimeoutError, match="enough"):
        atlas.login(token=small_sandbox.token(), store=False)


def test_a_time_out_of_the_network_keeps_its_class(small_sandbox, atlas, alarm):
    """A handler is installed, but did not run."""
    alarm.append(TimeoutError("enough"))
    small_sandbox.inject(Fault("stall", times=None))
    with conf.set_temp("timeout", 0.3), conf.set_temp("retries", 0), pytest.raises(ServerTimeoutError):
        atlas.query_object(COW)


def interrupted(small_sandbox, interrupt, call, n_requests=2, error=KeyboardInterrupt, **fault):
    """Return the exception of a call whose last request is not answered."""
    small_sandbox.inject(Fault("stall", skip=n_requests - 1, times=None, **fault))
    stop = interrupt(n_requests)
    with pytest.raises(error) as caught:
        call()
    stop.set()
    small_sandbox.clear_faults()
    return caught.value


def test_light_curves_so_far_are_in_the_exception(small_sandbox, atlas, ids, interrupt):
    error = interrupted(small_sandbox, interrupt, lambda: atlas.get_light_curves(ids, since=SINCE))
    n_done = len(error.results)  # decoding may not be at its end
    assert 0 <= n_done <= 4
    assert list(error.results) == ids[:n_done]
    assert (error.missing, list(error.failed)) == ((), ids[n_done:])
    assert f"{n_done} light curves are there, {12 - n_done} of the requested ones are not" in str(error)
    assert "get_light_curves(ids, into=error.results) continues" in str(error)
    n_before = len(small_sandbox.requests)
    curves = atlas.get_light_curves(ids, since=SINCE, into=error.results)
    assert curves is error.results
    assert list(curves) == ids
    assert 2 <= len(small_sandbox.requests) - n_before <= 3


def test_the_same_call_again_continues(small_sandbox, atlas, ids, interrupt):
    """As a cell of a notebook that is interrupted, and run again."""
    curves = LightCurves()

    def cell():
        return atlas.get_light_curves([*ids, "2018cow", "2099zzz"], since=SINCE, into=curves)

    error = interrupted(small_sandbox, interrupt, cell, n_requests=3)
    assert "The same call again continues." in str(error)
    assert list(curves) == ids[: len(curves)]
    with pytest.warns(NoResultsWarning, match="no record of 1"):
        assert cell() is curves
    assert list(curves) == list(dict.fromkeys([*ids, COW]))
    assert curves["2018cow"] is curves[COW]
    assert curves.missing == ["2099zzz"]
    n_before = len(small_sandbox.requests)
    with pytest.warns(NoResultsWarning):
        cell()  # only the name without an object is looked up again
    assert len(small_sandbox.requests) - n_before == 1


def test_failed_objects_are_requested_again(small_sandbox, atlas, ids):
    curves = LightCurves()
    refusal = {"status": 429, "headers": {"Retry-After": "0"}, "body": '{"detail": "no"}'}
    small_sandbox.inject(Fault("status", endpoint="objects/", skip=1, **refusal))
    with pytest.raises(RateLimitError) as caught:
        atlas.get_light_curves(ids, since=SINCE, into=curves)
    assert caught.value.results is curves
    assert list(curves.failed) == ids[4:]
    small_sandbox.clear_faults()
    assert atlas.get_light_curves(ids, since=SINCE, into=curves).failed == {}
    assert list(curves) == ids


@pytest.mark.parametrize("into", [{}, [], "curves", 3])
def test_into_must_be_light_curves(small_sandbox, atlas, ids, into):
    n_before = len(small_sandbox.requests)
    with pytest.raises(InvalidQueryTypeError, match="`into` must be LightCurves"):
        atlas.get_light_curves(ids, into=into)
    assert len(small_sandbox.requests) == n_before


def test_a_payload_has_only_what_is_missing(atlas, ids):
    curves = atlas.get_light_curves(ids[:3], since=SINCE)
    payload = atlas.get_light_curves(ids[:5], since=SINCE, into=curves, get_query_payload=True)
    assert payload["objects"] == ",".join(map(str, ids[3:5]))


def test_rows_of_objects_so_far_are_in_the_exception(small_sandbox, atlas, ids, interrupt, monkeypatch):
    monkeypatch.setattr("atlasquery.endpoints.objects.OBJECT_ROWS", (4, *batch_size.OBJECT_ROWS[1:]))
    error = interrupted(small_sandbox, interrupt, lambda: atlas.query_object(ids))
    assert error.results["atlas_id"].tolist() == ids[:4]
    assert list(error.failed) == ids[4:]


@pytest.mark.parametrize("method", ["query_region", "crossmatch"])
def test_matches_so_far_are_in_the_exception(small_sandbox, atlas, ids, interrupt, method):
    rows = atlas.query_object(ids[:3])
    positions = SkyCoord(rows["ra"], rows["dec"])
    error = interrupted(small_sandbox, interrupt, lambda: getattr(atlas, method)(positions, 2 * u.arcsec))
    assert len(error.results) == 1
    assert set(error.results["atlas_id"].tolist()) < set(ids[:3])
    assert len(error.failed) == 2
    assert "so far" in str(error)


def test_a_warning_that_is_an_error_loses_nothing(small_sandbox, atlas, ids):
    unknown = 1999999999999999999
    with pytest.raises(NoResultsWarning) as caught:  # a warning is an error in these tests
        atlas.get_light_curves([*ids, unknown], since=SINCE)
    assert list(caught.value.results) == ids
    assert caught.value.missing == (unknown,)
    assert caught.value.failed == {}


def test_a_broken_progress_stream_loses_nothing(atlas, ids, monkeypatch):
    class Broken(io.StringIO):
        def write(self, text):
            raise RuntimeError("the terminal is gone")

    monkeypatch.setattr(sys, "stderr", Broken())
    curves = atlas.get_light_curves(ids, since=SINCE, progress=True)
    assert list(curves) == ids


def test_without_threads(small_sandbox, atlas, ids, monkeypatch, caplog):
    """At the end of the interpreter, at a limit of threads, and in a browser, queries work; it is told once."""
    from atlasquery.utils import threads

    def start(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threads, "_IS_TOLD", threading.Event())
        patch.setattr(threading.Thread, "start", start)
        assert len(atlas.query_object(COW)) == 1
        assert list(atlas.get_light_curves(ids, since=SINCE)) == ids
    messages = [record.getMessage() for record in caplog.records if "thread" in record.getMessage()]
    assert len(messages) == 1
    assert "No thread can be started" in messages[0]


def test_the_deadline_covers_the_look_up_of_the_host_name(monkeypatch):
    """A resolver that does not answer cannot be interrupted itself."""
    import socket

    from atlasquery.core.service import ATLAS_SERVICE
    from atlasquery.transport import ServerURL, Token, Transport

    is_over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: is_over.wait(60))
    transport = Transport(ATLAS_SERVICE)
    request = Request("POST", "cone/", {"ra": 1.0}, idempotent=True)
    try:
        with conf.set_temp("deadline", 0.5), pytest.raises(ServerTimeoutError, match=r"within 0\.5 s") as caught:
            transport.send(ServerURL.parse("http://localhost:1/"), request, token=Token("a" * 40))
        assert not caught.value.request_sent
        with conf.set_temp("timeout", 0.3), conf.set_temp("retries", 0), pytest.raises(ServerTimeoutError) as caught:
            transport.send(ServerURL.parse("http://localhost:1/"), request, token=Token("a" * 40))
        assert "No connection within 0.3 s" in str(caught.value)
    finally:
        is_over.set()
        transport.close()


def test_ctrl_c_ends_the_look_up_of_the_host_name(monkeypatch):
    import socket

    from atlasquery.core.service import ATLAS_SERVICE
    from atlasquery.transport import ServerURL, Token, Transport

    is_over, main = threading.Event(), threading.main_thread().ident

    def resolve(*arguments, **options):
        signal.pthread_kill(main, signal.SIGINT)
        is_over.wait(60)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    transport = Transport(ATLAS_SERVICE)
    request = Request("POST", "cone/", {"ra": 1.0}, idempotent=True)
    try:
        with pytest.raises(KeyboardInterrupt):
            transport.send(ServerURL.parse("http://localhost:1/"), request, token=Token("a" * 40))
    finally:
        is_over.set()
        transport.close()

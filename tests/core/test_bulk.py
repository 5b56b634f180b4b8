# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Downloads of many objects, with faults in the middle: no result is lost, and each failure is reported."""

import io
import math
import pickle
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import types

import pytest
from astropy.time import Time

from atlasquery import LightCurve, LightCurves, conf
from atlasquery.batches import batch_size
from atlasquery.endpoints import objects
from atlasquery.exceptions import (
    BatchError,
    InvalidQueryError,
    InvalidQueryTypeError,
    LargeQueryWarning,
    NoResultsWarning,
    RateLimitError,
    ServerFaultError,
    ServerUnreachableError,
    UnreadableAnswerError,
)
from atlasquery.sandbox import Fault
from constants import COW

UNKNOWN = 1000000000000000000
SINCE = "2026-10-20"


@pytest.fixture
def small_sandbox(make_sandbox):
    """A sandbox of 130 objects without throttles; faults are cleared after each test."""
    sandbox = make_sandbox(n_objects=130, rates={"user": None})
    yield sandbox
    sandbox.clear_faults()


@pytest.fixture
def ids(small_sandbox):
    """120 ids, which take a batch of 50 and one of 70."""
    return small_sandbox.truth["atlas_id"][:120].tolist()


@pytest.fixture
def batch_sizes(small_sandbox):
    """Return a function that gives the number of ids of each request since the start of the test."""
    n_before = len(small_sandbox.requests)
    return lambda: [
        len(request.params["objects"].split(","))
        for request in small_sandbox.requests[n_before:]
        if "objects" in request.params
    ]


@pytest.fixture
def wait_for_batches(batch_sizes):
    """Return a function that waits until the sandbox has received a number of batches."""

    def wait(n_batches):
        for _ in range(3000):  # a minute or more: only a request that never comes ends it
            if len(batch_sizes()) >= n_batches:
                return
            time.sleep(0.02)
        raise TimeoutError(f"{n_batches} batches expected, got {batch_sizes()}")

    return wait


def test_light_curves_are_in_the_requested_order(small_sandbox, ids, batch_sizes):
    curves = small_sandbox.client().get_light_curves([*ids, ids[3], str(ids[5])], since=SINCE)
    assert type(curves) is LightCurves
    assert list(curves) == ids
    for object_id, curve in curves.items():
        assert type(curve) is LightCurve
        assert curve.meta["atlas_id"] == object_id
    assert (curves.missing, curves.failed) == ([], {})
    assert batch_sizes() == [50, 70]


@pytest.mark.filterwarnings("ignore:No measurement is since")
def test_light_curves_equal_those_of_single_requests(small_sandbox, ids):
    atlas = small_sandbox.client()
    curves = atlas.get_light_curves(ids[:5], since=SINCE)
    for object_id, curve in curves.items():
        single = atlas.get_light_curve(object_id, since=SINCE)
        assert curve.colnames == single.colnames
        assert (curve.time == single.time).all()
        assert (curve.time >= Time(SINCE)).all()


def test_a_requested_name_is_a_key(small_sandbox, ids):
    curves = small_sandbox.client().get_light_curves(["SN 2018cow", ids[1]], since=SINCE)
    assert list(curves) == [COW, ids[1]]
    for key in ("SN 2018cow", "2018cow", "AT2018COW", COW, str(COW)):
        assert key in curves
        assert curves[key] is curves[COW]
    for key in ("2018cox", UNKNOWN, 1.5, None, "", COW + 1):
        assert key not in curves


def test_unknown_ids_and_names_are_missing(small_sandbox, ids, batch_sizes):
    with pytest.warns(NoResultsWarning, match="no record of 2 of the objects"):
        curves = small_sandbox.client().get_light_curves([UNKNOWN, ids[1], "1999zzz"], since=SINCE)
    assert list(curves) == [ids[1]]
    assert curves.missing == [UNKNOWN, "1999zzz"]
    assert repr(curves) == "<LightCurves: 1 of 3 objects, 2 missing>"
    assert batch_sizes() == [2]


def test_a_damaged_object_is_isolated(small_sandbox, ids, batch_sizes):
    small_sandbox.inject(Fault("damaged", objects=[ids[77]], times=None))
    with pytest.raises(BatchError, match=f"1 of 120 objects.*{ids[77]}") as caught:
        small_sandbox.client().get_light_curves(ids, since=SINCE)
    error = caught.value
    assert list(error.failed) == [ids[77]]
    assert isinstance(error.failed[ids[77]], ServerFaultError)
    assert list(error.results) == [object_id for object_id in ids if object_id != ids[77]]
    assert list(error.results.failed) == [ids[77]]
    n_extra = len(batch_sizes()) - 2
    print(f"\none damaged object of 120: {n_extra} extra requests")
    assert n_extra <= 2 * math.log2(70) + 1
    with pytest.raises(KeyError, match=str(ids[77])):
        error.results[ids[77]]


def test_several_damaged_objects_are_isolated(small_sandbox, ids, batch_sizes):
    damaged_ids = [ids[5], ids[60], ids[61], ids[118]]
    small_sandbox.inject(Fault("damaged", objects=damaged_ids, times=None))
    with pytest.warns(NoResultsWarning, match="4 of 120"):
        curves = small_sandbox.client().get_light_curves(ids, since=SINCE, on_error="warn")
    assert list(curves.failed) == damaged_ids
    assert len(curves) == 116
    n_extra = len(batch_sizes()) - 2
    print(f"\nfour damaged objects of 120: {n_extra} extra requests")
    assert n_extra <= 4 * 2 * math.ceil(math.log2(70))


def test_permanent_500_after_the_first_batch(small_sandbox, ids, batch_sizes):
    small_sandbox.inject(Fault("html500", endpoint="objects/", skip=1, times=None))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client().get_light_curves(ids, since=SINCE)
    assert list(caught.value.results) == ids[:50]
    assert list(caught.value.failed) == ids[50:]
    print(f"\npermanent 500 after 50 of 120: {len(batch_sizes())} requests")
    assert len(batch_sizes()) < 25


def test_connection_reset_after_the_first_batch(small_sandbox, ids, batch_sizes):
    small_sandbox.inject(Fault("reset_midbody", endpoint="objects/", skip=1, times=None))
    with conf.set_temp("backoff", 0.01), pytest.raises(BatchError) as caught:
        small_sandbox.client().get_light_curves(ids, since=SINCE)
    assert list(caught.value.results) == ids[:50]
    assert list(caught.value.failed) == ids[50:]
    assert isinstance(caught.value.failed[ids[50]], ServerUnreachableError)
    assert batch_sizes() == [50] + [70] * (1 + conf.retries)


def test_a_single_connection_reset_is_retried(small_sandbox, ids):
    small_sandbox.inject(Fault("reset_midbody", endpoint="objects/", skip=1))
    with conf.set_temp("backoff", 0.01):
        assert list(small_sandbox.client().get_light_curves(ids, since=SINCE)) == ids


def test_a_single_invalid_answer_is_repeated_in_smaller_batches(small_sandbox, ids):
    small_sandbox.inject(Fault("truncate", endpoint="objects/"))
    assert sorted(small_sandbox.client().get_light_curves(ids, since=SINCE)) == sorted(ids)


def test_a_call_with_the_failed_ids_continues_after_429(small_sandbox, ids):
    body = '{"detail": "Request was throttled. Expected available in 120 seconds."}'
    headers = {"Retry-After": "120"}
    small_sandbox.inject(Fault("status", endpoint="objects/", skip=1, status=429, headers=headers, body=body))
    atlas = small_sandbox.client()
    with pytest.raises(RateLimitError) as caught:
        atlas.get_light_curves(ids, since=SINCE, on_error="warn")
    error = caught.value
    assert error.retry_after == 120
    assert list(error.results) == ids[:50]
    assert list(error.results.failed) == ids[50:]
    with pytest.warns(LargeQueryWarning, match="0 of 100 are left"):
        remaining = atlas.get_light_curves(list(error.results.failed), since=SINCE)
    assert [*error.results, *remaining] == ids


def test_max_wait_waits_after_429(small_sandbox, ids):
    headers = {"Retry-After": "1"}
    fault = Fault("status", endpoint="objects/", skip=1, status=429, headers=headers, body='{"detail": "no"}')
    small_sandbox.inject(fault)
    with conf.set_temp("max_wait", 5):
        assert list(small_sandbox.client("staff").get_light_curves(ids, since=SINCE)) == ids


def test_an_unreadable_record_fails_alone(small_sandbox, ids):
    small_sandbox.inject(Fault("wrong_type", endpoint="objects/", column="mjd", value="soon"))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client().get_light_curves(ids[:20], since="2026-05-01")
    assert len(caught.value.failed) == 1
    assert isinstance(next(iter(caught.value.failed.values())), UnreadableAnswerError)
    assert len(caught.value.results) == 19


def test_a_failed_first_request_keeps_its_error_class(small_sandbox, ids):
    small_sandbox.inject(Fault("status", endpoint="objects/", status=503, times=None))
    with conf.set_temp("retries", 0), pytest.raises(ServerFaultError):
        small_sandbox.client().get_light_curves(ids, since=SINCE)


@pytest.mark.parametrize("n", [1, 2])
def test_on_error_warn_also_if_all_objects_fail(small_sandbox, ids, n):
    small_sandbox.inject(Fault("damaged", objects=ids[:n], times=None))
    atlas = small_sandbox.client()
    with pytest.warns(NoResultsWarning, match="not downloaded.*HTTP 500.*`failed`"):
        curves = atlas.get_light_curves(ids[:n], since=SINCE, on_error="warn")
    assert (list(curves), list(curves.failed)) == ([], ids[:n])
    with pytest.warns(NoResultsWarning, match=rf"not downloaded.*HTTP 500.*Ids: {ids[0]}"):
        assert list(atlas.iter_transients(ids[:n], since=SINCE, on_error="warn")) == []


def test_on_error_warn_also_if_the_first_request_fails(small_sandbox, ids):
    small_sandbox.inject(Fault("status", endpoint="objects/", status=503, times=None))
    atlas = small_sandbox.client()
    with conf.set_temp("retries", 0), pytest.warns(NoResultsWarning, match="120 of the objects"):
        assert list(atlas.get_light_curves(ids, since=SINCE, on_error="warn").failed) == ids


@pytest.mark.parametrize("method", ["get_light_curves", "iter_transients"])
def test_one_failed_object_keeps_its_error_class_and_two_give_a_batch_error(small_sandbox, ids, method):
    small_sandbox.inject(Fault("damaged", objects=ids[:2], times=None))
    download = getattr(small_sandbox.client(), method)
    with pytest.raises(ServerFaultError) as single:
        list(download(ids[0], since=SINCE))
    with pytest.raises(BatchError) as both:
        list(download(ids[:2], since=SINCE))
    assert list(both.value.failed) == ids[:2]
    assert list(single.value.results) == list(both.value.results) == []
    if method == "get_light_curves":
        assert list(single.value.results.failed) == ids[:1]


def test_url_and_hint_are_once_in_the_message(small_sandbox, ids):
    small_sandbox.inject(Fault("damaged", objects=ids[:2], times=None))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client().get_light_curves(ids[:4], since=SINCE)
    message = str(caught.value)
    assert message.count("URL:") == 1
    assert message.endswith(caught.value.hint)
    assert caught.value.failed[ids[0]].hint not in message


def test_429_at_the_look_up_of_names_keeps_all_ids_in_failed(small_sandbox, ids):
    small_sandbox.inject(Fault("status", endpoint="externalxmlist/", status=429, body='{"detail": "no"}', times=2))
    atlas, object_ids = small_sandbox.client("staff"), ["SN 2018cow", ids[1]]
    with pytest.raises(RateLimitError) as caught:
        atlas.get_light_curves(object_ids, since=SINCE)
    curves = caught.value.results
    assert (type(curves), len(curves), list(curves.failed)) == (LightCurves, 0, object_ids)
    assert list(pickle.loads(pickle.dumps(caught.value)).results.failed) == object_ids
    with pytest.raises(RateLimitError) as caught:
        next(atlas.iter_transients(object_ids, since=SINCE))
    assert caught.value.results == []
    assert list(atlas.get_light_curves(list(curves.failed), since=SINCE)) == [COW, ids[1]]


def test_errors_with_light_curves_can_be_pickled(small_sandbox, ids):
    small_sandbox.inject(Fault("damaged", objects=[ids[1]], times=None))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client().get_light_curves(ids[:3], since=SINCE)
    unpickled = pickle.loads(pickle.dumps(caught.value))
    assert list(unpickled.results) == [ids[0], ids[2]]
    assert list(unpickled.failed) == [ids[1]]


@pytest.mark.parametrize("method", ["get_light_curves", "iter_transients"])
class TestBothMethods:
    @pytest.mark.parametrize(
        ("object_ids", "options", "error"),
        [
            ([float(COW)], {}, InvalidQueryTypeError),
            ([COW, "123"], {}, InvalidQueryError),
            ([COW], {"since": 60000}, InvalidQueryTypeError),
            ([COW], {"on_error": "ignore"}, InvalidQueryError),
        ],
    )
    def test_invalid_arguments_send_no_request(self, small_sandbox, method, object_ids, options, error):
        n_before = len(small_sandbox.requests)
        with pytest.raises(error):
            getattr(small_sandbox.client(), method)(object_ids, **options)
        assert len(small_sandbox.requests) == n_before

    def test_query_payload_sends_no_request(self, small_sandbox, method):
        n_before, many_ids = len(small_sandbox.requests), range(COW, COW + 400)
        download = getattr(small_sandbox.client(), method)
        payloads = download(many_ids, since="2026-10-01", get_query_payload=True)
        assert [len(payload["objects"].split(",")) for payload in payloads] == [50, 200, 150]
        assert download([COW, COW], get_query_payload=True) == {"objects": str(COW)}
        assert len(small_sandbox.requests) == n_before

    def test_more_requests_than_the_quota_are_warned_of(self, small_sandbox, ids, method):
        with conf.set_temp("hourly_requests", 1), pytest.warns(LargeQueryWarning, match="2 requests, and 1 of 1"):
            assert len(list(getattr(small_sandbox.client("writer"), method)(ids, since=SINCE))) == 120


class TestIterTransients:
    def test_transients_are_in_the_requested_order(self, small_sandbox, ids):
        transients = small_sandbox.client().iter_transients([*ids, ids[0]], since=SINCE)
        assert isinstance(transients, types.GeneratorType)
        assert [transient.atlas_id for transient in transients] == ids

    def test_missing_and_failed_ids_are_in_the_error_at_the_end(self, small_sandbox, ids):
        small_sandbox.inject(Fault("damaged", objects=[ids[7]], times=None))
        transients, done = small_sandbox.client().iter_transients([UNKNOWN, *ids[:20]], since=SINCE), []
        with pytest.raises(BatchError) as caught:
            done.extend(transient.atlas_id for transient in transients)
        assert caught.value.failed.keys() == {ids[7]}
        assert caught.value.missing == (UNKNOWN,)
        assert caught.value.results == done == [object_id for object_id in ids[:20] if object_id != ids[7]]

    def test_missing_and_failed_ids_are_in_the_warnings_at_the_end(self, small_sandbox, ids):
        small_sandbox.inject(Fault("damaged", objects=[ids[7]], times=None))
        with pytest.warns(NoResultsWarning) as caught:
            done = list(small_sandbox.client().iter_transients([UNKNOWN, *ids[:20]], since=SINCE, on_error="warn"))
        assert len(done) == 19
        assert str(UNKNOWN) in str(caught[0].message)
        assert str(ids[7]) in str(caught[1].message)

    def test_429_in_the_middle_keeps_the_results(self, small_sandbox, ids):
        small_sandbox.inject(Fault("status", endpoint="objects/", skip=1, status=429, body='{"detail": "no"}'))
        transients, done = small_sandbox.client("staff").iter_transients(ids, since=SINCE), []
        with pytest.raises(RateLimitError) as caught:
            done.extend(transient.atlas_id for transient in transients)
        assert done == caught.value.results == ids[:50]

    def test_a_closed_generator_sends_no_further_batches(self, small_sandbox, ids, batch_sizes):
        transients = small_sandbox.client().iter_transients(ids, since=SINCE)
        next(transients)
        transients.close()
        assert len(batch_sizes()) <= 2

    def test_the_next_batch_is_downloaded_while_one_is_used(self, small_sandbox, ids, batch_sizes, wait_for_batches):
        transients = small_sandbox.client().iter_transients(ids, since=SINCE)
        next(transients)
        wait_for_batches(2)
        assert batch_sizes() == [50, 70]
        assert len(list(transients)) == 119


# The parent writes a line, or sends SIGINT, when the sandbox has received the batch that stalls. The script announces
# that it waits for that batch: numpy can swallow an interrupt while the first batch is decoded. A background shell
# ignores SIGINT, and its children inherit that.
SCRIPT = """
import signal, sys
from concurrent.futures import Future
from atlasquery import ATLASClass

def announce_and_wait(future, wait=Future.result):
    print("waiting", flush=True)
    return wait(future)

signal.signal(signal.SIGINT, signal.default_int_handler)
server, token, ids, end = sys.argv[1:]
atlas = ATLASClass(server=server, token=token)
ids = [int(object_id) for object_id in ids.split(",")]
if end == "interrupted":
    Future.result = announce_and_wait
    try:
        atlas.get_light_curves(ids, since="2026-10-20")
    except KeyboardInterrupt:
        pass
else:
    transients = atlas.iter_transients(ids, since="2026-10-20")
    next(transients)
    sys.stdin.readline()
    if end == "closed":
        transients.close()
print("done")
"""


class TestEarlyEnd:
    """The interpreter and the next call do not wait for a batch that is being downloaded."""

    @pytest.fixture
    def run_script(self, small_sandbox, ids, wait_for_batches):
        """Return a function that runs `SCRIPT`, ends it after a number of batches, and returns its output."""

        def run(end, n_batches):
            arguments = [small_sandbox.url, small_sandbox.token(), ",".join(map(str, ids)), end]
            pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
            with subprocess.Popen([sys.executable, "-c", SCRIPT, *arguments], text=True, **pipes) as process:
                wait_for_batches(n_batches)
                if end == "interrupted" and n_batches > 1:
                    assert process.stdout.readline() == "waiting\n"
                if end == "interrupted":
                    process.send_signal(signal.SIGINT)
                output = process.communicate(None if end == "interrupted" else "\n", timeout=50)
            return (*output, process.returncode)

        return run

    @pytest.fixture
    def second_batch_stalls(self, small_sandbox):
        small_sandbox.inject(Fault("stall", endpoint="objects/", skip=1, times=None))

    @pytest.mark.usefixtures("second_batch_stalls")
    @pytest.mark.parametrize("end", ["closed", "kept", "interrupted"])
    def test_the_interpreter_ends(self, run_script, batch_sizes, end):
        assert run_script(end, 2) == ("done\n", "", 0)
        assert batch_sizes() == [50, 70]

    def test_the_interpreter_ends_in_the_first_batch(self, small_sandbox, run_script, batch_sizes):
        small_sandbox.inject(Fault("stall", endpoint="objects/", times=None))
        assert run_script("interrupted", 1) == ("done\n", "", 0)
        assert batch_sizes() == [50]

    def test_the_first_batch_is_requested_in_the_main_thread(self, small_sandbox, ids, monkeypatch):
        atlas, threads = small_sandbox.client(), []
        send = atlas._endpoints.objects._send

        def send_and_record(*arguments):
            threads.append(threading.current_thread())
            return send(*arguments)

        monkeypatch.setattr(atlas._endpoints.objects, "_send", send_and_record)
        assert len(atlas.get_light_curves(ids, since=SINCE)) == 120
        assert threads[0] is threading.main_thread()
        assert threads[1].daemon

    @pytest.mark.usefixtures("second_batch_stalls")
    def test_the_next_call_does_not_wait(self, small_sandbox, ids, batch_sizes, wait_for_batches):
        atlas = small_sandbox.client()
        for _ in atlas.iter_transients(ids, since=SINCE):
            wait_for_batches(2)
            break
        assert atlas.resolve_name("2018cow") == COW
        assert batch_sizes() == [50, 70]  # a wait would end with the timeout and a retry

    @pytest.mark.usefixtures("second_batch_stalls")
    def test_a_cancelled_request_counts_for_the_quota(self, small_sandbox, ids, monkeypatch, wait_for_batches):
        atlas, ended = small_sandbox.client(), threading.Event()
        send = atlas._endpoints.objects._send

        def send_and_signal(*arguments):
            try:
                return send(*arguments)
            finally:
                if threading.current_thread() is not threading.main_thread():
                    ended.set()

        monkeypatch.setattr(atlas._endpoints.objects, "_send", send_and_signal)
        transients = atlas.iter_transients(ids, since=SINCE)
        next(transients)
        wait_for_batches(2)
        transients.close()
        assert ended.wait(50)
        assert atlas.quota.used == 2


class UndecodedTransient:
    """Replacement of a Transient, whose decoding would take most of the time of the test."""

    def __init__(self, record, *, url=None):
        self.raw = record


def test_memory_does_not_grow_with_the_number_of_objects(sandbox, atlas, monkeypatch):
    monkeypatch.setattr(batch_size, "MAX_ANSWER_BYTES", 1_000_000)
    monkeypatch.setattr(objects, "RECENT", (20, *objects.RECENT[1:]))
    monkeypatch.setattr("atlasquery.transient.Transient", UndecodedTransient)
    ids, peaks = sandbox.truth["atlas_id"][:1000].tolist(), {}
    for n in (200, 1000):
        tracemalloc.start()
        transients = atlas.iter_transients(ids[:n], since="2026-10-25")
        n_bytes = sum(sys.getsizeof(str(dict(transient.raw))) for transient in transients)
        peaks[n] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    print(f"\npeak {peaks[200] / 1e6:.1f} MB for 200, {peaks[1000] / 1e6:.1f} MB for 1,000 of {n_bytes / 1e6:.0f} MB")
    assert peaks[1000] < 1.5 * peaks[200]
    assert peaks[1000] < n_bytes / 2


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_progress_bar(small_sandbox, ids, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    small_sandbox.client().get_light_curves(ids[:60], since=SINCE)
    assert "requests left" in sys.stderr.getvalue()
    assert "60" in sys.stderr.getvalue()


def test_a_pipe_shows_no_progress_bar(small_sandbox, ids, capfd):
    small_sandbox.client().get_light_curves(ids[:60], since=SINCE)
    assert capfd.readouterr() == ("", "")

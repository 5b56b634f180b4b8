# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many objects over HTTP, with everything that can go wrong in the middle: nothing lost, all reported."""

import io
import math
import pickle
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
from atlasquery.sandbox import Fault, Sandbox
from atlasquery.transport import quota

COW = 1161600211221604900
UNKNOWN = 1000000000000000000
SINCE = "2026-10-20"


@pytest.fixture(scope="module")
def small():
    """A sandbox whose faults disturb nobody else."""
    with Sandbox(n_objects=130, end="2026-11-01", rates={"user": None}) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_new(small, monkeypatch):
    """Every test begins with an unspent quota, and without faults."""
    monkeypatch.setattr(quota, "_QUOTAS", {})
    yield
    small.clear_faults()


@pytest.fixture
def ids(small):
    return small.truth["atlas_id"][:120].tolist()


@pytest.fixture
def asked(small):
    """How many ids each request since the beginning of the test asked for."""
    before = len(small.requests)
    return lambda: [
        len(seen.params["objects"].split(",")) for seen in small.requests[before:] if "objects" in seen.params
    ]


def test_all_of_them_in_the_order_asked(small, ids, asked):
    curves = small.client().get_light_curves([*ids, ids[3], str(ids[5])], since=SINCE)
    assert type(curves) is LightCurves
    assert list(curves) == ids
    assert all(type(curve) is LightCurve and curve.meta["atlas_id"] == one for one, curve in curves.items())
    assert (curves.missing, curves.failed) == ([], {})
    assert asked() == [50, 70]


def test_they_are_those_that_are_asked_for_one_by_one(small, ids):
    atlas = small.client()
    curves = atlas.get_light_curves(ids[:5], since=SINCE)
    for one, curve in curves.items():
        alone = atlas.get_light_curve(one, since=SINCE)
        assert curve.colnames == alone.colnames
        assert (curve.time == alone.time).all()
        assert (curve.time >= Time(SINCE)).all()


def test_a_name_that_was_asked_for_is_a_key_too(small, ids):
    curves = small.client().get_light_curves(["SN 2018cow", ids[1]], since=SINCE)
    assert list(curves) == [COW, ids[1]]
    for key in ("SN 2018cow", "2018cow", "AT2018COW", COW, str(COW)):
        assert key in curves
        assert curves[key] is curves[COW]
    for key in ("2018cox", UNKNOWN, 1.5, None, "", COW + 1):
        assert key not in curves


def test_unknown_ids_and_names_are_missing(small, ids, asked):
    with pytest.warns(NoResultsWarning, match="does not know 2 of the objects"):
        curves = small.client().get_light_curves([UNKNOWN, ids[0], "1999zzz"], since=SINCE)
    assert list(curves) == [ids[0]]
    assert curves.missing == [UNKNOWN, "1999zzz"]
    assert repr(curves) == "<LightCurves: 1 of 3 objects, 2 missing>"
    assert asked() == [2]


def test_one_damaged_object_is_isolated(small, ids, asked):
    small.inject(Fault("damaged", objects=[ids[77]], times=None))
    with pytest.raises(BatchError, match=f"1 of 120 objects were not obtained. The first is {ids[77]}") as caught:
        small.client().get_light_curves(ids, since=SINCE)
    error = caught.value
    assert list(error.failed) == [ids[77]]
    assert isinstance(error.failed[ids[77]], ServerFaultError)
    assert list(error.results) == [one for one in ids if one != ids[77]]
    assert list(error.results.failed) == [ids[77]]
    extra = len(asked()) - 2
    print(f"\none offender among 120: {extra} extra requests")
    assert extra <= 2 * math.log2(70) + 1
    with pytest.raises(KeyError, match="was not obtained"):
        error.results[ids[77]]


def test_several_damaged_objects(small, ids, asked):
    bad = [ids[5], ids[60], ids[61], ids[118]]
    small.inject(Fault("damaged", objects=bad, times=None))
    with pytest.warns(NoResultsWarning, match="4 of 120"):
        curves = small.client().get_light_curves(ids, since=SINCE, on_error="warn")
    assert list(curves.failed) == bad
    assert len(curves) == 116
    extra = len(asked()) - 2
    print(f"\nfour offenders among 120: {extra} extra requests")
    assert extra <= 4 * 2 * math.ceil(math.log2(70))


def test_500_for_ever_from_the_second_half_on(small, ids, asked):
    small.inject(Fault("html500", endpoint="objects/", skip=1, times=None))
    with pytest.raises(BatchError) as caught:
        small.client().get_light_curves(ids, since=SINCE)
    assert list(caught.value.results) == ids[:50]
    assert list(caught.value.failed) == ids[50:]
    print(f"\n500 for ever after 50 of 120: {len(asked())} requests")
    assert len(asked()) < 25


def test_connection_cut_in_the_middle_for_ever(small, ids, asked):
    small.inject(Fault("reset_midbody", endpoint="objects/", skip=1, times=None))
    with conf.set_temp("backoff", 0.01), pytest.raises(BatchError) as caught:
        small.client().get_light_curves(ids, since=SINCE)
    assert list(caught.value.results) == ids[:50]
    assert list(caught.value.failed) == ids[50:]
    assert isinstance(caught.value.failed[ids[50]], ServerUnreachableError)
    assert asked() == [50] + [70] * (1 + conf.retries)


def test_connection_cut_once_is_repeated_and_nobody_notices(small, ids):
    small.inject(Fault("reset_midbody", endpoint="objects/", skip=1))
    with conf.set_temp("backoff", 0.01):
        assert list(small.client().get_light_curves(ids, since=SINCE)) == ids


def test_an_answer_that_is_no_json_once(small, ids):
    small.inject(Fault("truncate", endpoint="objects/"))
    assert sorted(small.client().get_light_curves(ids, since=SINCE)) == sorted(ids)


def test_429_in_the_middle_and_a_call_with_the_rest_continues(small, ids):
    body = '{"detail": "Request was throttled. Expected available in 120 seconds."}'
    small.inject(Fault("status", endpoint="objects/", skip=1, status=429, headers={"Retry-After": "120"}, body=body))
    atlas = small.client()
    with pytest.raises(RateLimitError) as caught:
        atlas.get_light_curves(ids, since=SINCE, on_error="warn")
    error = caught.value
    assert error.retry_after == 120
    assert list(error.results) == ids[:50]
    assert list(error.results.failed) == ids[50:]
    with pytest.warns(LargeQueryWarning, match="0 of 100 are left"):
        rest = atlas.get_light_curves(list(error.results.failed), since=SINCE)
    assert [*error.results, *rest] == ids


def test_429_is_waited_for_where_the_user_says_so(small, ids):
    headers = {"Retry-After": "1"}
    small.inject(Fault("status", endpoint="objects/", skip=1, status=429, headers=headers, body='{"detail": "no"}'))
    with conf.set_temp("max_wait", 5):
        assert list(small.client("staff").get_light_curves(ids, since=SINCE)) == ids


def test_a_record_that_cannot_be_read_is_failed_alone(small, ids):
    small.inject(Fault("wrong_type", endpoint="objects/", column="mjd", value="soon"))
    with pytest.raises(BatchError) as caught:
        small.client().get_light_curves(ids[:20], since="2026-05-01")
    assert len(caught.value.failed) == 1
    assert isinstance(next(iter(caught.value.failed.values())), UnreadableAnswerError)
    assert len(caught.value.results) == 19


def test_a_first_request_that_fails_keeps_its_class(small, ids):
    small.inject(Fault("status", endpoint="objects/", status=503, times=None))
    with conf.set_temp("retries", 0), pytest.raises(ServerFaultError):
        small.client().get_light_curves(ids, since=SINCE)


@pytest.mark.parametrize("n", [1, 2])
def test_to_warn_is_to_warn_even_if_nothing_is_obtained(small, ids, n):
    small.inject(Fault("damaged", objects=ids[:n], times=None))
    atlas = small.client()
    with pytest.warns(NoResultsWarning, match=r"not obtained.*HTTP 500.*in \.failed"):
        curves = atlas.get_light_curves(ids[:n], since=SINCE, on_error="warn")
    assert (list(curves), list(curves.failed)) == ([], ids[:n])
    with pytest.warns(NoResultsWarning, match=rf"not obtained.*HTTP 500.*All of them: {ids[0]}"):
        assert list(atlas.iter_transients(ids[:n], since=SINCE, on_error="warn")) == []


def test_a_server_that_fails_from_the_first_is_warned_of_too(small, ids):
    small.inject(Fault("status", endpoint="objects/", status=503, times=None))
    with conf.set_temp("retries", 0), pytest.warns(NoResultsWarning, match="120 of the objects were not obtained"):
        assert list(small.client().get_light_curves(ids, since=SINCE, on_error="warn").failed) == ids


@pytest.mark.parametrize("method", ["get_light_curves", "iter_transients"])
def test_one_damaged_object_has_its_own_error_and_two_have_one_together(small, ids, method):
    small.inject(Fault("damaged", objects=ids[:2], times=None))
    ask = getattr(small.client(), method)
    with pytest.raises(ServerFaultError) as alone:
        list(ask(ids[0], since=SINCE))
    with pytest.raises(BatchError) as both:
        list(ask(ids[:2], since=SINCE))
    assert list(both.value.failed) == ids[:2]
    assert list(alone.value.results) == list(both.value.results) == []
    if method == "get_light_curves":
        assert list(alone.value.results.failed) == ids[:1]


def test_what_a_batch_met_is_said_once(small, ids):
    small.inject(Fault("damaged", objects=ids[:2], times=None))
    with pytest.raises(BatchError) as caught:
        small.client().get_light_curves(ids[:4], since=SINCE)
    assert str(caught.value).count("URL:") == 1
    assert str(caught.value).endswith("ask again for the keys of .failed.")
    assert "If it stays" not in str(caught.value)


def test_429_at_the_look_up_of_names_leaves_all_to_be_asked_for_again(small, ids):
    small.inject(Fault("status", endpoint="externalxmlist/", status=429, body='{"detail": "no"}', times=2))
    atlas, asked = small.client("staff"), ["SN 2018cow", ids[1]]
    with pytest.raises(RateLimitError) as caught:
        atlas.get_light_curves(asked, since=SINCE)
    curves = caught.value.results
    assert (type(curves), len(curves), list(curves.failed)) == (LightCurves, 0, asked)
    assert list(pickle.loads(pickle.dumps(caught.value)).results.failed) == asked
    with pytest.raises(RateLimitError) as caught:
        next(atlas.iter_transients(asked, since=SINCE))
    assert caught.value.results == []
    assert list(atlas.get_light_curves(list(curves.failed), since=SINCE)) == [COW, ids[1]]


def test_errors_and_light_curves_pickle(small, ids):
    small.inject(Fault("damaged", objects=[ids[1]], times=None))
    with pytest.raises(BatchError) as caught:
        small.client().get_light_curves(ids[:3], since=SINCE)
    again = pickle.loads(pickle.dumps(caught.value))
    assert list(again.results) == [ids[0], ids[2]]
    assert list(again.failed) == [ids[1]]


@pytest.mark.parametrize("method", ["get_light_curves", "iter_transients"])
class TestBoth:
    @pytest.mark.parametrize(
        ("object_ids", "options", "error"),
        [
            ([], {}, InvalidQueryError),
            ([float(COW)], {}, InvalidQueryTypeError),
            ([COW, "123"], {}, InvalidQueryError),
            ([COW], {"since": 60000}, InvalidQueryTypeError),
            ([COW], {"on_error": "ignore"}, InvalidQueryError),
        ],
    )
    def test_what_is_wrong_spends_no_request(self, small, method, object_ids, options, error):
        before = len(small.requests)
        with pytest.raises(error):
            getattr(small.client(), method)(object_ids, **options)
        assert len(small.requests) == before

    def test_the_payload_is_shown_and_nothing_is_sent(self, small, method):
        before, many = len(small.requests), range(COW, COW + 400)
        plan = getattr(small.client(), method)(many, since="2026-10-01", get_query_payload=True)
        assert [len(one["objects"].split(",")) for one in plan] == [50, 200, 150]
        assert getattr(small.client(), method)([COW, COW], get_query_payload=True) == {"objects": str(COW)}
        assert len(small.requests) == before

    def test_more_than_the_quota_is_said_before(self, small, ids, method):
        with conf.set_temp("hourly_requests", 1), pytest.warns(LargeQueryWarning, match="about 2 requests, and 1 of 1"):
            assert len(list(getattr(small.client("writer"), method)(ids, since=SINCE))) == 120


class TestIterTransients:
    def test_each_in_order(self, small, ids):
        transients = small.client().iter_transients([*ids, ids[0]], since=SINCE)
        assert isinstance(transients, types.GeneratorType)
        assert [one.atlas_id for one in transients] == ids

    def test_what_is_missing_and_failed_is_said_at_the_end(self, small, ids):
        small.inject(Fault("damaged", objects=[ids[7]], times=None))
        done = []
        with pytest.raises(BatchError) as caught:
            done.extend(one.atlas_id for one in small.client().iter_transients([UNKNOWN, *ids[:20]], since=SINCE))
        assert caught.value.failed.keys() == {ids[7]}
        assert caught.value.missing == (UNKNOWN,)
        assert caught.value.results == [one for one in ids[:20] if one != ids[7]]

    def test_or_warned_of(self, small, ids):
        small.inject(Fault("damaged", objects=[ids[7]], times=None))
        with pytest.warns(NoResultsWarning) as said:
            done = list(small.client().iter_transients([UNKNOWN, *ids[:20]], since=SINCE, on_error="warn"))
        assert len(done) == 19
        assert str(UNKNOWN) in str(said[0].message)
        assert str(ids[7]) in str(said[1].message)

    def test_429_in_the_middle(self, small, ids):
        small.inject(Fault("status", endpoint="objects/", skip=1, status=429, body='{"detail": "no"}'))
        done = []
        with pytest.raises(RateLimitError) as caught:
            done.extend(one.atlas_id for one in small.client("staff").iter_transients(ids, since=SINCE))
        assert done == caught.value.results == ids[:50]

    def test_who_stops_early_asks_for_no_more(self, small, ids, asked):
        transients = small.client().iter_transients(ids, since=SINCE)
        next(transients)
        transients.close()
        assert len(asked()) <= 2

    def test_the_next_batch_is_on_its_way_while_one_is_worked_on(self, small, ids, asked):
        transients = small.client().iter_transients(ids, since=SINCE)
        next(transients)
        for _ in range(100):
            if len(asked()) == 2:
                break
            time.sleep(0.05)
        assert asked() == [50, 70]
        assert len(list(transients)) == 119


LEFT = """
import signal, sys, time
from atlasquery import ATLASClass
atlas = ATLASClass(server=sys.argv[1], token=sys.argv[2])
ids = [int(one) for one in sys.argv[3].split(",")]
if sys.argv[4] == "interrupted":
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(1)
    try:
        atlas.get_light_curves(ids, since="2026-10-20")
    except KeyboardInterrupt:
        pass
else:
    transients = atlas.iter_transients(ids, since="2026-10-20")
    next(transients)
    time.sleep(0.5)
    if sys.argv[4] == "closed":
        transients.close()
print("done")
"""


class TestWhoLeavesEarly:
    """... does not wait for the batch that is on its way, and nor does the interpreter or the next call."""

    @pytest.fixture
    def stalled(self, small):
        small.inject(Fault("stall", endpoint="objects/", skip=1, times=None))

    @pytest.mark.parametrize("how", ["closed", "kept", "interrupted"])
    def test_the_interpreter_ends(self, small, ids, asked, stalled, how):
        words = [sys.executable, "-c", LEFT, small.url, small.token(), ",".join(map(str, ids)), how]
        begin = time.monotonic()
        run = subprocess.run(words, capture_output=True, text=True, timeout=50, check=False)
        print(f"\n{how}: {time.monotonic() - begin:.1f} s, {len(asked())} requests")
        assert (run.stdout, run.stderr, run.returncode) == ("done\n", "", 0)
        assert asked() == [50, 70]

    def test_it_ends_at_the_first_batch_too(self, small, ids, asked):
        small.inject(Fault("stall", endpoint="objects/", times=None))
        words = [sys.executable, "-c", LEFT, small.url, small.token(), ",".join(map(str, ids)), "interrupted"]
        run = subprocess.run(words, capture_output=True, text=True, timeout=50, check=False)
        assert (run.stdout, run.stderr, run.returncode) == ("done\n", "", 0)
        assert asked() == [50]

    def test_the_first_batch_is_asked_for_where_a_password_could_be(self, small, ids, monkeypatch):
        atlas, asking = small.client(), []
        send = atlas._auth.send

        def noted(*args, **options):
            asking.append(threading.current_thread())
            return send(*args, **options)

        monkeypatch.setattr(atlas._auth, "send", noted)
        assert len(atlas.get_light_curves(ids, since=SINCE)) == 120
        assert asking[0] is threading.main_thread()
        assert asking[1].daemon

    def test_the_next_call_does_not_wait(self, small, ids, asked, stalled):
        atlas = small.client()
        for _ in atlas.iter_transients(ids, since=SINCE):
            while len(asked()) < 2:
                time.sleep(0.02)
            break
        begin = time.monotonic()
        assert atlas.resolve_name("2018cow") == COW
        assert time.monotonic() - begin < 5
        assert asked() == [50, 70]

    def test_what_was_cut_is_counted(self, small, ids, asked, stalled):
        atlas = small.client()
        transients = atlas.iter_transients(ids, since=SINCE)
        next(transients)
        while len(asked()) < 2:
            time.sleep(0.02)
        transients.close()
        for _ in range(100):
            if atlas.quota.used == 2:
                break
            time.sleep(0.02)
        assert atlas.quota.used == 2


class Undecoded:
    """Stands in for a Transient, whose decoding takes most of the time and is let go of by the user."""

    def __init__(self, record, *, url=None):
        self.raw = record


def test_memory_is_bounded_by_a_batch_or_two(sandbox, atlas, monkeypatch):
    """2,000 objects; what is held at most does not grow with their number."""
    monkeypatch.setattr(batch_size, "MAX_ANSWER_BYTES", 1_000_000)
    monkeypatch.setattr(objects, "RECENT", (20, *objects.RECENT[1:]))
    monkeypatch.setattr("atlasquery.transient.Transient", Undecoded)
    ids, peaks = sandbox.truth["atlas_id"][:2000].tolist(), {}
    for n in (200, 2000):
        tracemalloc.start()
        held = sum(sys.getsizeof(str(one.raw)) for one in atlas.iter_transients(ids[:n], since="2026-10-25"))
        peaks[n] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    print(
        f"\npeak {peaks[200] / 1e6:.1f} MB for 200, {peaks[2000] / 1e6:.1f} MB for 2,000 objects of {held / 1e6:.0f} MB"
    )
    assert peaks[2000] < 1.5 * peaks[200]
    assert peaks[2000] < held / 2


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("drawn_by", ["tqdm", "astropy"])
def test_a_bar_in_a_terminal(small, ids, monkeypatch, drawn_by):
    if drawn_by == "astropy":
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    else:
        pytest.importorskip("tqdm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    small.client().get_light_curves(ids[:60], since=SINCE)
    assert "requests left" in sys.stderr.getvalue()
    assert "60" in sys.stderr.getvalue()


def test_silence_where_nobody_looks(small, ids, capfd):
    small.client().get_light_curves(ids[:60], since=SINCE)
    assert capfd.readouterr() == ("", "")

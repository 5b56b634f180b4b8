# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One position: submitted once, waited for, and returned as a light curve, or an error that says what happened."""

from types import SimpleNamespace

import astropy.units as u
import pytest
import requests
from astropy.coordinates import SkyCoord

from atlasquery.exceptions import (
    InvalidQueryError,
    JobError,
    NoResultsWarning,
    NoTokenError,
    QuotaError,
    RateLimitError,
    ServerError,
    UnexpectedRedirectError,
)
from atlasquery.forcedphot import ForcedPhotometryClass
from atlasquery.sandbox import Fault

COW = SkyCoord(244.000927, 22.268031, unit="deg")
QUEUE, LONG = "/forcedphot/queue/", {"task_seconds": 100}


def posts(sandbox):
    return [request for request in sandbox.requests if request.method == "POST" and request.path == QUEUE]


def tasks_of(sandbox, role="user"):
    headers = {"Authorization": f"Token {sandbox.forced_token(role)}"}
    return requests.get(sandbox.forced_url + "queue/?pagesize=100", headers=headers, timeout=60).json()["results"]


def test_a_light_curve(start):
    sandbox, client, _ = start()
    lc = client.get_light_curve(COW, start="2018-06-01", end="2018-07-01")
    assert len(lc) > 10
    assert 58270 <= lc.time.mjd.min() < lc.time.mjd.max() <= 58300
    assert set(lc["kind"].tolist()) == {"forced"}
    assert lc["flux"].max() > 1000 * u.uJy
    assert (lc.meta["images"], lc.meta["job_id"]) == ("difference", 1_000_001)
    (post,) = posts(sandbox)
    assert post.params["comment"].startswith("atlasquery-")
    assert (post.params["mjd_min"], post.params["mjd_max"], post.params["send_email"]) == (58270.0, 58300.0, False)
    result = sandbox.requests[-1]
    assert (result.path, result.has_token) == (f"{QUEUE}1000001/data.txt", False)


def test_the_whole_archive_is_asked_for_as_null(start):
    sandbox, client, _ = start()
    lc = client.get_light_curve(COW)
    assert posts(sandbox)[0].params["mjd_min"] is None
    assert lc.time.mjd.min() < 58100


def test_a_transient_of_the_other_service(start):
    sandbox, client, _ = start()
    transient = sandbox.client().get_transient("2018cow", since="2018-06-20")
    lc = client.get_light_curve(transient, start="2018-06-16", end="2018-06-20", images="reduced")
    assert lc.meta["images"] == "reduced"
    assert posts(sandbox)[0].params["use_reduced"] is True


def test_the_interval_grows_and_unchanged_tasks_are_not_sent_again(start):
    sandbox, client, waits = start(task_seconds=400)
    client.get_light_curve(COW, start="2018-06-16", end="2018-06-20")
    assert waits[:3] == [1.0, 1.5, 2.25]
    assert max(waits) <= 60
    assert waits == sorted(waits)
    looks = [request for request in sandbox.requests if request.path == f"{QUEUE}1000001/"]
    assert [look.status for look in looks].count(304) == len(looks) - 2  # the first and the last are answered in full
    assert len(looks) == len(waits) < 16


def test_no_data_is_an_empty_light_curve_and_a_warning(start):
    _, client, _ = start()
    with pytest.warns(NoResultsWarning, match="no data for job 1000001"):
        lc = client.get_light_curve(COW, start="2018-06-16T00:00", end="2018-06-16T00:01")
    assert len(lc) == 0
    with pytest.warns(NoResultsWarning):
        assert client.get_light_curve(mpc="(12267)").meta["name"] == "(12267)"


def test_a_timeout_leaves_the_task_at_the_server(start):
    sandbox, client, _ = start(task_seconds=1e6)
    with pytest.raises(
        JobError, match=r"The job of RA 244.*is not finished: job 1000001 is (waiting|running)"
    ) as caught:
        client.get_light_curve(COW, timeout=1e-3)
    assert caught.value.job_id == 1_000_001
    assert caught.value.url.endswith("/forcedphot/queue/1000001/")
    assert len(tasks_of(sandbox)) == 1


def test_a_task_that_someone_deletes(start, monkeypatch):
    sandbox, client, _ = start(**LONG)

    def delete(seconds):
        headers = {"Authorization": f"Token {sandbox.forced_token('staff')}"}
        requests.delete(sandbox.forced_url + "queue/1000001/", headers=headers, timeout=60)

    monkeypatch.setattr("atlasquery.forcedphot.poll.time", SimpleNamespace(sleep=delete))
    with pytest.raises(JobError, match="is gone: deleted") as caught:
        client.get_light_curve(COW)
    assert caught.value.status == "gone"


QUEUED = ("reset_midbody", "truncate", "wrong_shape")  # faults for which the application is asked


@pytest.mark.parametrize("kind", [*QUEUED, "html500", "empty"])
def test_a_lost_answer_is_no_second_task(start, kind):
    """The server has queued the task, and its answer is lost: it is found in the list by its key."""
    sandbox, client, _ = start()
    sandbox.inject(Fault(kind, endpoint="queue", times=1))
    if kind in QUEUED:
        assert len(client.get_light_curve(COW, start="2018-06-16", end="2018-06-20"))
        assert len(tasks_of(sandbox)) == 1
    else:
        with pytest.raises(ServerError, match="No task was queued"):
            client.get_light_curve(COW)
        assert not tasks_of(sandbox)
    assert len(posts(sandbox)) == 1


def test_where_the_list_cannot_be_read_either_the_error_says_so(start):
    sandbox, client, _ = start()
    sandbox.inject(Fault("status", endpoint="queue", status=500, times=None))
    with pytest.raises(ServerError, match="Whether the task was queued is not known: look for the comment atlasquery-"):
        client.get_light_curve(COW)
    assert len(posts(sandbox)) == 1


def test_the_quota_of_waiting_tasks(start):
    sandbox, client, _ = start(**LONG)
    headers = {"Authorization": f"Token {sandbox.forced_token('user')}"}
    lines = "\n".join(f"{n} 10" for n in range(100))
    for _ in range(5):
        requests.post(sandbox.forced_url + "queue/", data={"radeclist": lines}, headers=headers, timeout=60)
    requests.post(sandbox.forced_url + "queue/", data={"ra": 1, "dec": 1}, headers=headers, timeout=60)
    with pytest.raises(QuotaError, match="too many queued tasks"):
        client.get_light_curve(COW)


def test_the_throttle_of_writes(start):
    sandbox, client, _ = start(rates={"forced_write": "1/minute"})
    client.get_light_curve(COW, start="2018-06-16", end="2018-06-20")
    headers = {"Authorization": f"Token {sandbox.forced_token('user')}"}
    requests.post(sandbox.forced_url + "queue/", data={"ra": 1, "dec": 1}, headers=headers, timeout=60)
    with pytest.raises(RateLimitError) as caught:
        client.get_light_curve(COW)
    assert 0 < caught.value.retry_after <= 60


@pytest.mark.parametrize(
    "arguments",
    [
        {"coordinates": SkyCoord([1, 2], [3, 4], unit="deg")},
        {"coordinates": COW, "mpc": "(1)"},
        {},
        {"coordinates": COW, "start": 58000.0},
        {"coordinates": COW, "start": "2019-01-01", "end": "2018-01-01"},
        {"coordinates": COW, "images": "stacked"},
        {"coordinates": COW, "timeout": -1},
    ],
)
def test_invalid_arguments_send_nothing(start, arguments):
    sandbox, client, _ = start()
    with pytest.raises(InvalidQueryError):
        client.get_light_curve(**arguments)
    assert not sandbox.requests


def test_without_a_token_nothing_is_sent(start):
    sandbox, _, _ = start()
    with pytest.raises(NoTokenError):
        ForcedPhotometryClass(sandbox.forced_url).get_light_curve(COW)
    assert not sandbox.requests


def test_redirects_are_not_followed(start):
    sandbox, client, _ = start()
    sandbox.inject(Fault("redirect", endpoint="queue", location="https://example.org/"))
    with pytest.raises((UnexpectedRedirectError, ServerError)):
        client.get_light_curve(COW)


def test_a_wait_outlasts_a_server_that_is_away(start):
    sandbox, client, waits = start(task_seconds=60)
    sandbox.inject(Fault("status", status=500, times=3, skip=2))
    assert len(client.get_light_curve(COW, start="2018-06-16", end="2018-06-20"))
    assert [request.status for request in sandbox.requests].count(500) == 3
    assert len(posts(sandbox)) == 1
    sandbox.inject(Fault("status", status=500, times=None, skip=1))
    with pytest.raises(ServerError):
        client.get_light_curve(COW)
    assert max(waits) <= 60

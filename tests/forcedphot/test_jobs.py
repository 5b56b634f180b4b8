# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many targets: few requests, each target once, outcomes told apart, and nothing lost."""

import warnings
from collections import Counter

import astropy.units as u
import numpy as np
import pytest
import requests
from astropy.coordinates import SkyCoord
from astropy.table import Table, vstack

from atlasquery import LightCurve
from atlasquery.exceptions import (
    DataQualityWarning,
    InvalidInputError,
    InvalidQueryError,
    InvalidQueryTypeError,
    JobError,
    LargeQueryWarning,
    NoResultsWarning,
    PermissionDeniedError,
    ServerError,
    UnreadableFileError,
)
from atlasquery.forcedphot import Jobs
from atlasquery.sandbox import Fault

QUEUE = "/forcedphot/queue/"
COW = SkyCoord(244.000927, 22.268031, unit="deg")
WEEK = {"start": "2018-06-16", "end": "2018-06-23"}
# Of light curves that need not be right, to keep the tests fast.
EMPTY = {"start": "2018-06-16T00:00", "end": "2018-06-16T00:01"}


def near_cow(n):
    return SkyCoord(COW.ra + np.arange(n) * 1e-3 * u.deg, np.full(n, COW.dec.deg) * u.deg)


def posts(sandbox):
    return [request for request in sandbox.requests if request.method == "POST" and request.path == QUEUE]


def reads(sandbox):
    return [request for request in sandbox.requests if request.method == "GET" and request.path.startswith(QUEUE)]


def send(sandbox, method, path, role="user", **options):
    headers = {"Authorization": f"Token {sandbox.forced_token(role)}", "Accept": "application/json"}
    return requests.request(method, f"{sandbox.forced_url}{path}", headers=headers, timeout=60, **options)


def tasks_of(sandbox, role="user"):
    tasks, url = [], "queue/?pagesize=100"
    while url:
        page = send(sandbox, "GET", url, role).json()
        tasks += page["results"]
        url = page["next"] and page["next"].removeprefix(sandbox.forced_url)
    return tasks


def statuses(jobs):
    return Counter(jobs["status"].tolist())


def test_light_curves_by_name(start):
    sandbox, client, _ = start()
    table = Table({"iau_name": ["2018cow", "north of it"], "coord": near_cow(2)})
    curves = client.get_light_curves(table, name="iau_name", **WEEK)
    assert list(curves) == ["2018cow", "north of it"]
    single = client.get_light_curve(COW, **WEEK)
    assert np.array_equal(curves["2018cow"]["flux"].filled(np.nan), single["flux"].filled(np.nan))
    assert curves["2018cow"].meta["name"] == "2018cow"
    assert curves["2018cow"]["service"].tolist() == ["forcedphot"] * len(single)
    first = posts(sandbox)[0]
    assert first.params["radeclist"] == "244.0009270000 22.2680310000\n244.0019270000 22.2680310000"
    assert (first.params["mjd_min"], first.params["send_email"]) == (58285.0, False)
    results = [request for request in reads(sandbox) if request.path.endswith("data.txt")]
    assert len(results) == 3
    assert not any(request.has_token for request in results)


def test_keys_without_names(start):
    _, client, _ = start()
    assert list(client.get_light_curves(near_cow(2), **WEEK)) == [0, 1]


def test_transients_of_the_other_service_by_their_ids(start):
    sandbox, client, _ = start()
    transient = sandbox.client().get_transient("2018cow", since="2018-06-20")
    assert list(client.get_light_curves([transient], **WEEK)) == [transient.atlas_id]
    assert client.submit(transient, **WEEK)["key"].tolist() == [transient.atlas_id]


def test_requests_for_a_thousand_targets(start):
    """At most 10 submissions, three pages a minute, and never more than 500 tasks that wait."""
    sandbox, client, waits = start(task_seconds=8)
    with pytest.warns(LargeQueryWarning, match=r"1000 jobs may take 2\.2 hours \(a guess"):
        jobs = client.submit(near_cow(1000), **EMPTY)
    assert statuses(jobs) == {"waiting": 500, "held": 500}
    jobs.wait()
    assert statuses(jobs) == {"no data": 1000}
    assert len(tasks_of(sandbox)) == 1000
    assert [len(post.params["radeclist"].splitlines()) for post in posts(sandbox)] == [100] * 10
    assert {post.status for post in posts(sandbox)} == {201}
    assert len(reads(sandbox)) / (sum(waits) / 60) < 3
    assert max(waits) <= 600


def test_one_target_is_one_submission(start):
    sandbox, client, _ = start(task_seconds=30)
    client.get_light_curves([COW], **WEEK)
    (post,) = posts(sandbox)
    assert "radeclist" not in post.params


def test_equal_targets_share_a_task(start):
    sandbox, client, _ = start()
    table = Table({"name": ["a", "b", "c"], "coord": near_cow(2)[[0, 1, 0]]})
    jobs = client.submit(table, name="name", **WEEK)
    assert jobs["job_id"][0] == jobs["job_id"][2] != jobs["job_id"][1]
    assert len(tasks_of(sandbox)) == 2
    jobs.wait()
    curves = jobs.light_curves()
    assert [curves[name].meta["name"] for name in "abc"] == ["a", "b", "c"]
    assert np.array_equal(curves["a"]["flux"], curves["c"]["flux"])
    downloads = [request for request in reads(sandbox) if request.path.endswith("data.txt")]
    assert len(downloads) == 2


@pytest.mark.parametrize("vintage", ["new", "old"])
def test_positions_that_older_servers_refuse(start, vintage):
    sandbox, client, _ = start(forced_vintage=vintage)
    jobs = client.submit(SkyCoord([0, 12.5, 0], [0, 0, 41], unit="deg"), **EMPTY)
    assert len(tasks_of(sandbox)) == 3
    jobs.wait()
    assert statuses(jobs) == {"no data": 3}


def test_poles_and_names_with_blanks_are_sent_alone(start):
    sandbox, client, _ = start()
    table = Table({"ra": [1.0, 2.0, 0.0, 0.0], "dec": [90.0, 10.0, 0.0, 0.0], "mpc": ["", "", "2010 AB", "(12267)"]})
    table["ra"].unit = table["dec"].unit = "deg"
    jobs = client.submit(table, **EMPTY)
    assert [post.params.get("radeclist") for post in posts(sandbox)] == [
        None,
        "2.0000000000 10.0000000000\nmpc (12267)",
        None,
    ]
    by_id = {task["id"]: task for task in tasks_of(sandbox)}
    assert [by_id[job_id]["mpc_name"] for job_id in jobs["job_id"].tolist()] == [None, None, "2010 AB", "(12267)"]
    assert jobs["mpc"].mask.tolist() == [True, True, False, False]
    assert jobs["ra"].mask.tolist() == [False, False, True, True]


def test_proper_motions_are_those_of_their_targets(start):
    sandbox, client, _ = start()
    coordinates = SkyCoord(
        [10, 20, 30] * u.deg,
        [10, 20, 30] * u.deg,
        pm_ra_cosdec=[1000, 0, 1000] * u.mas / u.yr,
        pm_dec=[0, 0, 0] * u.mas / u.yr,
        obstime="J2016.0",
    )
    client.submit(coordinates, **EMPTY)
    by_ra = {round(task["ra"]): task for task in tasks_of(sandbox)}
    assert [by_ra[ra]["propermotion_ra"] for ra in (10, 20, 30)] == [1000.0, None, 1000.0]
    assert [by_ra[ra]["radec_epoch_year"] for ra in (10, 20, 30)] == ["2016.0", None, "2016.0"]
    assert [len(post.params.get("radeclist", "x").splitlines()) for post in posts(sandbox)] == [2, 1]


def test_outcomes_are_told_apart(start):
    sandbox, client, _ = start(task_seconds=30)
    for kind in ("task_diagnostics", "task_long_line", "task_no_rows", "task_error"):
        sandbox.inject(Fault(kind))
    sandbox.inject(Fault("task_unreachable", times=2))
    jobs = client.submit(near_cow(7), **WEEK)
    seen = set()
    while "retrying" not in seen:
        sandbox.advance_clock(10)
        seen |= set(jobs.refresh()["status"].tolist())
    assert {"waiting", "retrying", "done", "unreadable", "failed"} <= seen
    assert int(jobs[jobs["status"] == "retrying"]["attempts"][0]) > 1
    jobs.wait()
    send(sandbox, "DELETE", f"queue/{jobs['job_id'][6]}/")
    expected = ["done", "unreadable", "done", "failed", "done", "done", "done"]
    assert jobs["status"].tolist() == expected
    with (
        pytest.warns(DataQualityWarning, match="no measurement"),
        pytest.warns(NoResultsWarning, match="2 of 7 jobs have no result: 6, 3"),
        pytest.warns(NoResultsWarning, match="no data for 1 of 7 jobs: 2"),
    ):
        curves = jobs.light_curves(on_error="warn")
    assert (list(curves), list(curves.missing), list(curves.failed)) == ([0, 1, 2, 4, 5], [6], [3])
    assert (len(curves[2]), curves[2]["flux"].unit) == (0, u.uJy)
    assert len(curves[1]) == len(curves[4])
    assert jobs["status"][6] == "gone"
    with pytest.raises(KeyError, match="Error: object not found"):
        curves[3]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(JobError, match="2 of 7 jobs have no result") as caught:
            jobs.light_curves()
    error = caught.value
    assert (list(error.results), error.missing, list(error.failed), error.jobs) == ([0, 1, 2, 4, 5], (6,), [3], jobs)


def test_no_data(start):
    _, client, _ = start()
    with pytest.warns(NoResultsWarning, match="no data for 2 of 2 jobs: 0, 1"):
        curves = client.get_light_curves(near_cow(2), **EMPTY)
    assert [len(curve) for curve in curves.values()] == [0, 0]
    assert all(isinstance(curve, LightCurve) for curve in curves.values())


def test_the_server_accepts_500_waiting_tasks(start):
    """Others of the account count too, and what does not fit is held."""
    sandbox, client, _ = start(task_seconds=3600)
    lines = "\n".join(f"{n} 10" for n in range(100))
    for _ in range(4):
        send(sandbox, "POST", "queue/", data={"radeclist": lines})
    with pytest.warns(LargeQueryWarning):
        jobs = client.submit(near_cow(150), **EMPTY)
    assert statuses(jobs)["held"] == 50
    assert set(jobs[jobs["status"] == "held"]["message"].tolist()) == {
        "held: the user has as many waiting jobs as the server allows"
    }
    assert {post.status for post in posts(sandbox)[4:]} == {201}
    sandbox.advance_clock(60 * 3600)
    assert statuses(jobs.refresh())["held"] == 0
    assert len(tasks_of(sandbox)) == 550


def test_where_nothing_fits_all_are_held(start):
    sandbox, client, _ = start(task_seconds=1e6)
    lines = "\n".join(f"{n} 10" for n in range(100))
    for _ in range(5):
        send(sandbox, "POST", "queue/", data={"radeclist": lines})
    with pytest.warns(LargeQueryWarning):
        jobs = client.submit(near_cow(10), **EMPTY)
    assert statuses(jobs) == {"held": 10}
    assert jobs["comment"].mask.all()
    assert len(tasks_of(sandbox)) == 500


def test_a_timeout_keeps_what_is_ready(start, tmp_path):
    sandbox, client, _ = start(task_seconds=30)
    sandbox.inject(Fault("task_unreachable", times=None, skip=1))
    call = {"jobs": tmp_path / "jobs.ecsv", **WEEK}
    jobs = client.submit(near_cow(2), **call)
    sandbox.advance_clock(300)
    with pytest.raises(JobError, match="1 of 2 jobs have no result") as caught:
        client.get_light_curves(near_cow(2), timeout=1e-3, **call)
    error = caught.value
    assert list(error.results) == [0]
    assert error.failed[1].status == "retrying"
    assert statuses(error.jobs) == {"done": 1, "retrying": 1}
    with pytest.raises(JobError, match="1 of 2 jobs are not finished in time: 1 retrying"):
        jobs.wait(timeout=1e-3)
    assert len(posts(sandbox)) == 1


def test_a_file_of_jobs(start, tmp_path):
    sandbox, client, _ = start()
    path = tmp_path / "jobs.ecsv"
    jobs = client.submit(near_cow(3), jobs=path, **WEEK)
    read = client.read_jobs(path)
    assert isinstance(read, Jobs)
    assert len(posts(sandbox)) == 1
    for name in jobs.colnames:
        assert read[name].tolist() == jobs[name].tolist(), name
    read.wait()
    assert len(read.light_curves()) == 3
    assert statuses(client.read_jobs(path)) == {"done": 3}
    assert jobs["status"].tolist() != read["status"].tolist()  # the table shows its last look
    assert statuses(jobs.refresh()) == {"done": 3}


def test_the_same_call_again_sends_nothing_twice(start, tmp_path):
    sandbox, client, _ = start()
    table = Table({"name": ["a", "b"], "coord": near_cow(2)})
    call = {"name": "name", "jobs": tmp_path / "sn.ecsv", **WEEK}
    first = client.get_light_curves(table, **call)
    n_requests = len(sandbox.requests)
    again = client.get_light_curves(table, **call)
    assert list(again) == list(first)
    assert {request.path.rpartition("/")[2] for request in sandbox.requests[n_requests:]} == {"data.txt"}
    more = Table({"name": ["c", "b"], "coord": near_cow(3)[[2, 1]]})
    assert list(client.get_light_curves(more, **call)) == ["c", "b"]
    assert len(tasks_of(sandbox)) == 3
    assert client.read_jobs(tmp_path / "sn.ecsv")["key"].tolist() == ["a", "b", "c"]


def test_a_time_span_is_that_of_the_first_call(start, tmp_path):
    sandbox, client, _ = start()
    for _ in range(2):
        client.submit(near_cow(2), jobs=tmp_path / "jobs.ecsv", start=3000 * u.day)
    assert len(tasks_of(sandbox)) == 2


@pytest.mark.parametrize(
    ("targets", "options", "words"),
    [
        (near_cow(3)[1:], WEEK, "Target 0 must be the one in the file of the jobs, RA 244.00093.*got RA 244.00193"),
        (near_cow(2), WEEK | {"images": "reduced"}, "difference images, got reduced images"),
        (near_cow(2), WEEK | {"end": "2018-07-01"}, "MJD 58285.00000 to 58292.00000, got MJD 58285.00000 to 58300"),
        (near_cow(2), {}, "got MJD no limit to no limit"),
    ],
)
def test_a_file_of_other_targets_is_refused(start, tmp_path, targets, options, words):
    sandbox, client, _ = start()
    client.submit(near_cow(2), jobs=tmp_path / "jobs.ecsv", **WEEK)
    n_requests = len(sandbox.requests)
    with pytest.raises(InvalidQueryError, match=words):
        client.submit(targets, jobs=tmp_path / "jobs.ecsv", **options)
    assert len(sandbox.requests) == n_requests


def test_files_that_are_no_jobs(start, tmp_path):
    sandbox, client, _ = start()
    with pytest.raises(FileNotFoundError, match="no file of jobs"):
        client.read_jobs(tmp_path / "no.ecsv")
    (tmp_path / "text.ecsv").write_text("a b\n1 2\n")
    Table({"a": [1]}).write(tmp_path / "table.ecsv")
    for name in ("text.ecsv", "table.ecsv"):
        with pytest.raises(UnreadableFileError, match="must be one of jobs"):
            client.read_jobs(tmp_path / name)
    client.submit(COW, jobs=tmp_path / "jobs.ecsv", **WEEK)
    other = type(client)("https://example.org/forcedphot/", token="x" * 40)
    with pytest.raises(InvalidInputError, match=r"must be of the server https://example\.org/forcedphot/"):
        other.read_jobs(tmp_path / "jobs.ecsv")
    with pytest.raises(FileNotFoundError):
        client.submit(COW, jobs=tmp_path / "no folder" / "jobs.ecsv", **WEEK)
    assert len(posts(sandbox)) == 1


QUEUED = ("reset_midbody", "truncate", "wrong_type")  # faults for which the application is asked


@pytest.mark.parametrize("kind", QUEUED)
def test_a_lost_answer_is_no_second_task(start, kind):
    sandbox, client, _ = start()
    sandbox.inject(Fault(kind, endpoint="queue"))
    jobs = client.submit(near_cow(120), **EMPTY)
    assert len(tasks_of(sandbox)) == 120
    by_id = {task["id"]: task["ra"] for task in tasks_of(sandbox)}
    assert np.allclose([by_id[job_id] for job_id in jobs["job_id"].tolist()], jobs["ra"], rtol=0, atol=1e-9)
    assert len(posts(sandbox)) == 2


def test_a_submission_that_never_arrived_is_sent_again_after_a_minute(start, tmp_path, monkeypatch):
    sandbox, client, _ = start()
    path = tmp_path / "jobs.ecsv"
    sandbox.inject(Fault("html500", endpoint="queue"))
    with pytest.raises(ServerError) as caught:
        client.submit(near_cow(3), jobs=path, **EMPTY)
    assert statuses(caught.value.results) == {"held": 3}
    assert not client.read_jobs(path)["comment"].mask.any()
    jobs = client.submit(near_cow(3), jobs=path, **EMPTY)
    assert statuses(jobs) == {"held": 3}
    assert len(posts(sandbox)) == 1
    monkeypatch.setattr("atlasquery.forcedphot.send_held.SETTLE_SECONDS", 0.0)
    jobs.wait()
    assert statuses(jobs) == {"no data": 3}
    assert len(tasks_of(sandbox)) == 3
    assert len(posts(sandbox)) == 2


def test_a_submission_whose_answer_and_list_were_lost_is_adopted(start, tmp_path):
    sandbox, client, _ = start()
    path = tmp_path / "jobs.ecsv"
    sandbox.inject([Fault("reset_midbody", endpoint="queue"), Fault("status", endpoint="queue", status=500, times=9)])
    with pytest.raises(ServerError, match="is not known"):
        client.submit(near_cow(3), jobs=path, **EMPTY)
    sandbox.clear_faults()
    jobs = client.read_jobs(path)
    assert statuses(jobs) == {"held": 3}
    jobs.refresh()
    assert not jobs["job_id"].mask.any()
    assert (len(posts(sandbox)), len(tasks_of(sandbox))) == (1, 3)


def test_a_server_that_is_away_for_a_while(start):
    sandbox, client, _ = start(task_seconds=100)
    jobs = client.submit(near_cow(3), **EMPTY)
    sandbox.inject(Fault("status", endpoint="queue", status=500, times=3, skip=1))
    jobs.wait()
    assert statuses(jobs) == {"no data": 3}
    sandbox.inject(Fault("status", endpoint="queue", status=500, times=None))
    with pytest.raises(ServerError):
        client.submit(near_cow(2)[1:], start="2018-06-01").wait()


def test_cancel_and_delete(start):
    sandbox, client, _ = start(task_seconds=100)
    jobs = client.submit(near_cow(4), **EMPTY)
    sandbox.advance_clock(150)
    assert jobs.refresh()["status"].tolist() == ["no data", "running", "waiting", "waiting"]
    jobs.cancel()
    assert jobs["status"].tolist() == ["no data", "gone", "gone", "gone"]
    assert jobs["message"].tolist()[1:] == ["cancelled"] * 3
    assert len(tasks_of(sandbox)) == 1
    jobs.delete()
    assert statuses(jobs) == {"gone": 4}
    assert not tasks_of(sandbox)


def test_cancelled_before_it_was_sent(start):
    sandbox, client, _ = start(task_seconds=1e6)
    lines = "\n".join(f"{n} 10" for n in range(100))
    for _ in range(5):
        send(sandbox, "POST", "queue/", data={"radeclist": lines})
    with pytest.warns(LargeQueryWarning):
        jobs = client.submit(near_cow(2), **EMPTY)
    assert jobs.cancel()["message"].tolist() == ["cancelled before it was sent"] * 2
    assert jobs.refresh()["status"].tolist() == ["gone"] * 2
    assert len(tasks_of(sandbox)) == 500


def test_many_deletions_keep_to_the_throttle(start):
    sandbox, client, waits = start(rates={"forced_write": "5/minute"})
    jobs = client.submit(near_cow(12), **EMPTY)
    jobs.wait()
    waits.clear()
    jobs.delete()
    assert not tasks_of(sandbox)
    assert sum(waits) >= 60
    assert [request.status for request in sandbox.requests if request.method == "DELETE"].count(204) == 12


def test_stars_of_different_proper_motions_keep_to_the_throttle(start):
    """Each needs a submission of its own; those beyond the throttle are held, and sent in the next minute."""
    sandbox, client, _ = start(rates={"forced_write": "60/minute"})
    stars = SkyCoord(
        np.arange(70) * u.deg,
        np.full(70, 10.0) * u.deg,
        pm_ra_cosdec=np.arange(1, 71) * u.mas / u.yr,
        pm_dec=np.zeros(70) * u.mas / u.yr,
        obstime="J2016",
    )
    jobs = client.submit(stars, **EMPTY)
    assert statuses(jobs)["held"] == 10
    assert "used up" in str(jobs[jobs["status"] == "held"]["message"][0])
    jobs.wait()
    assert statuses(jobs) == {"no data": 70}
    assert [post.status for post in posts(sandbox)].count(201) == len(tasks_of(sandbox)) == 70


def test_two_clients_of_an_account(start, tmp_path):
    sandbox, first, _ = start(task_seconds=10)
    second = sandbox.forced_client()
    one = first.submit(near_cow(300), jobs=tmp_path / "one.ecsv", **EMPTY)
    other = second.submit(near_cow(300), jobs=tmp_path / "other.ecsv", start="2018-06-16T00:00", end="2018-06-16T00:02")
    assert statuses(other)["held"] == 100
    one.wait()
    other.wait()
    assert statuses(one) == statuses(other) == {"no data": 300}
    assert len(tasks_of(sandbox)) == 600
    assert {post.status for post in posts(sandbox)} == {201}


def test_two_programs_with_one_file(start, tmp_path):
    sandbox, first, _ = start()
    call = {"jobs": tmp_path / "jobs.ecsv", **EMPTY}
    one, other = (client.submit(near_cow(3), **call) for client in (first, sandbox.forced_client()))
    assert one["job_id"].tolist() == other["job_id"].tolist()
    one.wait()
    assert statuses(other.refresh()) == {"no data": 3}
    assert len(posts(sandbox)) == 1


def test_an_older_table_does_not_undo_what_another_program_has_sent(start, tmp_path):
    sandbox, first, _ = start(task_seconds=1e6)
    lines = "\n".join(f"{n} 10" for n in range(100))
    numbers = [
        task["id"]
        for _ in range(5)
        for task in send(sandbox, "POST", "queue/", json={"radeclist": lines, "mjd_min": None}).json()
    ]
    path = tmp_path / "jobs.ecsv"
    with pytest.warns(LargeQueryWarning):
        older = first.submit(near_cow(3), jobs=path, **EMPTY)
    assert statuses(older) == {"held": 3}
    for number in numbers[:5]:
        send(sandbox, "DELETE", f"queue/{number}/")
    sandbox.forced_client().read_jobs(path).refresh()
    with pytest.warns(NoResultsWarning):
        older.light_curves(on_error="warn")
    assert not first.read_jobs(path)["job_id"].mask.any()
    older.refresh()
    assert len(tasks_of(sandbox)) == 498


def test_a_selection_is_a_table_of_jobs(start, tmp_path):
    sandbox, client, _ = start(task_seconds=100)
    jobs = client.submit(near_cow(3), jobs=tmp_path / "jobs.ecsv", **EMPTY)
    sandbox.advance_clock(450)
    selection = jobs[[2, 0]]
    assert isinstance(selection, Jobs)
    assert selection.refresh()["key"].tolist() == [2, 0]
    assert statuses(selection) == {"no data": 2}
    with pytest.warns(NoResultsWarning):
        assert list(selection.light_curves()) == [2, 0]
    assert client.read_jobs(tmp_path / "jobs.ecsv")["status"].tolist() == ["no data", "waiting", "no data"]
    assert list(jobs[1:2].cancel()["status"]) == ["no data"]
    assert statuses(jobs.copy().refresh()) == {"no data": 3}
    with pytest.raises(InvalidInputError, match="must be those of a client"):
        vstack([jobs, jobs]).refresh()


def test_a_human_who_deletes_and_changes_tasks(start):
    sandbox, client, _ = start(task_seconds=100)
    jobs = client.submit(near_cow(5), **WEEK)
    first = int(jobs["job_id"][0])
    send(sandbox, "DELETE", f"queue/{first + 1}/")
    send(sandbox, "PATCH", f"queue/{first + 2}/", json={"ra": 10.0, "dec": 10.0})
    send(sandbox, "PATCH", f"queue/{first + 3}/", json={"use_reduced": True})
    send(sandbox, "PATCH", f"queue/{first + 4}/", json={"comment": "mine"})
    jobs.wait()
    assert jobs["status"][1] == "gone"
    with pytest.raises(JobError) as caught:
        jobs.light_curves()
    assert (list(caught.value.results), caught.value.missing) == ([0, 4], (1,))
    assert "arcsec from it" in str(caught.value.failed[2])
    assert "reduced images" in str(caught.value.failed[3])


def test_jobs_of_another_account_are_not_gone(start, tmp_path):
    sandbox, client, _ = start(task_seconds=100)
    client.submit(near_cow(2), jobs=tmp_path / "jobs.ecsv", **EMPTY)
    jobs = sandbox.forced_client("other").read_jobs(tmp_path / "jobs.ecsv")
    with pytest.raises(PermissionDeniedError, match="got job 1000001 of another one"):
        jobs.refresh()
    assert statuses(jobs) == {"waiting": 2}


def test_list_jobs(start):
    sandbox, client, _ = start(task_seconds=20)
    client.submit(near_cow(120), **EMPTY)
    send(sandbox, "POST", "queue/", data={"ra": 5, "dec": 5, "comment": "by hand"})
    sandbox.advance_clock(30)
    jobs = client.list_jobs()
    assert len(jobs) == 121
    assert jobs["key"].tolist() == jobs["job_id"].tolist() == sorted(jobs["key"].tolist(), reverse=True)
    assert str(jobs["comment"][0]) == "by hand"
    assert statuses(client.list_jobs("no data")) == {"no data": 1}
    assert len(client.list_jobs(since="2100-01-01")) == 0
    assert len(client.list_jobs(since=1 * u.day)) == 121
    finished = client.list_jobs("no data")
    assert finished["expires"][0] > finished["finished"][0]
    with pytest.warns(NoResultsWarning):
        assert len(finished.light_curves()) == 1
    assert len(client.list_jobs("waiting")[:2].cancel()) == 2
    assert len(tasks_of(sandbox)) == 119
    with pytest.raises(InvalidQueryError, match="`status` must be one of held, waiting"):
        client.list_jobs("ready")


def test_results_as_received(start, tmp_path):
    sandbox, client, _ = start()
    table = Table({"name": ["SN 2018cow", "../b"], "coord": near_cow(2)})
    jobs = client.submit(table, name="name", **WEEK)
    jobs.wait()
    paths = jobs.write_results(tmp_path / "new" / "results")
    assert [path.name for path in paths] == ["SN_2018cow.txt", "b.txt"]
    assert {path.parent for path in paths} == {tmp_path / "new" / "results"}
    received = send(sandbox, "GET", f"queue/{jobs['job_id'][0]}/data.txt")
    assert paths[0].read_bytes() == received.content
    assert len(LightCurve.read(paths[0])) > 5
    jobs.write_results(tmp_path / "new" / "results")
    paths[0].write_text("changed")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        jobs.write_results(tmp_path / "new" / "results")
    jobs.write_results(tmp_path / "new" / "results", overwrite=True)
    assert paths[0].read_bytes() == received.content


@pytest.mark.parametrize(
    ("targets", "options", "error", "words"),
    [
        (Table({"a": [1]}), {}, InvalidQueryError, "`targets` must have columns of positions, got a"),
        (Table({"ra": [1.0], "dec": [2.0]}), {}, InvalidQueryError, "Column 'ra' of `targets` must have a unit"),
        (Table({"n": ["a", "a"], "c": near_cow(2)}), {"name": "n"}, InvalidQueryError, "repeated ones: a"),
        (Table({"n": ["a", ""], "c": near_cow(2)}), {"name": "n"}, InvalidQueryError, "got none in row 1"),
        (Table({"n": ["a", "b"], "c": near_cow(2)}), {"name": "m"}, InvalidQueryError, "`name` must be a column"),
        (near_cow(2), {"name": "n"}, InvalidQueryError, "`name` must be given with a table only"),
        (5, {}, InvalidQueryTypeError, "`targets` must be"),
        (SkyCoord([1, np.nan], [2, 3], unit="deg"), {}, InvalidQueryError, r"`targets`.*row 1"),
        ([COW, "not a place"], {}, InvalidQueryError, "not a place"),
        (near_cow(2), {"start": 58000}, InvalidQueryTypeError, "`start` must be"),
        (near_cow(2), {"end": -3 * u.day}, InvalidQueryError, "`end` must be a single positive time span"),
        (near_cow(2), {"images": "both"}, InvalidQueryError, "`images` must be"),
    ],
)
def test_invalid_arguments_send_nothing(start, tmp_path, targets, options, error, words):
    sandbox, client, _ = start()
    with pytest.raises(error, match=words):
        client.submit(targets, jobs=tmp_path / "jobs.ecsv", **options)
    assert not sandbox.requests
    assert not (tmp_path / "jobs.ecsv").exists()


def test_no_targets(start):
    sandbox, client, _ = start()
    assert len(client.get_light_curves(COW[np.newaxis][:0])) == 0
    assert not sandbox.requests

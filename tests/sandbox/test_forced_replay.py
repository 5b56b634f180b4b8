# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server, replayed: refusals, submissions, lists, quotas and throttles.

What is compared is in ``forced_exchanges``; the other files ``test_forced_replay_*`` replay the rest. None is left out.
"""

import re
from pathlib import Path

import pytest
import requests

from atlasquery.sandbox import Fault, Sandbox
from forced_exchanges import check, get, headers_of, send, submit, submit_like

REFUSALS = [
    *("bad_bool", "bad_callback_http", "bad_callback_private", "bad_callback_unresolvable", "bad_comment_long"),
    *("bad_content_type", "bad_epoch_two_decimals", "bad_imgzip", "bad_json_nan", "bad_json_null", "bad_mjd_iso_date"),
    *("bad_mjd_max_without_min", "bad_mjd_max_zero", "bad_mjd_reversed", "bad_mpc_and_radec", "bad_mpc_quotes"),
    *("bad_no_dec", "bad_nothing", "bad_ra_nan", "bad_ra_sexagesimal", "bad_ssostack_radec", "bad_type"),
    *("radeclist_101", "radeclist_bad_common_field", "radeclist_bad_line", "radeclist_comment_line"),
    *("radeclist_dec_90", "radeclist_json_array", "radeclist_one_column", "radeclist_ra_400", "submit_no_token"),
    *("list_no_token", "list_bad_token", "list_inactive_user", "list_bearer", "list_bad_cursor", "list_no_slash"),
    *("list_csv_accept", "submit_no_slash", "task_unknown", "token_get", "token_missing_password", "token_no_slash"),
    *("token_wrong_password", "token_inactive_user", "result_url_missing", "list_html_accept_anonymous"),
    "submit_html_accept_invalid",
]
SUBMISSIONS = [
    *("submit_minimal", "submit_json_full", "submit_mpc", "submit_mpc_unknown_name", "submit_ra_400", "submit_dec_95"),
    *("submit_radec_zero", "submit_read_only_fields", "submit_ssostack", "submit_julian_date", "submit_duplicate"),
    *("submit_mjd_min_null", "submit_mjd_min_empty_form", "radeclist_two", "radeclist_sexagesimal", "radeclist_json"),
    *("radeclist_mpc_mixed", "radeclist_ra_360", "radeclist_six_columns_misread", "radeclist_third_column_ignored"),
    *("radeclist_with_ra_dec", "radeclist_100", "submit_html_accept"),
]


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(server, replay, name):
    before = task_count(server)
    replay(server, name)
    assert task_count(server) == before


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_submissions(server, recorded, replay, name):
    before = task_count(server)
    answer, body = replay(server, name), recorded(name)["response"]["body"]
    assert task_count(server) > before
    if isinstance(body, dict):
        assert answer.headers["Location"] == answer.json()["url"]
        assert (answer.json()["mjd_min"] is None) == (body["mjd_min"] is None)


def task_count(server):
    """Return the number of tasks of both users."""
    counts = []
    for role in ("user", "other"):
        page = requests.get(f"{server.forced_url}queue/", headers=headers_of(server, role), timeout=60)
        counts.append(page.json()["taskcount"])
    return sum(counts)


@pytest.mark.parametrize("name", ["token_ok", "token_first_time"])
def test_tokens(server, replay, name):
    assert replay(server, name).json() == replay(server, name).json()
    assert server.forced_token("other") not in str(server.requests)
    users = {request.user for request in server.requests if request.user}
    assert users <= {"forced user", "forced other", "forced inactive"}


def test_lists_of_tasks_that_wait(queue, recorded, replay):
    """The recorded ids are those of the 18 tasks here, so the links to other pages are the same too."""
    for name in ("list_empty", "list_basic_auth"):
        replay(queue, name)
    queue.inject(Fault("runner_down"))
    first = submit_like(queue, recorded("task_waiting"))
    for _ in range(13):
        submit(queue, ra=10, dec=10, mjd_min=61340, send_email=False)
    submit_like(queue, recorded("submit_ssostack"))
    submit(queue, radeclist="10 10\n10 10\n10 10", mjd_min=61340, send_email=False)
    for name in ("list_default_page", "list_pagesize_1000", "list_pagesize_2", "list_next_page"):
        page = replay(queue, name).json()
        for link in ("next", "previous"):
            expected = recorded(name)["response"]["body"][link]
            assert (page[link] or "").partition("?")[2] == (expected or "").partition("?")[2]
    queue.clear_faults()
    assert replay(queue, "list_started_now").json()["results"][0]["id"] == first["id"]


def test_pages_of_the_list(queue):
    tasks = [submit(queue, ra=n, dec=10) for n in range(8)]
    url, pages = f"{queue.forced_url}queue/?pagesize=3", []
    while url:
        page = requests.get(url, headers=headers_of(queue), timeout=60).json()
        pages.append(page)
        url = page["next"]
    assert [len(page["results"]) for page in pages] == [3, 3, 2]
    ids = [record["id"] for page in pages for record in page["results"]]
    assert ids == sorted((task["id"] for task in tasks), reverse=True)
    assert {page["taskcount"] for page in pages} == {8}


def test_the_quota_of_waiting_tasks(queue, replay):
    for n_tasks in (100, 100, 100, 100, 99):  # one of them starts
        lines = "\n".join(f"{n} 10" for n in range(n_tasks))
        assert len(submit(queue, radeclist=lines)) == n_tasks
    assert replay(queue, "quota_499").json()["userqueuedtasks_on_submit"] == 498
    assert submit(queue, ra=1, dec=1)["userqueuedtasks_on_submit"] == 499
    replay(queue, "quota_over")
    queue.advance_clock(101)
    assert replay(queue, "quota_one_started").json()["userqueuedtasks_on_submit"] == 499
    answer = requests.post(
        f"{queue.forced_url}queue/", json={"radeclist": "1 1\n2 2"}, headers=headers_of(queue), timeout=60
    )
    assert "(500 queued + 2 requested > 500)" in answer.json()["non_field_errors"]


def test_throttles_of_writing(replay):
    with Sandbox(n_objects=30, seed=2, rates={"forced_write": "1/minute"}) as sandbox:
        sandbox.inject(Fault("runner_down"))
        task = submit(sandbox, ra=1, dec=1, mjd_min=61340)
        for name in ("throttled_submit", "throttled_delete"):
            answer = replay(sandbox, name, task)
            assert f" {answer.headers['Retry-After']} second" in answer.json()["detail"]
        replay(sandbox, "throttled_can_read")
        submit(sandbox, "other", ra=1, dec=1)
        sandbox.advance_clock(61)
        submit(sandbox, ra=1, dec=1)


def test_throttles_of_reading(replay):
    with Sandbox(n_objects=30, seed=2, task_seconds=100, rates={"forced_read": "3/minute"}) as sandbox:
        task = submit(sandbox, ra=9, dec=9)
        sandbox.advance_clock(101)
        for headers in (headers_of(sandbox), {}):
            statuses = [requests.get(task["url"], headers=headers, timeout=60).status_code for _ in range(4)]
            assert statuses == [200, 200, 200, 429]
        for name in ("throttled_read", "throttled_anonymous_read"):
            answer = replay(sandbox, name, task)
            assert f" {answer.headers['Retry-After']} second" in answer.json()["detail"]
        replay(sandbox, "result_not_throttled", task)


def test_tokens_are_not_throttled(recorded, replay):
    rates = {"forced_write": "1/minute", "forced_read": "1/minute"}
    with Sandbox(n_objects=30, seed=2, rates=rates) as sandbox:
        wrong = recorded("token_wrong_password")
        for _ in range(10):
            check(sandbox, send(sandbox, wrong), wrong)
        replay(sandbox, "token_not_throttled")


def test_the_state_of_the_runner(queue, recorded, replay):
    queue.inject(Fault("runner_down"))
    replay(queue, "taskrunnerstatus_down")
    tasks = [submit(queue, ra=1, dec=1), submit(queue, ra=1, dec=1)]
    queue.advance_clock(1000)
    assert not any(get(queue, task).json()["starttimestamp"] for task in tasks)
    queue.clear_faults()
    get(queue, tasks[0])
    answer = send(queue, recorded("taskrunnerstatus_up"))
    expected = recorded("taskrunnerstatus_up")["response"]
    assert answer.json().keys() == expected["body"].keys()
    for header in ("cache-control", "content-type"):
        assert answer.headers[header] == expected["headers"][header]
    busy = answer.json()
    assert (busy["slots_busy"], busy["queued_task_count"], busy["running_taskids"]) == (1, 1, [tasks[0]["id"]])
    assert busy["typical_runtime_seconds"] == {"FP": 100.0}
    assert answer.headers["ETag"] == f'"{busy["written"]}"'


def test_a_task_may_be_queued_although_the_answer_is_an_error(queue, replay):
    queue.inject([Fault("runner_down"), Fault("html500", endpoint="queue/", handled=True)])
    replay(queue, "fault_500_but_queued")
    replay(queue, "fault_500_list_after")


def test_every_recording_is_replayed(shared_data):
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_forced_replay*.py"))
    names = {path.stem for path in (shared_data / "recorded_forced").glob("*.json")}
    assert len(names) > 100
    assert not names - set(re.findall(r'"(\w+)"', text))

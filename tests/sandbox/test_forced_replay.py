# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server, replayed: the same status, messages, keys and types.

Ids, times and places in the queue differ; accounts are mapped. Exchanges of the older server, of images, plots and
browser sessions, and of a runner that fails are not replayed: this server has none of them.
"""

import json
import re

import pytest
import requests

from atlasquery.sandbox import Sandbox

ROLES = {"TOKEN_ALICE": "user", "TOKEN_BOB": "other", "TOKEN_DORA": "staff", "TOKEN_IDLE": "inactive"}
NAMES = {"alice": "user", "bob": "other", "dora": "staff"}
# Values that depend on the time, the ids and what was submitted before.
VARIABLE = {
    *("url", "id", "username", "timestamp", "queuepos", "userqueuedtasks_on_submit", "user_id"),
    *("mjd_min", "mjd_max", "pagefirsttaskposition", "taskcount", "next", "previous", "comment"),
}
REFUSALS = [
    *("bad_bool", "bad_callback_http", "bad_callback_private", "bad_comment_long", "bad_content_type"),
    *("bad_epoch_two_decimals", "bad_imgzip", "bad_json_nan", "bad_mjd_iso_date", "bad_mjd_max_without_min"),
    *("bad_mjd_max_zero", "bad_mjd_reversed", "bad_mpc_and_radec", "bad_mpc_quotes", "bad_no_dec", "bad_nothing"),
    *("bad_ra_nan", "bad_ra_sexagesimal", "bad_ssostack_radec", "bad_type", "radeclist_101", "radeclist_bad_line"),
    *("radeclist_bad_common_field", "radeclist_comment_line", "radeclist_dec_90", "radeclist_json_array"),
    *("radeclist_one_column", "radeclist_ra_400", "submit_no_token", "list_no_token", "list_bad_token"),
    *("list_inactive_user", "list_bearer", "list_bad_cursor", "list_no_slash", "submit_no_slash", "task_unknown"),
    *("token_get", "token_missing_password", "token_no_slash", "token_wrong_password", "token_inactive_user"),
    *("result_url_missing",),
]
SUBMISSIONS = [
    *("submit_minimal", "submit_json_full", "submit_mpc", "submit_mpc_unknown_name", "submit_ra_400", "submit_dec_95"),
    *("submit_radec_zero", "submit_read_only_fields", "submit_ssostack", "submit_julian_date", "submit_duplicate"),
    *("submit_mjd_min_null", "submit_mjd_min_empty_form", "radeclist_two", "radeclist_sexagesimal", "radeclist_json"),
    *("radeclist_mpc_mixed", "radeclist_ra_360", "radeclist_six_columns_misread", "radeclist_third_column_ignored"),
    *("radeclist_with_ra_dec", "radeclist_100"),
]


@pytest.fixture(scope="module")
def server():
    """A server whose tasks wait: each runs for a day."""
    rates = {"forced_write": None, "forced_read": None}
    with Sandbox(n_objects=30, seed=2, end="2026-11-01", task_seconds=86400, rates=rates) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def recorded(shared_data):
    """Return a recorded exchange by its name."""
    return lambda name: json.loads((shared_data / "recorded_forced" / f"{name}.json").read_text())


def send(server, exchange):
    """Send the request of an exchange to the sandbox."""
    request = exchange["request"]
    headers = dict(request["headers"])
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if token in ROLES:
        headers["Authorization"] = f"{scheme} {server.forced_token(ROLES[token])}"
    body = request["body"]
    if isinstance(body, dict):
        body = {
            name: NAMES.get(value, str(value).replace("alice-pw", "user-pw"))
            if name in ("username", "password")
            else value
            for name, value in body.items()
        }
    is_json = request["content_type"] == "application/json"
    data = json.dumps(body) if is_json and not isinstance(body, str) else body
    if request["content_type"]:
        headers["Content-Type"] = request["content_type"]
    url = server.forced_url + request["path"].removeprefix("/forcedphot/")
    return requests.request(
        request["method"], url, params=request["query"], data=data, headers=headers, allow_redirects=False, timeout=60
    )


def shape(value):
    """Return JSON with the types in place of what differs between two servers."""
    if isinstance(value, dict):
        return {
            key: type(item).__name__ if key in VARIABLE and item is not None else shape(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [shape(item) for item in value]
    return re.sub(r"\d{5}\.\d+", "MJD", value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(server, recorded, name):
    exchange = recorded(name)
    answer, expected = send(server, exchange), exchange["response"]
    assert answer.status_code == expected["status"]
    if expected["headers"]["content-type"] == "application/json":
        assert shape(answer.json()) == shape(expected["body"])
    for header in ("location", "www-authenticate"):
        assert answer.headers.get(header) == expected["headers"].get(header)


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_submissions(server, recorded, name):
    exchange = recorded(name)
    before = task_count(server)
    answer, expected = send(server, exchange), exchange["response"]
    assert answer.status_code == expected["status"] == 201
    body, expected_body = answer.json(), expected["body"]
    if isinstance(expected_body, list):
        expected_body = [record for record in expected_body if isinstance(record, dict)]  # others are cut
        body = body[: len(expected_body)]
        assert "Location" not in answer.headers
    else:
        assert answer.headers["Location"] == body["url"]
    assert shape(body) == shape(expected_body)
    assert task_count(server) > before
    records = body if isinstance(body, list) else [body]
    for record, other in zip(records, expected_body if isinstance(body, list) else [expected_body], strict=True):
        assert (record["mjd_min"] is None) == (other["mjd_min"] is None)
        assert record["comment"] == other["comment"]


def task_count(server):
    """Return the number of tasks of both users."""
    counts = []
    for role in ("user", "other"):
        headers = {"Authorization": f"Token {server.forced_token(role)}"}
        counts.append(requests.get(f"{server.forced_url}queue/", headers=headers, timeout=60).json()["taskcount"])
    return sum(counts)


def headers_of(sandbox, role="user", **others):
    return {"Authorization": f"Token {sandbox.forced_token(role)}", "Accept": "application/json"} | others


def submit(sandbox, role="user", **fields):
    """Submit a task, and return its record."""
    answer = requests.post(
        f"{sandbox.forced_url}queue/", json={"mjd_min": None} | fields, headers=headers_of(sandbox, role), timeout=60
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def get(sandbox, record, role="user", **headers):
    return requests.get(record["url"], headers=headers_of(sandbox, role, **headers), timeout=60)


COW = {"ra": 244.000927, "dec": 22.268031}


@pytest.fixture
def queue():
    """A server whose tasks take 100 s of its clock, which the tests move."""
    rates = {"forced_write": None, "forced_read": None}
    with Sandbox(n_objects=30, seed=2, end="2026-11-01", task_seconds=100, rates=rates) as sandbox:
        yield sandbox


def test_the_states_of_a_task_are_those_recorded(queue, recorded):
    task = submit(queue, **COW)
    states = {"task_running": get(queue, task).json()}
    queue.advance_clock(101)
    states["task_finished"] = get(queue, task).json()
    ignored = {"previewimage_url", "attempt_count", "waittime", "runtime", "mjd_min", "ra", "dec", "send_email"}
    for name, record in states.items():
        expected = recorded(name)["response"]["body"]
        assert record.keys() == expected.keys()
        for key in record.keys() - VARIABLE - ignored:
            assert (record[key] is None) == (expected[key] is None), (name, key)
            assert type(record[key]) is type(expected[key])
    finished = states["task_finished"]
    assert (finished["waittime"], finished["runtime"], finished["attempt_count"]) == (0.0, 100.0, 1)
    assert finished["result_url"].endswith(f"/static/results/job{task['id']}.txt")
    rows = requests.get(finished["result_url"], timeout=60)
    assert rows.headers["Content-Type"].startswith("text/plain")
    header = recorded("result_url")["response"]["body"].splitlines()[0]
    assert rows.text.splitlines()[0] == header
    assert requests.get(f"{task['url']}data.txt", timeout=60).text == rows.text


def test_one_task_of_a_user_runs_at_a_time_and_users_take_turns(queue):
    first, second = submit(queue, **COW), submit(queue, **COW)
    other = submit(queue, "other", ra=10, dec=10)
    assert [get(queue, task).json()["queuepos"] for task in (first, other, second)] == [0, 1, 2]
    assert [get(queue, task).json()["starttimestamp"] is None for task in (first, second, other)] == [
        False,
        True,
        False,
    ]
    queue.advance_clock(150)
    assert [get(queue, task).json()["finished"] for task in (first, second, other)] == [True, False, True]
    assert get(queue, second).json()["starttimestamp"]
    queue.advance_clock(100)
    assert get(queue, second).json()["waittime"] == 100.0


def test_a_time_range_without_exposures(queue, recorded):
    task = submit(queue, ra=10, dec=89.9, mjd_min=61000, mjd_max=61000.1)
    queue.advance_clock(101)
    record, expected = get(queue, task).json(), recorded("task_no_data")["response"]["body"]
    assert (record["error_msg"], record["result_url"]) == (expected["error_msg"], expected["result_url"])
    text = requests.get(f"{task['url']}data.txt", timeout=60).text
    assert text == recorded("result_no_data")["response"]["body"]


def test_moving_objects_are_not_on_this_sky(queue):
    task = submit(queue, mpc_name="(12267)")
    queue.advance_clock(101)
    assert get(queue, task).json()["error_msg"] == "No data returned"


def test_entity_tags_change_with_the_tasks_of_the_user(queue, recorded):
    task = submit(queue, **COW)
    tag = get(queue, task).headers["ETag"]
    unchanged = get(queue, task, **{"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    submit(queue, "other", ra=1, dec=1)
    assert get(queue, task, **{"If-None-Match": tag}).status_code == 304
    queue.advance_clock(101)
    assert get(queue, task, **{"If-None-Match": tag}).status_code == 200


def test_pages_of_the_list(queue, recorded):
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
    assert pages[1].keys() == recorded("list_next_page")["response"]["body"].keys()
    started = requests.get(f"{queue.forced_url}queue/?started=true", headers=headers_of(queue), timeout=60).json()
    assert [record["id"] for record in started["results"]] == [tasks[0]["id"]]


def test_changes_and_deletions_are_for_the_owner_and_staff(queue, recorded):
    task = submit(queue, **COW, comment="a")

    def change(role, method="PATCH", **fields):
        return requests.request(method, task["url"], json=fields or None, headers=headers_of(queue, role), timeout=60)

    for name, answer in (
        ("patch_of_other", change("other", comment="b")),
        ("delete_of_other", change("other", "DELETE")),
    ):
        assert (answer.status_code, answer.json()) == (403, recorded(name)["response"]["body"])
    assert change("staff", comment="by staff").json()["comment"] == "by staff"
    assert change("user", comment="c").json()["ra"] == COW["ra"]
    assert change("user", ra=1.0, dec=2.0).json()["ra"] == 1.0
    bad = change("user", mjd_min="soon")
    assert (bad.status_code, bad.json()) == (400, {"mjd_min": ["A valid number is required."]})
    queue.advance_clock(101)
    url = get(queue, task).json()["result_url"]
    assert change("user", "DELETE").status_code == 204
    gone = get(queue, task)
    assert (gone.status_code, gone.text) == (404, "Page not found")
    assert requests.get(url, timeout=60).status_code == 404
    assert change("user", "DELETE").status_code == 204  # of an archived task
    waiting = submit(queue, **COW)
    task = waiting
    assert change("user", "DELETE").status_code == 204
    assert get(queue, waiting).json() == {"detail": "No Task matches the given query."}
    assert change("user", "DELETE").status_code == 404


def test_the_quota_of_waiting_tasks(queue, recorded):
    lines = "\n".join(f"{n} 10" for n in range(100))
    for _ in range(5):
        assert len(submit(queue, radeclist=lines)) == 100
    # One of the 500 has started.
    answer = requests.post(
        f"{queue.forced_url}queue/", json={"radeclist": "1 1\n2 2"}, headers=headers_of(queue), timeout=60
    )
    message = recorded("quota_over")["response"]["body"]["non_field_errors"].replace("500 queued + 1", "499 queued + 2")
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": message})
    assert submit(queue, ra=1, dec=1)["userqueuedtasks_on_submit"] == 499


def test_throttles(recorded):
    rates = {"forced_write": "2/minute", "forced_read": "3/minute"}
    with Sandbox(n_objects=30, seed=2, rates=rates) as sandbox:
        for _ in range(2):
            submit(sandbox, ra=1, dec=1)
        answer = requests.post(
            f"{sandbox.forced_url}queue/", data={"ra": 1, "dec": 1}, headers=headers_of(sandbox), timeout=60
        )
        expected = recorded("throttled_submit")["response"]
        assert (answer.status_code, answer.json()) == (429, expected["body"])
        assert answer.headers["Retry-After"] == expected["headers"]["retry-after"]
        submit(sandbox, "other", ra=1, dec=1)
        statuses = [
            requests.get(f"{sandbox.forced_url}queue/", headers=headers_of(sandbox), timeout=60).status_code
            for _ in range(4)
        ]
        assert statuses == [200, 200, 200, 429]
        sandbox.advance_clock(61)
        submit(sandbox, ra=1, dec=1)


def test_the_state_of_the_runner(queue, recorded):
    submit(queue, **COW)
    submit(queue, **COW)
    answer = requests.get(f"{queue.forced_url}taskrunnerstatus.json", timeout=60).json()
    assert answer.keys() == recorded("taskrunnerstatus_up")["response"]["body"].keys()
    assert (answer["slots_busy"], answer["queued_task_count"], answer["typical_runtime_seconds"]) == (
        1,
        1,
        {"FP": 100.0},
    )


def test_tokens(server):
    answer = requests.post(
        f"{server.forced_url}api-token-auth/", data={"username": "other", "password": "other-pw"}, timeout=60
    )
    assert answer.json() == {"token": server.forced_token("other")}
    assert server.forced_token("other") not in str(server.requests)
    assert {request.user for request in server.requests if request.user} <= {
        "forced user",
        "forced other",
        "forced inactive",
    }


def test_forced_fluxes_agree_with_those_of_the_transient_server(queue):
    light_curve = queue.client().get_light_curve("2018cow").forced
    task = submit(queue, **COW, mjd_min=58270, mjd_max=58330)
    queue.advance_clock(101)
    text = requests.get(get(queue, task).json()["result_url"], timeout=60).text
    flux = {line.split()[-1]: (float(line.split()[3]), float(line.split()[4])) for line in text.splitlines()[1:]}
    compared = 0
    for name, expected, error in zip(
        light_curve["expname"].tolist(),
        light_curve["flux"].filled(float("nan")).value.tolist(),
        light_curve["flux_err"].filled(float("nan")).value.tolist(),
        strict=True,
    ):
        if name in flux and expected == expected:
            assert abs(flux[name][0] - expected) <= 0.6 + 0.02 * error
            compared += 1
    assert compared > 30


OLD_REFUSALS = [
    *("old_list_bad_token", "old_list_no_token", "old_submit_bad_token", "old_ra_zero", "old_radec_zero"),
    *("old_radeclist_100_and_newline", "old_radeclist_array", "old_mpc_null", "old_unknown_task", "old_bad_any_accept"),
]
OLD_SUBMISSIONS = ["old_submit", "old_mjd_max_only", "old_radeclist_two", "old_radeclist_blank"]


@pytest.fixture(scope="module")
def old_server():
    with Sandbox(n_objects=30, seed=2, end="2026-11-01", task_seconds=86400, forced_vintage="old") as sandbox:
        yield sandbox


@pytest.mark.parametrize("name", OLD_REFUSALS)
def test_refusals_of_the_older_server(old_server, recorded, name):
    exchange = recorded(name)
    answer, expected = send(old_server, exchange), exchange["response"]
    assert answer.status_code == expected["status"]
    assert answer.headers.get("Location") == expected["headers"].get("location")
    if expected["headers"]["content-type"] == "application/json":
        assert shape(answer.json()) == shape(expected["body"])
    elif expected["status"] == 400:
        assert answer.text == expected["body"]


@pytest.mark.parametrize("name", OLD_SUBMISSIONS)
def test_submissions_to_the_older_server(old_server, recorded, name):
    exchange = recorded(name)
    answer, expected = send(old_server, exchange), exchange["response"]
    body = expected["body"]
    assert answer.status_code == expected["status"] == 201
    expected_body = [record for record in body if isinstance(record, dict)] if isinstance(body, list) else body
    assert shape(answer.json()[: len(expected_body)] if isinstance(body, list) else answer.json()) == shape(
        expected_body
    )


def test_pages_of_the_older_server(old_server, recorded):
    for name in ("old_submit_any_accept", "old_login_page_after_redirect"):
        answer = send(old_server, recorded(name))
        assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (
            recorded(name)["response"]["status"], "text/html",
        )  # fmt: skip
        assert answer.text.startswith("<!DOCTYPE html>")
    page = send(old_server, recorded("old_submit_any_accept"))
    assert "/forcedphot/queue/" in page.headers["Location"]  # the task is queued


def test_tasks_of_the_older_server(old_server, recorded):
    task = submit(old_server, ra=1, dec=1)
    read = get(old_server, task).json()
    assert read.keys() == recorded("old_task")["response"]["body"].keys()
    assert (task["queuepos"], read["queuepos"] is None) == (None, False)
    headers = headers_of(old_server)
    answer = requests.patch(task["url"], json={"comment": "x"}, headers=headers, timeout=60)
    assert (answer.status_code, answer.json()) == (400, recorded("old_patch_comment")["response"]["body"])
    for method in ("PATCH", "DELETE"):
        other = requests.request(
            method, task["url"], json={"ra": 1, "dec": 1}, headers=headers_of(old_server, "other"), timeout=60,
            allow_redirects=False,
        )  # fmt: skip
        assert (other.status_code, "/api-auth/login/?next=/forcedphot/queue/" in other.headers["Location"]) == (
            302,
            True,
        )
    taken = requests.patch(task["url"], json={"ra": 1, "dec": 1}, headers=headers_of(old_server, "staff"), timeout=60)
    assert taken.json()["username"] == "staff"
    assert requests.get(f"{old_server.forced_url}taskrunnerstatus.json", timeout=60).status_code == 404


@pytest.mark.parametrize("name", ["list_html_accept_anonymous", "submit_html_accept", "submit_html_accept_invalid"])
def test_pages_for_a_browser(server, recorded, name):
    exchange = recorded(name)
    answer, expected = send(server, exchange), exchange["response"]
    assert answer.status_code == expected["status"]
    assert answer.headers["Content-Type"].startswith("text/html")
    if expected["status"] == 302:
        assert answer.headers["Location"] == expected["headers"]["location"]

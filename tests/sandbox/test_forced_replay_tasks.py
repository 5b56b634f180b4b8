# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server, replayed: the states of tasks, changing and deleting them."""

import requests

from atlasquery.sandbox import Fault
from forced_exchanges import get, headers_of, submit, submit_like

COW = {"ra": 244.000927, "dec": 22.268031}


def test_the_life_of_a_task(queue, recorded, replay):
    """It waits, its computer is not reached, it is tried again, finishes, is changed and deleted."""
    queue.inject(Fault("runner_down"))
    task = submit_like(queue, recorded("task_waiting"), mjd_min=60000)
    second = submit_like(queue, recorded("task_second_of_user_waits"))
    for name in ("task_waiting", "task_no_token", "task_of_other_user", "result_while_waiting"):
        replay(queue, name, task)
    replay(queue, "task_not_modified", task, **{"If-None-Match": get(queue, task).headers["ETag"]})
    queue.clear_faults()
    queue.inject(Fault("task_unreachable"))
    started = replay(queue, "task_running", task).json()["starttimestamp"]
    assert replay(queue, "task_second_of_user_waits", second).json()["queuepos"] > 0
    replay(queue, "patch_running_comment", task)
    queue.advance_clock(101)
    assert replay(queue, "task_failed_attempt", task).json()["starttimestamp"] == started
    replay(queue, "task_second_of_user_waits", second)  # also between two attempts
    queue.advance_clock(5)
    assert replay(queue, "task_second_attempt", task).json()["starttimestamp"] > started
    queue.advance_clock(100)
    finished = replay(queue, "task_finished", task).json()
    assert (finished["waittime"] >= 105, finished["runtime"]) == (True, 100.0)
    assert get(queue, second).json()["starttimestamp"]
    for name in ("result_url", "result_data_txt", "result_pdf"):
        replay(queue, name, task)
    rows = requests.get(finished["result_url"], timeout=60).text
    assert rows == requests.get(f"{task['url']}data.txt", timeout=60).text
    replay(queue, "patch_target_finished", task)
    assert replay(queue, "result_after_patch", task).text == rows
    for name in ("delete_finished", "task_after_delete_finished", "result_after_delete", "patch_archived"):
        replay(queue, name, task)
    for url in (finished["result_url"], finished["previewimage_url"], finished["pdfplot_url"]):
        assert requests.get(url, timeout=60).status_code == 404
    replay(queue, "delete_archived", task)


def test_one_task_of_a_user_runs_at_a_time_and_users_take_turns(queue):
    first, second = submit(queue, **COW), submit(queue, **COW)
    other = submit(queue, "other", ra=10, dec=10)
    assert [get(queue, task).json()["queuepos"] for task in (first, other, second)] == [0, 1, 2]
    has_started = [get(queue, task).json()["starttimestamp"] is not None for task in (first, second, other)]
    assert has_started == [True, False, True]
    queue.advance_clock(150)
    assert [get(queue, task).json()["finished"] for task in (first, second, other)] == [True, False, True]
    assert get(queue, second).json()["starttimestamp"]
    queue.advance_clock(100)
    assert get(queue, second).json()["waittime"] in (99.0, 100.0)  # of whole seconds


def test_an_attempt_ends_when_the_runner_is_back(queue):
    task = submit(queue, **COW)
    started = get(queue, task).json()["starttimestamp"]
    queue.inject(Fault("runner_down"))
    queue.advance_clock(500)
    assert not get(queue, task).json()["finished"]
    queue.clear_faults()
    record = get(queue, task).json()
    assert (record["finished"], record["starttimestamp"]) == (True, started)
    assert record["runtime"] >= 500


def test_entity_tags_change_with_the_tasks_of_the_user(queue):
    task = submit(queue, **COW)
    tag = get(queue, task).headers["ETag"]
    unchanged = get(queue, task, **{"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    submit(queue, "other", ra=1, dec=1)
    assert get(queue, task, **{"If-None-Match": tag}).status_code == 304
    queue.advance_clock(101)
    assert get(queue, task, **{"If-None-Match": tag}).status_code == 200


def test_changes_of_a_task_that_waits(queue, recorded, replay):
    queue.inject(Fault("runner_down"))
    task = submit_like(queue, recorded("patch_comment"), comment="old")
    changes = ("patch_comment", "patch_target_waiting", "patch_bad", "patch_of_other", "patch_by_staff", "put_minimal")
    for name in changes:
        replay(queue, name, task)
    assert get(queue, task).json()["comment"] == "by staff"
    form = requests.put(task["url"], data={"ra": 1, "dec": 2}, headers=headers_of(queue), timeout=60).json()
    assert (form["use_reduced"], form["send_email"], form["comment"]) == (False, False, "by staff")


def test_a_change_keeps_the_whole_time_range(queue):
    task = submit(queue, **COW, mjd_min=None)
    for method, options in (("PATCH", {"json": {"comment": "x"}}), ("PUT", {"data": COW})):
        changed = requests.request(method, task["url"], headers=headers_of(queue), timeout=60, **options).json()
        assert (changed["mjd_min"], changed["ra"]) == (None, COW["ra"])


def test_deletions(queue, replay):
    running, waiting, third = (submit(queue, **COW) for _ in range(3))
    replay(queue, "delete_of_other", waiting)
    replay(queue, "delete_waiting", waiting)
    replay(queue, "delete_running", running)
    assert get(queue, third).json()["starttimestamp"]  # it is its turn
    replay(queue, "delete_by_staff", third)
    for task in (running, waiting, third):
        replay(queue, "task_unknown", task)
        assert requests.delete(task["url"], headers=headers_of(queue), timeout=60).status_code == 404

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tasks of recorded answers: their status, and that nothing of them is undeclared."""

import json

import pytest

from atlasquery import schema
from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.forcedphot.tasks import FINISHED, STATUSES, decode_tasks

RECORDED = {
    "task_waiting": "waiting",
    "task_running": "running",
    "task_failed_attempt": "running",  # as the server tells it
    "task_second_attempt": "retrying",
    "task_finished": "done",
    "task_no_data": "no data",
    "task_no_data_empty_file": "no data",
    "task_unparsable": "unreadable",
    "task_error_text": "failed",
    "task_diagnostic_above": "done",
    "task_second_of_user_waits": "waiting",
    "task_stack_error": "failed",
    "submit_minimal": "waiting",
    "submit_mpc": "waiting",
    "submit_json_full": "waiting",
    "old_submit": "waiting",
    "old_task": "waiting",
}


@pytest.fixture
def recorded(shared_data):
    return lambda name: json.loads((shared_data / "recorded_forced" / f"{name}.json").read_text())["response"]["body"]


@pytest.mark.parametrize("name", RECORDED)
def test_status(recorded, name):
    record = recorded(name)
    (task,) = decode_tasks([record], url="https://example.org/")
    assert task.status == RECORDED[name]
    assert task.status in STATUSES
    assert (task.job_id, task.url, task.ra, task.mpc) == (record["id"], record["url"], record["ra"], record["mpc_name"])
    assert (task.status in FINISHED) == record["finished"]
    assert task.result_url == record["result_url"]


@pytest.mark.parametrize("name", RECORDED)
def test_every_key_is_declared(recorded, name):
    columns = schema.FORCED_TASK.decode([recorded(name)])
    assert columns.keys() == set(schema.FORCED_TASK)


def test_lists_and_pages(recorded):
    records = [record for record in recorded("list_default_page")["results"] if isinstance(record, dict)]
    assert {task.status for task in decode_tasks(records, url="x")} == {"waiting"}
    records = [record for record in recorded("radeclist_two") if isinstance(record, dict)]
    assert [(task.ra, task.dec, task.comment) for task in decode_tasks(records, url="x")][:1] == [(150.0, 2.0, "batch")]
    assert decode_tasks([], url="x") == []


@pytest.mark.parametrize(
    "change", [{"id": "7"}, {"ra": "ten"}, {"starttimestamp": 5}, {"error_msg": []}, {"url": None}, {"id": None}]
)
def test_records_that_cannot_be_read(recorded, change):
    with pytest.raises(UnreadableAnswerError):
        decode_tasks([recorded("task_waiting") | change], url="https://example.org/")


def test_tasks_of_the_sandbox(make_sandbox):
    sandbox = make_sandbox(n_objects=30)
    import requests

    answer = requests.post(
        f"{sandbox.forced_url}queue/",
        json={"radeclist": "10 10\n20 -20", "comment": "key"},
        headers={"Authorization": f"Token {sandbox.forced_token('other')}"},
        timeout=60,
    )
    tasks = decode_tasks(answer.json(), url=answer.url)
    assert [(task.ra, task.dec, task.comment) for task in tasks] == [(10.0, 10.0, "key"), (20.0, -20.0, "key")]
    sandbox.advance_clock(60)
    records = [requests.get(task.url, timeout=60).json() for task in tasks]
    assert {task.status for task in decode_tasks(records, url="x")} <= {"done", "no data"}

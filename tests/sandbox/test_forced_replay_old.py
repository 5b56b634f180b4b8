# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server of March 2026, replayed."""

import pytest
import requests

from atlasquery.sandbox import Fault, Sandbox
from forced_exchanges import get, submit, submit_like

REFUSALS = [
    *("old_list_bad_token", "old_list_no_token", "old_submit_bad_token", "old_ra_zero", "old_radec_zero"),
    *("old_radeclist_100_and_newline", "old_radeclist_array", "old_mpc_null", "old_unknown_task", "old_bad_any_accept"),
    *("old_queuepositions", "old_login_page_after_redirect"),
]
SUBMISSIONS = ["old_submit", "old_mjd_max_only", "old_radeclist_two", "old_radeclist_blank", "old_submit_any_accept"]
CHANGES = ["old_patch_of_other", "old_delete_of_other", "old_patch_comment"]


@pytest.fixture(scope="module")
def old_server():
    """An older server whose runner is down, so that all tasks wait."""
    with Sandbox(n_objects=30, seed=2, end="2026-11-01", task_seconds=100, forced_vintage="old") as sandbox:
        sandbox.inject(Fault("runner_down"))
        yield sandbox


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_of_the_older_server(old_server, replay, name):
    replay(old_server, name)


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_submissions_to_the_older_server(old_server, replay, name):
    answer = replay(old_server, name)
    if answer.headers["Content-Type"].startswith("text/html"):
        assert "/forcedphot/queue/" in answer.headers["Location"]  # the task is queued


@pytest.mark.parametrize("name", CHANGES)
def test_changes_that_the_older_server_refuses(old_server, recorded, replay, name):
    task = submit_like(old_server, recorded("old_patch_by_staff"))
    replay(old_server, name, task)
    assert get(old_server, task).json()["username"] == "user"


def test_tasks_of_the_older_server(old_server, recorded, replay):
    task = submit_like(old_server, recorded("old_task"))
    read = replay(old_server, "old_task", task).json()
    assert (task["queuepos"], read["queuepos"] is None) == (None, False)
    page = replay(old_server, "old_task_any_accept", task)
    assert page.text.startswith("<!DOCTYPE html>")
    assert replay(old_server, "old_patch_by_staff", task).json()["username"] == "staff"
    for name in ("old_requestimages_post", "old_requestimages_get"):
        replay(old_server, name, task)
    assert requests.get(f"{old_server.forced_url}taskrunnerstatus.json", timeout=60).status_code == 404


def test_images_from_the_older_server(recorded, replay):
    with Sandbox(n_objects=30, seed=2, end="2026-11-01", task_seconds=100, forced_vintage="old") as sandbox:
        task = submit(sandbox, "staff", ra=5, dec=5)
        sandbox.advance_clock(101)
        answer = requests.get(
            f"{task['url']}requestimages/", headers={"Authorization": f"Token {sandbox.forced_token('staff')}"},
            allow_redirects=False, timeout=60,
        )  # fmt: skip
        assert answer.headers["Location"] == f"/forcedphot/queue/?newids={task['id'] + 1}"

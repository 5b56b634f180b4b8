# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server, replayed: requests of images, and stacks of images."""

import io
import zipfile

import pytest
import requests
from astropy.io import fits

from atlasquery.sandbox import Fault
from forced_exchanges import get, headers_of, submit, submit_like


@pytest.fixture
def parent(queue, recorded):
    """A finished task of the other user."""
    queue.inject(Fault("task_no_preview"))
    task = submit_like(queue, recorded("task_with_imagerequest"), "other")
    queue.advance_clock(101)
    assert get(queue, task).json()["finished"]
    return task


def new_task(queue, answer):
    """Return the record of the task that an answer names."""
    number = answer.headers["Location"].partition("newids=")[2]
    return requests.get(f"{queue.forced_url}queue/{number}/", headers=headers_of(queue), timeout=60).json()


def test_images_of_a_task(queue, parent, replay):
    unfinished = submit(queue, "other", ra=1, dec=1)
    replay(queue, "requestimages_unfinished", unfinished)
    requests.delete(unfinished["url"], headers=headers_of(queue, "other"), timeout=60)
    queue.inject(Fault("runner_down"))
    request = new_task(queue, replay(queue, "requestimages", parent))
    replay(queue, "imagerequest_waiting", request)
    assert replay(queue, "task_with_imagerequest", parent).json()["imagerequest_task_id"] == request["id"]
    assert requests.get(f"{parent['url']}images.zip", timeout=60).status_code == 404
    queue.clear_faults()
    get(queue, request)
    queue.advance_clock(101)
    finished = replay(queue, "imagerequest_finished", request).json()
    assert (finished["parent_task_id"], finished["parent_task_url"]) == (parent["id"], parent["url"])
    after = get(queue, parent).json()
    assert (after["imagerequest_finished"], after["result_imagezip_url"]) == (True, finished["result_imagezip_url"])
    urls = [finished["result_imagezip_url"], f"{parent['url']}images.zip", f"{request['url']}images.zip"]
    first, *others = (requests.get(url, timeout=60).content for url in urls)
    assert others == [first, first]
    check_images(first, requests.get(after["result_url"], timeout=60).text)
    assert requests.get(f"{queue.forced_url}static/results/job{request['id']}.zip", timeout=60).status_code == 404


def check_images(content, text):
    """Check that there is an image of each of the first exposures, at the position of the task."""
    rows = [line.split() for line in text.splitlines()[1:]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"{row[-1]}.fits" for row in rows[:20]]
        with fits.open(io.BytesIO(archive.read(archive.namelist()[0]))) as images:
            header = images[0].header
            assert (header["CRVAL1"], header["CRVAL2"]) == (9.0, 9.0)
            assert header["MJD-OBS"] == float(rows[0][0])


def test_five_requests_of_images(queue, parent, replay):
    made = [new_task(queue, replay(queue, "requestimages", parent)) for _ in range(5)]
    replay(queue, "requestimages_five", parent)
    queue.advance_clock(1000)
    assert get(queue, made[-1]).json()["finished"]
    replay(queue, "requestimages_five", parent)  # finished ones count
    requests.delete(made[0]["url"], headers=headers_of(queue, "other"), timeout=60)
    replay(queue, "requestimages", parent)


def test_requests_of_images_are_for_the_owner_and_staff(queue, parent):
    def request(role):
        url = f"{parent['url']}requestimages/"
        return requests.post(url, headers=headers_of(queue, role), allow_redirects=False, timeout=60)

    assert request("user").status_code == 403
    assert new_task(queue, request("staff"))["username"] == "staff"
    assert requests.get(f"{parent['url']}requestimages/", timeout=60).status_code == 405
    assert requests.post(f"{parent['url']}requestimages/", timeout=60).status_code == 401


def test_images_of_a_task_that_is_deleted(queue, parent, replay):
    request = new_task(queue, replay(queue, "requestimages", parent))
    requests.delete(parent["url"], headers=headers_of(queue, "other"), timeout=60)
    queue.advance_clock(101)
    record = get(queue, request).json()
    assert record["error_msg"] == ("The forced photometry data file for the parent task is no longer available.")
    assert record["result_imagezip_url"] is None
    changed = requests.patch(record["url"], json={"comment": "x"}, headers=headers_of(queue, "other"), timeout=60)
    assert (changed.status_code, changed.json()["comment"]) == (200, "x")


def test_a_deleted_request_is_no_longer_named(queue, parent, replay):
    request = new_task(queue, replay(queue, "requestimages", parent))
    assert get(queue, parent).json()["imagerequest_task_id"] == request["id"]
    requests.delete(request["url"], headers=headers_of(queue, "other"), timeout=60)
    assert get(queue, parent).json()["imagerequest_task_id"] is None


def test_a_stack_of_images(queue, recorded, replay):
    task = submit_like(queue, recorded("task_stack_finished"))
    queue.advance_clock(101)
    url = replay(queue, "task_stack_finished", task).json()["result_imagestack_url"]
    with fits.open(io.BytesIO(requests.get(url, timeout=60).content)) as images:
        assert images[0].header["OBJECT"] == "(12267)"
        assert images[0].data.shape == (61, 61)


def test_a_stack_that_fails(queue, recorded, replay):
    error = recorded("task_stack_error")["response"]["body"]["error_msg"]
    queue.inject([Fault("task_error", value=error), Fault("task_no_rows")])
    task = submit_like(queue, recorded("task_stack_error"), "other")
    other = submit(queue, mpc_name="(1)", request_type="SSOSTACK")
    queue.advance_clock(101)
    get(queue, task)
    replay(queue, "task_stack_error", task)
    assert get(queue, other).json()["error_msg"] == "No image stack was produced."

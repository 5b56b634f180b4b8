# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Ctrl-C while jobs are submitted or waited for: the exception has the line that goes on, and nothing is lost."""

from types import SimpleNamespace

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord

TARGETS = SkyCoord(np.arange(3) * u.deg, np.full(3, 10.0) * u.deg)
SHORT = {"start": "2018-06-16T00:00", "end": "2018-06-16T00:01"}


@pytest.fixture
def interrupt(monkeypatch):
    """Let the first wait be interrupted, as by Ctrl-C."""

    def sleep(seconds):
        raise KeyboardInterrupt

    def interrupt(*modules):
        for module in modules:
            monkeypatch.setattr(f"atlasquery.forcedphot.{module}.time", SimpleNamespace(sleep=sleep))

    return interrupt


def test_while_waiting_for_many(start, interrupt, tmp_path):
    _, client, _ = start(task_seconds=100)
    interrupt("poll")
    path = tmp_path / "jobs.ecsv"
    with pytest.raises(
        KeyboardInterrupt, match=r"ForcedPhotometry\.read_jobs\('.*jobs\.ecsv'\), or the same call"
    ) as caught:
        client.get_light_curves(TARGETS, jobs=path, **SHORT)
    assert (len(caught.value.results), list(caught.value.failed)) == (0, [0, 1, 2])
    assert not client.read_jobs(path)["job_id"].mask.any()
    with pytest.raises(KeyboardInterrupt, match=r"ForcedPhotometry\.list_jobs\(\) returns them"):
        client.submit(TARGETS, **SHORT).wait()


def test_while_waiting_for_one(start, interrupt):
    _, client, _ = start(task_seconds=100)
    interrupt("poll")
    with pytest.raises(KeyboardInterrupt, match=r"job 1000001 is (waiting|running)"):
        client.get_light_curve(TARGETS[0], **SHORT)


def test_while_submitting(start, monkeypatch, tmp_path):
    _, client, _ = start(task_seconds=100)
    send, posts = type(client)._request, []

    def request(self, request):
        answer = send(self, request)
        if request.method == "POST":
            posts.append(request)
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(type(client), "_request", request)
    with pytest.raises(KeyboardInterrupt, match="or the same call again") as caught:
        client.submit(TARGETS, jobs=tmp_path / "jobs.ecsv", **SHORT)
    assert set(caught.value.results["status"].tolist()) == {"held"}
    monkeypatch.undo()
    jobs = client.submit(TARGETS, jobs=tmp_path / "jobs.ecsv", **SHORT)
    assert not jobs["job_id"].mask.any()
    assert len(posts) == 1
    assert len(client.list_jobs()) == 3

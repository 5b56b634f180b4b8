# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A sandbox whose clock moves when the client waits: tasks of hours take no time."""

from types import SimpleNamespace

import pytest


@pytest.fixture
def start(make_sandbox, monkeypatch):
    """Start a sandbox; return it with a client of its forced-photometry server, and the list of waits in seconds."""

    def start(role="user", **options):
        sandbox = make_sandbox(shared=False, n_objects=30, **options)
        waits = []

        def sleep(seconds):
            waits.append(seconds)
            sandbox.advance_clock(seconds)

        for module in ("poll", "job_actions"):
            monkeypatch.setattr(f"atlasquery.forcedphot.{module}.time", SimpleNamespace(sleep=sleep))
        return sandbox, sandbox.forced_client(role), waits

    return start

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Send requests to a sandbox without the client of the package: these tests check the server alone."""

import json
from contextlib import ExitStack

import pytest
import requests

from atlasquery.sandbox import Sandbox
from atlasquery.sandbox.sky import Sky

pytest.register_assert_rewrite("forced_exchanges")
import forced_exchanges  # noqa: E402  (after the line before, which gives its assertions messages)


class RequestSender:
    """Send requests to a sandbox, unchanged; called with an endpoint and its parameters."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, endpoint, params=None, *, role="staff", method="POST", json=None, headers=None):
        """Send one request and return its answer, a `requests.Response`."""
        token = {"Authorization": f"Token {self.sandbox.token(role)}"} if role else {}
        body = {"params": params} if method in {"GET", "HEAD"} else {"data": params}
        return self.session.request(
            method,
            self.sandbox.url + endpoint,
            json=json,
            headers={"Accept": "application/json", **token, **(headers or {})},
            allow_redirects=False,
            timeout=60,
            **body,
        )


@pytest.fixture
def send(sandbox):
    """Send a request to the sandbox that all tests share; only for reading."""
    sender = RequestSender(sandbox)
    yield sender
    sender.session.close()


def _sender_factory(make_sandbox):
    with ExitStack() as stack:

        def make(**options):
            sender = RequestSender(make_sandbox(shared=False, **options))
            stack.callback(sender.sandbox.close)
            stack.callback(sender.session.close)
            return sender

        yield make


@pytest.fixture
def make_sender(make_sandbox):
    """Return a function that starts a new sandbox for one test: ``make_sender(n_objects=50, ...)``."""
    yield from _sender_factory(make_sandbox)


@pytest.fixture(scope="module")
def make_module_sender(make_sandbox):
    """Return a function that starts a new sandbox for one test module."""
    yield from _sender_factory(make_sandbox)


@pytest.fixture(scope="module")
def sky(request):
    """Make the sky that the module's `SKY_OPTIONS` describe."""
    return Sky(**request.module.SKY_OPTIONS)


FORCED_OPTIONS = {"n_objects": 30, "seed": 2, "end": "2026-11-01"}
NO_LIMITS = {"forced_write": None, "forced_read": None}


@pytest.fixture(scope="session")
def recorded(shared_data):
    """Return an exchange that was recorded from the forced-photometry server, by its name."""
    return lambda name: json.loads((shared_data / "recorded_forced" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def replay(recorded):
    """Return a function that sends the request of a recorded exchange, compares the answer, and returns it."""

    def send_and_check(sandbox, name, task=None, **others):
        exchange = recorded(name)
        answer = forced_exchanges.send(sandbox, exchange, task, **others)
        forced_exchanges.check(sandbox, answer, exchange)
        return answer

    return send_and_check


@pytest.fixture(scope="module")
def server():
    """A server whose tasks wait: each runs for a day."""
    with Sandbox(**FORCED_OPTIONS, task_seconds=86400, rates=NO_LIMITS) as sandbox:
        yield sandbox


@pytest.fixture
def queue():
    """A server whose tasks take 100 s of its clock, which the tests move."""
    with Sandbox(**FORCED_OPTIONS, task_seconds=100, rates=NO_LIMITS) as sandbox:
        yield sandbox

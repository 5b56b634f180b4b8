# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Send requests to a sandbox without the client of the package: these tests check the server alone."""

from contextlib import ExitStack

import pytest
import requests

from atlasquery.sandbox.sky import Sky


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

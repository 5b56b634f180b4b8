# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Asking a sandbox without our own client: these tests are about the server alone."""

from contextlib import ExitStack

import pytest
import requests

from atlasquery.sandbox import Sandbox
from atlasquery.sandbox.sky import Sky

END = 61345.0


class Asker:
    """Sends what a test says, as it is."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, endpoint, params=None, *, role="staff", method="POST", json=None, headers=None):
        """Return the answer to one request, a `requests.Response`."""
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
def ask(sandbox):
    """Ask the sandbox that all tests share; only for reading."""
    asker = Asker(sandbox)
    yield asker
    asker.session.close()


def _starter():
    with ExitStack() as stack:

        def start(**options):
            sandbox = stack.enter_context(Sandbox(**{"n_objects": 60, "end": END, **options}))
            asker = Asker(sandbox)
            stack.callback(asker.session.close)
            return asker

        yield start


@pytest.fixture
def make_asker():
    """Start a sandbox of the test's own, ended with the test: ``make_asker(n_objects=50, ...)``."""
    yield from _starter()


@pytest.fixture(scope="module")
def start_asker():
    """The same for a whole module."""
    yield from _starter()


@pytest.fixture(scope="module")
def sky(request):
    """Make the sky that the module's `SKY_OPTIONS` describe."""
    return Sky(**request.module.SKY_OPTIONS)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Clients and sandboxes for the tests of queries."""

import pytest

from atlasquery.transport import quota


@pytest.fixture(scope="session")
def atlas(sandbox):
    """A client of the sandbox that all tests share, signed in as a reader."""
    return sandbox.client()


@pytest.fixture
def small_sandbox(make_sandbox):
    """A sandbox for faults, which are cleared after each test."""
    sandbox = make_sandbox()
    yield sandbox
    sandbox.clear_faults()


@pytest.fixture(autouse=True)
def _fresh_quota(monkeypatch):
    """Forget the requests of earlier tests."""
    monkeypatch.setattr(quota, "_QUOTAS", {})


@pytest.fixture
def requested_endpoints(sandbox):
    """Return a function that gives the endpoints of all requests since the start of the test."""
    n_before = len(sandbox.requests)
    return lambda: [request.endpoint for request in sandbox.requests[n_before:]]


@pytest.fixture
def unspent(requested_endpoints):
    """Assert that the test sends no request."""
    yield
    assert requested_endpoints() == []

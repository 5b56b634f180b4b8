# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A client of the sandbox that all tests share."""

import pytest


@pytest.fixture(scope="session")
def atlas(sandbox):
    """A signed-in reader."""
    return sandbox.client()


@pytest.fixture
def unspent(sandbox):
    """Assert that the test spends no request."""
    before = len(sandbox.requests)
    yield
    assert len(sandbox.requests) == before

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Endpoints whose answers are given by the test."""

import json
from types import SimpleNamespace

import pytest

from atlasquery.endpoints import Endpoints

ROOT = "https://example.org/api/"


@pytest.fixture
def sent():
    """The payloads that were sent, a list of (path, payload)."""
    return []


@pytest.fixture
def make_endpoints(sent):
    """Return a function that makes `Endpoints`, which get the given documents as answers, one after the other."""

    def make(*documents):
        remaining = list(documents)

        def send(path, payload):
            sent.append((path, payload))
            return SimpleNamespace(
                body=json.dumps(remaining.pop(0)).encode(), url=ROOT + path, status=200, server_time=None
            )

        return Endpoints(send, send, lambda path: ROOT + path, ROOT)

    return make

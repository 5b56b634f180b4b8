# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fixtures for all tests."""

from contextlib import ExitStack
from pathlib import Path

import pytest

RECORDINGS = Path(__file__).parents[1] / ".." / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """The folder of recordings of the real server, which may not be published: without it the tests are skipped."""
    if not RECORDINGS.is_dir():
        pytest.skip("the recordings of the real server (../shared/data) are not available")
    return RECORDINGS.resolve()


@pytest.fixture(scope="session")
def make_sandbox():
    """Return a function that starts a sandbox: ``make_sandbox(n_objects=20, rates={"user": 6})``.

    The same options give the same running sandbox, so a test may only read from it; it may inject faults if it clears
    them. A test that writes, spends a quota or closes the sandbox passes ``shared=False`` and gets a new one. All are
    closed at the end of the session; a new one may be closed before.
    """
    from atlasquery.sandbox import Sandbox

    with ExitStack() as stack:
        shared_sandboxes = {}

        def make(*, shared=True, **options):
            options = {"n_objects": 60, "end": "2026-11-01", **options}
            key = repr(sorted(options.items()))
            if not shared or key not in shared_sandboxes:
                sandbox = stack.enter_context(Sandbox(**options))
                if not shared:
                    return sandbox
                shared_sandboxes[key] = sandbox
            return shared_sandboxes[key]

        yield make

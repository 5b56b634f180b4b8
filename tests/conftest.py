# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What every test may use."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real recordings; they are not ours to ship, so the tests skip where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the real recordings (../shared/data) are not beside this checkout")
    return SHARED.resolve()

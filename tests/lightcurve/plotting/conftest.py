# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fixtures of the tests of plots."""

import pytest


@pytest.fixture
def ax():
    """Axes of the user, without content."""
    return pytest.importorskip("matplotlib.pyplot").subplots()[1]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Background requests end with their context, and their errors are raised."""

import threading

import pytest

from atlasquery.batches.background import BackgroundRequests
from atlasquery.transport.cancellation import current_cancellation


def test_an_error_is_raised_by_the_future():
    with BackgroundRequests() as background, pytest.raises(ZeroDivisionError):
        background.submit(divmod, 1, 0).result()


def test_the_future_has_the_result():
    with BackgroundRequests() as background:
        assert background.submit(sum, [1, 2]).result() == 3


def test_threads_are_daemons():
    with BackgroundRequests() as background:
        assert background.submit(threading.current_thread).result().daemon


def test_the_end_of_the_context_cancels_requests():
    with BackgroundRequests() as background:
        cancellation = background.submit(current_cancellation).result()
        assert not cancellation.is_cancelled
    assert cancellation.is_cancelled

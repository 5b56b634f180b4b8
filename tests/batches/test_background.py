# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Work in the background keeps nothing from ending, and loses no error."""

import threading

import pytest

from atlasquery.batches.background import BackgroundRequests
from atlasquery.transport.cancellation import current_cancellation


def test_what_it_raises_is_raised_where_it_is_waited_for():
    with BackgroundRequests() as background, pytest.raises(ZeroDivisionError):
        background.submit(divmod, 1, 0).result()


def test_its_threads_are_daemons():
    with BackgroundRequests() as background:
        assert background.submit(threading.current_thread).result().daemon


def test_who_leaves_it_calls_the_work_off():
    with BackgroundRequests() as background:
        heard = background.submit(current_cancellation).result()
        assert not heard.is_cancelled
    assert heard.is_cancelled

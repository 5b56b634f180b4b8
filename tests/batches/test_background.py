# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Work in the background keeps nothing from ending, and loses no error."""

import threading

import pytest

from atlasquery.batches.background import Background
from atlasquery.transport.cancellation import call_off


def test_what_it_raises_is_raised_where_it_is_waited_for():
    with Background() as background, pytest.raises(ZeroDivisionError):
        background.begin(divmod, 1, 0).result()


def test_its_threads_are_daemons():
    with Background() as background:
        assert background.begin(threading.current_thread).result().daemon


def test_who_leaves_it_calls_the_work_off():
    with Background() as background:
        heard = background.begin(call_off).result()
        assert not heard.is_said
    assert heard.is_said

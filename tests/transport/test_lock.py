# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The lock of a client: reentrant, and free after an interruption and after a fork."""

import os
import threading

import pytest

from atlasquery.transport import ForkSafeLock


def is_free(lock):
    """Return whether another thread can acquire the lock."""
    results = []

    def try_to_acquire():
        results.append(lock.current.acquire(blocking=False))
        if results[0]:
            lock.current.release()

    thread = threading.Thread(target=try_to_acquire)
    thread.start()
    thread.join()
    return results[0]


def test_it_is_reentrant_and_released():
    lock = ForkSafeLock()
    with lock.current, lock.current:
        assert not is_free(lock)
    assert is_free(lock)


def test_it_is_released_after_an_interruption():
    lock = ForkSafeLock()
    with pytest.raises(KeyboardInterrupt), lock.current:
        raise KeyboardInterrupt
    assert is_free(lock)


def test_entering_it_runs_no_python_code():
    """Ctrl-C between acquiring and the block would leave a lock with methods in Python locked."""
    assert type(ForkSafeLock().current) is type(threading.RLock())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_it_is_free_in_a_forked_child():
    calls = []
    lock = ForkSafeLock(on_fork=lambda: calls.append(1))
    with lock.current:
        child = os.fork()
        if child == 0:
            os._exit(0 if is_free(lock) and calls == [1] else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert calls == []

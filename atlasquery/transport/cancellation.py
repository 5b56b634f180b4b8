# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Cancellation`: how requests that are sent in another thread are ended when nobody waits for them any more."""

import contextlib
import threading
from contextvars import ContextVar

__all__ = ["Cancellation", "current_cancellation"]


class Cancellation:
    """Ends what is sent where it is `heard`: cuts the connection, and lets no repetition and no new request follow.

    Examples
    --------
    >>> from atlasquery.transport import Cancellation
    >>> nobody_waits = Cancellation()
    >>> nobody_waits.cancel()
    >>> nobody_waits.is_cancelled
    True
    """

    def __init__(self):
        self._said = threading.Event()
        self._callbacks = set()

    @property
    def is_cancelled(self):
        """Whether nobody waits any more."""
        return self._said.is_set()

    def cancel(self):
        """End the requests; from any thread, and as often as you like."""
        self._said.set()
        for cut in list(self._callbacks):
            cut()

    @contextlib.contextmanager
    def activate(self):
        """Within this, and in this thread, what is sent can be called off."""
        before = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(before)

    @contextlib.contextmanager
    def on_cancel(self, cut):
        """Within this, ``cut`` is called when it is said; at once, if it was said before."""
        self._callbacks.add(cut)
        try:
            if self.is_cancelled:
                cut()
            yield
        finally:
            self._callbacks.discard(cut)

    def wait(self, seconds):
        """Sleep, but no longer than until it is said."""
        self._said.wait(seconds)


_CURRENT = ContextVar("atlasquery_call_off", default=None)
_NEVER = Cancellation()


def current_cancellation():
    """Return the `Cancellation` that this thread has to listen to.

    Returns
    -------
    CallOff
        One that nobody says, if there is none.
    """
    return _CURRENT.get() or _NEVER

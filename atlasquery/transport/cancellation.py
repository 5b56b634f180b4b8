# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`CallOff`: how requests that are sent in another thread are ended when nobody waits for them any more."""

import contextlib
import threading
from contextvars import ContextVar

__all__ = ["CallOff", "call_off"]


class CallOff:
    """Ends what is sent where it is `heard`: cuts the connection, and lets no repetition and no new request follow.

    Examples
    --------
    >>> from atlasquery.transport import CallOff
    >>> nobody_waits = CallOff()
    >>> nobody_waits.say()
    >>> nobody_waits.is_said
    True
    """

    def __init__(self):
        self._said = threading.Event()
        self._cuts = set()

    @property
    def is_said(self):
        """Whether nobody waits any more."""
        return self._said.is_set()

    def say(self):
        """End the requests; from any thread, and as often as you like."""
        self._said.set()
        for cut in list(self._cuts):
            cut()

    @contextlib.contextmanager
    def heard(self):
        """Within this, and in this thread, what is sent can be called off."""
        before = _HEARD.set(self)
        try:
            yield
        finally:
            _HEARD.reset(before)

    @contextlib.contextmanager
    def cutting(self, cut):
        """Within this, ``cut`` is called when it is said; at once, if it was said before."""
        self._cuts.add(cut)
        try:
            if self.is_said:
                cut()
            yield
        finally:
            self._cuts.discard(cut)

    def wait(self, seconds):
        """Sleep, but no longer than until it is said."""
        self._said.wait(seconds)


_HEARD = ContextVar("atlasquery_call_off", default=None)
_NEVER = CallOff()


def call_off():
    """Return the `CallOff` that this thread has to listen to.

    Returns
    -------
    CallOff
        One that nobody says, if there is none.
    """
    return _HEARD.get() or _NEVER

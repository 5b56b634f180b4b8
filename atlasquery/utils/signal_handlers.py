# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`is_from_signal_handler`: whether the user's handler of a signal raised an exception, not the network."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import CodeType
from typing import Any

__all__ = ["handler_codes", "is_from_signal_handler"]

_LIBRARIES = frozenset({"builtins", "socket", "ssl", "select", "urllib", "socks"})
_WRAPPING_LIBRARIES = frozenset({"http", "urllib3", "requests"})


def handler_codes() -> frozenset[CodeType]:
    """Return the code of the functions that handle signals now; a handler may replace itself when it runs."""
    if threading.current_thread() is not threading.main_thread():
        return frozenset()  # handlers run in the main thread
    handlers = (signal.getsignal(number) for number in signal.valid_signals())
    return frozenset(code for handler in handlers if callable(handler) and (code := _find_code(handler)) is not None)


def _find_code(handler: Callable[..., Any]) -> CodeType | None:
    """Return the code of a function, method, partial or callable object; None for one written in C."""
    function: Any = getattr(handler, "func", handler)  # of functools.partial
    function = getattr(function, "__func__", function)
    if not hasattr(function, "__code__"):
        function = getattr(type(function).__call__, "__func__", type(function).__call__)
    return getattr(function, "__code__", None)


def is_from_signal_handler(error: BaseException, codes: frozenset[CodeType]) -> bool:
    """Return whether a handler is among the frames of an exception, or its class is of the user's own."""
    library = type(error).__module__.partition(".")[0]
    if library in _WRAPPING_LIBRARIES:  # these raise their own exceptions with the frames of the first one
        return False
    if library not in _LIBRARIES and isinstance(error, OSError):
        return True  # such as a class of the user that another thread raises here
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code in codes:
            return True
        frame = frame.tb_next
    return False

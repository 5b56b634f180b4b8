# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`start_thread`: a thread where the platform has threads."""

from __future__ import annotations

import logging
import threading

from atlasquery.utils.log import log_event

__all__ = ["start_thread"]

_IS_TOLD = threading.Event()


def start_thread(thread: threading.Thread) -> bool:
    """Start a thread, and return whether it runs: not at the end of the interpreter, at a limit, or in a browser."""
    try:
        thread.start()
    except RuntimeError as error:
        if not _IS_TOLD.is_set():
            _IS_TOLD.set()
            message = (
                f"No thread can be started ({error}): requests are not ended at conf.deadline, nor made in advance."
            )
            log_event(logging.WARNING, message)
        return False
    return True

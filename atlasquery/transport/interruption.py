# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`before_sending`: whether an exception, such as that of Ctrl-C, came before a request was sent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

__all__ = ["before_sending"]


@contextlib.contextmanager
def before_sending() -> Iterator[None]:
    """Set ``request_sent`` to False on any exception raised in the block.

    The outcome of a write that is interrupted is unknown, unless it was not sent.
    """
    try:
        yield
    except BaseException as error:
        error.request_sent = False  # type: ignore[attr-defined]
        raise

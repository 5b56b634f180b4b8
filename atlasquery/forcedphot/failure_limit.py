# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`FailureLimit`: a wait of hours does not end at the first request that fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from atlasquery.exceptions import ServerError
from atlasquery.utils.log import log_event

__all__ = ["FailureLimit"]

MAX_FAILURES = 10  # in a row


class FailureLimit:
    """Number of looks in a row that the server may not answer."""

    def __init__(self) -> None:
        self._n_failures = 0

    @contextmanager
    def tolerated(self) -> Iterator[None]:
        """Context in which an error of the server is logged, and raised only at the end of the limit."""
        try:
            yield
        except ServerError as error:
            self._n_failures += 1
            if self._n_failures > MAX_FAILURES:
                raise
            log_event(logging.WARNING, f"How far the jobs are is not known, and is looked at again later: {error}")
        else:
            self._n_failures = 0

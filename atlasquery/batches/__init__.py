# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Questions that take several requests: few of them, and nothing that was obtained is lost."""

from atlasquery.batches.batch_size import BatchSize
from atlasquery.batches.fetch import BatchFetch
from atlasquery.batches.sequential import FATAL_ERRORS, send_sequentially

__all__ = ["FATAL_ERRORS", "BatchFetch", "BatchSize", "send_sequentially"]

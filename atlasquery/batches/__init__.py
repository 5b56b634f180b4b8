# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Downloads of many objects: few requests, and partial results are never lost."""

from atlasquery.batches.batch_size import BatchSize
from atlasquery.batches.fetch import BatchFetch
from atlasquery.batches.interruption import Partial, carry_results
from atlasquery.batches.sequential import FATAL_ERRORS, attach_results, send_sequentially

__all__ = ["FATAL_ERRORS", "BatchFetch", "BatchSize", "Partial", "attach_results", "carry_results", "send_sequentially"]

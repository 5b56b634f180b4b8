# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Questions that take several requests: few of them, and nothing that was obtained is lost."""

from atlasquery.batches.batch_size import Pace
from atlasquery.batches.fetch import Fetch
from atlasquery.batches.sequential import ENDS_ALL, one_by_one

__all__ = ["ENDS_ALL", "Fetch", "Pace", "one_by_one"]

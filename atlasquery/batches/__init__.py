# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Questions that take several requests: few of them, and nothing that was obtained is lost."""

from atlasquery.batches.fetch import Fetch
from atlasquery.batches.one_by_one import ENDS_ALL, one_by_one
from atlasquery.batches.pace import Pace

__all__ = ["ENDS_ALL", "Fetch", "Pace", "one_by_one"]

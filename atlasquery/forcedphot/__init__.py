# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The ATLAS forced-photometry server: its description, targets, and light curves of its results."""

from atlasquery.forcedphot.client import ForcedPhotometryClass
from atlasquery.forcedphot.jobs import Jobs

__all__ = ["ForcedPhotometry", "ForcedPhotometryClass", "Jobs"]

ForcedPhotometry = ForcedPhotometryClass()

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in files: one module a format, and `ReadWrite`, which chooses among them."""

from atlasquery.lightcurve.io.readwrite import ReadWrite, register

__all__ = ["ReadWrite", "register"]

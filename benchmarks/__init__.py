# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Benchmarks in the form of asv (``asv run``), and scripts that measure other things."""

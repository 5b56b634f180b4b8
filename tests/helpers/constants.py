# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Constants of several tests."""

COW = 1161600211221604900

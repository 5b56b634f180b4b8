# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Constants that tests of several rooms use."""

COW = 1161600211221604900  # ATLAS id of AT2018cow

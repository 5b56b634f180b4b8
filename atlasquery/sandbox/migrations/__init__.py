# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The history of the sandbox's tables."""

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints, one file a kind."""

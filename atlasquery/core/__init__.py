# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ATLASClass`: each method checks its arguments, builds a payload, sends it, and returns a table or an object.

The class is composed of mixins, one file for each kind of query.
"""

from atlasquery.core.client import ATLAS, ATLASClass

__all__ = ["ATLAS", "ATLASClass"]

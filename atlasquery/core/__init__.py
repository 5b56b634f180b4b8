# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ATLASClass`: each method checks its words, makes a payload, sends it, and gives a table or an object.

The class is put together from the questions it can ask, one noun a file.
"""

from atlasquery.core.client import ATLAS, ATLASClass

__all__ = ["ATLAS", "ATLASClass"]

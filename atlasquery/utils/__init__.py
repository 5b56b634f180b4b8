# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""General helpers: warnings, progress bars, text of messages."""

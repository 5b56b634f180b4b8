# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The changes of the database tables, in order."""

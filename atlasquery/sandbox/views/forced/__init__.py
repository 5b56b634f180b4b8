# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views of the forced-photometry server."""

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints of the server: payload, request and table of each."""

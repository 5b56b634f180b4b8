# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""From true fluxes and exposures to the rows that the server sends."""

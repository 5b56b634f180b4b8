# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Simulated measurements: from true fluxes and exposures to the rows of the server."""

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The images that fluxes are measured on."""

__all__ = ["IMAGES"]

IMAGES = ("difference", "reduced")

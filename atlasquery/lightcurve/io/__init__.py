# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading and writing light curves: one module for each format, and `ReadWriteMixin`, which selects it."""

from atlasquery.lightcurve.io.readwrite import ReadWriteMixin, register

__all__ = ["ReadWriteMixin", "register"]

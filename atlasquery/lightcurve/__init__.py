# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves: one row per measurement, of all three kinds that the server sends."""

from atlasquery.lightcurve.lightcurve import LightCurve
from atlasquery.lightcurve.lightcurves import LightCurves

__all__ = ["LightCurve", "LightCurves"]

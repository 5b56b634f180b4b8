# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Mixin`: base class of the methods of a light curve; for a type checker a `~astropy.timeseries.TimeSeries`."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Mixin"]

if TYPE_CHECKING:
    from astropy.timeseries import TimeSeries

    class Mixin(TimeSeries):
        """Base class of the mixins of `LightCurve`."""

else:

    class Mixin:
        """Base class of the mixins of `LightCurve`."""

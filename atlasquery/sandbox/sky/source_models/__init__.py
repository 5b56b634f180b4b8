# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Models of light curves: each gives the true difference flux of a source at any time, in uJy.

The shapes are sketches from common knowledge of the field (rise times, plateaus, decline rates, periods), not fits:
good enough that a plot looks right, not to be used for science.
"""

from .transients import TRANSIENTS, outburst, peak_colour, rise_time, span
from .variables import VARIABLES

__all__ = ["flux", "outburst", "peak_colour", "peak_time", "span"]


def flux(source, parameters, mjd, band):
    """Give the true difference flux.

    Parameters
    ----------
    source : str
        Name of the model, as in `~atlasquery.sandbox.sky.object_classes.Kind`.
    parameters : `~atlasquery.sandbox.sky.population.Parameters`
        Of the object.
    mjd : `~numpy.ndarray` of float, shape (n,)
        Times [days].
    band : `~numpy.ndarray` of int, shape (n,)
        Filters.

    Returns
    -------
    `~numpy.ndarray` of float, shape (n,)
        Flux above the reference image [uJy]; negative where the source is fainter than there.
    """
    model = TRANSIENTS.get(source) or VARIABLES[source]
    return model(parameters, mjd, band)


def peak_time(source, first, below, stretch):
    """Find when a transient peaks that was first seen so many magnitudes below its peak.

    Parameters
    ----------
    source : str
        Name of the model.
    first : `~numpy.ndarray` of float
        Time of the first detection (MJD).
    below : `~numpy.ndarray` of float
        How much fainter than at peak it was then [mag].
    stretch : `~numpy.ndarray` of float
        Factor on all times of the model.

    Returns
    -------
    `~numpy.ndarray` of float
        Time of the peak (MJD); the first detection itself for what is always there.
    """
    return first + rise_time(source, below) * stretch

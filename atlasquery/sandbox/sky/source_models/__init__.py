# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light-curve models: each gives the true difference flux of a source at any time, in uJy.

The shapes are sketches from typical rise times, plateaus, decline rates and periods, not fits: realistic enough for a
plot, not for science.
"""

from .transients import TRANSIENTS, active_mjd_range, outburst_shape, peak_colour, remaining_rise_days
from .variables import VARIABLES

__all__ = ["active_mjd_range", "find_peak_mjd", "flux", "outburst_shape", "peak_colour"]


def difference_flux(source, parameters, mjd, band):
    """Return the true difference flux.

    Parameters
    ----------
    source : str
        Name of the model, as in `~atlasquery.sandbox.sky.object_classes.ObjectClass`.
    parameters : `~atlasquery.sandbox.sky.population.SourceParameters`
        Parameters of the light curve.
    mjd : `~numpy.ndarray` of float, shape (n,)
        Times (MJD).
    band : `~numpy.ndarray` of int, shape (n,)
        Indices of the filters.

    Returns
    -------
    `~numpy.ndarray` of float, shape (n,)
        Flux minus that of the reference image [uJy]; negative where the source is fainter than there.
    """
    model = TRANSIENTS.get(source) or VARIABLES[source]
    return model(parameters, mjd, band)


def find_peak_mjd(source, first_mjd, mag_below_peak, stretch):
    """Find the time of the peak (MJD) of transients.

    Parameters
    ----------
    source : str
        Name of the model.
    first_mjd : `~numpy.ndarray` of float
        Time of the first detection (MJD); the result for a source without a peak.
    mag_below_peak : `~numpy.ndarray` of float
        How much fainter than at the peak the source was then [mag].
    stretch : `~numpy.ndarray` of float
        Factor on all times of the model.
    """
    return first_mjd + remaining_rise_days(source, mag_below_peak) * stretch

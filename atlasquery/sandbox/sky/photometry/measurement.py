# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Measurements of a true flux: noise, saturation, and the detections of the pipeline.

Noise has three parts: sky noise, from the 5-sigma limit of the exposure; photon noise of the source; and a floor of
0.8 per cent. Their sizes follow the recorded forced photometry.
"""

from dataclasses import dataclass

import numpy as np

from ..keyed_random import KeyedRandom

__all__ = ["Measurements", "ab_magnitude", "is_detected", "measure"]

_PHOTON_VARIANCE = 0.085  # uJy of variance per uJy of flux in 30 s
_ERROR_FLOOR = 0.008  # relative
_SATURATION_FLUX = 10.0 ** (-0.4 * (11.6 - 23.9))  # uJy
_THRESHOLD, _THRESHOLD_SCATTER = 4.85, 0.4  # signal-to-noise ratio


@dataclass
class Measurements:
    """Columns of equal length, one row an exposure.

    Parameters
    ----------
    flux, error : `~numpy.ndarray` of float
        Flux of the fitted point source and its error [uJy].
    is_saturated : `~numpy.ndarray` of bool
        Mask of the exposures in which the source is saturated.
    rng : `~atlasquery.sandbox.sky.keyed_random.KeyedRandom`
        Random values of this object in these exposures.
    """

    flux: np.ndarray
    error: np.ndarray
    is_saturated: np.ndarray
    rng: KeyedRandom

    @property
    def snr(self):
        """Signal-to-noise ratio, signed: `~numpy.ndarray` of float."""
        return self.flux / self.error


def ab_magnitude(flux):
    """Convert the absolute value of a flux [uJy], not zero, to an AB magnitude."""
    return 23.9 - 2.5 * np.log10(np.abs(flux))


def measure(seed, key, exposures, true_flux, background=0.0):
    """Simulate the measurement of a source.

    Parameters
    ----------
    seed, key : int
        Seed of the sky, key of the object.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        The exposures, n of them.
    true_flux : `~numpy.ndarray` of float, shape (n,)
        True difference flux [uJy].
    background : float, optional
        Flux of the subtracted source, which adds noise [uJy].

    Returns
    -------
    Measurements
        One row for each exposure.
    """
    rng = KeyedRandom(seed, key, exposures.key)
    total_flux = np.abs(true_flux) + background
    is_saturated = total_flux > _SATURATION_FLUX * (1.0 + 0.2 * rng.normal("saturation"))
    saturation_factor = np.maximum(true_flux / _SATURATION_FLUX, 1.0)
    true_flux = np.where(is_saturated & (saturation_factor > 1.0), _SATURATION_FLUX * saturation_factor**0.4, true_flux)
    error = np.sqrt(exposures.sigma**2 + _PHOTON_VARIANCE * total_flux + (_ERROR_FLOOR * total_flux) ** 2)
    error = error * np.where(is_saturated, 4.0, 1.0)
    # Real errors are slightly underestimated, by a factor that varies between exposures.
    noise = error * rng.normal("noise") * (1.0 + 0.06 * np.abs(rng.normal("noise factor")))
    # A few exposures have a cosmic ray, a satellite or a bad subtraction.
    outlier = np.where(rng.uniform("wild") < 0.006, 3.0 * rng.normal("how wild") * exposures.sigma, 0.0)
    # Estimated errors differ from those that follow from the depth, rarely by much.
    excess_mag = np.where(rng.uniform("odd") < 0.09, -0.4 * np.log(rng.uniform("how odd")), 0.0)
    error = error * 10.0 ** (0.4 * (0.02 + 0.06 * rng.normal("estimate") + excess_mag))
    return Measurements(true_flux + noise + outlier, error, is_saturated, rng)


def is_detected(measurements):
    """Return the mask of exposures in which the pipeline detects the source without a known position."""
    threshold = _THRESHOLD + _THRESHOLD_SCATTER * measurements.rng.normal("threshold")
    return (np.abs(measurements.snr) > threshold) & (measurements.rng.uniform("efficiency") > 0.05)

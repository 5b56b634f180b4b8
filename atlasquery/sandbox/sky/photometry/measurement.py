# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the telescopes measure of a true flux: noise, saturation, and what the pipeline takes for a detection.

Noise has three parts: that of the sky, which the 5-sigma limit of the exposure gives; that of the source's own photons;
and a floor of 0.8 per cent. Their sizes follow the recorded forced photometry.
"""

from dataclasses import dataclass

import numpy as np

from ..keyed_random import Chance

__all__ = ["Measured", "ab_magnitude", "detected", "measure"]

_PHOTONS = 0.085  # uJy of variance per uJy of flux in 30 s
_FLOOR = 0.008
_SATURATION = 10.0 ** (-0.4 * (11.6 - 23.9))
_THRESHOLD, _SOFTNESS = 4.85, 0.4


@dataclass
class Measured:
    """Columns of equal length, one row an exposure.

    Parameters
    ----------
    flux, error : `~numpy.ndarray` of float
        Flux of the fitted point source and its error [uJy].
    saturated : `~numpy.ndarray` of bool
        Whether the source is too bright for the detector.
    chance : `~atlasquery.sandbox.sky.keyed_random.Chance`
        The randomness of this object in these exposures.
    """

    flux: np.ndarray
    error: np.ndarray
    saturated: np.ndarray
    chance: Chance

    @property
    def snr(self):
        """Signal-to-noise ratio, signed: `~numpy.ndarray` of float."""
        return self.flux / self.error


def ab_magnitude(flux):
    """AB magnitude of the absolute value of a flux.

    Parameters
    ----------
    flux : `~numpy.ndarray` of float
        In uJy, not zero.

    Returns
    -------
    `~numpy.ndarray` of float
        Magnitudes.
    """
    return 23.9 - 2.5 * np.log10(np.abs(flux))


def measure(seed, key, exposures, true, background=0.0):
    """Measure a source in exposures.

    Parameters
    ----------
    seed, key : int
        Of the sky, and of the object.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        The exposures, n of them.
    true : `~numpy.ndarray` of float, shape (n,)
        True difference flux [uJy].
    background : float, optional
        Flux of what was subtracted, whose noise stays [uJy].

    Returns
    -------
    Measured
        What is found.
    """
    chance = Chance(seed, key, exposures.key)
    total = np.abs(true) + background
    saturated = total > _SATURATION * (1.0 + 0.2 * chance.normal("saturation"))
    excess = np.maximum(true / _SATURATION, 1.0)
    true = np.where(saturated & (excess > 1.0), _SATURATION * excess**0.4, true)
    error = np.sqrt(exposures.sigma**2 + _PHOTONS * total + (_FLOOR * total) ** 2)
    error = error * np.where(saturated, 4.0, 1.0)
    # Real errors are estimated a little too small, by a factor that differs from exposure to exposure.
    noise = error * chance.normal("noise") * (1.0 + 0.06 * np.abs(chance.normal("noise factor")))
    # Once in a while a cosmic ray, a satellite or a bad subtraction.
    wild = np.where(chance.uniform("wild") < 0.006, 3.0 * chance.normal("how wild") * exposures.sigma, 0.0)
    # Estimates differ from what the depth of the exposure says, seldom by much.
    odd = np.where(chance.uniform("odd") < 0.09, -0.4 * np.log(chance.uniform("how odd")), 0.0)
    error = error * 10.0 ** (0.4 * (0.02 + 0.06 * chance.normal("estimate") + odd))
    return Measured(true + noise + wild, error, saturated, chance)


def detected(measured):
    """Tell where the pipeline finds the source by itself, without being told where it is.

    Parameters
    ----------
    measured : Measured
        The measurements.

    Returns
    -------
    `~numpy.ndarray` of bool
        True where it does.
    """
    threshold = _THRESHOLD + _SOFTNESS * measured.chance.normal("threshold")
    return (np.abs(measured.snr) > threshold) & (measured.chance.uniform("efficiency") > 0.05)

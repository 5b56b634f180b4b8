# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sources that are always there: pulsating and eclipsing stars, active nuclei, badly subtracted stars.

The server's images are differences against a reference image. When that was replaced (MJD 58417 and 58882, by the
forced-photometry server's FAQ) the flux of a variable source makes a step which is not the sky's.
"""

import numpy as np

from ..keyed_random import Chance

__all__ = ["REFERENCES", "VARIABLES"]

REFERENCES = (58417.0, 58882.0)
"""When the reference images were replaced (MJD)."""

_MODES = 48  # of the random process; more look the same
_SAMPLES = 6  # images that make a reference


def _reference_times(parameters):
    """When the images were taken that make up the reference of each era: array of shape (eras, images)."""
    spread = Chance(parameters.seed, parameters.key, np.arange(_SAMPLES)).uniform("reference", 0.0, 300.0)
    return np.array([57200.0, *REFERENCES])[:, None] + spread


def _difference(brightness):
    """Turn a model of relative brightness into one of difference flux, reference images included."""

    def model(parameters, mjd, band):
        cyan = band == 0
        era = np.searchsorted(REFERENCES, mjd, side="right")
        times = _reference_times(parameters)
        # In the reference images too the source was in some state: one value an era and band.
        references = np.array(
            [[brightness(parameters, some, np.full(_SAMPLES, band)).mean() for band in (1, 0)] for some in times]
        )
        mean = parameters.peak_flux * np.where(cyan, 10.0 ** (-0.4 * parameters.colour), 1.0)
        return mean * (brightness(parameters, mjd, band) - references[era, cyan.astype(int)])

    return model


def _rr_lyrae(parameters, mjd, band):
    """A fast rise and a slow decline, larger in cyan."""
    phase = (mjd / parameters.period + parameters.phase) % 1.0
    shape = np.interp(phase, [0, 0.12, 0.2, 0.45, 0.8, 1.0], [0.5, -0.5, -0.42, 0.1, 0.45, 0.5])
    return 10.0 ** (-0.4 * parameters.amplitude * np.where(band == 0, 1.0, 0.72) * shape)


def _eclipsing(parameters, mjd, band):
    """Two eclipses of unequal depth."""
    phase = (mjd / parameters.period + parameters.phase) % 1.0
    width = 0.045 + 0.05 * parameters.stretch
    first = np.exp(-0.5 * ((phase + 0.5) % 1.0 - 0.5) ** 2 / width**2)
    second = np.exp(-0.5 * (phase - 0.5) ** 2 / width**2)
    return 10.0 ** (-0.4 * parameters.amplitude * (first + 0.55 * second))


def _mira(parameters, mjd, band):
    """Slow pulsation of several magnitudes, no two cycles quite alike."""
    cycle = mjd / parameters.period + parameters.phase
    whole = np.floor(cycle).astype(int)
    height = 1.0 + 0.12 * Chance(parameters.seed, parameters.key, whole).normal("cycle")
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * (cycle - whole) ** 0.85)
    size = 2.2 * parameters.amplitude * np.where(band == 0, 1.25, 1.0)
    return 10.0 ** (0.4 * size * (wave * height - 0.6))


def _agn(parameters, mjd, band):
    """A damped random walk, as a sum of waves whose frequencies follow its power spectrum (Rahimi & Recht 2007)."""
    chance = Chance(parameters.seed, parameters.key, np.arange(_MODES))
    rate = np.tan(0.49 * np.pi * chance.uniform("rate", -1.0, 1.0)) / parameters.period
    # One value a night is enough: the shortest waves are not resolved anyway.
    nights, where = np.unique(np.round(mjd * 2), return_inverse=True)
    turn = chance.uniform("turn", 0.0, 2 * np.pi)

    def walk_at(times):
        return np.cos(np.outer(times, rate) + turn).sum(axis=1) * np.sqrt(2.0 / _MODES)

    # It is found while it is brighter than in the reference: a walk is as likely as its mirror image.
    era = np.searchsorted(REFERENCES, parameters.first_mjd, side="right")
    faint = walk_at([parameters.first_mjd])[0] > walk_at(_reference_times(parameters)[era]).mean()
    walk = walk_at(nights / 2.0)[where] * (-1.0 if faint else 1.0)
    return 10.0 ** (-0.4 * parameters.amplitude * np.where(band == 0, 1.15, 0.85) * walk)


def _dipole(parameters, mjd, band):
    """A star that moves out of its place in the reference image: a residual that grows from year to year."""
    started = np.array([57200.0, *REFERENCES])[np.searchsorted(REFERENCES, mjd, side="right")]
    years = (mjd - started) / 365.25
    misfit = Chance(parameters.seed, parameters.key, np.floor(mjd).astype(int)).normal("misfit")
    size = np.clip(0.2 * years, 0.0, 0.7) + 0.12 * misfit
    return parameters.peak_flux * size * np.where(band == 0, 0.6, 1.0)


def _residual(parameters, mjd, band):
    """A bright star that is mostly subtracted well, on some nights too much, on some too little."""
    night = np.floor(mjd).astype(int)
    misfit = Chance(parameters.seed, parameters.key, night).normal("misfit")
    return parameters.peak_flux * (0.3 * misfit**3 + 0.1)


VARIABLES = {
    "RR Lyrae": _difference(_rr_lyrae),
    "eclipsing": _difference(_eclipsing),
    "Mira": _difference(_mira),
    "AGN": _difference(_agn),
    "dipole": _dipole,
    "residual": _residual,
}
"""Models by name."""

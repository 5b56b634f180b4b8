# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Models of permanent sources: pulsating and eclipsing stars, active nuclei, badly subtracted stars.

The server's images are differences from a reference image. When that was replaced (MJD 58417 and 58882, according to
the FAQ of the forced-photometry server) the flux of a variable source has a step that is not astrophysical.
"""

import numpy as np

from ..keyed_random import KeyedRandom

__all__ = ["REFERENCE_CHANGES", "VARIABLES"]

REFERENCE_CHANGES = (58417.0, 58882.0)
"""Times when the reference images were replaced (MJD)."""

_N_WAVES = 48  # terms of the sum for the random walk; more terms make no visible difference
_N_REFERENCE_IMAGES = 6  # images that are stacked into one reference image


def _reference_times(parameters):
    """Return the times (MJD) of the images of each reference, of shape (eras, images)."""
    spread = KeyedRandom(parameters.seed, parameters.key, np.arange(_N_REFERENCE_IMAGES)).uniform(
        "reference", 0.0, 300.0
    )
    return np.array([57200.0, *REFERENCE_CHANGES])[:, None] + spread


def _make_difference_model(brightness):
    """Make the difference-flux function of a relative brightness; the reference images vary too."""

    def model(parameters, mjd, band):
        is_cyan = band == 0
        era = np.searchsorted(REFERENCE_CHANGES, mjd, side="right")
        times = _reference_times(parameters)
        # The source varies in the reference images too: one mean brightness for each era and band.
        reference_brightness = np.array(
            [
                [brightness(parameters, times_of_era, np.full(_N_REFERENCE_IMAGES, band)).mean() for band in (1, 0)]
                for times_of_era in times
            ]
        )
        mean_flux = parameters.peak_flux * np.where(is_cyan, 10.0 ** (-0.4 * parameters.colour), 1.0)
        return mean_flux * (brightness(parameters, mjd, band) - reference_brightness[era, is_cyan.astype(int)])

    return model


def _rr_lyrae_brightness(parameters, mjd, band):
    """Return a fast rise and a slow decline, with larger amplitude in cyan."""
    phase = (mjd / parameters.period + parameters.phase) % 1.0
    shape = np.interp(phase, [0, 0.12, 0.2, 0.45, 0.8, 1.0], [0.5, -0.5, -0.42, 0.1, 0.45, 0.5])
    return 10.0 ** (-0.4 * parameters.amplitude * np.where(band == 0, 1.0, 0.72) * shape)


def _eclipsing_brightness(parameters, mjd, band):
    """Return a constant with two eclipses of unequal depth."""
    phase = (mjd / parameters.period + parameters.phase) % 1.0
    width = 0.045 + 0.05 * parameters.stretch
    primary = np.exp(-0.5 * ((phase + 0.5) % 1.0 - 0.5) ** 2 / width**2)
    secondary = np.exp(-0.5 * (phase - 0.5) ** 2 / width**2)
    return 10.0 ** (-0.4 * parameters.amplitude * (primary + 0.55 * secondary))


def _mira_brightness(parameters, mjd, band):
    """Return a slow pulsation of several magnitudes with cycles of unequal height."""
    cycle = mjd / parameters.period + parameters.phase
    cycle_number = np.floor(cycle).astype(int)
    height = 1.0 + 0.12 * KeyedRandom(parameters.seed, parameters.key, cycle_number).normal("cycle")
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * (cycle - cycle_number) ** 0.85)
    amplitude = 2.2 * parameters.amplitude * np.where(band == 0, 1.25, 1.0)
    return 10.0 ** (0.4 * amplitude * (wave * height - 0.6))


def _agn_brightness(parameters, mjd, band):
    """Return a damped random walk: a sum of waves that follow its power spectrum (Rahimi & Recht 2007)."""
    rng = KeyedRandom(parameters.seed, parameters.key, np.arange(_N_WAVES))
    frequency = np.tan(0.49 * np.pi * rng.uniform("rate", -1.0, 1.0)) / parameters.period
    # Two values a day are enough: shorter waves are not resolved.
    nights, inverse = np.unique(np.round(mjd * 2), return_inverse=True)
    wave_phase = rng.uniform("turn", 0.0, 2 * np.pi)

    def walk_at(times):
        return np.cos(np.outer(times, frequency) + wave_phase).sum(axis=1) * np.sqrt(2.0 / _N_WAVES)

    # A source is discovered while brighter than its reference; the mirrored walk is equally likely.
    era = np.searchsorted(REFERENCE_CHANGES, parameters.first_mjd, side="right")
    is_flipped = walk_at([parameters.first_mjd])[0] > walk_at(_reference_times(parameters)[era]).mean()
    walk = walk_at(nights / 2.0)[inverse] * (-1.0 if is_flipped else 1.0)
    return 10.0 ** (-0.4 * parameters.amplitude * np.where(band == 0, 1.15, 0.85) * walk)


def _proper_motion_flux(parameters, mjd, band):
    """Return the residual of a star that moves away from its reference position, growing with time."""
    reference_mjd = np.array([57200.0, *REFERENCE_CHANGES])[np.searchsorted(REFERENCE_CHANGES, mjd, side="right")]
    years = (mjd - reference_mjd) / 365.25
    misfit = KeyedRandom(parameters.seed, parameters.key, np.floor(mjd).astype(int)).normal("misfit")
    amplitude = np.clip(0.2 * years, 0.0, 0.7) + 0.12 * misfit
    return parameters.peak_flux * amplitude * np.where(band == 0, 0.6, 1.0)


def _subtraction_residual_flux(parameters, mjd, band):
    """Return the residual of a bright star, positive or negative from night to night."""
    night = np.floor(mjd).astype(int)
    misfit = KeyedRandom(parameters.seed, parameters.key, night).normal("misfit")
    return parameters.peak_flux * (0.3 * misfit**3 + 0.1)


VARIABLES = {
    "RR Lyrae": _make_difference_model(_rr_lyrae_brightness),
    "eclipsing": _make_difference_model(_eclipsing_brightness),
    "Mira": _make_difference_model(_mira_brightness),
    "AGN": _make_difference_model(_agn_brightness),
    "dipole": _proper_motion_flux,
    "residual": _subtraction_residual_flux,
}
"""Models by name."""

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Models of transients: supernovae, tidal disruptions, novae, outbursts, flares, AT2018cow, asteroids."""

import numpy as np

from ..keyed_random import KeyedRandom

__all__ = ["TRANSIENTS", "active_mjd_range", "outburst_shape", "peak_colour", "remaining_rise_days"]

# Days from peak, and magnitudes below peak in cyan and in orange; typical values, not fits.
_SHAPES = {
    "SN Ia": ([-19, -17, -15, -13, -11, -9, -6, -3, 0, 5, 10, 15, 20, 25, 30, 35, 40, 60, 100, 200, 400],
              [9.0, 3.9, 2.35, 1.45, 0.88, 0.50, 0.18, 0.04, 0, 0.12, 0.45, 0.93, 1.45, 1.88, 2.2, 2.45, 2.6,
               3.1, 4.2, 6.4, 10],
              [9.0, 3.9, 2.35, 1.45, 0.88, 0.50, 0.18, 0.04, 0, 0.15, 0.46, 0.66, 0.72, 0.80, 1.05, 1.4, 1.7,
               2.35, 3.5, 5.8, 10]),
    "SN II": ([-11, -9, -7, -5, -3, 0, 10, 20, 40, 60, 80, 95, 105, 115, 130, 150, 250, 450],
              [9.0, 2.6, 1.2, 0.5, 0.15, 0, 0.18, 0.42, 0.85, 1.15, 1.45, 1.85, 2.9, 3.8, 4.1, 4.3, 5.2, 7],
              [9.0, 2.6, 1.2, 0.5, 0.15, 0, 0.05, 0.10, 0.18, 0.26, 0.42, 0.75, 1.6, 2.3, 2.5, 2.7, 3.6, 5.4]),
    "SN Ibc": ([-20, -17, -14, -11, -8, -5, -2, 0, 5, 10, 15, 20, 30, 60, 100, 200, 400],
               [9.0, 3.8, 2.3, 1.3, 0.65, 0.24, 0.04, 0, 0.25, 0.80, 1.4, 1.85, 2.35, 2.95, 3.7, 5.5, 9],
               [9.0, 3.8, 2.3, 1.3, 0.65, 0.24, 0.04, 0, 0.12, 0.40, 0.78, 1.15, 1.62, 2.3, 3.1, 5.0, 9]),
    "SLSN": ([-60, -48, -36, -25, -15, -7, 0, 15, 30, 60, 100, 200, 400],
             [9.0, 3.4, 1.8, 0.8, 0.28, 0.06, 0, 0.22, 0.7, 1.75, 3.0, 5.0, 9],
             [9.0, 3.4, 1.8, 0.8, 0.28, 0.06, 0, 0.15, 0.5, 1.3, 2.3, 4.2, 8]),
    "TDE": ([-40, -30, -22, -15, -8, 0, 10, 20, 40, 60, 100, 200, 400, 800],
            [9.0, 3.2, 1.6, 0.75, 0.2, 0, 0.15, 0.42, 0.98, 1.5, 2.3, 3.6, 5.4, 8],
            [9.0, 3.2, 1.6, 0.75, 0.2, 0, 0.15, 0.42, 0.98, 1.5, 2.3, 3.6, 5.4, 8]),
    "nova": ([-4, -2.5, -1.5, -0.7, 0, 2, 4, 8, 15, 30, 60, 120, 300],
             [9.0, 4.5, 2.2, 0.7, 0, 0.5, 1.1, 2.0, 3.0, 4.1, 5.4, 7.2, 11],
             [9.0, 4.5, 2.2, 0.7, 0, 0.4, 0.9, 1.7, 2.6, 3.7, 5.0, 6.9, 11]),
    "CV": ([-2.0, -1.3, -0.8, -0.4, 0, 2, 5, 7, 8.5, 10, 12, 15, 20],
           [9.0, 3.6, 1.7, 0.6, 0, 0.12, 0.42, 0.75, 1.3, 2.2, 3.4, 4.8, 9],
           [9.0, 3.4, 1.6, 0.6, 0, 0.12, 0.40, 0.70, 1.2, 2.0, 3.2, 4.6, 9]),
    "flare": ([-0.012, -0.008, -0.004, 0, 0.006, 0.015, 0.03, 0.06, 0.12, 0.3],
              [9.0, 3.0, 1.0, 0, 0.35, 0.8, 1.35, 2.2, 3.6, 9], [9.0, 3.0, 1.0, 0, 0.35, 0.8, 1.35, 2.2, 3.6, 9]),
    # Model: a fast rise between the published points, then a decline that steepens to about t^-2.5.
    "AT2018cow": ([-3.6, -3.2, -2.9, -2.55, -2.0, -1.2, 0, 1.5, 3, 5, 8, 12, 20, 30, 45, 60, 100, 300],
                  [12, 5.5, 2.7, 1.25, 0.75, 0.30, 0, 0.25, 0.62, 1.05, 1.7, 2.45, 3.55, 4.45, 5.6, 6.5, 8.3, 12],
                  [12, 5.5, 2.7, 1.25, 0.75, 0.30, 0, 0.22, 0.55, 0.95, 1.5, 2.15, 3.2, 4.1, 5.2, 6.1, 7.9, 12]),
}  # fmt: skip

_PASSAGE_DAYS = 0.08  # days before and after the discovery when an asteroid is near the position
_PEAK_COLOURS = {"SN Ia": 0.02, "SN II": 0.0, "SN Ibc": 0.2, "SLSN": -0.12, "TDE": -0.22, "nova": 0.1, "CV": -0.1}


def remaining_rise_days(source, mag_below_peak):
    """Return the days to the peak, before stretching, of a source below its peak; 0 without a peak."""
    if source not in _SHAPES:
        return np.zeros(len(mag_below_peak))
    phase, cyan, _ = (np.array(column, dtype=float) for column in _SHAPES[source])
    rising = phase <= 0
    return -np.interp(mag_below_peak, cyan[rising][::-1], phase[rising][::-1])


def active_mjd_range(parameters):
    """Return the first and last time (MJD) of a source; infinite if permanent or recurrent."""
    if parameters.source in ("mover", "artefact"):
        return parameters.first_mjd - _PASSAGE_DAYS, parameters.first_mjd + _PASSAGE_DAYS
    if parameters.source not in _SHAPES or parameters.source == "CV":
        return -np.inf, np.inf
    phase = _SHAPES[parameters.source][0]
    return parameters.peak_mjd + phase[0] * parameters.stretch, parameters.peak_mjd + phase[-1] * parameters.stretch


def outburst_shape(source, phase, band, colour):
    """Return the relative flux of one event: 1 at the peak in orange.

    Parameters
    ----------
    source : str
        Name of a model with a peak.
    phase : `~numpy.ndarray` of float
        Days from peak, divided by the stretch.
    band : `~numpy.ndarray` of int
        Indices of the filters.
    colour : float
        Cyan minus orange at the peak [mag].
    """
    days, cyan, orange = (np.array(column, dtype=float) for column in _SHAPES[source])
    orange_mag = np.interp(phase, days, orange, left=30.0, right=30.0)
    cyan_mag = np.interp(phase, days, cyan, left=30.0, right=30.0) + colour
    return 10.0 ** (-0.4 * np.where(band == 0, cyan_mag, orange_mag))


def peak_colour(parameters):
    """Return cyan minus orange at the peak [mag], or None for a source without a peak."""
    if parameters.source not in _SHAPES:
        return None
    return _PEAK_COLOURS.get(parameters.source, 0.0) + parameters.colour


def _make_outburst_model(source):
    """Make the flux function of a source with one peak."""

    def model(parameters, mjd, band):
        phase = (mjd - parameters.peak_mjd) / parameters.stretch
        return parameters.peak_flux * outburst_shape(source, phase, band, peak_colour(parameters))

    return model


def _dwarf_nova_flux(parameters, mjd, band):
    """Return the flux of outbursts of unequal height and interval, some of them longer."""
    event_numbers = np.arange(-60, 60)
    rng = KeyedRandom(parameters.seed, parameters.key, event_numbers)
    shift = np.where(event_numbers == 0, 0.0, rng.uniform("early or late", -0.25, 0.25))
    event_mjds = parameters.peak_mjd + parameters.period * (event_numbers + shift)
    heights = np.where(event_numbers == 0, 1.0, 10.0 ** (-0.4 * np.abs(0.5 * rng.normal("height"))))
    lengths = parameters.stretch * np.where(rng.uniform("super") < 0.2, 1.8, rng.uniform("length", 0.6, 1.1))
    # A time belongs to the event that began last.
    event = np.clip(np.searchsorted(event_mjds - 2.5 * lengths, mjd) - 1, 0, len(event_mjds) - 1)
    lengths = np.where(event_numbers == 0, parameters.stretch, lengths)
    phase = (mjd - event_mjds[event]) / lengths[event]
    return parameters.peak_flux * heights[event] * outburst_shape("CV", phase, band, peak_colour(parameters))


def _asteroid_flux(parameters, mjd, band):
    """Return a constant flux within two hours of the discovery, zero otherwise."""
    present = np.abs(mjd - parameters.first_mjd) < _PASSAGE_DAYS
    return np.where(present, parameters.peak_flux * np.where(band == 0, 0.75, 1.0), 0.0)


def _zero_flux(parameters, mjd, band):
    """Return zero: every detection is an artefact."""
    return np.zeros(len(mjd))


TRANSIENTS = {
    **{
        name: _make_outburst_model(name)
        for name in ("SN Ia", "SN II", "SN Ibc", "SLSN", "TDE", "nova", "flare", "AT2018cow")
    },
    "CV": _dwarf_nova_flux,
    "mover": _asteroid_flux,
    "artefact": _zero_flux,
}
"""Models by name."""

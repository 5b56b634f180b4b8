# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of ``fp``: photometry forced at the object's place, in exposures around and after its discovery.

The server runs the fit with a detection threshold of 1 sigma and reports limits at 3 sigma: a flux below 1 sigma, all
negative ones included, becomes a limit (`limiting_mag` true, `dm` 0, `snr` 3). Seen in the recordings: a measured
magnitude contains the aperture correction `apfit`, a limit does not, so that limits are 0.4 mag fainter than 3 `duJy`.
"""

import numpy as np

from ..dates import iso_list
from ..keyed_random import Chance
from .measurement import ab_magnitude

__all__ = ["forced_rows"]

_KEYS = ("id", "atlas_object_id", "expname", "mjd_obs", "ra", "dec", "filter", "mag", "dm", "snr", "zp", "x", "y",
         "peakval", "skyval", "peakfit", "dpeak", "skyfit", "flux", "dflux", "chin", "major", "minor", "snrdet",
         "snrlimit", "apfit", "date_inserted", "limiting_mag", "redo_photometry", "uJy", "duJy", "texp")  # fmt: skip
_FITTED = ("mag", "dm", "snr", "x", "y", "peakval", "skyval", "peakfit", "dpeak", "skyfit", "flux", "dflux", "chin",
           "major", "minor", "apfit", "uJy", "duJy")  # fmt: skip
_DETECTION, _LIMIT = 1.0, 3.0


def forced_rows(seed, key, object_id, first_id, place, began, exposures, flux, error):
    """Write forced photometry as the server lists it.

    Parameters
    ----------
    seed, key, object_id : int
        Of the sky, number of the object, and its id.
    first_id : int
        Id of the first row.
    place : tuple of float
        Right ascension and declination [deg].
    began : float
        When it was asked for: earlier exposures were measured then (MJD).
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        The exposures, n of them, sorted by time.
    flux, error : `~numpy.ndarray` of float, shape (n,)
        Measured difference flux and its error [uJy].

    Returns
    -------
    list of dict
        JSON-ready rows in the same order.
    """
    chance = Chance(seed, key, exposures.key)
    fit = _fit(exposures, flux, error, chance)
    count = len(exposures)
    late = exposures.mjd > began + 8.0
    columns = {
        "id": (first_id + np.arange(count)).tolist(),
        "atlas_object_id": [object_id] * count,
        "expname": exposures.names,
        "mjd_obs": exposures.mjd.tolist(),
        "ra": _mean_place(place[0], late, seed, key, "ra"),
        "dec": _mean_place(place[1], late, seed, key, "dec"),
        "filter": exposures.filters,
        "zp": exposures.zp.tolist(),
        "snrdet": [_DETECTION] * count,
        "snrlimit": [_LIMIT] * count,
        "date_inserted": iso_list(np.maximum(exposures.mjd, began) + chance.uniform("measured", 0.2, 0.45)),
        "redo_photometry": [False] * count,
        "texp": exposures.exptime.tolist(),
        **{name: column.tolist() for name, column in fit.items()},
    }
    rows = [dict(zip(_KEYS, row, strict=True)) for row in zip(*(columns[name] for name in _KEYS), strict=True)]
    for index in np.flatnonzero(chance.uniform("failed") < 0.032).tolist():
        rows[index].update(dict.fromkeys(_FITTED), limiting_mag=False)
    return rows


def _mean_place(value, late, seed, key, name):
    """The position is the mean of the detections so far: it settles after the first nights."""
    shifts = np.round(value + 0.1 / 3600.0 * Chance(seed, key, [0, 1]).normal(name), 10)
    return np.where(late, shifts[1], shifts[0]).tolist()


def _fit(exposures, flux, error, chance):
    """The columns of the fit, rounded as they are stored; the fluxes in uJy follow from the rounded ones."""
    major = np.round(np.clip(exposures.major * (1.0 + 0.02 * chance.normal("major")), 1.5, 9.0), 2)
    minor = np.round(np.clip(np.minimum(exposures.minor * (1.0 + 0.02 * chance.normal("minor")), major), 1.4, 9.0), 2)
    apfit = np.round(-0.43 + 0.035 * (major - 2.1) + 0.008 * chance.normal("apfit"), 4)
    area = major * minor / exposures.exptime
    scale = area * 10.0 ** (-0.4 * (exposures.zp + apfit - 23.9))
    peak, noise = np.round(flux / scale, 1), np.maximum(np.round(error / scale, 1), 0.1)
    ratio = peak / noise
    limiting = ratio < _DETECTION
    limit = exposures.zp - 2.5 * np.log10(_LIMIT * noise * area)
    micro = peak * scale
    magnitude = np.where(limiting, limit, ab_magnitude(np.where(limiting, 1.0, micro)))
    positive = np.maximum(ratio, _DETECTION)
    return {
        "mag": np.round(magnitude, 2),
        "dm": np.where(limiting, 0.0, np.round(2.5 * np.log10(1.0 + 1.0 / positive), 2)),
        "snr": np.where(limiting, _LIMIT, np.round(positive, 2)),
        "limiting_mag": limiting,
        "peakfit": peak,
        "dpeak": noise,
        "major": major,
        "minor": minor,
        "apfit": apfit,
        "uJy": micro,
        "duJy": noise * scale,
        "chin": np.round(np.exp(0.2 * chance.normal("chin")) * (0.97 + (positive / 33.0) ** 2), 2),
        **_aperture(exposures, peak, noise, chance),
    }


def _aperture(exposures, peak, noise, chance):
    """Pixel values and the flux in an aperture, which nobody uses but which are in every row."""
    sky = np.round(181.0 + 2.5 * chance.normal("sky") + 0.02 * noise * chance.normal("glow"), 1)
    wide = np.round(noise * 57.0 * np.exp(0.13 * chance.normal("dflux")), 1)
    return {
        "x": np.round(exposures.x, 2),
        "y": np.round(exposures.y, 2),
        "skyval": sky,
        "skyfit": np.round(sky - 0.3 + 1.5 * chance.normal("skyfit"), 1),
        "peakval": np.rint(sky + peak + 1.6 * noise * chance.normal("peakval")),
        "flux": np.round(20.0 * peak + 0.95 * wide * chance.normal("aperture"), 1),
        "dflux": wide,
    }

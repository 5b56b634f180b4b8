# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of ``fp``: photometry forced at the position of the object, around and after its discovery.

The server runs the fit with a detection threshold of 1 sigma and reports limits at 3 sigma: a flux below 1 sigma, also
any negative one, becomes a limit (`limiting_mag` true, `dm` 0, `snr` 3). As in the recordings, a measured magnitude
contains the aperture correction `apfit` and a limit does not: limits are 0.4 mag fainter than 3 `duJy`.
"""

import numpy as np

from ..dates import format_dates
from ..keyed_random import KeyedRandom
from .measurement import ab_magnitude

__all__ = ["make_forced_rows"]

_KEYS = ("id", "atlas_object_id", "expname", "mjd_obs", "ra", "dec", "filter", "mag", "dm", "snr", "zp", "x", "y",
         "peakval", "skyval", "peakfit", "dpeak", "skyfit", "flux", "dflux", "chin", "major", "minor", "snrdet",
         "snrlimit", "apfit", "date_inserted", "limiting_mag", "redo_photometry", "uJy", "duJy", "texp")  # fmt: skip
_FIT_COLUMNS = ("mag", "dm", "snr", "x", "y", "peakval", "skyval", "peakfit", "dpeak", "skyfit", "flux",
                "dflux", "chin", "major", "minor", "apfit", "uJy", "duJy")  # fmt: skip
_DETECTION_SNR, _LIMIT_SNR = 1.0, 3.0


def make_forced_rows(seed, key, object_id, first_id, position, start_mjd, exposures, flux, error):
    """Make the JSON-ready rows of ``fp`` in the order of the exposures.

    Parameters
    ----------
    seed, key, object_id : int
        Seed of the sky, key and id of the object.
    first_id : int
        Id of the first row.
    position : tuple of float
        Right ascension and declination [deg].
    start_mjd : float
        Time of the request (MJD); earlier exposures were measured then.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        The exposures, n of them, sorted by time.
    flux, error : `~numpy.ndarray` of float, shape (n,)
        Measured difference flux and its error [uJy].
    """
    rng = KeyedRandom(seed, key, exposures.key)
    fit = _fit_columns(exposures, flux, error, rng)
    count = len(exposures)
    is_late = exposures.mjd > start_mjd + 8.0
    columns = {
        "id": (first_id + np.arange(count)).tolist(),
        "atlas_object_id": [object_id] * count,
        "expname": exposures.names,
        "mjd_obs": exposures.mjd.tolist(),
        "ra": _mean_positions(position[0], is_late, seed, key, "ra"),
        "dec": _mean_positions(position[1], is_late, seed, key, "dec"),
        "filter": exposures.filters,
        "zp": exposures.zp.tolist(),
        "snrdet": [_DETECTION_SNR] * count,
        "snrlimit": [_LIMIT_SNR] * count,
        "date_inserted": format_dates(np.maximum(exposures.mjd, start_mjd) + rng.uniform("measured", 0.2, 0.45)),
        "redo_photometry": [False] * count,
        "texp": exposures.exptime.tolist(),
        **{name: column.tolist() for name, column in fit.items()},
    }
    rows = [dict(zip(_KEYS, row, strict=True)) for row in zip(*(columns[name] for name in _KEYS), strict=True)]
    for index in np.flatnonzero(rng.uniform("failed") < 0.032).tolist():
        rows[index].update(dict.fromkeys(_FIT_COLUMNS), limiting_mag=False)
    return rows


def _mean_positions(value, is_late, seed, key, name):
    """Return the mean coordinate of the detections so far; it changes only in the first nights."""
    shifts = np.round(value + 0.1 / 3600.0 * KeyedRandom(seed, key, [0, 1]).normal(name), 10)
    return np.where(is_late, shifts[1], shifts[0]).tolist()


def _fit_columns(exposures, flux, error, rng):
    """Return the columns of the fit, rounded as stored; fluxes in uJy follow from the rounded values."""
    major = np.round(np.clip(exposures.major * (1.0 + 0.02 * rng.normal("major")), 1.5, 9.0), 2)
    minor = np.round(np.clip(np.minimum(exposures.minor * (1.0 + 0.02 * rng.normal("minor")), major), 1.4, 9.0), 2)
    apfit = np.round(-0.43 + 0.035 * (major - 2.1) + 0.008 * rng.normal("apfit"), 4)
    area = major * minor / exposures.exptime
    scale = area * 10.0 ** (-0.4 * (exposures.zp + apfit - 23.9))
    peak, noise = np.round(flux / scale, 1), np.maximum(np.round(error / scale, 1), 0.1)
    snr = peak / noise
    is_limit = snr < _DETECTION_SNR
    limit_mag = exposures.zp - 2.5 * np.log10(_LIMIT_SNR * noise * area)
    flux_ujy = peak * scale
    magnitude = np.where(is_limit, limit_mag, ab_magnitude(np.where(is_limit, 1.0, flux_ujy)))
    clipped_snr = np.maximum(snr, _DETECTION_SNR)
    return {
        "mag": np.round(magnitude, 2),
        "dm": np.where(is_limit, 0.0, np.round(2.5 * np.log10(1.0 + 1.0 / clipped_snr), 2)),
        "snr": np.where(is_limit, _LIMIT_SNR, np.round(clipped_snr, 2)),
        "limiting_mag": is_limit,
        "peakfit": peak,
        "dpeak": noise,
        "major": major,
        "minor": minor,
        "apfit": apfit,
        "uJy": flux_ujy,
        "duJy": noise * scale,
        "chin": np.round(np.exp(0.2 * rng.normal("chin")) * (0.97 + (clipped_snr / 33.0) ** 2), 2),
        **_aperture_columns(exposures, peak, noise, rng),
    }


def _aperture_columns(exposures, peak, noise, rng):
    """Return pixel values and aperture fluxes, which are in every row but rarely used."""
    sky = np.round(181.0 + 2.5 * rng.normal("sky") + 0.02 * noise * rng.normal("glow"), 1)
    aperture_error = np.round(noise * 57.0 * np.exp(0.13 * rng.normal("dflux")), 1)
    return {
        "x": np.round(exposures.x, 2),
        "y": np.round(exposures.y, 2),
        "skyval": sky,
        "skyfit": np.round(sky - 0.3 + 1.5 * rng.normal("skyfit"), 1),
        "peakval": np.rint(sky + peak + 1.6 * noise * rng.normal("peakval")),
        "flux": np.round(20.0 * peak + 0.95 * aperture_error * rng.normal("aperture"), 1),
        "dflux": aperture_error,
    }

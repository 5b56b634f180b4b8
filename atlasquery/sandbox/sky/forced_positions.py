# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Photometry forced at any position, over the whole archive: that of an object near it, or noise."""

from dataclasses import dataclass, fields

import numpy as np

from .almanac import separation
from .keyed_random import KeyedRandom
from .photometry.measurement import measure

__all__ = ["ForcedMeasurements", "find_object", "measure_noise", "to_measurements"]

_MAX_OFFSET = 2.0  # arcsec; the flux of a source further away is not measured
_POSITION_KEY_SCALE = 1e5  # positions of equal 0.04 arcsec have the same noise


@dataclass
class ForcedMeasurements:
    """Columns of equal length, one row an exposure, in the order of the server's files."""

    mjd: np.ndarray
    flux: np.ndarray
    error: np.ndarray
    band: list
    chi: np.ndarray
    ra: np.ndarray
    dec: np.ndarray
    x: np.ndarray
    y: np.ndarray
    major: np.ndarray
    minor: np.ndarray
    phi: np.ndarray
    apfit: np.ndarray
    limit: np.ndarray
    sky: np.ndarray
    name: list

    def columns(self):
        """Return the columns by name."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


def find_object(catalogue, ra, dec):
    """Return the row of the catalogue nearest to a position [deg], None if none is near enough."""
    offsets = separation(catalogue["ra"], catalogue["dec"], ra, dec) * 3600.0
    row = int(np.argmin(offsets))
    return row if offsets[row] <= _MAX_OFFSET else None


def measure_noise(seed, survey, ra, dec, start, end):
    """Return the exposures of an empty position, and measurements of nothing."""
    exposures = survey.find_exposures(ra, dec, start, end)
    key = int(round(ra * _POSITION_KEY_SCALE) * 40_000_000 + round((dec + 90) * _POSITION_KEY_SCALE))
    return exposures, measure(seed, key, exposures, np.zeros(len(exposures)))


def to_measurements(seed, exposures, measured, ra, dec):
    """Return measurements with the columns of the server's files."""
    rng = KeyedRandom(seed, exposures.key)
    length = len(exposures)
    return ForcedMeasurements(
        exposures.mjd,
        measured.flux,
        measured.error,
        exposures.filters,
        np.exp(0.2 * rng.normal("chin")) * (0.97 + (np.abs(measured.snr) / 33.0) ** 2),
        np.full(length, ra),
        np.full(length, dec),
        exposures.x,
        exposures.y,
        np.clip(exposures.major, 1.6, 9.0),
        np.clip(exposures.minor, 1.5, 9.0),
        rng.uniform("phi", -90.0, 90.0),
        np.round(-0.43 + 0.02 * rng.normal("apfit"), 3),
        exposures.mag5sig,
        20.4 + 0.3 * rng.normal("sky"),
        exposures.names,
    )

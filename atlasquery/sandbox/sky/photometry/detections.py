# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of ``lc``: what the pipeline detected by itself at the object's place.

Where two of its searches find the same source, the row appears twice (`dup` 1 and -1); a negative difference flux has a
negative `mag`. Far from any outburst a few stray rows are artefacts, as in every real light curve.
"""

from dataclasses import dataclass

import numpy as np

from ..chance import Chance
from ..dates import iso_list
from .measure import ab_magnitude

__all__ = ["LOOKS", "Traits", "detection_rows"]

_KEYS = ("id", "mag", "magerr", "mjd", "exptime", "filter", "zp", "expname", "ra", "dec", "atlas_metadata_id",
         "pointing", "mag5sig", "x", "y", "major", "minor", "phi", "det", "chin", "pvr", "ptr", "pmv", "pkn", "pno",
         "pbn", "pcr", "pxt", "psc", "dup", "wpflx", "dflx", "date_inserted")  # fmt: skip
_SCORES = ("pvr", "ptr", "pmv", "pkn", "pno", "pbn", "pcr", "pxt", "psc")

LOOKS = {
    "transient": {"ptr": 900, "pcr": 15, "pxt": 6},
    "variable": {"pvr": 760, "ptr": 30, "psc": 120},
    "mover": {"pmv": 720, "ptr": 150, "pkn": 60},
    "star": {"pvr": 480, "psc": 260, "pbn": 60, "pxt": 40},
    "artefact": {"pbn": 240, "pcr": 230, "pxt": 160, "psc": 60},
}
"""Typical probabilities (0 to 999) that the pipeline gives to kinds of sources; what is missing goes to noise."""


@dataclass
class Traits:
    """What an object looks like to the pipeline.

    Parameters
    ----------
    seed, key, object_id : int
        Of the sky, number of the object, and its id.
    ra, dec : `~numpy.ndarray` of float
        Position at each exposure [deg].
    look : str
        One of ``LOOKS``.
    reference_flux : float
        Flux of the reference image at the place, in counts.
    """

    seed: int
    key: int
    object_id: int
    ra: np.ndarray
    dec: np.ndarray
    look: str
    reference_flux: float


def detection_rows(traits, exposures, flux, error, stray):
    """Write detections as the server lists them.

    Parameters
    ----------
    traits : Traits
        The object.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        The exposures with a detection, n of them.
    flux, error : `~numpy.ndarray` of float, shape (n,)
        Measured difference flux and its error [uJy].
    stray : `~numpy.ndarray` of bool, shape (n,)
        Which ones are artefacts.

    Returns
    -------
    list of dict
        JSON-ready rows in the order of the exposures.
    """
    index, copy, copies = _searches(traits, exposures, flux / error)
    found = exposures[index]
    chance = Chance(traits.seed, traits.key, found.id, copy)
    error = error[index]
    # The search fits the position too: its flux scatters about that of forced photometry.
    flux = flux[index] * (1.0 + 0.01 * chance.normal("flux")) + 0.35 * error * chance.normal("more noise")
    snr = np.maximum(np.abs(flux) / error, 1.4)
    stray = stray[index]
    columns = (
        *_brightness(traits, found, flux, snr),
        *_position(traits, index, found, snr, chance),
        *_shape(found, stray, chance),
        np.where(flux < 0, 5, copy),
        np.round(np.exp(0.25 * chance.normal("chin")) * (1.05 + (snr / 45.0) ** 2), 2),
        *_scores(traits.look, flux, stray, snr, chance),
        np.where(copies == 1, 0, np.where(copy == copies - 1, 1, -1)),
        np.round(traits.reference_flux * (1.0 + 0.08 * chance.normal("wpflx")) + 20.0 * chance.normal("wp"), 1),
        np.round(chance.uniform("dflx", 1.2, 3.2), 1),
    )
    lists = [column if isinstance(column, list) else column.tolist() for column in columns]
    lists.append(iso_list(found.mjd + chance.uniform("inserted", 0.15, 0.55)))
    return [dict(zip(_KEYS, row, strict=True)) for row in zip(*lists, strict=True)]


def _searches(traits, exposures, snr):
    """Repeat the rows of bright sources that two or three searches find: index, number of the search, how many."""
    draw = Chance(traits.seed, traits.key, exposures.id).uniform("copies")
    bright = np.abs(snr) > 12
    count = 1 + (bright & (draw < 0.10)) + (bright & (draw < 0.015))
    index = np.repeat(np.arange(len(count)), count)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count), np.repeat(count, count)


def _brightness(traits, found, flux, snr):
    magnitude = np.where(flux < 0, -1.0, 1.0) * np.round(ab_magnitude(flux), 3)
    error = np.round(np.minimum(1.0857 / snr, 0.9), 3)
    count = len(found)
    return ([traits.object_id] * count, magnitude, np.maximum(error, 0.002), found.mjd, [30.0] * count, found.filters,
            found.zp, found.names)  # fmt: skip


def _position(traits, index, found, snr, chance):
    scatter = 0.08 + 1.3 / snr
    dec = np.clip(traits.dec[index] + scatter / 3600.0 * chance.normal("north"), -90.0, 90.0)
    ra = (traits.ra[index] + scatter / 3600.0 * chance.normal("east") / np.cos(np.radians(dec))) % 360.0
    # Rounding can turn 359.999999 into 360, which is 0.
    return np.round(ra, 5) % 360.0, np.round(dec, 5), found.id, found.pointings, found.mag5sig


def _shape(found, stray, chance):
    """Where on the detector, and how wide: artefacts have odd widths."""
    odd = np.where(stray, np.exp(0.45 * chance.normal("odd")), 1.0)
    major = np.clip(found.major * odd * (1.0 + 0.05 * chance.normal("major")), 0.9, 9.0)
    minor = np.clip(np.minimum(found.minor * (1.0 + 0.05 * chance.normal("minor")) / odd**0.5, major), 0.8, 9.0)
    return np.round(found.x, 2), np.round(found.y, 2), np.round(major, 2), np.round(minor, 2), np.round(found.phi, 1)


def _scores(look, flux, stray, snr, chance):
    """Nine probabilities; a negative source gets none, a stray one is called noise."""
    typical = LOOKS[look]
    noise = np.clip(np.rint(999.0 * np.exp(-snr / 2.6) * chance.uniform("pno", 0.4, 1.3)), 0, 600)
    left = (999.0 - noise) / sum(typical.values())
    columns = {name: np.zeros(len(flux)) for name in _SCORES}
    for name, size in typical.items():
        spread = 1.0 if size > 400 else chance.uniform(name, 0.0, 1.6)
        columns[name] = np.where(stray, 0.25, 1.0) * left * size * spread
    columns["pno"] = np.where(stray, 999.0 - noise, noise)
    return [np.where(flux < 0, 0, np.clip(columns[name], 0, 999)).astype(int) for name in _SCORES]

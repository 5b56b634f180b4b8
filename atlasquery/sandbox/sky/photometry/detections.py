# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of ``lc``: what the pipeline detected by itself at the object's place.

Where two of its searches find the same source, the row appears twice (`dup` 1 and -1); a negative difference flux has a
negative `mag`. Far from any outburst a few stray rows are artefacts, as in every real light curve.
"""

from dataclasses import dataclass

import numpy as np

from ..dates import iso_list
from ..exposures import Exposures
from ..keyed_random import Chance
from .measurement import ab_magnitude

__all__ = ["LOOKS", "Search", "Traits", "detection_rows", "searches"]

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
    seed, key : int
        Of the sky, and number of the object.
    ra, dec : `~numpy.ndarray` of float
        Position at each exposure [deg].
    look : str
        One of ``LOOKS``.
    reference_flux : float
        Flux of the reference image at the place, in counts.
    """

    seed: int
    key: int
    ra: np.ndarray
    dec: np.ndarray
    look: str
    reference_flux: float


@dataclass
class Search:
    """What the pipeline's searches found: columns of equal length, one row a source that one of them found.

    Parameters
    ----------
    traits : Traits
        The object.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        Where it was found.
    copy, copies : `~numpy.ndarray` of int
        Number of the search, and how many found it in this exposure.
    flux, snr : `~numpy.ndarray` of float
        Difference flux [uJy], and its signal-to-noise ratio, positive.
    stray : `~numpy.ndarray` of bool
        Whether it is an artefact.
    chance : `~atlasquery.sandbox.sky.keyed_random.Chance`
        The randomness of the rows.
    ra, dec : `~numpy.ndarray` of float
        Where it was found [deg].
    """

    traits: Traits
    exposures: Exposures
    copy: np.ndarray
    copies: np.ndarray
    flux: np.ndarray
    snr: np.ndarray
    stray: np.ndarray
    chance: Chance
    ra: np.ndarray
    dec: np.ndarray

    @property
    def mag(self):
        """AB magnitudes, negative where the flux is: `~numpy.ndarray` of float."""
        return np.where(self.flux < 0, -1.0, 1.0) * np.round(ab_magnitude(self.flux), 3)


def searches(traits, exposures, flux, error, stray):
    """Let the pipeline find a source in exposures.

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
    Search
        In the order of the exposures; n rows or more, since bright sources are found by two or three searches.
    """
    draw = Chance(traits.seed, traits.key, exposures.key).uniform("copies")
    # What is published is listed once.
    bright = (np.abs(flux / error) > 12) & exposures.scheduled
    count = 1 + (bright & (draw < 0.10)) + (bright & (draw < 0.015))
    index = np.repeat(np.arange(len(count)), count)
    copy = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    found, error = exposures[index], error[index]
    chance = Chance(traits.seed, traits.key, found.key, copy)
    # The search fits the position too: its flux scatters about that of forced photometry.
    flux = flux[index] * (1.0 + 0.01 * chance.normal("flux")) + 0.35 * error * chance.normal("more noise")
    snr = np.maximum(np.abs(flux) / error, 1.4)
    place = _position(traits.ra[index], traits.dec[index], snr, chance)
    return Search(traits, found, copy, count[index], flux, snr, stray[index], chance, *place)


def detection_rows(object_id, search, since):
    """Write detections as the server lists them.

    Parameters
    ----------
    object_id : int
        The object.
    search : Search
        What was found.
    since : float
        Only rows after this time (MJD).

    Returns
    -------
    list of dict
        JSON-ready rows in the same order.
    """
    found, count = search.exposures, len(search.exposures)
    lists = {name: column.tolist() for name, column in _numbers(search).items()}
    lists |= {
        "id": [object_id] * count,
        "mjd": found.mjd.tolist(),
        "exptime": found.exptime.tolist(),
        "filter": found.filters,
        "zp": found.zp.tolist(),
        "expname": found.names,
        "atlas_metadata_id": found.id.tolist(),
        "pointing": found.pointings,
        "mag5sig": found.mag5sig.tolist(),
        "date_inserted": iso_list(found.mjd + search.chance.uniform("inserted", 0.15, 0.55)),
    }
    rows = (dict(zip(_KEYS, row, strict=True)) for row in zip(*(lists[name] for name in _KEYS), strict=True))
    return [row for row in rows if row["mjd"] > since]


def _numbers(search):
    """The columns that differ from exposure to exposure without rule."""
    chance, snr = search.chance, search.snr
    background = search.traits.reference_flux * (1.0 + 0.08 * chance.normal("wpflx")) + 20.0 * chance.normal("wp")
    return {
        "mag": search.mag,
        "magerr": np.clip(np.round(1.0857 / snr, 3), 0.002, 0.9),
        "ra": search.ra,
        "dec": search.dec,
        **_shape(search.exposures, search.stray, chance),
        "det": np.where(search.flux < 0, 5, search.copy),
        "chin": np.round(np.exp(0.25 * chance.normal("chin")) * (1.05 + (snr / 45.0) ** 2), 2),
        **_scores(search),
        "dup": np.where(search.copies == 1, 0, np.where(search.copy == search.copies - 1, 1, -1)),
        "wpflx": np.round(background, 1),
        "dflx": np.round(chance.uniform("dflx", 1.2, 3.2), 1),
    }


def _position(ra, dec, snr, chance):
    scatter = (0.08 + 1.3 / snr) / 3600.0
    ra = ra + scatter * chance.normal("east") / np.cos(np.radians(dec))
    # Rounding can turn 359.999999 into 360, which is 0.
    return np.round(ra % 360.0, 5) % 360.0, np.round(np.clip(dec + scatter * chance.normal("north"), -90.0, 90.0), 5)


def _shape(found, stray, chance):
    """Where on the detector, and how wide: artefacts have odd widths."""
    odd = np.where(stray, np.exp(0.45 * chance.normal("odd")), 1.0)
    major = np.clip(found.major * odd * (1.0 + 0.05 * chance.normal("major")), 0.9, 9.0)
    minor = np.clip(np.minimum(found.minor * (1.0 + 0.05 * chance.normal("minor")) / odd**0.5, major), 0.8, 9.0)
    return {
        "x": np.round(found.x, 2),
        "y": np.round(found.y, 2),
        "major": np.round(major, 2),
        "minor": np.round(minor, 2),
        "phi": np.round(found.phi, 1),
    }


def _scores(search):
    """Nine probabilities; a negative source gets none, a stray one is called noise."""
    typical, chance = LOOKS[search.traits.look], search.chance
    noise = np.clip(np.rint(999.0 * np.exp(-search.snr / 2.6) * chance.uniform("pno", 0.4, 1.3)), 0, 600)
    left = np.where(search.stray, 0.25, 1.0) * (999.0 - noise) / sum(typical.values())
    columns = {name: np.zeros(len(noise)) for name in _SCORES}
    for name, size in typical.items():
        spread = 1.0 if size > 400 else chance.uniform(name, 0.0, 1.6)
        columns[name] = left * size * spread
    columns["pno"] = np.where(search.stray, 999.0 - noise, noise)
    negative = search.flux < 0
    return {name: np.where(negative, 0, np.clip(column, 0, 999)).astype(int) for name, column in columns.items()}

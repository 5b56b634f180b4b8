# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of ``lc``: detections by the pipeline at the position of the object.

Where two of its searches detect the same source, the row appears twice (`dup` 1 and -1). A negative difference flux has
a negative `mag`. A few rows far from any outburst are artefacts, as in every real light curve.
"""

from dataclasses import dataclass

import numpy as np

from ..dates import format_dates
from ..exposures import Exposures
from ..keyed_random import KeyedRandom
from .measurement import ab_magnitude

__all__ = ["TYPICAL_SCORES", "Detections", "PipelineTraits", "make_detection_rows", "make_detections"]

_KEYS = ("id", "mag", "magerr", "mjd", "exptime", "filter", "zp", "expname", "ra", "dec", "atlas_metadata_id",
         "pointing", "mag5sig", "x", "y", "major", "minor", "phi", "det", "chin", "pvr", "ptr", "pmv", "pkn", "pno",
         "pbn", "pcr", "pxt", "psc", "dup", "wpflx", "dflx", "date_inserted")  # fmt: skip
_SCORE_NAMES = ("pvr", "ptr", "pmv", "pkn", "pno", "pbn", "pcr", "pxt", "psc")

TYPICAL_SCORES = {
    "transient": {"ptr": 900, "pcr": 15, "pxt": 6},
    "variable": {"pvr": 760, "ptr": 30, "psc": 120},
    "mover": {"pmv": 720, "ptr": 150, "pkn": 60},
    "star": {"pvr": 480, "psc": 260, "pbn": 60, "pxt": 40},
    "artefact": {"pbn": 240, "pcr": 230, "pxt": 160, "psc": 60},
}
"""Typical probabilities [per mille] of the pipeline for each appearance; the remainder is that of noise."""


@dataclass
class PipelineTraits:
    """Properties of an object that determine its detections.

    Parameters
    ----------
    seed, key : int
        Seed of the sky, key of the object.
    ra, dec : `~numpy.ndarray` of float
        Position at each exposure [deg].
    appearance : str
        A key of `TYPICAL_SCORES`.
    reference_flux : float
        Flux of the reference image at the position [counts].
    """

    seed: int
    key: int
    ra: np.ndarray
    dec: np.ndarray
    appearance: str
    reference_flux: float


@dataclass
class Detections:
    """Detections by the searches of the pipeline: columns of equal length, one row a detection.

    Parameters
    ----------
    traits : PipelineTraits
        The object.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        Exposure of each detection.
    search_number, n_searches : `~numpy.ndarray` of int
        Number of the search, and how many searches detected the source in this exposure.
    flux, snr : `~numpy.ndarray` of float
        Difference flux [uJy], and its signal-to-noise ratio, positive.
    is_artefact : `~numpy.ndarray` of bool
        Mask of artefacts.
    rng : `~atlasquery.sandbox.sky.keyed_random.KeyedRandom`
        Random values of the rows.
    ra, dec : `~numpy.ndarray` of float
        Detected position [deg].
    """

    traits: PipelineTraits
    exposures: Exposures
    search_number: np.ndarray
    n_searches: np.ndarray
    flux: np.ndarray
    snr: np.ndarray
    is_artefact: np.ndarray
    rng: KeyedRandom
    ra: np.ndarray
    dec: np.ndarray

    @property
    def mag(self):
        """AB magnitudes, negative for a negative flux: `~numpy.ndarray` of float."""
        return np.where(self.flux < 0, -1.0, 1.0) * np.round(ab_magnitude(self.flux), 3)


def make_detections(traits, exposures, flux, error, is_artefact):
    """Simulate the detections of the pipeline in exposures.

    Parameters
    ----------
    traits : PipelineTraits
        The object.
    exposures : `~atlasquery.sandbox.sky.exposures.Exposures`
        The exposures with a detection, n of them.
    flux, error : `~numpy.ndarray` of float, shape (n,)
        Measured difference flux and its error [uJy].
    is_artefact : `~numpy.ndarray` of bool, shape (n,)
        Mask of artefacts.

    Returns
    -------
    Detections
        In the order of the exposures; at least n rows, since two or three searches detect a bright source.
    """
    draw = KeyedRandom(traits.seed, traits.key, exposures.key).uniform("copies")
    # Published detections are listed once.
    is_bright = (np.abs(flux / error) > 12) & exposures.is_modelled
    count = 1 + (is_bright & (draw < 0.10)) + (is_bright & (draw < 0.015))
    index = np.repeat(np.arange(len(count)), count)
    search_number = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    exposures, error = exposures[index], error[index]
    rng = KeyedRandom(traits.seed, traits.key, exposures.key, search_number)
    # The pipeline fits the position too, so its flux scatters around that of forced photometry.
    flux = flux[index] * (1.0 + 0.01 * rng.normal("flux")) + 0.35 * error * rng.normal("more noise")
    snr = np.maximum(np.abs(flux) / error, 1.4)
    position = _detected_positions(traits.ra[index], traits.dec[index], snr, rng)
    return Detections(traits, exposures, search_number, count[index], flux, snr, is_artefact[index], rng, *position)


def make_detection_rows(object_id, detections, since):
    """Make the JSON-ready rows of ``lc`` after a time (MJD), in the order of the detections."""
    exposures, count = detections.exposures, len(detections.exposures)
    columns = {name: column.tolist() for name, column in _measured_columns(detections).items()}
    columns |= {
        "id": [object_id] * count,
        "mjd": exposures.mjd.tolist(),
        "exptime": exposures.exptime.tolist(),
        "filter": exposures.filters,
        "zp": exposures.zp.tolist(),
        "expname": exposures.names,
        "atlas_metadata_id": exposures.id.tolist(),
        "pointing": exposures.field_names,
        "mag5sig": exposures.mag5sig.tolist(),
        "date_inserted": format_dates(exposures.mjd + detections.rng.uniform("inserted", 0.15, 0.55)),
    }
    rows = (dict(zip(_KEYS, row, strict=True)) for row in zip(*(columns[name] for name in _KEYS), strict=True))
    return [row for row in rows if row["mjd"] > since]


def _measured_columns(detections):
    """Return the measured columns as arrays."""
    rng, snr = detections.rng, detections.snr
    background = detections.traits.reference_flux * (1.0 + 0.08 * rng.normal("wpflx")) + 20.0 * rng.normal("wp")
    return {
        "mag": detections.mag,
        "magerr": np.clip(np.round(1.0857 / snr, 3), 0.002, 0.9),
        "ra": detections.ra,
        "dec": detections.dec,
        **_detector_columns(detections.exposures, detections.is_artefact, rng),
        "det": np.where(detections.flux < 0, 5, detections.search_number),
        "chin": np.round(np.exp(0.25 * rng.normal("chin")) * (1.05 + (snr / 45.0) ** 2), 2),
        **_score_columns(detections),
        "dup": np.where(
            detections.n_searches == 1, 0, np.where(detections.search_number == detections.n_searches - 1, 1, -1)
        ),
        "wpflx": np.round(background, 1),
        "dflx": np.round(rng.uniform("dflx", 1.2, 3.2), 1),
    }


def _detected_positions(ra, dec, snr, rng):
    """Add the error of the fitted position [deg]."""
    scatter = (0.08 + 1.3 / snr) / 3600.0
    ra = ra + scatter * rng.normal("east") / np.cos(np.radians(dec))
    # Rounding turns 359.999999 into 360, which must become 0.
    return np.round(ra % 360.0, 5) % 360.0, np.round(np.clip(dec + scatter * rng.normal("north"), -90.0, 90.0), 5)


def _detector_columns(exposures, is_artefact, rng):
    """Return positions on the detector and widths; artefacts have unusual widths."""
    width_factor = np.where(is_artefact, np.exp(0.45 * rng.normal("odd")), 1.0)
    major = np.clip(exposures.major * width_factor * (1.0 + 0.05 * rng.normal("major")), 0.9, 9.0)
    minor = np.clip(
        np.minimum(exposures.minor * (1.0 + 0.05 * rng.normal("minor")) / width_factor**0.5, major), 0.8, 9.0
    )
    return {
        "x": np.round(exposures.x, 2),
        "y": np.round(exposures.y, 2),
        "major": np.round(major, 2),
        "minor": np.round(minor, 2),
        "phi": np.round(exposures.phi, 1),
    }


def _score_columns(detections):
    """Return nine probabilities: all zero for a negative source, mostly noise for an artefact."""
    typical_scores, rng = TYPICAL_SCORES[detections.traits.appearance], detections.rng
    noise = np.clip(np.rint(999.0 * np.exp(-detections.snr / 2.6) * rng.uniform("pno", 0.4, 1.3)), 0, 600)
    score_sum = np.where(detections.is_artefact, 0.25, 1.0) * (999.0 - noise) / sum(typical_scores.values())
    columns = {name: np.zeros(len(noise)) for name in _SCORE_NAMES}
    for name, typical in typical_scores.items():
        spread = 1.0 if typical > 400 else rng.uniform(name, 0.0, 1.6)
        columns[name] = score_sum * typical * spread
    columns["pno"] = np.where(detections.is_artefact, 999.0 - noise, noise)
    is_negative = detections.flux < 0
    return {name: np.where(is_negative, 0, np.clip(column, 0, 999)).astype(int) for name, column in columns.items()}

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""All objects of the sky: class, position, first detection, and the parameters of the light curve.

There are two parts: the first `n_objects`, all discovered before a fixed date, and a stream in blocks of 30 days that
continues after it at the same mean rate. No object depends on a later one.
"""

from dataclasses import dataclass, fields

import numpy as np

from . import almanac, source_models
from .at2018cow_data import AT2018COW
from .exposures import Exposures
from .keyed_random import KeyedRandom
from .names import assign_numbers, make_object_ids
from .object_classes import OBJECT_CLASSES, find_class_index
from .positions import make_positions

__all__ = [
    "FIRST_DISCOVERY_MJD",
    "FIRST_STREAM_KEY",
    "NIGHTS_MARGIN",
    "REFERENCE_MJD",
    "Population",
    "SourceParameters",
    "make_parameters",
    "make_population",
    "unique_number",
]

FIRST_DISCOVERY_MJD = 58060.0
"""Start of the discoveries (MJD)."""

REFERENCE_MJD = 61345.0
"""Exactly `n_objects` objects are discovered before this date (MJD of 2026-11-01)."""

FIRST_STREAM_KEY = 10_000_000
"""Smallest key of the objects of the stream."""

NIGHTS_MARGIN = 400.0
"""Extent of the table of nights beyond the end of the sky, so that objects do not depend on it [days]."""

_BLOCK_DAYS = 30.0
_MAX_DELAY, _LAST_RESORT_DELAY = 220.0, 380.0  # days after the start of a block of the stream
_MAX_ATTEMPTS = 60
_POSITION_SCATTER = 0.3  # arcsec, of a faint detection


@dataclass
class SourceParameters:
    """The parameters of one object's light curve, plain numbers."""

    seed: int
    key: int
    source: str
    first_mjd: float
    peak_mjd: float
    peak_flux: float
    stretch: float
    colour: float
    period: float
    phase: float
    amplitude: float


@dataclass
class Population:
    """Columns of equal length, one row an object, in the order of creation."""

    key: np.ndarray
    class_index: np.ndarray
    group: np.ndarray
    ra: np.ndarray
    dec: np.ndarray
    id: np.ndarray
    first_exposure: np.ndarray
    first_mjd: np.ndarray
    first_band: np.ndarray
    peak_mag: np.ndarray
    peak_mjd: np.ndarray
    stretch: np.ndarray
    colour: np.ndarray
    redshift: np.ndarray
    atlas_number: np.ndarray
    tns_number: np.ndarray

    def __len__(self):
        return len(self.key)

    def __getitem__(self, index):
        return Population(*(getattr(self, column.name)[index] for column in fields(self)))


def unique_number(key):
    """Return a number below 10,000,000 for an object's key, for ids that must be unique in a table of the server."""
    return key if key < FIRST_STREAM_KEY else key - FIRST_STREAM_KEY // 2


def make_parameters(seed, population, index):
    """Make the light-curve parameters of the object in a row of the population."""
    source = OBJECT_CLASSES[population.class_index[index]].source
    key = int(population.key[index])
    rng = KeyedRandom(seed, key)
    min_period, max_period = _PERIODS.get(source, (1.0, 1.0))
    period = float(min_period * (max_period / min_period) ** rng.uniform("period")[0])
    return SourceParameters(
        seed,
        key,
        source,
        float(population.first_mjd[index]),
        float(population.peak_mjd[index]),
        10.0 ** (-0.4 * (float(population.peak_mag[index]) - 23.9)),
        float(population.stretch[index]),
        float(population.colour[index]),
        period,
        _draw_phase(source, float(population.first_mjd[index]), period, rng),
        float(_AMPLITUDES.get(source, 0.0) * (0.6 + 0.8 * rng.uniform("amplitude")[0])),
    )


def _draw_phase(source, first_mjd, period, rng):
    """Draw the phase such that a periodic star is bright at its first detection."""
    centre, width = _DISCOVERY_PHASES.get(source, (0.5, 1.0))
    return float((centre + width * rng.uniform("phase", -0.5, 0.5)[0] - first_mjd / period) % 1.0)


_DISCOVERY_PHASES = {"RR Lyrae": (0.18, 0.12), "eclipsing": (0.25, 0.2), "Mira": (0.44, 0.3)}
_PERIODS = {"RR Lyrae": (0.45, 0.66), "eclipsing": (0.35, 4.0), "Mira": (140.0, 460.0), "AGN": (80.0, 500.0),
            "CV": (35.0, 320.0)}  # fmt: skip
_AMPLITUDES = {"RR Lyrae": 0.9, "eclipsing": 0.55, "Mira": 1.0, "AGN": 0.22}
_GALACTIC_CLASSES = ("CV", "M dwarf flare", "RR Lyrae", "eclipsing binary", "Mira", "high proper motion star",
             "bright star residual", "nova")  # fmt: skip
_ABSOLUTE_MAGS = {"SN Ia": -19.2, "SN II": -17.3, "SN Ibc": -17.6, "SLSN": -21.2, "TDE": -19.6, "AGN": -21.5}


def make_population(seed, survey, n_objects, end):
    """Make all objects that are discovered until the end.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    survey : `~atlasquery.sandbox.sky.survey.Survey`
        Its nights must extend `NIGHTS_MARGIN` beyond the reference date and `end`.
    n_objects : int
        Number of objects discovered before the reference date, including AT2018cow.
    end : float
        The end of the sky (MJD).

    Returns
    -------
    Population
        The objects.
    """
    parts = [_make_at2018cow(seed)]
    if n_objects > 1:
        parts.append(_make_objects(seed, survey, np.arange(1, n_objects), FIRST_DISCOVERY_MJD, REFERENCE_MJD))
    n_per_block = n_objects * _BLOCK_DAYS / (REFERENCE_MJD - FIRST_DISCOVERY_MJD)
    for block in range(max(int(np.ceil((end - REFERENCE_MJD) / _BLOCK_DAYS)), 0)):
        keys = np.arange(int(block * n_per_block), int((block + 1) * n_per_block)) + FIRST_STREAM_KEY
        start = REFERENCE_MJD + block * _BLOCK_DAYS
        if len(keys):
            parts.append(_make_objects(seed, survey, keys, start, start + _BLOCK_DAYS))
    population = Population(*(np.concatenate([getattr(part, c.name) for part in parts]) for c in fields(Population)))
    population.id = np.append(AT2018COW["id"], make_object_ids(*_first_detection_position(seed, population[1:])))
    population.atlas_number, population.tns_number = _assign_name_numbers(population)
    return population[population.first_mjd <= end]


def _make_at2018cow(seed):
    """Make AT2018cow; its peak follows from the published points."""
    ones = np.ones(1)
    zeros = np.zeros(1, dtype=np.int64)
    return Population(zeros, zeros + find_class_index("AT2018cow"), zeros, AT2018COW["ra"] * ones,
                      AT2018COW["dec"] * ones, zeros, zeros - 1, AT2018COW["first_mjd"] * ones, zeros + 1,
                      13.489 * ones, 58287.991 * ones, ones, -0.025 * ones, AT2018COW["redshift"] * ones,
                      zeros, zeros)  # fmt: skip


def _assign_name_numbers(population):
    """Assign the numbers of designations; the stream has its own series, which leaves earlier ones unchanged."""
    late = population.key >= FIRST_STREAM_KEY
    atlas, tns = np.zeros(len(late), dtype=np.int64), np.zeros(len(late), dtype=np.int64)
    for part, first in ((~late, 0), (late, 1)):
        if part.any():
            atlas[part] = assign_numbers(population.first_mjd[part], 30000, first=first)[1]
            tns[part] = assign_numbers(population.first_mjd[part], 21000, first=first)[1]
    return atlas, tns


def _first_detection_position(seed, population):
    """Return the position of the first detection [deg], from which the id is made."""
    rng = KeyedRandom(seed, population.key)
    shift = _POSITION_SCATTER / 3600.0 * np.stack([rng.normal("first east"), rng.normal("first north")])
    dec = np.clip(population.dec + shift[1], -89.9999, 89.9999)
    return (population.ra + shift[0] / np.cos(np.radians(population.dec))) % 360.0, dec


def _make_objects(seed, survey, keys, start, end):
    """Make objects that are discovered between two dates (MJD)."""
    rng = KeyedRandom(seed, keys)
    cumulative_fractions = np.cumsum([object_class.fraction for object_class in OBJECT_CLASSES])
    class_index = np.searchsorted(cumulative_fractions / cumulative_fractions[-1], rng.uniform("kind"))
    galactic = np.isin(class_index, [find_class_index(name) for name in _GALACTIC_CLASSES])
    ra, dec, group = make_positions(seed, keys, galactic)
    first = _find_first_exposures(seed, survey, keys, ra, dec, start, end)
    names = np.array([OBJECT_CLASSES[number].source for number in class_index])
    mean, scatter = np.array([OBJECT_CLASSES[number].peak_mag for number in class_index]).T
    peak_mag = np.clip(mean + scatter * rng.normal("peak"), 10.8, 19.1)
    stretch = np.exp(0.12 * rng.normal("stretch")) * np.where(names == "nova", 2.0 ** rng.normal("slow"), 1.0)
    colour = 0.08 * rng.normal("colour") + np.where(galactic, 0.25, 0.0)
    peak_mjd = first.mjd.copy()
    # A transient is discovered during its rise, slightly brighter than the limit of the exposure.
    margin = 0.3 - 0.3 * np.log(rng.uniform("margin"))
    for source in set(names.tolist()):
        of_source = names == source
        mag_below_peak = np.clip(first.mag5sig[of_source] - margin[of_source] - peak_mag[of_source], 0.05, 8.0)
        peak_mjd[of_source] = source_models.find_peak_mjd(
            source, first.mjd[of_source], mag_below_peak, stretch[of_source]
        )
    distance_modulus = peak_mag - np.array([_ABSOLUTE_MAGS.get(source, np.nan) for source in names])
    redshift = _redshift_from_modulus(distance_modulus + 0.4 * rng.normal("luminosity"))
    zeros = np.zeros(len(keys), dtype=np.int64)
    return Population(keys, class_index, group, ra, dec, zeros, first.id, first.mjd, first.band, peak_mag,
                      peak_mjd, stretch, colour, redshift, zeros, zeros)  # fmt: skip


def _find_first_exposures(seed, survey, keys, ra, dec, start, end):
    """Find the discovery exposure of each object, at a time when its position is observable."""
    unplaced, placed, found_parts = np.arange(len(keys)), [], []
    for attempt in range(2 * _MAX_ATTEMPTS):
        # In a short block a position may be too close to the Sun: the object is then discovered later.
        late = end if end - start > _MAX_DELAY or attempt < 4 else start + _MAX_DELAY
        late = late if attempt < _MAX_ATTEMPTS else max(end, start + _LAST_RESORT_DELAY)
        times = KeyedRandom(seed, keys[unplaced], attempt).uniform("when", start, late - 1.0)
        # Near the pole there are exposures at any distance from the Sun, sometimes only close to it.
        is_tried = _is_observable(ra[unplaced], dec[unplaced], times) | (attempt >= _MAX_ATTEMPTS)
        has_exposure, exposures = survey.find_first_exposure(
            ra[unplaced[is_tried]], dec[unplaced[is_tried]], times[is_tried]
        )
        is_valid = exposures.mjd < max(late, REFERENCE_MJD)
        placed.append(unplaced[is_tried][has_exposure][is_valid])
        found_parts.append(exposures[is_valid])
        unplaced = np.setdiff1d(unplaced, placed[-1])
        if not len(unplaced):
            return Exposures.concatenate(found_parts)[np.argsort(np.concatenate(placed))]
    raise RuntimeError(
        f"Cannot find exposures of {len(unplaced)} objects, the first at {ra[unplaced[0]]}, {dec[unplaced[0]]} deg."
    )


def _is_observable(ra, dec, times):
    """Return the mask of positions far from the Sun and in the range of a telescope."""
    sun_ra, sun_dec = almanac.sun_position(times)
    return (almanac.separation(ra, dec, sun_ra, sun_dec) > 75.0) & ((dec > -44.0) | (times > 59600.0))


def _redshift_from_modulus(distance_modulus):
    """Convert a distance modulus to a redshift (Hubble constant 70 km/s/Mpc, small redshifts)."""
    return np.round(10.0 ** (0.2 * distance_modulus + 1.0) * 1e-6 * 70.0 / 299792.458, 6)

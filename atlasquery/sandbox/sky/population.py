# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""All objects of the sky: what each is, where, when it was first seen, and the parameters of its light curve.

Objects come in two parts: the first `n_objects`, which were all first seen before a fixed date, and a stream in blocks
of 30 days that goes on after it at the same mean rate. No object depends on a later one.
"""

from dataclasses import dataclass, fields

import numpy as np

from . import almanac
from . import source_models as sources
from .at2018cow_data import AT2018COW
from .exposures import Exposures
from .keyed_random import Chance
from .names import object_ids, serial_numbers
from .object_classes import CLASSES, index_of
from .positions import places

__all__ = [
    "MARGIN",
    "REFERENCE",
    "START",
    "STREAM",
    "Parameters",
    "Population",
    "parameters",
    "populate",
    "serial_number",
]

START = 58060.0
"""Since when objects are found (MJD)."""

REFERENCE = 61345.0
"""Before this date (2026-11-01) exactly `n_objects` are first seen."""

STREAM = 10_000_000
"""Objects of the stream have keys from here on."""

MARGIN = 400.0
"""How far the table of nights must reach beyond the present, so that objects do not depend on where it ends [days]."""

_BLOCK = 30.0
_LATEST, _LAST_RESORT = 220.0, 380.0  # days after the start of a block of the stream
_TRIES = 60
_STRAY = 0.3  # arcsec of scatter of a faint detection


@dataclass
class Parameters:
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
    """Columns of equal length, one row an object, in the order in which they were made."""

    key: np.ndarray
    kind: np.ndarray
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


def serial_number(key):
    """Number an object for ids that need to be unique in a table of the server.

    Parameters
    ----------
    key : int
        Of the object.

    Returns
    -------
    int
        A number below 10,000,000, the same whenever the present is.
    """
    return key if key < STREAM else key - STREAM // 2


def parameters(seed, population, index):
    """Collect the parameters of one object's light curve.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : Population
        All objects.
    index : int
        The object's row.

    Returns
    -------
    Parameters
        Of its light curve.
    """
    source = CLASSES[population.kind[index]].source
    key = int(population.key[index])
    chance = Chance(seed, key)
    shortest, longest = _PERIODS.get(source, (1.0, 1.0))
    period = float(shortest * (longest / shortest) ** chance.uniform("period")[0])
    return Parameters(
        seed,
        key,
        source,
        float(population.first_mjd[index]),
        float(population.peak_mjd[index]),
        10.0 ** (-0.4 * (float(population.peak_mag[index]) - 23.9)),
        float(population.stretch[index]),
        float(population.colour[index]),
        period,
        _phase(source, float(population.first_mjd[index]), period, chance),
        float(_AMPLITUDES.get(source, 0.0) * (0.6 + 0.8 * chance.uniform("amplitude")[0])),
    )


def _phase(source, first_mjd, period, chance):
    """Choose the phase so that a periodic star is bright when it is first seen."""
    bright, width = _BRIGHT.get(source, (0.5, 1.0))
    return float((bright + width * chance.uniform("phase", -0.5, 0.5)[0] - first_mjd / period) % 1.0)


_BRIGHT = {"RR Lyrae": (0.18, 0.12), "eclipsing": (0.25, 0.2), "Mira": (0.44, 0.3)}
_PERIODS = {"RR Lyrae": (0.45, 0.66), "eclipsing": (0.35, 4.0), "Mira": (140.0, 460.0), "AGN": (80.0, 500.0),
            "CV": (35.0, 320.0)}  # fmt: skip
_AMPLITUDES = {"RR Lyrae": 0.9, "eclipsing": 0.55, "Mira": 1.0, "AGN": 0.22}
_GALACTIC = ("CV", "M dwarf flare", "RR Lyrae", "eclipsing binary", "Mira", "high proper motion star",
             "bright star residual", "nova")  # fmt: skip
_ABSOLUTE = {"SN Ia": -19.2, "SN II": -17.3, "SN Ibc": -17.6, "SLSN": -21.2, "TDE": -19.6, "AGN": -21.5}


def populate(seed, survey, n_objects, end):
    """Make all objects that are first seen until `end`.

    Parameters
    ----------
    seed : int
        Of the sky.
    survey : `~atlasquery.sandbox.sky.survey.Survey`
        Its nights must reach `MARGIN` beyond the reference date and `end`.
    n_objects : int
        How many are first seen before the reference date; AT2018cow is one of them.
    end : float
        The present (MJD).

    Returns
    -------
    Population
        The objects.
    """
    parts = [_cow(seed)]
    if n_objects > 1:
        parts.append(_found(seed, survey, np.arange(1, n_objects), START, REFERENCE))
    a_block = n_objects * _BLOCK / (REFERENCE - START)
    for block in range(max(int(np.ceil((end - REFERENCE) / _BLOCK)), 0)):
        keys = np.arange(int(block * a_block), int((block + 1) * a_block)) + STREAM
        start = REFERENCE + block * _BLOCK
        if len(keys):
            parts.append(_found(seed, survey, keys, start, start + _BLOCK))
    everything = Population(*(np.concatenate([getattr(part, c.name) for part in parts]) for c in fields(Population)))
    everything.id = np.append(AT2018COW["id"], object_ids(*_first_position(seed, everything[1:])))
    everything.atlas_number, everything.tns_number = _numbers(everything)
    return everything[everything.first_mjd <= end]


def _cow(seed):
    """AT2018cow; its peak follows from the published points."""
    one = np.ones(1)
    whole = np.zeros(1, dtype=np.int64)
    return Population(whole, whole + index_of("AT2018cow"), whole, AT2018COW["ra"] * one, AT2018COW["dec"] * one, whole,
                      whole - 1, AT2018COW["first_mjd"] * one, whole + 1, 13.489 * one, 58287.991 * one, one,
                      -0.025 * one, AT2018COW["redshift"] * one, whole, whole)  # fmt: skip


def _numbers(everything):
    """Number the objects for their names; the stream has numbers of its own, so that it disturbs no earlier ones."""
    late = everything.key >= STREAM
    atlas, tns = np.zeros(len(late), dtype=np.int64), np.zeros(len(late), dtype=np.int64)
    for part, first in ((~late, 0), (late, 1)):
        if part.any():
            atlas[part] = serial_numbers(everything.first_mjd[part], 30000, first=first)[1]
            tns[part] = serial_numbers(everything.first_mjd[part], 21000, first=first)[1]
    return atlas, tns


def _first_position(seed, population):
    """The place of the first detection, which the id is made of."""
    chance = Chance(seed, population.key)
    shift = _STRAY / 3600.0 * np.stack([chance.normal("first east"), chance.normal("first north")])
    dec = np.clip(population.dec + shift[1], -89.9999, 89.9999)
    return (population.ra + shift[0] / np.cos(np.radians(population.dec))) % 360.0, dec


def _found(seed, survey, keys, start, end):
    """Make objects that are first seen between two dates."""
    chance = Chance(seed, keys)
    shares = np.cumsum([kind.share for kind in CLASSES])
    kind = np.searchsorted(shares / shares[-1], chance.uniform("kind"))
    galactic = np.isin(kind, [index_of(name) for name in _GALACTIC])
    ra, dec, group = places(seed, keys, galactic)
    first = _first_exposures(seed, survey, keys, ra, dec, start, end)
    names = np.array([CLASSES[number].source for number in kind])
    mean, scatter = np.array([CLASSES[number].peak for number in kind]).T
    peak_mag = np.clip(mean + scatter * chance.normal("peak"), 10.8, 19.1)
    stretch = np.exp(0.12 * chance.normal("stretch")) * np.where(names == "nova", 2.0 ** chance.normal("slow"), 1.0)
    colour = 0.08 * chance.normal("colour") + np.where(galactic, 0.25, 0.0)
    peak_mjd = first.mjd.copy()
    # A transient is found while it rises, a little above the limit of the exposure.
    margin = 0.3 - 0.3 * np.log(chance.uniform("margin"))
    for source in set(names.tolist()):
        mine = names == source
        below = np.clip(first.mag5sig[mine] - margin[mine] - peak_mag[mine], 0.05, 8.0)
        peak_mjd[mine] = sources.peak_time(source, first.mjd[mine], below, stretch[mine])
    distance = peak_mag - np.array([_ABSOLUTE.get(source, np.nan) for source in names])
    redshift = _redshift(distance + 0.4 * chance.normal("luminosity"))
    blank = np.zeros(len(keys), dtype=np.int64)
    return Population(keys, kind, group, ra, dec, blank, first.id, first.mjd, first.band, peak_mag, peak_mjd, stretch,
                      colour, redshift, blank, blank)  # fmt: skip


def _first_exposures(seed, survey, keys, ra, dec, start, end):
    """Find for each object the exposure in which it is first seen, at a time when its part of the sky is up."""
    open_, chosen, kept = np.arange(len(keys)), [], []
    for attempt in range(2 * _TRIES):
        # A short part may find its place in the sky behind the Sun: then the object comes later.
        late = end if end - start > _LATEST or attempt < 4 else start + _LATEST
        late = late if attempt < _TRIES else max(end, start + _LAST_RESORT)
        times = Chance(seed, keys[open_], attempt).uniform("when", start, late - 1.0)
        # Near the pole there are exposures at any distance from the Sun, and perhaps at no other time.
        tried = _in_season(ra[open_], dec[open_], times) | (attempt >= _TRIES)
        found, exposures = survey.first(ra[open_[tried]], dec[open_[tried]], times[tried])
        good = exposures.mjd < max(late, REFERENCE)
        chosen.append(open_[tried][found][good])
        kept.append(exposures[good])
        open_ = np.setdiff1d(open_, chosen[-1])
        if not len(open_):
            return Exposures.joined(kept)[np.argsort(np.concatenate(chosen))]
    raise RuntimeError(
        f"no exposures found for {len(open_)} objects, the first at ra {ra[open_[0]]} dec {dec[open_[0]]}"
    )


def _in_season(ra, dec, times):
    """Whether a position is far from the Sun and there is a telescope that sees it."""
    sun_ra, sun_dec = almanac.sun(times)
    return (almanac.separation(ra, dec, sun_ra, sun_dec) > 75.0) & ((dec > -44.0) | (times > 59600.0))


def _redshift(distance_modulus):
    """Redshift of a distance modulus, for a Hubble constant of 70 km/s/Mpc and small redshifts."""
    return np.round(10.0 ** (0.2 * distance_modulus + 1.0) * 1e-6 * 70.0 / 299792.458, 6)

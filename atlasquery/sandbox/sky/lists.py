# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which detection list each object is in, and which objects are on which custom list.

An object is in exactly one detection list. Most lists follow from what it is and how old it is; the present moves
objects on: a new one is first on the eyeball list, then among the good ones, and ends in the attic.
"""

import numpy as np

from .keyed_random import Chance
from .object_classes import CLASSES, index_of
from .positions import PAIR

__all__ = ["CUSTOM_LISTS", "detection_lists", "memberships"]

CUSTOM_LISTS = {2: "mookodi", 14: "salt", 16: "mookodi_live", 17: "mookodi_peak", 40: "cv", 56: "mdwarf",
                72: "heloise", 73: "vra"}  # fmt: skip
"""Numbers and names of the custom lists."""

_SUPERNOVAE = ("SN Ia", "SN II", "SN Ibc", "SLSN", "TDE")
_NEAR = 0.022  # redshift below which a new supernova is fast-tracked
_EYEBALL_DAYS, _PATIENCE_DAYS = 4.0, 60.0
_FAST_DAYS = 400.0
_ACTIVE_DAYS = 90.0


def detection_lists(seed, population, scores, end):
    """Tell the detection list of every object.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.
    scores : `~numpy.ndarray` of float, shape (n,)
        Scores of the Virtual Research Assistant.
    end : float
        The present (MJD).

    Returns
    -------
    `~numpy.ndarray` of int, shape (n,)
        Numbers of lists, 0 to 13.
    """
    chance = Chance(seed, population.key)
    draw, age = chance.uniform("list"), end - population.first_mjd
    result = np.zeros(len(population), dtype=int)
    for number, kind in enumerate(CLASSES):
        mine = population.kind == number
        bounds = np.cumsum(list(kind.lists.values()))
        result[mine] = np.array(list(kind.lists))[np.searchsorted(bounds[:-1], draw[mine])]
    supernova = np.isin(population.kind, [index_of(name) for name in _SUPERNOVAE])
    active = supernova & (age < _ACTIVE_DAYS)
    result[active] = np.where(draw[active] < 0.25, 1, np.where(draw[active] < 0.75, 2, 3))
    near = supernova & (population.redshift < _NEAR)
    result[near & (age < _FAST_DAYS)] = 8
    result[near & (age >= _FAST_DAYS) & (draw < 0.5)] = 12
    # The score decides about what is new: nonsense goes straight to the garbage, the rest waits for a person.
    result[(age < _EYEBALL_DAYS) & (scores > 2.0)] = 4
    result[(draw > 0.5) & np.isin(result, (0, 3, 6)) & (age < _PATIENCE_DAYS)] = 4
    result[_later_partner(population)] = 13
    return result


def _later_partner(population):
    """The second object of a close pair is its duplicate."""
    rows = np.flatnonzero(population.group == PAIR)
    place = np.round(population.ra[rows], 3) + 1000.0 * np.round(population.dec[rows], 3)
    order = np.lexsort((population.first_mjd[rows], place))
    repeated = np.diff(place[order], prepend=np.nan) == 0
    return rows[order[repeated]]


def memberships(seed, population, scores, end):
    """List who is on which custom list.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.
    scores : `~numpy.ndarray` of float, shape (n,)
        Scores of the Virtual Research Assistant.
    end : float
        The present (MJD).

    Returns
    -------
    list of tuple of int
        Pairs of object id and number of the list.
    """
    chance = Chance(seed, population.key)
    names = np.array([CLASSES[number].name for number in population.kind])
    real = np.array(
        [CLASSES[number].share > 0 for number in population.kind], dtype=bool
    )  # AT2018cow is on no custom list
    bright, age = population.peak_mag, end - population.first_mjd
    supernova = np.isin(names, _SUPERNOVAE)
    south = population.dec < 10
    chosen = {
        2: supernova & south & (bright < 17.5) & (age < 1500) & (chance.uniform("mookodi") < 0.5),
        14: supernova & south & (bright < 17.8) & (chance.uniform("salt") < 0.12),
        16: supernova & south & (bright < 18.0) & (age < 40),
        40: (names == "CV") & (chance.uniform("cv") < 0.7),
        56: (names == "M dwarf flare") & (chance.uniform("mdwarf") < 0.8),
        72: chance.uniform("heloise") < 0.006,
        73: (scores > 7.0) & (age < 1000) & (chance.uniform("vra") < 0.25),
    }
    return [
        (object_id, number) for number, which in chosen.items() for object_id in population.id[which & real].tolist()
    ]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The detection list of each object, and the members of the custom lists.

An object is in at most one detection list; about one in 25 is in none, as on the real server. Most lists follow from
its class and age: a new object is first on the eyeball list, then on the good list, and ends in the attic.
"""

import numpy as np

from .keyed_random import KeyedRandom
from .object_classes import OBJECT_CLASSES, find_class_index
from .positions import PAIR_GROUP

__all__ = ["NO_LIST", "assign_detection_lists", "list_memberships"]

NO_LIST = -1
_NO_LIST_FRACTION = 0.04
_SUPERNOVAE = ("SN Ia", "SN II", "SN Ibc", "SLSN", "TDE")
_FAST_TRACK_REDSHIFT = 0.022  # a new supernova below this redshift goes to the fast-track list
_EYEBALL_DAYS, _EYEBALL_WAIT_DAYS = 4.0, 60.0
_FAST_TRACK_DAYS = 400.0
_ACTIVE_DAYS = 90.0


def assign_detection_lists(seed, population, scores, end):
    """Return the detection list of every object.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.
    scores : `~numpy.ndarray` of float, shape (n,)
        Scores of the Virtual Research Assistant.
    end : float
        The end of the sky (MJD).

    Returns
    -------
    `~numpy.ndarray` of int, shape (n,)
        List numbers, 0 to 13, or `NO_LIST`.
    """
    rng = KeyedRandom(seed, population.key)
    draw, age = rng.uniform("list"), end - population.first_mjd
    result = np.zeros(len(population), dtype=int)
    for number, object_class in enumerate(OBJECT_CLASSES):
        in_class = population.class_index == number
        bounds = np.cumsum(list(object_class.list_fractions.values()))
        result[in_class] = np.array(list(object_class.list_fractions))[np.searchsorted(bounds[:-1], draw[in_class])]
    is_supernova = np.isin(population.class_index, [find_class_index(name) for name in _SUPERNOVAE])
    is_active = is_supernova & (age < _ACTIVE_DAYS)
    result[is_active] = np.where(draw[is_active] < 0.25, 1, np.where(draw[is_active] < 0.75, 2, 3))
    is_near = is_supernova & (population.redshift < _FAST_TRACK_REDSHIFT)
    result[is_near & (age < _FAST_TRACK_DAYS)] = 8
    result[is_near & (age >= _FAST_TRACK_DAYS) & (draw < 0.5)] = 12
    # New objects with a low score go to the garbage list, the others wait on the eyeball list.
    result[(age < _EYEBALL_DAYS) & (scores > 2.0)] = 4
    result[(draw > 0.5) & np.isin(result, (0, 3, 6)) & (age < _EYEBALL_WAIT_DAYS)] = 4
    result[_find_duplicates(population)] = 13
    # A list number is only lost when people have seen the object; AT2018cow has a place in every example.
    may_be_lost = (age > _EYEBALL_WAIT_DAYS) & _is_modelled(population)
    result[may_be_lost & (rng.uniform("no list") < _NO_LIST_FRACTION)] = NO_LIST
    return result


def _find_duplicates(population):
    """Return the rows of the later objects of close pairs, which are duplicates for the server."""
    rows = np.flatnonzero(population.group == PAIR_GROUP)
    rounded_position = np.round(population.ra[rows], 3) + 1000.0 * np.round(population.dec[rows], 3)
    order = np.lexsort((population.first_mjd[rows], rounded_position))
    is_repeated = np.diff(rounded_position[order], prepend=np.nan) == 0
    return rows[order[is_repeated]]


def _is_modelled(population):
    """Return which objects are drawn at random, all but AT2018cow."""
    return np.array([OBJECT_CLASSES[number].fraction > 0 for number in population.class_index], dtype=bool)


def list_memberships(seed, population, scores, end):
    """Return pairs of object id and number of a custom list; arguments as of `assign_detection_lists`."""
    rng = KeyedRandom(seed, population.key)
    names = np.array([OBJECT_CLASSES[number].name for number in population.class_index])
    is_modelled = _is_modelled(population)  # AT2018cow is on no custom list
    peak_mag, age = population.peak_mag, end - population.first_mjd
    is_supernova = np.isin(names, _SUPERNOVAE)
    is_southern = population.dec < 10
    members = {
        2: is_supernova & is_southern & (peak_mag < 17.5) & (age < 1500) & (rng.uniform("mookodi") < 0.5),
        14: is_supernova & is_southern & (peak_mag < 17.8) & (rng.uniform("salt") < 0.12),
        16: is_supernova & is_southern & (peak_mag < 18.0) & (age < 40),
        40: (names == "CV") & (rng.uniform("cv") < 0.7),
        56: (names == "M dwarf flare") & (rng.uniform("mdwarf") < 0.8),
        72: rng.uniform("heloise") < 0.006,
        73: (scores > 7.0) & (age < 1000) & (rng.uniform("vra") < 0.25),
    }
    return [
        (object_id, number)
        for number, is_member in members.items()
        for object_id in population.id[is_member & is_modelled].tolist()
    ]

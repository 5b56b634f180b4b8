# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the Virtual Research Assistant says: scores with their history, present ranks, and who is still to be judged."""

import numpy as np

from .dates import iso_list
from .keyed_random import Chance
from .object_classes import CLASSES

__all__ = ["ranks", "score_rows", "scores", "todo_rows"]

_SINCE = 60200.0  # the assistant was introduced then
_PEOPLE = ("scanner1", "scanner2", "scanner3", "scanner4")


def scores(seed, population):
    """Give the score of every object.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.

    Returns
    -------
    `~numpy.ndarray` of float, shape (n,)
        From 0 (junk) to 10 (extragalactic and real).
    """
    mean, scatter = np.array([CLASSES[number].score for number in population.kind]).reshape(-1, 2).T
    return np.round(np.clip(mean + scatter * Chance(seed, population.key).normal("score"), 0.0, 10.0), 5)


def _judged(seed, population, end):
    """Columns of all judgements until the present: object's row, number of the visit, time, whether by a person."""
    chance = Chance(seed, population.key)
    visits = np.where(population.first_mjd > _SINCE, 1 + chance.integer("visits", 3), 0)
    row = np.repeat(np.arange(len(population)), visits)
    visit = np.arange(len(row)) - np.repeat(np.cumsum(visits) - visits, visits)
    time = (
        population.first_mjd[row] + 0.6 + 1.4 * visit + Chance(seed, population.key[row], visit).uniform("time", 0, 0.3)
    )
    person = (visit == visits[row] - 1) & (chance.uniform("person")[row] < 0.35)
    seen = time <= end
    order = np.argsort(time[seen], kind="stable")
    return row[seen][order], visit[seen][order], time[seen][order], person[seen][order]


def _ranks(seed, population, score, row, visit):
    chance = Chance(seed, population.key[row], visit)
    rank = np.clip(score[row] + np.where(visit == 0, 0.8 * chance.normal("rank"), 0.2 * chance.normal("rank")), 0, 10)
    real = np.clip(rank / 10.0 + 0.08 * chance.normal("preal"), 0.0, 1.0)
    galactic = np.clip(0.9 - rank / 11.0 + 0.15 * chance.normal("pgal"), 0.0, 1.0)
    return {
        "preal": np.round(real, 6).tolist(),
        "pgal": np.round(galactic, 6).tolist(),
        "pfast": np.round(chance.uniform("pfast", 0.0, 0.35), 6).tolist(),
        "rank": np.round(rank, 5).tolist(),
        "rank_alt1": np.round(np.clip(rank + 0.7 * chance.normal("alternative"), 0, 10), 5).tolist(),
        "is_gal_cand": (galactic > 0.6).astype(int).tolist(),
    }


def score_rows(seed, population, score, end):
    """List all judgements.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.
    score : `~numpy.ndarray` of float, shape (n,)
        Their final scores.
    end : float
        The present (MJD).

    Returns
    -------
    list of dict
        JSON-ready rows as the server sends them, sorted by time.
    """
    row, visit, time, person = _judged(seed, population, end)
    values = _ranks(seed, population, score, row, visit)
    names = (population.key[row] % len(_PEOPLE)).tolist()
    fast = (Chance(seed, population.key[row], visit).uniform("has pfast") < 0.15).tolist()
    alternative = (time > _SINCE + 400).tolist()
    rows = []
    for index, (object_id, date) in enumerate(zip(population.id[row].tolist(), iso_list(time), strict=True)):
        one = {"id": index + 1, "transient_object_id": object_id}
        one |= dict.fromkeys(values) if person[index] else {name: column[index] for name, column in values.items()}
        one["pfast"] = one["pfast"] if fast[index] else None
        one["rank_alt1"] = one["rank_alt1"] if alternative[index] else None
        one |= {"timestamp": date, "apiusername": None if person[index] else "vra"}
        rows.append(one | {"username": _PEOPLE[names[index]] if person[index] else None, "debug": False})
    return rows


def ranks(seed, population, score, end):
    """List the present ranks.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.
    score : `~numpy.ndarray` of float, shape (n,)
        Their final scores.
    end : float
        The present (MJD).

    Returns
    -------
    list of dict
        JSON-ready rows, one an object that was ever judged, sorted by id.
    """
    row, visit, time, person = _judged(seed, population, end)
    row, visit, time = row[~person], visit[~person], time[~person]
    # The last judgement of each object: `unique` of the reversed array keeps the last.
    row, last = np.unique(row[::-1], return_index=True)
    visit, time = visit[::-1][last], time[::-1][last]
    values = _ranks(seed, population, score, row, visit)
    columns = (population.id[row].tolist(), values["rank"], values["rank_alt1"], values["is_gal_cand"], iso_list(time))
    keys = ("transient_object_id", "rank", "rank_alt1", "is_gal_cand", "timestamp")
    return sorted((dict(zip(keys, one, strict=True)) for one in zip(*columns, strict=True)), key=lambda r: r[keys[0]])


def todo_rows(seed, population, end):
    """List the objects that wait for a person.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects.
    end : float
        The present (MJD).

    Returns
    -------
    list of dict
        JSON-ready rows sorted by id.
    """
    age = end - population.first_mjd
    waiting = (age < 1200) & (Chance(seed, population.key).uniform("todo") < np.where(age < 10, 0.8, 0.25))
    ids, dates = population.id[waiting].tolist(), iso_list(np.minimum(population.first_mjd[waiting] + 0.55, end))
    rows = [{"transient_object_id": one, "timestamp": date} for one, date in zip(ids, dates, strict=True)]
    return sorted(rows, key=lambda row: row["transient_object_id"])

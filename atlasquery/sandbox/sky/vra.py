# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows of the Virtual Research Assistant: all scores, current ranks, and objects that wait for a human."""

import numpy as np

from .dates import format_dates
from .keyed_random import KeyedRandom
from .object_classes import OBJECT_CLASSES

__all__ = ["draw_scores", "make_rank_rows", "make_score_rows", "make_todo_rows"]

_FIRST_MJD = 60200.0  # introduction of the Virtual Research Assistant (MJD)
_USERNAMES = ("scanner1", "scanner2", "scanner3", "scanner4")


def draw_scores(seed, population):
    """Draw the score of every object, from 0 (junk) to 10 (extragalactic and real): float array."""
    mean, scatter = np.array([OBJECT_CLASSES[number].vra_score for number in population.class_index]).reshape(-1, 2).T
    return np.round(np.clip(mean + scatter * KeyedRandom(seed, population.key).normal("score"), 0.0, 10.0), 5)


def _list_assessments(seed, population, end):
    """Return columns of all assessments until the end: row of the object, visit, time (MJD), mask of human ones."""
    rng = KeyedRandom(seed, population.key)
    visits = np.where(population.first_mjd > _FIRST_MJD, 1 + rng.integers("visits", 3), 0)
    row = np.repeat(np.arange(len(population)), visits)
    visit = np.arange(len(row)) - np.repeat(np.cumsum(visits) - visits, visits)
    time = (
        population.first_mjd[row]
        + 0.6
        + 1.4 * visit
        + KeyedRandom(seed, population.key[row], visit).uniform("time", 0, 0.3)
    )
    is_human = (visit == visits[row] - 1) & (rng.uniform("person")[row] < 0.35)
    is_past = time <= end
    order = np.argsort(time[is_past], kind="stable")
    return row[is_past][order], visit[is_past][order], time[is_past][order], is_human[is_past][order]


def _rank_columns(seed, population, score, row, visit):
    """Return the columns of probabilities and ranks as lists."""
    rng = KeyedRandom(seed, population.key[row], visit)
    rank = np.clip(score[row] + np.where(visit == 0, 0.8 * rng.normal("rank"), 0.2 * rng.normal("rank")), 0, 10)
    p_real = np.clip(rank / 10.0 + 0.08 * rng.normal("preal"), 0.0, 1.0)
    p_galactic = np.clip(0.9 - rank / 11.0 + 0.15 * rng.normal("pgal"), 0.0, 1.0)
    return {
        "preal": np.round(p_real, 6).tolist(),
        "pgal": np.round(p_galactic, 6).tolist(),
        "pfast": np.round(rng.uniform("pfast", 0.0, 0.35), 6).tolist(),
        "rank": np.round(rank, 5).tolist(),
        "rank_alt1": np.round(np.clip(rank + 0.7 * rng.normal("alternative"), 0, 10), 5).tolist(),
        "is_gal_cand": (p_galactic > 0.6).astype(int).tolist(),
    }


def make_score_rows(seed, population, score, end):
    """Make the JSON-ready rows of all assessments, sorted by time.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects, n of them.
    score : `~numpy.ndarray` of float, shape (n,)
        Their final scores.
    end : float
        The end of the sky (MJD).
    """
    row, visit, time, is_human = _list_assessments(seed, population, end)
    values = _rank_columns(seed, population, score, row, visit)
    names = (population.key[row] % len(_USERNAMES)).tolist()
    has_pfast = (KeyedRandom(seed, population.key[row], visit).uniform("has pfast") < 0.15).tolist()
    has_rank_alt1 = (time > _FIRST_MJD + 400).tolist()
    rows = []
    for index, (object_id, date) in enumerate(zip(population.id[row].tolist(), format_dates(time), strict=True)):
        row_values = {"id": index + 1, "transient_object_id": object_id}
        row_values |= (
            dict.fromkeys(values) if is_human[index] else {name: column[index] for name, column in values.items()}
        )
        row_values["pfast"] = row_values["pfast"] if has_pfast[index] else None
        row_values["rank_alt1"] = row_values["rank_alt1"] if has_rank_alt1[index] else None
        row_values |= {"timestamp": date, "apiusername": None if is_human[index] else "vra"}
        rows.append(row_values | {"username": _USERNAMES[names[index]] if is_human[index] else None, "debug": False})
    return rows


def make_rank_rows(seed, population, score, end):
    """Make the JSON-ready rows of current ranks, sorted by id; arguments as of `make_score_rows`."""
    row, visit, time, is_human = _list_assessments(seed, population, end)
    row, visit, time = row[~is_human], visit[~is_human], time[~is_human]
    # The last assessment of each object: `unique` of the reversed array keeps the last.
    row, last = np.unique(row[::-1], return_index=True)
    visit, time = visit[::-1][last], time[::-1][last]
    values = _rank_columns(seed, population, score, row, visit)
    columns = (
        population.id[row].tolist(),
        values["rank"],
        values["rank_alt1"],
        values["is_gal_cand"],
        format_dates(time),
    )
    keys = ("transient_object_id", "rank", "rank_alt1", "is_gal_cand", "timestamp")
    return sorted(
        (dict(zip(keys, row_values, strict=True)) for row_values in zip(*columns, strict=True)),
        key=lambda r: r[keys[0]],
    )


def make_todo_rows(seed, population, end):
    """Make the JSON-ready rows of objects that wait for a human, sorted by id."""
    age = end - population.first_mjd
    is_waiting = (age < 1200) & (KeyedRandom(seed, population.key).uniform("todo") < np.where(age < 10, 0.8, 0.25))
    ids, dates = (
        population.id[is_waiting].tolist(),
        format_dates(np.minimum(population.first_mjd[is_waiting] + 0.55, end)),
    )
    rows = [{"transient_object_id": object_id, "timestamp": date} for object_id, date in zip(ids, dates, strict=True)]
    return sorted(rows, key=lambda row: row["transient_object_id"])

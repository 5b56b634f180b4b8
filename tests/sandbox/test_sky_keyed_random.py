# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Random numbers that depend only on their keys."""

import numpy as np

from atlasquery.sandbox.sky.keyed_random import KeyedRandom

KEYS = np.arange(200_000)


def test_value_does_not_depend_on_other_keys():
    values = KeyedRandom(1, KEYS).normal("noise")
    assert np.array_equal(KeyedRandom(1, KEYS[1000:1010]).normal("noise"), values[1000:1010])


def test_scalar_and_array_keys_agree():
    assert KeyedRandom(1, 7).uniform("x")[0] == KeyedRandom(1, [7, 8]).uniform("x")[0]


def test_negative_and_large_keys_are_valid():
    draws = KeyedRandom(-5, [-1, 0, 1161600211221604900]).uniform("x")
    assert len(set(draws.tolist())) == 3


def test_uniform_values_are_uniform():
    draws = KeyedRandom(2, KEYS).uniform("x", -1.0, 3.0)
    assert -1.0 < draws.min() < -0.999
    assert 2.999 < draws.max() < 3.0
    assert abs(draws.mean() - 1.0) < 0.01
    assert np.abs(np.histogram(draws, 20)[0] - 10_000).max() < 500


def test_normal_values_are_normal():
    draws = KeyedRandom(3, KEYS).normal("x")
    assert abs(draws.mean()) < 0.01
    assert abs(draws.std() - 1.0) < 0.01
    assert abs(np.mean(np.abs(draws) > 2.0) - 0.0455) < 0.003


def test_purposes_seeds_and_keys_are_uncorrelated():
    first, second = KeyedRandom(4, KEYS).normal("one"), KeyedRandom(4, KEYS).normal("two")
    other_seed = KeyedRandom(5, KEYS).normal("one")
    for pair in ((first, second), (first, other_seed), (first[1:], first[:-1])):
        assert abs(np.corrcoef(*pair)[0, 1]) < 0.01


def test_integers_cover_their_range():
    assert set(KeyedRandom(6, KEYS).integers("x", 7).tolist()) == set(range(7))

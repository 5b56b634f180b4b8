# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Random numbers that belong to things."""

import numpy as np

from atlasquery.sandbox.sky.keyed_random import KeyedRandom

MANY = np.arange(200_000)


def test_value_does_not_depend_on_its_neighbours():
    whole = KeyedRandom(1, MANY).normal("noise")
    assert np.array_equal(KeyedRandom(1, MANY[1000:1010]).normal("noise"), whole[1000:1010])


def test_scalar_and_array_keys_agree():
    assert KeyedRandom(1, 7).uniform("x")[0] == KeyedRandom(1, [7, 8]).uniform("x")[0]


def test_negative_and_huge_keys_are_welcome():
    draws = KeyedRandom(-5, [-1, 0, 1161600211221604900]).uniform("x")
    assert len(set(draws.tolist())) == 3


def test_uniform_is_uniform():
    draws = KeyedRandom(2, MANY).uniform("x", -1.0, 3.0)
    assert -1.0 < draws.min() < -0.999
    assert 2.999 < draws.max() < 3.0
    assert abs(draws.mean() - 1.0) < 0.01
    assert np.abs(np.histogram(draws, 20)[0] - 10_000).max() < 500


def test_normal_is_normal():
    draws = KeyedRandom(3, MANY).normal("x")
    assert abs(draws.mean()) < 0.01
    assert abs(draws.std() - 1.0) < 0.01
    assert abs(np.mean(np.abs(draws) > 2.0) - 0.0455) < 0.003


def test_purposes_seeds_and_neighbours_are_independent():
    first, second = KeyedRandom(4, MANY).normal("one"), KeyedRandom(4, MANY).normal("two")
    other = KeyedRandom(5, MANY).normal("one")
    for pair in ((first, second), (first, other), (first[1:], first[:-1])):
        assert abs(np.corrcoef(*pair)[0, 1]) < 0.01


def test_integers_fill_their_range():
    assert set(KeyedRandom(6, MANY).integers("x", 7).tolist()) == set(range(7))

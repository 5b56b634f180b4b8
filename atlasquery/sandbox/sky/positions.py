# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions of objects: over the whole sky, and in groups that test the geometry of programs.

The groups are crowds within five arcminutes, objects on both sides of RA 0, objects around both poles, the Magellanic
Clouds, and pairs closer than an arcsecond. Stars are concentrated towards the Galactic plane.
"""

import numpy as np

from .keyed_random import KeyedRandom

__all__ = ["PAIR_GROUP", "make_positions"]

PAIR_GROUP = 6
"""Index of the group of close pairs."""

# Fraction of all objects in groups 1 to 6: crowds, RA 0, north pole, south pole, Magellanic Clouds, close pairs.
_GROUP_FRACTIONS = (0.035, 0.012, 0.006, 0.006, 0.022, 0.012)
_FIRST_ASSURED_KEY = 100
_MAGELLANIC_CLOUDS = ((80.9, -69.0, 3.5), (13.2, -72.8, 1.5))
_GALACTIC_POLE = (192.859, 27.128)


def _scatter_around(ra, dec, radius, rng):
    """Draw positions uniformly within a radius [deg] of a centre; valid at the poles too."""
    angle = rng.uniform("turn", 0.0, 2 * np.pi)
    distance = np.radians(radius) * np.sqrt(rng.uniform("away"))
    ra, dec = np.radians(ra), np.radians(dec)
    sin_dec = np.sin(dec) * np.cos(distance) + np.cos(dec) * np.sin(distance) * np.cos(angle)
    shift = np.arctan2(np.sin(angle) * np.sin(distance) * np.cos(dec), np.cos(distance) - np.sin(dec) * sin_dec)
    return np.degrees(ra + shift) % 360.0, np.degrees(np.arcsin(np.clip(sin_dec, -1.0, 1.0)))


def _draw_uniform(rng):
    """Draw positions uniformly over the sky [deg]."""
    return rng.uniform("ra", 0.0, 360.0), np.degrees(np.arcsin(rng.uniform("dec", -0.9997, 0.99999)))


def _move_towards_plane(ra, dec, rng):
    """Move positions towards the Galactic plane."""
    pole_ra, pole_dec = np.radians(_GALACTIC_POLE)
    ra, dec = np.radians(ra), np.radians(dec)
    vector = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    pole = np.array([np.cos(pole_dec) * np.cos(pole_ra), np.cos(pole_dec) * np.sin(pole_ra), np.sin(pole_dec)])
    sin_latitude = pole @ vector
    vector = vector - pole[:, None] * sin_latitude * rng.uniform("flattening", 0.5, 1.0)
    vector /= np.sqrt((vector**2).sum(axis=0))
    return np.degrees(np.arctan2(vector[1], vector[0])) % 360.0, np.degrees(np.arcsin(vector[2]))


def make_positions(seed, keys, galactic):
    """Draw the positions of objects.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    keys : `~numpy.ndarray` of int
        Keys of the objects.
    galactic : `~numpy.ndarray` of bool
        Mask of the stars of the Galaxy.

    Returns
    -------
    ra, dec : `~numpy.ndarray` of float
        Positions [deg].
    group : `~numpy.ndarray` of int
        0 for the field, 1 to 6 for the groups in the order of `_GROUP_FRACTIONS`.
    """
    rng = KeyedRandom(seed, keys)
    ra, dec = _draw_uniform(rng)
    moved = _move_towards_plane(ra, dec, rng)
    ra, dec = np.where(galactic, moved[0], ra), np.where(galactic, moved[1], dec)
    group = np.searchsorted(np.cumsum(_GROUP_FRACTIONS), rng.uniform("place"))
    group = np.where(group == len(_GROUP_FRACTIONS), 0, group + 1)
    # Fixed keys fill every group, also in a sky of only some hundred objects.
    is_assured = (keys >= _FIRST_ASSURED_KEY) & (keys < _FIRST_ASSURED_KEY + 32)
    group = np.where(
        is_assured, np.array([1, 1, 1, 1, 1, 2, 3, 3, 4, 6, 6, 2, 3, 4, 5, 6])[(keys - _FIRST_ASSURED_KEY) % 16], group
    )
    n_crowds = 1 + np.count_nonzero(group == 1) // 12
    for number, draw_positions in enumerate(
        (
            _crowd_positions,
            _ra_zero_positions,
            _north_pole_positions,
            _south_pole_positions,
            _magellanic_positions,
            _pair_positions,
        ),
        start=1,
    ):
        in_group = group == number
        if in_group.any():
            ra[in_group], dec[in_group] = draw_positions(
                seed, keys[in_group], KeyedRandom(seed, keys[in_group], number), n_crowds
            )
    return ra % 360.0, np.clip(dec, -89.9999, 89.9999), group


def _crowd_positions(seed, keys, rng, n_crowds):
    centre = KeyedRandom(seed, rng.integers("crowd", n_crowds), 77)
    return _scatter_around(*_draw_uniform(centre), 290.0 / 3600.0, rng)


def _ra_zero_positions(seed, keys, rng, n_crowds):
    _, dec = _draw_uniform(rng)
    # Half of them are within an arcsecond of RA 0, so that their detections lie on both sides of it.
    width = np.where(rng.uniform("how near") < 0.5, 0.3 / 3600.0, 0.05)
    return width * rng.uniform("side", -1.0, 1.0) / np.cos(np.radians(dec)), dec


def _north_pole_positions(seed, keys, rng, n_crowds):
    return _scatter_around(rng.uniform("ra", 0.0, 360.0), np.full(len(keys), 90.0), _pole_radius(rng), rng)


def _pole_radius(rng):
    """Return a radius [deg]: five arcminutes for half of the objects."""
    return np.where(rng.uniform("how near") < 0.5, 290.0 / 3600.0, 0.7)


def _south_pole_positions(seed, keys, rng, n_crowds):
    return _scatter_around(rng.uniform("ra", 0.0, 360.0), np.full(len(keys), -90.0), _pole_radius(rng), rng)


def _magellanic_positions(seed, keys, rng, n_crowds):
    ra, dec, radius = np.array(_MAGELLANIC_CLOUDS)[(rng.uniform("which") < 0.25).astype(int)].T
    return _scatter_around(ra, dec, radius, rng)


def _pair_positions(seed, keys, rng, n_crowds):
    """Draw partners around a common centre; some centres get three or four."""
    centre = KeyedRandom(seed, rng.integers("pair", max(len(keys) // 2, 1)), 78)
    return _scatter_around(*_draw_uniform(centre), 0.45 / 3600.0, rng)

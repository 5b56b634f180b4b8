# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Where objects lie: over the whole sky, and on purpose at the places where programs fail.

Crowds within five arcminutes, pairs closer than an arcsecond, objects on both sides of right ascension zero, objects
around both poles, the Magellanic Clouds, the Galactic plane.
"""

import numpy as np

from .keyed_random import Chance

__all__ = ["PAIR", "places"]

PAIR = 6
"""The number of the group of places that holds close pairs."""

# Share of all objects, for groups 1 to 6: crowds, RA 0, north pole, south pole, Magellanic Clouds, close pairs.
_SHARES = (0.035, 0.012, 0.006, 0.006, 0.022, 0.012)
_ASSURED = 100
_CLOUDS = ((80.9, -69.0, 3.5), (13.2, -72.8, 1.5))
_GALACTIC_POLE = (192.859, 27.128)


def _around(ra, dec, radius, chance):
    """Scatter evenly within a radius [deg]; right at the poles too."""
    turn = chance.uniform("turn", 0.0, 2 * np.pi)
    away = np.radians(radius) * np.sqrt(chance.uniform("away"))
    ra, dec = np.radians(ra), np.radians(dec)
    sine = np.sin(dec) * np.cos(away) + np.cos(dec) * np.sin(away) * np.cos(turn)
    shift = np.arctan2(np.sin(turn) * np.sin(away) * np.cos(dec), np.cos(away) - np.sin(dec) * sine)
    return np.degrees(ra + shift) % 360.0, np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))


def _anywhere(chance):
    return chance.uniform("ra", 0.0, 360.0), np.degrees(np.arcsin(chance.uniform("dec", -0.9997, 0.99999)))


def _towards_plane(ra, dec, chance):
    """Pull a position towards the Galactic plane, where the stars are."""
    pole_ra, pole_dec = np.radians(_GALACTIC_POLE)
    ra, dec = np.radians(ra), np.radians(dec)
    x = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    pole = np.array([np.cos(pole_dec) * np.cos(pole_ra), np.cos(pole_dec) * np.sin(pole_ra), np.sin(pole_dec)])
    height = pole @ x
    x = x - pole[:, None] * height * chance.uniform("flattening", 0.5, 1.0)
    x /= np.sqrt((x**2).sum(axis=0))
    return np.degrees(np.arctan2(x[1], x[0])) % 360.0, np.degrees(np.arcsin(x[2]))


def places(seed, keys, galactic):
    """Place objects on the sky.

    Parameters
    ----------
    seed : int
        Of the sky.
    keys : `~numpy.ndarray` of int
        Numbers of the objects.
    galactic : `~numpy.ndarray` of bool
        Whether the object is a star of our Galaxy.

    Returns
    -------
    ra, dec : `~numpy.ndarray` of float
        Positions [deg].
    group : `~numpy.ndarray` of int
        0 for the field, 1 to 6 for the special places in the order of the module's description.
    """
    chance = Chance(seed, keys)
    ra, dec = _anywhere(chance)
    pulled = _towards_plane(ra, dec, chance)
    ra, dec = np.where(galactic, pulled[0], ra), np.where(galactic, pulled[1], dec)
    group = np.searchsorted(np.cumsum(_SHARES), chance.uniform("place"))
    group = np.where(group == len(_SHARES), 0, group + 1)
    # In a sky of some hundred objects too, none of these places is empty.
    assured = (keys >= _ASSURED) & (keys < _ASSURED + 32)
    group = np.where(assured, np.array([1, 1, 1, 1, 1, 2, 3, 3, 4, 6, 6, 2, 3, 4, 5, 6])[(keys - _ASSURED) % 16], group)
    crowd = 1 + np.count_nonzero(group == 1) // 12
    for number, where in enumerate((_crowds, _zero, _north, _south, _clouds, _pairs), start=1):
        mine = group == number
        if mine.any():
            ra[mine], dec[mine] = where(seed, keys[mine], Chance(seed, keys[mine], number), crowd)
    return ra % 360.0, np.clip(dec, -89.9999, 89.9999), group


def _crowds(seed, keys, chance, crowd):
    centre = Chance(seed, chance.integer("crowd", crowd), 77)
    return _around(*_anywhere(centre), 290.0 / 3600.0, chance)


def _zero(seed, keys, chance, crowd):
    _, dec = _anywhere(chance)
    # Half of them within an arcsecond of the line, so that their detections fall on both sides of it.
    width = np.where(chance.uniform("how near") < 0.5, 0.3 / 3600.0, 0.05)
    return width * chance.uniform("side", -1.0, 1.0) / np.cos(np.radians(dec)), dec


def _north(seed, keys, chance, crowd):
    return _around(chance.uniform("ra", 0.0, 360.0), np.full(len(keys), 90.0), _near_pole(chance), chance)


def _near_pole(chance):
    """Half of them within five arcminutes."""
    return np.where(chance.uniform("how near") < 0.5, 290.0 / 3600.0, 0.7)


def _south(seed, keys, chance, crowd):
    return _around(chance.uniform("ra", 0.0, 360.0), np.full(len(keys), -90.0), _near_pole(chance), chance)


def _clouds(seed, keys, chance, crowd):
    ra, dec, radius = np.array(_CLOUDS)[(chance.uniform("which") < 0.25).astype(int)].T
    return _around(ra, dec, radius, chance)


def _pairs(seed, keys, chance, crowd):
    """Partners share a centre; three or four may meet at one."""
    centre = Chance(seed, chance.integer("pair", max(len(keys) // 2, 1)), 78)
    return _around(*_anywhere(centre), 0.45 / 3600.0, chance)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The grids of fields on the sky: one fixed grid until April 2019, then 25 dithered ones in turn.

Fields lie in bands of equal declination. On a night only some bands are visited; the fields of these bands, sorted by
right ascension, are the night's queue, and the *rank* of a field is its place in that queue.
"""

from functools import cached_property

import numpy as np

from .keyed_random import Chance
from .sites import CYCLE, PLANS

__all__ = ["FIELD", "PIXEL", "Pointings", "offsets"]

FIELD = 5.4
"""Side of the square field [deg]."""

PIXEL = 1.86
"""Scale of the detector [arcsec]."""

_SPACING = 5.0
_RA_SPACING = 5.1
_STRIPE = 1  # bands that are visited on the same night
_BANDS = 37
_ITSELF = 1e-7  # a field does not come before itself, whatever rounding says
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY"
_FIXED = 25  # the number of the undithered grid, after the 25 dithered ones


def offsets(ra, dec, field_ra, field_dec):
    """Project positions onto a field's tangent plane.

    Parameters
    ----------
    ra, dec, field_ra, field_dec : array_like
        Positions and field centres [deg].

    Returns
    -------
    tuple of `~numpy.ndarray`
        Offsets to the east and to the north [deg]; NaN on the far half of the sky.
    """
    turn = np.radians(np.subtract(ra, field_ra))
    dec, field_dec = np.radians(dec), np.radians(field_dec)
    nearness = np.sin(field_dec) * np.sin(dec) + np.cos(field_dec) * np.cos(dec) * np.cos(turn)
    nearness = np.where(nearness > 0.1, nearness, np.nan)
    east = np.cos(dec) * np.sin(turn) / nearness
    north = (np.cos(field_dec) * np.sin(dec) - np.sin(field_dec) * np.cos(dec) * np.cos(turn)) / nearness
    return np.degrees(east), np.degrees(north)


class Pointings:
    """All the grids, with what of them each plan visits on each night of its cycle.

    Parameters
    ----------
    seed : int
        Of the sky.
    """

    def __init__(self, seed):
        grids = np.arange(len(_LETTERS) + 1)
        shift = Chance(seed, grids).uniform("dither", 0.0, _SPACING)[:, None]
        self.band_dec = np.clip(-90.0 - _SPACING / 4 + shift + _SPACING * np.arange(_BANDS), -90.0, 90.0)
        across = np.cos(np.radians(np.minimum(np.abs(self.band_dec), 89.0)))
        self.count = np.maximum(np.ceil(360.0 * across / _RA_SPACING), 1).astype(int)
        self.step = 360.0 / self.count
        bands = np.arange(_BANDS)
        self.first_ra = self.step * Chance(seed, grids[:, None], bands).uniform("first field")

    @cached_property
    def visited(self):
        """Whether a band is visited: bool array of shape (grids, plans, nights of the cycle, bands)."""
        night = np.arange(CYCLE)[:, None]
        stripe = (np.arange(_BANDS) // _STRIPE)[None, :]
        visited = np.zeros((len(self.band_dec), len(PLANS), CYCLE, _BANDS), dtype=bool)
        for number, plan in enumerate(PLANS):
            for zone in plan:
                inside = (self.band_dec >= zone.south) & (self.band_dec < zone.north)
                turn = (night + stripe) % zone.every < zone.times
                visited[:, number] |= inside[:, None, :] & turn[None]
        return visited

    @cached_property
    def length(self):
        """How many fields are in the queue: int array of shape (grids, plans, nights of the cycle)."""
        return np.einsum("gpnb,gb->gpn", self.visited, self.count)

    def grid(self, nights, letter):
        """Tell which grid is in use.

        Parameters
        ----------
        nights : `~numpy.ndarray` of int
            Numbers of nights (MJD).
        letter : int
            The telescope's shift.

        Returns
        -------
        `~numpy.ndarray` of int
            Numbers of grids.
        """
        # From 2023 on the whole sky takes two nights instead of eight, and the dither moves on as often.
        turn = np.where(nights < 60040, (nights - 58608 - letter % 4) // 8 + letter, (nights - 60040) // 2 + letter)
        return np.where(nights < 58608, _FIXED, turn % len(_LETTERS))

    def rank(self, grid, plan, night, ra):
        """Count the fields of a night's queue that come before a right ascension.

        Parameters
        ----------
        grid, plan, night : `~numpy.ndarray` of int, shape (n,)
            Grid, plan and night of the cycle.
        ra : `~numpy.ndarray` of float, shape (n,)
            Right ascension [deg].

        Returns
        -------
        `~numpy.ndarray` of int, shape (n,)
            The rank, from 0.
        """
        before = np.ceil((ra[:, None] - self.first_ra[grid]) / self.step[grid] - _ITSELF)
        before = np.clip(before, 0, self.count[grid])
        return np.einsum("nb,nb->n", before, self.visited[grid, plan, night]).astype(int)

    def ranks(self, grid, ra):
        """Give the ranks in all queues.

        Parameters
        ----------
        grid : `~numpy.ndarray` of int, shape (n,)
            Numbers of grids.
        ra : `~numpy.ndarray` of float, shape (n,)
            Right ascensions [deg].

        Returns
        -------
        `~numpy.ndarray` of int, shape (n, plans, nights of the cycle)
            The ranks, from 0.
        """
        before = np.ceil((ra[:, None] - self.first_ra[grid]) / self.step[grid] - _ITSELF)
        before = np.clip(before, 0, self.count[grid])
        return np.einsum("nb,npcb->npc", before, self.visited[grid]).astype(int)

    def fields(self, grid, ra, dec):
        """Find the fields that hold each position: its two nearest bands, in each the two nearest fields.

        Parameters
        ----------
        grid : `~numpy.ndarray` of int, shape (n,)
            Numbers of grids.
        ra, dec : `~numpy.ndarray` of float, shape (n,)
            Positions [deg].

        Returns
        -------
        tuple of `~numpy.ndarray`, each of shape (m,)
            Index of the position, band, field's right ascension and declination, offsets to the east and north, all
            in degrees; m is n and a little more, since fields overlap.
        """
        n = len(grid)
        place = (dec - self.band_dec[grid, 1]) / _SPACING + 1.0
        base = np.floor(place).astype(int)
        band = np.clip(np.stack([base, base, base + 1, base + 1]), 0, _BANDS - 1)
        along = (ra - self.first_ra[grid, band]) / self.step[grid, band]
        number = np.floor(along).astype(int) + np.array([0, 1, 0, 1])[:, None]
        field_ra = (self.first_ra[grid, band] + (number % self.count[grid, band]) * self.step[grid, band]) % 360.0
        field_dec = self.band_dec[grid, band]
        east, north = offsets(ra, dec, field_ra, field_dec)
        inside = (np.abs(east) < FIELD / 2) & (np.abs(north) < FIELD / 2)
        # At the poles several candidates are one and the same field.
        inside[1] &= ~(inside[0] & (field_ra[0] == field_ra[1]))
        inside[3] &= ~(inside[2] & (field_ra[2] == field_ra[3]))
        inside[:2] &= base >= 0
        inside[2:] &= base + 1 < _BANDS
        index = np.broadcast_to(np.arange(n), inside.shape)[inside]
        return index, band[inside], field_ra[inside], field_dec[inside], east[inside], north[inside]

    @staticmethod
    def names(grid, field_ra, field_dec):
        """Name fields as the survey does.

        Parameters
        ----------
        grid : `~numpy.ndarray` of int
            Numbers of grids.
        field_ra, field_dec : `~numpy.ndarray` of float
            Field centres [deg].

        Returns
        -------
        list of str
            Names such as ``"SM357N33"`` (or ``"TA002N29"`` on the undithered grid).
        """
        prefixes = [f"S{letter}" for letter in _LETTERS] + ["TA"]
        degrees = np.rint(field_ra).astype(int) % 360
        rows = zip(grid.tolist(), degrees.tolist(), np.rint(field_dec).astype(int).tolist(), strict=True)
        return [f"{prefixes[g]}{ra:03d}{'N' if dec >= 0 else 'S'}{abs(dec):02d}" for g, ra, dec in rows]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The grids of fields on the sky: one fixed grid until April 2019, then 25 dithered ones in turn.

Fields lie in strips of equal declination. On a night only some strips are visited; the fields of these strips, sorted
by right ascension, are the night's queue, and the *rank* of a field is its index in that queue.
"""

from functools import cached_property

import numpy as np

from .keyed_random import KeyedRandom
from .sites import CYCLE_NIGHTS, OBSERVING_PLANS

__all__ = ["FIELD_SIZE", "PIXEL_SCALE", "FieldGrids", "project_onto_field"]

FIELD_SIZE = 5.4
"""Side of the square field [deg]."""

PIXEL_SCALE = 1.86
"""Scale of the detector [arcsec]."""

_SPACING = 5.0  # deg between strips
_RA_SPACING = 5.1  # deg between fields of a strip, at most
_STRIPS_PER_GROUP = 1  # strips that are visited on the same night
_N_STRIPS = 37
_RANK_TOLERANCE = 1e-7  # rounding must not count a field before itself
_DITHER_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY"
_UNDITHERED_GRID = 25  # index after the 25 dithered grids


def project_onto_field(ra, dec, field_ra, field_dec):
    """Project positions onto a field's tangent plane: offsets east and north [deg], NaN beyond 84 deg."""
    turn = np.radians(np.subtract(ra, field_ra))
    dec, field_dec = np.radians(dec), np.radians(field_dec)
    cos_distance = np.sin(field_dec) * np.sin(dec) + np.cos(field_dec) * np.cos(dec) * np.cos(turn)
    cos_distance = np.where(cos_distance > 0.1, cos_distance, np.nan)
    east = np.cos(dec) * np.sin(turn) / cos_distance
    north = (np.cos(field_dec) * np.sin(dec) - np.sin(field_dec) * np.cos(dec) * np.cos(turn)) / cos_distance
    return np.degrees(east), np.degrees(north)


class FieldGrids:
    """All grids of fields of a seed, with the strips that each plan visits on each night of its cycle."""

    def __init__(self, seed):
        grids = np.arange(len(_DITHER_LETTERS) + 1)
        shift = KeyedRandom(seed, grids).uniform("dither", 0.0, _SPACING)[:, None]
        self.strip_dec = np.clip(-90.0 - _SPACING / 4 + shift + _SPACING * np.arange(_N_STRIPS), -90.0, 90.0)
        cos_dec = np.cos(np.radians(np.minimum(np.abs(self.strip_dec), 89.0)))
        self.n_fields = np.maximum(np.ceil(360.0 * cos_dec / _RA_SPACING), 1).astype(int)
        self.field_spacing = 360.0 / self.n_fields
        strips = np.arange(_N_STRIPS)
        self.first_field_ra = self.field_spacing * KeyedRandom(seed, grids[:, None], strips).uniform("first field")

    @cached_property
    def is_visited(self):
        """Mask of visited strips, of shape (grids, plans, nights of the cycle, strips)."""
        night = np.arange(CYCLE_NIGHTS)[:, None]
        strip_group = (np.arange(_N_STRIPS) // _STRIPS_PER_GROUP)[None, :]
        is_visited = np.zeros((len(self.strip_dec), len(OBSERVING_PLANS), CYCLE_NIGHTS, _N_STRIPS), dtype=bool)
        for number, plan in enumerate(OBSERVING_PLANS):
            for zone in plan:
                inside = (self.strip_dec >= zone.south) & (self.strip_dec < zone.north)
                turn = (night + strip_group) % zone.period_nights < zone.n_successive
                is_visited[:, number] |= inside[:, None, :] & turn[None]
        return is_visited

    @cached_property
    def queue_length(self):
        """Number of fields in the queue, of shape (grids, plans, nights of the cycle)."""
        return np.einsum("gpns,gs->gpn", self.is_visited, self.n_fields)

    def choose_grid(self, nights, dither_shift):
        """Return the index of the grid in use on each night (MJD), by the telescope's dither shift."""
        # From 2023 on the whole sky takes two nights instead of eight, and so does each dither position.
        turn = np.where(
            nights < 60040,
            (nights - 58608 - dither_shift % 4) // 8 + dither_shift,
            (nights - 60040) // 2 + dither_shift,
        )
        return np.where(nights < 58608, _UNDITHERED_GRID, turn % len(_DITHER_LETTERS))

    def queue_rank(self, grid, plan, night, ra):
        """Count the fields of a night's queue before a right ascension [deg]; all arrays of shape (n,)."""
        before = np.ceil((ra[:, None] - self.first_field_ra[grid]) / self.field_spacing[grid] - _RANK_TOLERANCE)
        before = np.clip(before, 0, self.n_fields[grid])
        return np.einsum("ns,ns->n", before, self.is_visited[grid, plan, night]).astype(int)

    def queue_ranks(self, grid, ra):
        """Count the fields before a right ascension in all queues: shape (n, plans, nights of the cycle)."""
        before = np.ceil((ra[:, None] - self.first_field_ra[grid]) / self.field_spacing[grid] - _RANK_TOLERANCE)
        before = np.clip(before, 0, self.n_fields[grid])
        return np.einsum("ns,npcs->npc", before, self.is_visited[grid]).astype(int)

    def find_fields(self, grid, ra, dec):
        """Find the fields that contain each position, among the two nearest fields of the two nearest strips.

        Parameters
        ----------
        grid : `~numpy.ndarray` of int, shape (n,)
            Indices of grids.
        ra, dec : `~numpy.ndarray` of float, shape (n,)
            Positions [deg].

        Returns
        -------
        tuple of `~numpy.ndarray`, each of shape (m,)
            Index of the position, strip, field's right ascension and declination, offsets east and north, all angles in
            degrees; m is somewhat larger than n, since fields overlap.
        """
        n = len(grid)
        strip_position = (dec - self.strip_dec[grid, 1]) / _SPACING + 1.0
        base = np.floor(strip_position).astype(int)
        strip = np.clip(np.stack([base, base, base + 1, base + 1]), 0, _N_STRIPS - 1)
        field_position = (ra - self.first_field_ra[grid, strip]) / self.field_spacing[grid, strip]
        number = np.floor(field_position).astype(int) + np.array([0, 1, 0, 1])[:, None]
        field_ra = (
            self.first_field_ra[grid, strip] + (number % self.n_fields[grid, strip]) * self.field_spacing[grid, strip]
        ) % 360.0
        field_dec = self.strip_dec[grid, strip]
        east, north = project_onto_field(ra, dec, field_ra, field_dec)
        inside = (np.abs(east) < FIELD_SIZE / 2) & (np.abs(north) < FIELD_SIZE / 2)
        # At the poles several candidates are the same field.
        inside[1] &= ~(inside[0] & (field_ra[0] == field_ra[1]))
        inside[3] &= ~(inside[2] & (field_ra[2] == field_ra[3]))
        inside[:2] &= base >= 0
        inside[2:] &= base + 1 < _N_STRIPS
        index = np.broadcast_to(np.arange(n), inside.shape)[inside]
        return index, strip[inside], field_ra[inside], field_dec[inside], east[inside], north[inside]

    @staticmethod
    def format_names(grid, field_ra, field_dec):
        """Format field names such as ``"SM357N33"`` (``"TA002N29"`` on the undithered grid)."""
        prefixes = [f"S{letter}" for letter in _DITHER_LETTERS] + ["TA"]
        degrees = np.rint(field_ra).astype(int) % 360
        rows = zip(grid.tolist(), degrees.tolist(), np.rint(field_dec).astype(int).tolist(), strict=True)
        return [f"{prefixes[g]}{ra:03d}{'N' if dec >= 0 else 'S'}{abs(dec):02d}" for g, ra, dec in rows]

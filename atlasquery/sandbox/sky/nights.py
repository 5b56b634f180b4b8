# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The nights of all telescopes: dusk and dawn, Moon, weather, seeing, filter, and which part of the queue is observed.

A night observes its queue of fields in blocks of 8, 16 or 32 fields. Each block is exposed four times in a row, which
takes 20 to 80 minutes; so no two exposures of one telescope fall on the same moment, and each has its own number in the
night.
"""

import numpy as np

from . import almanac
from .field_grids import Pointings
from .keyed_random import Chance
from .sites import BANDS, CYCLE, SITES

__all__ = ["PASSES", "SLOT", "Nights"]

PASSES = 4
"""Exposures of each field of a block."""

SLOT = 35.5 / 86400.0
"""Time from one exposure to the next: 30 s open, the rest to read out and move [days]."""

_PAUSE = 6.5 / 86400.0
_FIRST = 58015
_TWILIGHT = -12.0
_TWILIGHT_T = 58425  # the one night on which the t filter was tried, as the recorded light curves show


class Nights:
    """A table with one row a telescope and night, from the start of the archive on.

    Parameters
    ----------
    seed : int
        Of the sky.
    last : float
        Where the table ends (MJD). Rows do not depend on it.

    Attributes
    ----------
    site, number : `~numpy.ndarray` of int
        Index of the telescope, and the night's number (the MJD at its end).
    start, slot : `~numpy.ndarray` of float
        Time of the first exposure, and from one to the next [days].
    exptime : `~numpy.ndarray` of float
        Length of the exposures [s].
    size, blocks, first, observed : `~numpy.ndarray` of int
        Fields in a block, blocks in the queue, the first one that is observed, and how many are.
    """

    def __init__(self, seed, last):
        self.seed = seed
        self.pointings = Pointings(seed)
        self._lay_out(last)
        self._darken()
        self._blow()
        self._mount()
        self._queue()

    def __len__(self):
        return len(self.number)

    def _lay_out(self, last):
        days = np.arange(_FIRST, int(last) + 2)
        working = [days[site.working(days)] for site in SITES]
        self.number = np.concatenate(working)
        self.site = np.repeat(np.arange(len(SITES)), [len(nights) for nights in working])
        self.latitude = np.array([site.latitude for site in SITES])[self.site]
        self.longitude = np.array([site.longitude for site in SITES])[self.site]
        self.chance = Chance(self.seed, self.site, self.number)

    def _darken(self):
        """Find midnight, dusk and dawn, and the Moon."""
        midnight = self.number - self.longitude / 360.0
        sun_ra, sun_dec = almanac.sun(midnight)
        late = (almanac.sidereal(midnight, self.longitude) - sun_ra) % 360.0 - 180.0
        self.midnight = midnight - late / 360.0
        latitude, dec = np.radians(self.latitude), np.radians(sun_dec)
        cosine = np.sin(np.radians(_TWILIGHT)) - np.sin(latitude) * np.sin(dec)
        half = 180.0 - np.degrees(np.arccos(np.clip(cosine / (np.cos(latitude) * np.cos(dec)), -1.0, 1.0)))
        self.dusk, self.dawn = self.midnight - half / 360.0, self.midnight + half / 360.0
        self.meridian = almanac.sidereal(self.midnight, self.longitude)
        self.moon_ra, self.moon_dec, self.moon_lit, self.moon_age = almanac.moon(self.midnight)

    def _blow(self):
        """Weather lasts for some nights; `cloud` is the mean extinction of a night [mag]."""
        spells = [Chance(self.seed, self.site, self.number + shift).normal("weather") for shift in (-1, 0, 1)]
        sky = (0.6 * spells[0] + spells[1] + 0.6 * spells[2]) / np.sqrt(1.72)
        # The worst nights are lost, the next worst have clouds.
        lost = np.array([site.lost for site in SITES])[self.site]
        rank = 0.5 * (1.0 + np.tanh(0.8 * sky * (1.0 + 0.045 * sky**2)))  # the normal distribution's integral, nearly
        self.lost = rank < lost
        self.cloud = np.clip((lost + 0.12 - rank) / 0.12, 0.0, 1.0) ** 2 * 1.2
        self.seeing = np.array([site.seeing for site in SITES])[self.site]
        self.seeing = self.seeing * np.exp(0.10 * self.chance.normal("seeing"))
        self.airglow = 0.16 * np.abs(self.chance.normal("airglow"))

    def _mount(self):
        """Put the filter in: cyan in dark time."""
        cyan = np.zeros(len(self), dtype=bool)
        self.plan = np.zeros(len(self), dtype=int)
        letter = np.array([site.letter for site in SITES])[self.site]
        for index, site in enumerate(SITES):
            mine = self.site == index
            cyan[mine] = np.abs(self.moon_age[mine]) < site.cyan_days(self.number[mine])
            self.plan[mine] = site.plan(self.number[mine])
        self.band = np.where(cyan, BANDS.index("c"), BANDS.index("o"))
        self.band[(self.site == 0) & (self.number == _TWILIGHT_T)] = BANDS.index("t")
        self.grid = self.pointings.grid(self.number, letter)
        offset = np.array([site.offset for site in SITES])[self.site]
        self.turn = (self.number + offset) % CYCLE

    def _queue(self):
        """Choose the blocks around the meridian at midnight that fit between dusk and dawn."""
        fields = self.pointings.length[self.grid, self.plan, self.turn]
        # Powers of two: the order within a block is shuffled by multiplication with an odd number.
        self.size = np.array([8, 16, 16, 32])[self.chance.integer("size", 4)]
        self.blocks = np.maximum(-(-fields // self.size), 1)
        visits = self.size * PASSES
        # A rare night is given to long exposures.
        self.exptime = np.where(self.chance.uniform("exptime") < 0.001, 110.0, 30.0)
        shortest = SLOT + (self.exptime - 30.0) / 86400.0
        length = self.dawn - self.dusk
        self.observed = np.minimum((length / (shortest * visits)).astype(int), self.blocks)
        middle = self.pointings.rank(self.grid, self.plan, self.turn, self.meridian) / self.size
        self.first = np.rint(middle - self.observed / 2).astype(int) % self.blocks
        # A short queue is observed slowly rather than early: it follows the sky.
        self.slot = np.minimum(length / np.maximum(self.observed * visits, 1), shortest + _PAUSE)
        self.start = self.midnight - self.observed * visits * self.slot / 2

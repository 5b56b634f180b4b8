# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The nights of all telescopes: dusk and dawn, Moon, weather, seeing, filter, and the observed part of the queue.

On a night the queue of fields is observed in blocks of 8, 16 or 32 fields. Each block is exposed four times in a row,
which takes 20 to 80 minutes. No two exposures of a telescope start at the same time, and each has its own number.
"""

import numpy as np

from . import almanac
from .field_grids import FieldGrids
from .keyed_random import KeyedRandom
from .sites import BANDS, CYCLE_NIGHTS, SITES

__all__ = ["MIN_EXPOSURE_INTERVAL", "N_PASSES", "Nights"]

N_PASSES = 4
"""Exposures of each field of a block."""

MIN_EXPOSURE_INTERVAL = 35.5 / 86400.0
"""Time between the starts of 30 s exposures; the rest is for read-out and slewing [days]."""

_MAX_EXTRA_INTERVAL = 6.5 / 86400.0
_FIRST_NIGHT = 58015
_TWILIGHT_ALTITUDE = -12.0  # deg
_T_FILTER_NIGHT = 58425  # the only night with the t filter in the recorded light curves


class Nights:
    """A table with one row for each telescope and night, from the start of the archive.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    last_mjd : float
        End of the table (MJD). Rows do not depend on it.

    Attributes
    ----------
    site, number : `~numpy.ndarray` of int
        Index of the telescope, and the number of the night (the MJD at its end).
    first_mjd, exposure_interval : `~numpy.ndarray` of float
        Time of the first exposure (MJD), and from one to the next [days].
    exptime : `~numpy.ndarray` of float
        Exposure time [s].
    block_size, n_blocks, first_block, n_observed_blocks : `~numpy.ndarray` of int
        Fields in a block, blocks in the queue, first observed block, and number of observed blocks.
    cloud, airglow : `~numpy.ndarray` of float
        Mean extinction by clouds, and loss of depth by airglow [mag].
    seeing : `~numpy.ndarray` of float
        Full width at half maximum at the zenith [pixels].
    """

    def __init__(self, seed, last_mjd):
        self.seed = seed
        self.grids = FieldGrids(seed)
        self._list_nights(last_mjd)
        self._add_sun_and_moon()
        self._add_weather()
        self._choose_filter()
        self._plan_queue()

    def __len__(self):
        return len(self.number)

    def _list_nights(self, last_mjd):
        """List the nights on which each telescope is in operation."""
        days = np.arange(_FIRST_NIGHT, int(last_mjd) + 2)
        nights_by_site = [days[site.is_working(days)] for site in SITES]
        self.number = np.concatenate(nights_by_site)
        self.site = np.repeat(np.arange(len(SITES)), [len(nights) for nights in nights_by_site])
        self.latitude = np.array([site.latitude for site in SITES])[self.site]
        self.longitude = np.array([site.longitude for site in SITES])[self.site]
        self.rng = KeyedRandom(self.seed, self.site, self.number)

    def _add_sun_and_moon(self):
        """Compute midnight, dusk, dawn and the Moon."""
        midnight = self.number - self.longitude / 360.0
        sun_ra, sun_dec = almanac.sun_position(midnight)
        hour_angle = (almanac.sidereal_time(midnight, self.longitude) - sun_ra) % 360.0 - 180.0
        self.midnight = midnight - hour_angle / 360.0
        latitude, dec = np.radians(self.latitude), np.radians(sun_dec)
        cos_term = np.sin(np.radians(_TWILIGHT_ALTITUDE)) - np.sin(latitude) * np.sin(dec)
        half_night = 180.0 - np.degrees(np.arccos(np.clip(cos_term / (np.cos(latitude) * np.cos(dec)), -1.0, 1.0)))
        self.dusk, self.dawn = self.midnight - half_night / 360.0, self.midnight + half_night / 360.0
        self.meridian = almanac.sidereal_time(self.midnight, self.longitude)
        self.moon_ra, self.moon_dec, self.moon_lit, self.moon_age = almanac.moon_position(self.midnight)

    def _add_weather(self):
        """Draw weather, which lasts for some nights, and seeing."""
        draws = [KeyedRandom(self.seed, self.site, self.number + shift).normal("weather") for shift in (-1, 0, 1)]
        weather = (0.6 * draws[0] + draws[1] + 0.6 * draws[2]) / np.sqrt(1.72)
        # The worst nights are lost, the next worst have clouds.
        lost_fraction = np.array([site.lost_fraction for site in SITES])[self.site]
        percentile = 0.5 * (
            1.0 + np.tanh(0.8 * weather * (1.0 + 0.045 * weather**2))
        )  # approximates the normal cumulative distribution
        self.is_lost = percentile < lost_fraction
        self.cloud = np.clip((lost_fraction + 0.12 - percentile) / 0.12, 0.0, 1.0) ** 2 * 1.2
        self.seeing = np.array([site.seeing_fwhm for site in SITES])[self.site]
        self.seeing = self.seeing * np.exp(0.10 * self.rng.normal("seeing"))
        self.airglow = 0.16 * np.abs(self.rng.normal("airglow"))

    def _choose_filter(self):
        """Choose the filter (cyan near new Moon), the observing plan and the grid."""
        is_cyan = np.zeros(len(self), dtype=bool)
        self.plan = np.zeros(len(self), dtype=int)
        dither_shift = np.array([site.dither_shift for site in SITES])[self.site]
        for index, site in enumerate(SITES):
            at_site = self.site == index
            is_cyan[at_site] = np.abs(self.moon_age[at_site]) < site.cyan_days(self.number[at_site])
            self.plan[at_site] = site.plan_numbers(self.number[at_site])
        self.band = np.where(is_cyan, BANDS.index("c"), BANDS.index("o"))
        self.band[(self.site == 0) & (self.number == _T_FILTER_NIGHT)] = BANDS.index("t")
        self.grid = self.grids.choose_grid(self.number, dither_shift)
        schedule_shift = np.array([site.schedule_shift for site in SITES])[self.site]
        self.cycle_night = (self.number + schedule_shift) % CYCLE_NIGHTS

    def _plan_queue(self):
        """Choose the blocks around the meridian at midnight that fit between dusk and dawn."""
        n_fields = self.grids.queue_length[self.grid, self.plan, self.cycle_night]
        # Powers of two, because multiplication by an odd number shuffles the order within a block.
        self.block_size = np.array([8, 16, 16, 32])[self.rng.integers("size", 4)]
        self.n_blocks = np.maximum(-(-n_fields // self.block_size), 1)
        block_exposures = self.block_size * N_PASSES
        # A few nights have long exposures.
        self.exptime = np.where(self.rng.uniform("exptime") < 0.001, 110.0, 30.0)
        min_interval = MIN_EXPOSURE_INTERVAL + (self.exptime - 30.0) / 86400.0
        night_length = self.dawn - self.dusk
        self.n_observed_blocks = np.minimum(
            (night_length / (min_interval * block_exposures)).astype(int), self.n_blocks
        )
        middle_block = self.grids.queue_rank(self.grid, self.plan, self.cycle_night, self.meridian) / self.block_size
        self.first_block = np.rint(middle_block - self.n_observed_blocks / 2).astype(int) % self.n_blocks
        # A short queue is observed at longer intervals, so that it lasts through the night.
        self.exposure_interval = np.minimum(
            night_length / np.maximum(self.n_observed_blocks * block_exposures, 1), min_interval + _MAX_EXTRA_INTERVAL
        )
        self.first_mjd = self.midnight - self.n_observed_blocks * block_exposures * self.exposure_interval / 2

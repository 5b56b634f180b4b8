# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The survey as a whole: finds the exposures of a position.

No exposure is stored; each is computed from the seed, the telescope and the night.
"""

import numpy as np

from .exposures import DUPLICATE_ID_OFFSET, Exposures
from .keyed_random import KeyedRandom
from .nights import N_PASSES, Nights
from .sites import SITES

__all__ = ["Survey"]

_MIN_ALTITUDE = 19.0  # degrees above the horizon
_IDS_PER_NIGHT = 1200  # upper limit of the exposures of a night
_ID_EPOCH = 57800  # MJD; so that ids begin above FIRST_MODEL_ID
_DUPLICATED_NIGHTS = ("04a59748", "02a59998", "03a59844")  # nights that the archive has twice
_MAX_HALF_NIGHT = 0.33  # days
_NIGHTS_PER_STEP = 8  # rows of the table of nights that are searched in one step


class Survey:
    """The exposures of all telescopes.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    last : float
        End of the survey (MJD); earlier exposures do not depend on it.
    """

    def __init__(self, seed, last):
        self.seed = seed
        self.last = last
        self.nights = Nights(seed, last)
        clear_nights = np.flatnonzero(~self.nights.is_lost)
        self._clear_nights = clear_nights[np.argsort(self.nights.midnight[clear_nights], kind="stable")]
        self._midnights = self.nights.midnight[self._clear_nights]
        codes = np.array([site.code for site in SITES])[self.nights.site]
        self._duplicated_rows = np.flatnonzero(
            np.isin(np.char.add(codes, self.nights.number.astype(str)), _DUPLICATED_NIGHTS)
        )

    def find_exposures(self, ra, dec, start=-np.inf, end=np.inf, select_nights=None):
        """Find the exposures that cover a position, sorted by time.

        Parameters
        ----------
        ra, dec : float
            Position [deg].
        start, end : float, optional
            Limits in time (MJD), both inclusive.
        select_nights : callable, optional
            Takes rows of the table of nights and returns a mask of those to search.
        """
        first, last = np.searchsorted(self._midnights, [start - 1.0, end + 1.0])
        rows = self._clear_nights[first:last]
        rows = rows if select_nights is None else rows[select_nights(rows)]
        exposures = self._make_exposures(*self._visits_of_position(rows, ra, dec))
        inside = (exposures.mjd >= start) & (exposures.mjd <= min(end, self.last))
        exposures = exposures[inside]
        second_copies = exposures[np.isin(exposures.row, self._duplicated_rows)]
        second_copies.id += DUPLICATE_ID_OFFSET
        exposures = Exposures.concatenate([exposures, second_copies]) if len(second_copies) else exposures
        return exposures[np.argsort(exposures.mjd, kind="stable")]

    def _visits_of_position(self, rows, ra, dec):
        """Find the visits of one position on many nights; the same columns as `_visits_of_pairs`.

        There are only 26 grids: fields and ranks are computed once a grid and looked up for each night.
        """
        nights, grids = self.nights, self.nights.grids
        all_grids = np.arange(len(grids.strip_dec))
        position = np.full(len(all_grids), ra), np.full(len(all_grids), dec)
        grid, strip, *columns = grids.find_fields(all_grids, *position)
        order = np.argsort(grid, kind="stable")
        grid, strip, columns = grid[order], strip[order], [column[order] for column in columns]
        nth_in_grid = np.arange(len(grid)) - np.searchsorted(grid, grid)
        field_table = np.full((len(all_grids), nth_in_grid.max() + 1), -1)
        field_table[grid, nth_in_grid] = np.arange(len(grid))
        field = field_table[nights.grid[rows]]
        index, nth_in_grid = np.nonzero(field >= 0)
        row, field = rows[index], field[index, nth_in_grid]
        plan, cycle_night = nights.plan[row], nights.cycle_night[row]
        visited = grids.is_visited[grid[field], plan, cycle_night, strip[field]]
        row, field, plan, cycle_night = row[visited], field[visited], plan[visited], cycle_night[visited]
        rank = grids.queue_ranks(grid, columns[0])[field, plan, cycle_night]
        return row, row, grid[field], rank, *(column[field] for column in columns)

    def find_first_exposure(self, ra, dec, after, nights=64, min_mag5sig=18.9):
        """Find the first useful exposure of each position after a time.

        Parameters
        ----------
        ra, dec, after : `~numpy.ndarray` of float, shape (n,)
            Positions [deg] and times (MJD).
        nights : int, optional
            Number of clear nights to search, all telescopes together.
        min_mag5sig : float, optional
            Exposures with a brighter 5-sigma limit are skipped.

        Returns
        -------
        has_exposure : `~numpy.ndarray` of bool, shape (n,)
            Mask of the positions with such an exposure.
        exposures : Exposures
            One exposure for each of them, in the order of the positions.
        """
        next_row = np.searchsorted(self._midnights, after - 0.4)
        unfinished, pairs, found_parts = np.arange(len(ra)), [], []
        for _ in range(0, nights, _NIGHTS_PER_STEP):
            pair_index, exposures = self._find_earliest(unfinished, next_row[unfinished], ra, dec, after, min_mag5sig)
            # Nights of different telescopes overlap: a later row may have an earlier exposure.
            next_midnight = np.append(self._midnights, np.inf)[
                np.minimum(next_row[pair_index] + _NIGHTS_PER_STEP, len(self._midnights))
            ]
            is_final = exposures.mjd < next_midnight - _MAX_HALF_NIGHT
            next_row[unfinished] += _NIGHTS_PER_STEP
            next_row[pair_index[~is_final]] -= _NIGHTS_PER_STEP // 2
            pairs.append(pair_index[is_final])
            found_parts.append(exposures[is_final])
            unfinished = np.setdiff1d(unfinished, pairs[-1])
            unfinished = unfinished[next_row[unfinished] < len(self._clear_nights)]
        pairs = np.concatenate(pairs)
        has_exposure = np.zeros(len(ra), dtype=bool)
        has_exposure[pairs] = True
        return has_exposure, Exposures.concatenate(found_parts)[np.argsort(pairs)]

    def _find_earliest(self, unfinished, next_row, ra, dec, after, min_mag5sig):
        """Find the earliest useful exposure in the next few nights: indices of positions, exposures."""
        pair_index, exposures = self._find_in_next_nights(next_row, ra[unfinished], dec[unfinished])
        is_later = exposures.mjd > after[unfinished][pair_index]
        pair_index, exposures = pair_index[is_later], exposures[is_later]
        is_deep = exposures.mag5sig > min_mag5sig
        pair_index, exposures = pair_index[is_deep], exposures[is_deep]
        order = np.lexsort((exposures.mjd, pair_index))
        pair_index, first_index = np.unique(pair_index[order], return_index=True)
        return unfinished[pair_index], exposures[order[first_index]]

    def _find_in_next_nights(self, next_row, ra, dec):
        """Find all exposures in the next few clear nights: indices of positions, exposures."""
        night_index = next_row[:, None] + np.arange(_NIGHTS_PER_STEP)
        inside = night_index < len(self._clear_nights)
        index = np.broadcast_to(np.arange(len(next_row))[:, None], night_index.shape)[inside]
        pair_index, *visits = self._visits_of_pairs(self._clear_nights[night_index[inside]], ra[index], dec[index])
        exposures, kept = self._make_exposures(pair_index, *visits, return_pairs=True)
        return index[kept], exposures

    def _visits_of_pairs(self, rows, ra, dec):
        """Find the visits of pairs of night and position: pair, night, grid, rank, columns of the field."""
        nights, grids = self.nights, self.nights.grids
        pair_index, strip, *columns = grids.find_fields(nights.grid[rows], ra, dec)
        row = rows[pair_index]
        grid, plan, cycle_night = nights.grid[row], nights.plan[row], nights.cycle_night[row]
        visited = grids.is_visited[grid, plan, cycle_night, strip]
        columns = [column[visited] for column in columns]
        rank = grids.queue_rank(grid[visited], plan[visited], cycle_night[visited], columns[0])
        return pair_index[visited], row[visited], grid[visited], rank, *columns

    def _make_exposures(self, pair_index, row, grid, rank, field_ra, field_dec, east, north, return_pairs=False):
        """Make four exposures of each visit, except those lost to weather or horizon."""
        nights = self.nights
        size = nights.block_size[row]
        rank_in_block, block = rank % size, (rank // size - nights.first_block[row]) % nights.n_blocks[row]
        is_observed = block < nights.n_observed_blocks[row]
        is_observed &= KeyedRandom(self.seed, nights.site[row], nights.number[row], block).uniform("hole") > 0.04
        columns = (pair_index, row, rank_in_block, block, grid, field_ra, field_dec, east, north)
        pair_index, row, rank_in_block, block, *field = [np.repeat(column[is_observed], N_PASSES) for column in columns]
        pass_number = np.tile(np.arange(N_PASSES), np.count_nonzero(is_observed))
        site, night, size = nights.site[row], nights.number[row], nights.block_size[row]
        # The order of fields changes from pass to pass, as when the scheduler avoids clouds.
        pass_rng = KeyedRandom(self.seed, site, night, block * N_PASSES + pass_number)
        slot = (rank_in_block * (2 * pass_rng.integers("stride", 8) + 1) + pass_rng.integers("shift", size)) % size
        number = (block * N_PASSES + pass_number) * size + slot + 1
        key = ((night - _ID_EPOCH) * len(SITES) + site) * _IDS_PER_NIGHT + number
        rng = KeyedRandom(self.seed, key)
        mjd = nights.first_mjd[row] + (number - 1) * nights.exposure_interval[row] + rng.uniform("jitter", 0.0, 2e-5)
        exposures = Exposures(nights, key, np.round(mjd, 8), row, number, *field)
        taken = (exposures.altitude > _MIN_ALTITUDE) & (rng.uniform("taken") > 0.025)
        return (exposures[taken], pair_index[taken]) if return_pairs else exposures[taken]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The survey as a whole: it is asked what it saw of a position.

Nothing here is stored; every exposure follows from the seed, the telescope and the night.
"""

import numpy as np

from .exposures import DUPLICATE, Exposures
from .keyed_random import Chance
from .nights import PASSES, Nights
from .sites import SITES

__all__ = ["Survey"]

_LOWEST = 19.0  # degrees above the horizon
_NIGHT_NUMBERS = 1200  # more exposures than a night has
_EPOCH = 57800  # so that ids begin above SCHEDULED
_TWICE = ("04a59748", "02a59998", "03a59844")  # nights that are known to be in the archive twice
_HALF_NIGHT = 0.33
_LOOK_AHEAD = 8  # nights of telescopes that are searched at a time


class Survey:
    """What all telescopes have observed.

    Parameters
    ----------
    seed : int
        Of the sky.
    last : float
        Until when it is needed (MJD); nothing before depends on it.
    """

    def __init__(self, seed, last):
        self.seed = seed
        self.last = last
        self.nights = Nights(seed, last)
        clear = np.flatnonzero(~self.nights.lost)
        self._clear = clear[np.argsort(self.nights.midnight[clear], kind="stable")]
        self._midnights = self.nights.midnight[self._clear]
        codes = np.array([site.code for site in SITES])[self.nights.site]
        self._twice = np.flatnonzero(np.isin(np.char.add(codes, self.nights.number.astype(str)), _TWICE))

    def exposures(self, ra, dec, start=-np.inf, end=np.inf, wanted=None):
        """List the exposures that cover a position.

        Parameters
        ----------
        ra, dec : float
            Position [deg].
        start, end : float, optional
            Limits in time (MJD), both included.
        wanted : callable, optional
            Is given rows of the table of nights, and returns a mask of those to search.

        Returns
        -------
        Exposures
            Sorted by time.
        """
        first, last = np.searchsorted(self._midnights, [start - 1.0, end + 1.0])
        rows = self._clear[first:last]
        rows = rows if wanted is None else rows[wanted(rows)]
        found = self._expose(*self._over(rows, ra, dec))
        inside = (found.mjd >= start) & (found.mjd <= min(end, self.last))
        found = found[inside]
        twice = found[np.isin(found.row, self._twice)]
        twice.id += DUPLICATE
        found = Exposures.joined([found, twice]) if len(twice) else found
        return found[np.argsort(found.mjd, kind="stable")]

    def _over(self, rows, ra, dec):
        """Fields over one position, night by night: what `_visits` does, for one position and many nights.

        There are only 26 grids, so that the fields and their ranks are looked up, not worked out, for each night.
        """
        nights, pointings = self.nights, self.nights.pointings
        grids = np.arange(len(pointings.band_dec))
        place = np.full(len(grids), ra), np.full(len(grids), dec)
        grid, band, *rest = pointings.fields(grids, *place)
        order = np.argsort(grid, kind="stable")
        grid, band, rest = grid[order], band[order], [column[order] for column in rest]
        slot = np.arange(len(grid)) - np.searchsorted(grid, grid)
        which = np.full((len(grids), slot.max() + 1), -1)
        which[grid, slot] = np.arange(len(grid))
        field = which[nights.grid[rows]]
        index, slot = np.nonzero(field >= 0)
        row, field = rows[index], field[index, slot]
        plan, turn = nights.plan[row], nights.turn[row]
        on = pointings.visited[grid[field], plan, turn, band[field]]
        row, field, plan, turn = row[on], field[on], plan[on], turn[on]
        rank = pointings.ranks(grid, rest[0])[field, plan, turn]
        return row, row, grid[field], rank, *(column[field] for column in rest)

    def first(self, ra, dec, after, nights=64, deep=18.9):
        """Find the first useful exposure of each position after a time.

        Parameters
        ----------
        ra, dec, after : `~numpy.ndarray` of float, shape (n,)
            Positions [deg] and times (MJD).
        nights : int, optional
            How many clear nights, those of all telescopes together, are searched.
        deep : float, optional
            Exposures with a brighter 5-sigma limit than this are passed over.

        Returns
        -------
        found : `~numpy.ndarray` of bool, shape (n,)
            Whether there is one.
        exposures : Exposures
            The exposures of those that have one, in the order asked.
        """
        place = np.searchsorted(self._midnights, after - 0.4)
        open_, pairs, kept = np.arange(len(ra)), [], []
        for _ in range(0, nights, _LOOK_AHEAD):
            pair, exposures = self._earliest(open_, place[open_], ra, dec, after, deep)
            # Nights of different telescopes overlap: one further on may have an earlier exposure.
            beyond = np.append(self._midnights, np.inf)[np.minimum(place[pair] + _LOOK_AHEAD, len(self._midnights))]
            sure = exposures.mjd < beyond - _HALF_NIGHT
            place[open_] += _LOOK_AHEAD
            place[pair[~sure]] -= _LOOK_AHEAD // 2
            pairs.append(pair[sure])
            kept.append(exposures[sure])
            open_ = np.setdiff1d(open_, pairs[-1])
            open_ = open_[place[open_] < len(self._clear)]
        pairs = np.concatenate(pairs)
        found = np.zeros(len(ra), dtype=bool)
        found[pairs] = True
        return found, Exposures.joined(kept)[np.argsort(pairs)]

    def _earliest(self, open_, place, ra, dec, after, deep):
        """Find the earliest useful exposure in the next few nights: the positions that have one, their exposures."""
        pair, exposures = self._next_nights(place, ra[open_], dec[open_])
        late = exposures.mjd > after[open_][pair]
        pair, exposures = pair[late], exposures[late]
        good = exposures.mag5sig > deep
        pair, exposures = pair[good], exposures[good]
        order = np.lexsort((exposures.mjd, pair))
        pair, which = np.unique(pair[order], return_index=True)
        return open_[pair], exposures[order[which]]

    def _next_nights(self, place, ra, dec):
        """List the exposures in the next few clear nights of each position: index of the position, exposures."""
        ahead = place[:, None] + np.arange(_LOOK_AHEAD)
        inside = ahead < len(self._clear)
        index = np.broadcast_to(np.arange(len(place))[:, None], ahead.shape)[inside]
        pair, *visits = self._visits(self._clear[ahead[inside]], ra[index], dec[index])
        exposures, kept = self._expose(pair, *visits, keep=True)
        return index[kept], exposures

    def _visits(self, rows, ra, dec):
        """Fields over positions on nights, pair by pair: pair, night, grid, rank, and the field's columns."""
        nights, pointings = self.nights, self.nights.pointings
        pair, band, *rest = pointings.fields(nights.grid[rows], ra, dec)
        row = rows[pair]
        grid, plan, turn = nights.grid[row], nights.plan[row], nights.turn[row]
        on = pointings.visited[grid, plan, turn, band]
        rest = [column[on] for column in rest]
        rank = pointings.rank(grid[on], plan[on], turn[on], rest[0])
        return pair[on], row[on], grid[on], rank, *rest

    def _expose(self, pair, row, grid, rank, field_ra, field_dec, east, north, keep=False):
        """Turn visits of fields into exposures, four each, as far as weather and horizon let them be."""
        nights = self.nights
        size = nights.size[row]
        place, block = rank % size, (rank // size - nights.first[row]) % nights.blocks[row]
        seen = block < nights.observed[row]
        seen &= Chance(self.seed, nights.site[row], nights.number[row], block).uniform("hole") > 0.04
        columns = (pair, row, place, block, grid, field_ra, field_dec, east, north)
        pair, row, place, block, *field = [np.repeat(column[seen], PASSES) for column in columns]
        turn = np.tile(np.arange(PASSES), np.count_nonzero(seen))
        site, night, size = nights.site[row], nights.number[row], nights.size[row]
        # The order within a pass changes from pass to pass, as when the scheduler dodges clouds.
        passing = Chance(self.seed, site, night, block * PASSES + turn)
        slot = (place * (2 * passing.integer("stride", 8) + 1) + passing.integer("shift", size)) % size
        number = (block * PASSES + turn) * size + slot + 1
        key = ((night - _EPOCH) * len(SITES) + site) * _NIGHT_NUMBERS + number
        chance = Chance(self.seed, key)
        mjd = nights.start[row] + (number - 1) * nights.slot[row] + chance.uniform("jitter", 0.0, 2e-5)
        exposures = Exposures(nights, key, np.round(mjd, 8), row, number, *field)
        taken = (exposures.height > _LOWEST) & (chance.uniform("taken") > 0.025)
        return (exposures[taken], pair[taken]) if keep else exposures[taken]

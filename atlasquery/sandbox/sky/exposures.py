# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The exposures that cover a position: when, by which telescope, through which filter, how deep.

An exposure is a fact of the survey, not of an object: all objects in a field see the same exposures, at the same times
and with the same limits. Nothing here is stored; everything follows from the seed, the telescope and the night.
"""

from dataclasses import dataclass, fields

import numpy as np

from . import almanac
from .chance import Chance
from .nights import BLOCK, PASSES, Nights
from .pointings import FIELD, PIXEL, Pointings
from .sites import BANDS, SITES

__all__ = ["Exposures", "Survey"]

_LOWEST = 19.0  # degrees above the horizon
_EXTINCTION = np.array([0.17, 0.10, 0.12])  # mag per airmass in the bands
_MOONLIGHT = np.array([1.05, 0.80, 0.90])  # loss of depth under a full Moon, mag
_CENTRE = FIELD * 3600.0 / PIXEL / 2
_NIGHT_NUMBERS = 1200  # more exposures than a night has
_EPOCH = 57900
_LOOK_AHEAD = 8  # nights of telescopes that are searched at a time


@dataclass
class Exposures:
    """Columns of equal length, one row an exposure, sorted by time."""

    id: np.ndarray
    mjd: np.ndarray
    site: np.ndarray
    night: np.ndarray
    number: np.ndarray
    band: np.ndarray
    grid: np.ndarray
    field_ra: np.ndarray
    field_dec: np.ndarray
    zp: np.ndarray
    mag5sig: np.ndarray
    major: np.ndarray
    minor: np.ndarray
    phi: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def __len__(self):
        return len(self.mjd)

    def __getitem__(self, index):
        return Exposures(*(getattr(self, column.name)[index] for column in fields(self)))

    @classmethod
    def joined(cls, parts):
        """Put tables of exposures behind one another.

        Parameters
        ----------
        parts : list of Exposures
            The tables.

        Returns
        -------
        Exposures
            All their rows.
        """
        return cls(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(cls)))

    @property
    def names(self):
        """Names of the exposures, such as ``"02a57604o0375c"``: list of str."""
        codes = [site.code for site in SITES]
        columns = zip(self.site.tolist(), self.night.tolist(), self.number.tolist(), self.band.tolist(), strict=True)
        return [f"{codes[site]}{night}o{number:04d}{BANDS[band]}" for site, night, number, band in columns]

    @property
    def filters(self):
        """Names of the filters: list of str."""
        return [BANDS[band] for band in self.band.tolist()]

    @property
    def pointings(self):
        """Names of the fields: list of str."""
        return Pointings.names(self.grid, self.field_ra, self.field_dec)

    @property
    def sigma(self):
        """1-sigma error of a faint source's flux [uJy]: `~numpy.ndarray` of float."""
        return 10.0 ** (-0.4 * (self.mag5sig - 23.9)) / 5.0


class Survey:
    """The survey as a whole: it is asked what it saw of a position.

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

    def exposures(self, ra, dec, start=-np.inf, end=np.inf):
        """List the exposures that cover a position.

        Parameters
        ----------
        ra, dec : float
            Position [deg].
        start, end : float, optional
            Limits in time (MJD), both included.

        Returns
        -------
        Exposures
            Sorted by time.
        """
        number = self.nights.number
        rows = np.flatnonzero((number >= start - 1) & (number <= end + 2) & ~self.nights.lost)
        found = self.visits(rows, np.full(len(rows), ra), np.full(len(rows), dec))[1]
        found = found[(found.mjd >= start) & (found.mjd <= min(end, self.last))]
        return found[np.argsort(found.mjd, kind="stable")]

    def first(self, ra, dec, after, nights=64, deep=18.6):
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
        clear = np.flatnonzero(~self.nights.lost)
        clear = clear[np.argsort(self.nights.midnight[clear], kind="stable")]
        place = np.searchsorted(self.nights.midnight[clear], after - 0.4)
        open_, kept_pairs, kept = np.arange(len(ra)), [], []
        for _ in range(0, nights, _LOOK_AHEAD):
            pair, exposures = self._next_nights(clear, place[open_], ra[open_], dec[open_])
            good = (exposures.mjd > after[open_][pair]) & (exposures.mag5sig > deep)
            pair, exposures = pair[good], exposures[good]
            order = np.lexsort((exposures.mjd, pair))
            pair, which = np.unique(pair[order], return_index=True)
            kept_pairs.append(open_[pair])
            kept.append(exposures[order[which]])
            open_ = np.delete(open_, pair)
            place[open_] += _LOOK_AHEAD
            open_ = open_[place[open_] < len(clear)]
        pairs = np.concatenate(kept_pairs)
        order = np.argsort(pairs)
        found = np.zeros(len(ra), dtype=bool)
        found[pairs] = True
        return found, Exposures.joined(kept)[order]

    def _next_nights(self, clear, place, ra, dec):
        """List the exposures in the next few clear nights of each position."""
        ahead = place[:, None] + np.arange(_LOOK_AHEAD)
        inside = ahead < len(clear)
        index = np.broadcast_to(np.arange(len(place))[:, None], ahead.shape)[inside]
        pair, exposures = self.visits(clear[ahead[inside]], ra[index], dec[index])
        return index[pair], exposures

    def visits(self, rows, ra, dec):
        """List the exposures of positions on nights, pair by pair.

        Parameters
        ----------
        rows : `~numpy.ndarray` of int, shape (n,)
            Rows of the table of nights.
        ra, dec : `~numpy.ndarray` of float, shape (n,)
            Positions [deg].

        Returns
        -------
        pair : `~numpy.ndarray` of int, shape (m,)
            Which pair each exposure belongs to.
        exposures : Exposures
            The exposures, m of them.
        """
        nights, pointings = self.nights, self.nights.pointings
        pair, band, field_ra, field_dec, east, north = pointings.fields(nights.grid[rows], ra, dec)
        row = rows[pair]
        grid, plan, turn = nights.grid[row], nights.plan[row], nights.turn[row]
        on = pointings.visited[grid, plan, turn, band]
        pair, row, grid = pair[on], row[on], grid[on]
        field_ra, field_dec, east, north = field_ra[on], field_dec[on], east[on], north[on]
        rank = pointings.rank(grid, plan[on], turn[on], field_ra)
        place, block = rank % BLOCK, (rank // BLOCK - nights.first[row]) % np.maximum(nights.blocks[row], 1)
        seen = block < nights.observed[row]
        seen &= Chance(self.seed, nights.site[row], nights.number[row], block).uniform("hole") > 0.04
        columns = (pair, row, grid, field_ra, field_dec, east, north, place, block)
        columns = [np.repeat(column[seen], PASSES) for column in columns]
        return self._expose(*columns, np.tile(np.arange(PASSES), np.count_nonzero(seen)))

    def _expose(self, pair, row, grid, field_ra, field_dec, east, north, place, block, turn):
        nights = self.nights
        site, night = nights.site[row], nights.number[row]
        # The order within a pass changes from pass to pass, as when the scheduler dodges clouds.
        passing = Chance(self.seed, site, night, block * PASSES + turn)
        slot = (place * (2 * passing.integer("stride", 8) + 1) + passing.integer("shift", BLOCK)) % BLOCK
        number = (block * PASSES + turn) * BLOCK + slot + 1
        exposure = (night - _EPOCH) * len(SITES) * _NIGHT_NUMBERS + site * _NIGHT_NUMBERS + number
        chance = Chance(self.seed, exposure)
        mjd = nights.start[row] + (number - 1) * nights.slot[row] + chance.uniform("jitter", 0.0, 2e-5)
        hour_angle = almanac.sidereal(mjd, nights.longitude[row]) - field_ra
        height = almanac.elevation(hour_angle, field_dec, nights.latitude[row])
        taken = (height > _LOWEST) & (chance.uniform("taken") > 0.025)
        columns = (exposure, np.round(mjd, 8), site, night, number, nights.band[row], grid, field_ra, field_dec)
        columns = [column[taken] for column in columns]
        chance = Chance(self.seed, columns[0])
        found = self._look(row[taken], columns[1], height[taken], *columns[-2:], chance)
        x = _CENTRE + east[taken] * 3600.0 / PIXEL + 9.0 * chance.normal("pointing x")
        y = _CENTRE + north[taken] * 3600.0 / PIXEL + 9.0 * chance.normal("pointing y")
        return pair[taken], Exposures(*columns, *found, x, y)

    def _look(self, row, mjd, height, field_ra, field_dec, chance):
        """Work out zero point, 5-sigma limit, and shape of the point-spread function."""
        nights = self.nights
        site, band = nights.site[row], nights.band[row]
        airmass = 1.0 / np.sin(np.radians(height)) - 1.0
        cloud = nights.cloud[row] * chance.uniform("cloud", 0.0, 2.0)
        # Rare thick clouds also on nights that are called clear.
        cloud = cloud + np.where(chance.uniform("thick") < 0.05, -0.5 * np.log(chance.uniform("how thick")), 0.0)
        blur = 1.0 + 0.18 * airmass + 0.05 * np.abs(chance.normal("blur"))
        major = nights.seeing[row] * blur
        minor = major * (1.0 - 0.10 * chance.uniform("roundness", 0.2, 1.6))
        glow = nights.moon_lit[row] ** 2.2 * self._moonlight(row, mjd, field_ra, field_dec)
        loss = _EXTINCTION[band] * airmass + 0.85 * cloud + _MOONLIGHT[band] * glow + 1.8 * np.log10(blur)
        loss = loss + 1.3 * np.log10(nights.seeing[row] / np.array([s.seeing for s in SITES])[site])
        limit = np.array([s.limit for s in SITES])[site, band] - loss + 0.05 * chance.normal("depth")
        zero = np.array([s.zero for s in SITES])[site, band] - _EXTINCTION[band] * airmass - cloud
        zero = zero + 0.02 * chance.normal("zero point")
        phi = chance.uniform("phi", 0.0, 180.0)
        return np.round(zero, 3), np.round(limit, 2), major, minor, phi

    def _moonlight(self, row, mjd, field_ra, field_dec):
        """Brightness of the sky in moonlight against that 60 degrees from a high full Moon."""
        nights = self.nights
        apart = almanac.separation(field_ra, field_dec, nights.moon_ra[row], nights.moon_dec[row])
        hour_angle = almanac.sidereal(mjd, nights.longitude[row]) - nights.moon_ra[row]
        up = almanac.elevation(hour_angle, nights.moon_dec[row], nights.latitude[row])
        return np.clip(up / 30.0 + 0.2, 0.0, 1.2) * (0.8 + 0.8 * np.exp(-apart / 30.0))

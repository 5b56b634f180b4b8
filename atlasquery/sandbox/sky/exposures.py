# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A table of exposures: when, by which telescope, through which filter, how deep.

An exposure is a fact of the survey, not of an object: all objects in a field see the same exposures, at the same times
and with the same limits. Depth and shape are worked out only when they are asked for, and only for the rows left then.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from . import almanac
from .field_grids import FIELD, PIXEL, Pointings
from .keyed_random import Chance
from .nights import Nights
from .sites import BANDS, SITES

__all__ = ["DUPLICATE", "SCHEDULED", "Exposures"]

SCHEDULED = 1_000_000
"""Ids of the model's exposures begin here."""

DUPLICATE = 50_000_000
"""What is added to the id of an exposure that is in the archive twice."""

_EXTINCTION = np.array([0.17, 0.10, 0.12])  # mag per airmass in the bands
_CYAN_BLUR = np.array([1.10, 1.0, 1.0])  # images are softer in the blue
_THICKEST = 4.5  # mag of cloud through which images are still calibrated
_AIRGLOW = np.array([0.4, 1.0, 1.0])  # it is red
_MOONLIGHT = np.array([1.05, 0.80, 0.90])  # loss of depth under a full Moon, mag
_CENTRE = FIELD * 3600.0 / PIXEL / 2
_LIMITS = np.array([site.limit for site in SITES])
_ZEROS = np.array([site.zero for site in SITES])
_CODES = [site.code for site in SITES]
_NUMBERS = [f"{number:04d}" for number in range(1300)]
_SEEING = np.array([site.seeing for site in SITES])


@dataclass
class Exposures:
    """Columns of equal length, one row an exposure.

    Parameters
    ----------
    nights : `~atlasquery.sandbox.sky.nights.Nights`
        The table of nights.
    id : `~numpy.ndarray` of int
        A number that is unique in the survey.
    mjd : `~numpy.ndarray` of float
        Start of the exposure [days].
    row : `~numpy.ndarray` of int
        Row of the table of nights.
    number : `~numpy.ndarray` of int
        Number of the exposure in its night.
    grid : `~numpy.ndarray` of int
        Number of the grid of fields.
    field_ra, field_dec : `~numpy.ndarray` of float
        Centre of the field [deg].
    east, north : `~numpy.ndarray` of float
        Offsets of the position that was asked for from the centre [deg].
    """

    nights: Nights
    id: np.ndarray
    mjd: np.ndarray
    row: np.ndarray
    number: np.ndarray
    grid: np.ndarray
    field_ra: np.ndarray
    field_dec: np.ndarray
    east: np.ndarray
    north: np.ndarray

    def __len__(self):
        return len(self.mjd)

    def __getitem__(self, index):
        chosen = Exposures(self.nights, *(getattr(self, column.name)[index] for column in fields(self)[1:]))
        # What is known already need not be worked out again.
        if "_look" in vars(self):
            vars(chosen)["_look"] = tuple(column[index] for column in self._look)
        return chosen

    @classmethod
    def joined(cls, parts):
        """Put tables of exposures behind one another.

        Parameters
        ----------
        parts : list of Exposures
            The tables, of one survey.

        Returns
        -------
        Exposures
            All their rows.
        """
        columns = [np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(cls)[1:]]
        return cls(parts[0].nights, *columns)

    @property
    def key(self):
        """What randomness belongs to: the id, but the same for both copies of a duplicate: `~numpy.ndarray` of int."""
        return self.id % DUPLICATE

    @property
    def exptime(self):
        """Lengths [s]: `~numpy.ndarray` of float."""
        return np.where(self._chance.uniform("cut short") < 0.0006, 10.0, self.nights.exptime[self.row])

    @property
    def scheduled(self):
        """False for exposures that are not the model's but published: `~numpy.ndarray` of bool."""
        return self.id >= SCHEDULED

    @property
    def site(self):
        """Indices of the telescopes: `~numpy.ndarray` of int."""
        return self.nights.site[self.row]

    @property
    def band(self):
        """Indices of the filters: `~numpy.ndarray` of int."""
        return self.nights.band[self.row]

    @property
    def filters(self):
        """Names of the filters: list of str."""
        return [BANDS[band] for band in self.band.tolist()]

    @property
    def names(self):
        """Names of the exposures, such as ``"02a57604o0375c"``: list of str."""
        nights = self.nights
        rows, where = np.unique(self.row, return_inverse=True)
        heads = [f"{_CODES[nights.site[row]]}{nights.number[row]}o" for row in rows.tolist()]
        columns = zip(where.tolist(), self.number.tolist(), self.filters, strict=True)
        return [heads[index] + _NUMBERS[number] + band for index, number, band in columns]

    @property
    def pointings(self):
        """Names of the fields: list of str."""
        key = self.grid * 1e9 + self.field_ra * 1e6 + self.field_dec
        _, first, where = np.unique(key, return_index=True, return_inverse=True)
        names = Pointings.names(self.grid[first], self.field_ra[first], self.field_dec[first])
        return [names[index] for index in where.tolist()]

    @property
    def zp(self):
        """Zero points [mag]: `~numpy.ndarray` of float."""
        return self._look[0]

    @property
    def mag5sig(self):
        """5-sigma limiting magnitudes: `~numpy.ndarray` of float."""
        return self._look[1]

    @property
    def sigma(self):
        """1-sigma errors of a faint source's flux [uJy]: `~numpy.ndarray` of float."""
        return 10.0 ** (-0.4 * (self.mag5sig - 23.9)) / 5.0

    @property
    def major(self):
        """Full width of the point-spread function along its longer axis [pixels]: `~numpy.ndarray` of float."""
        return self._look[2]

    @property
    def minor(self):
        """The same along the shorter axis [pixels]: `~numpy.ndarray` of float."""
        return self.major * (1.0 - 0.10 * self._chance.uniform("roundness", 0.2, 1.6))

    @property
    def phi(self):
        """Direction of the longer axis [deg]: `~numpy.ndarray` of float."""
        return self._chance.uniform("phi", 0.0, 180.0)

    @property
    def x(self):
        """Place on the detector [pixels]: `~numpy.ndarray` of float."""
        return _CENTRE + self.east * 3600.0 / PIXEL + 9.0 * self._chance.normal("pointing x")

    @property
    def y(self):
        """Place on the detector [pixels]: `~numpy.ndarray` of float."""
        return _CENTRE + self.north * 3600.0 / PIXEL + 9.0 * self._chance.normal("pointing y")

    @property
    def _chance(self):
        return Chance(self.nights.seed, self.key)

    @cached_property
    def _look(self):
        """Zero point, 5-sigma limit, and width of the point-spread function."""
        nights, row, chance = self.nights, self.row, self._chance
        site, band = self.site, self.band
        airmass = 1.0 / np.sin(np.radians(self.height)) - 1.0
        cloud = nights.cloud[row] * chance.uniform("cloud", 0.0, 2.0)
        # Rare thick clouds also on nights that are called clear.
        thick = 0.75 * (-np.log(chance.uniform("how thick"))) ** 1.6
        cloud = cloud + np.where(chance.uniform("thick") < 0.13, np.minimum(thick, _THICKEST), 0.0)
        blur = 1.0 + 0.18 * airmass + 0.05 * np.abs(chance.normal("blur"))
        loss = _EXTINCTION[band] * airmass + 0.85 * cloud + _MOONLIGHT[band] * self._glow() + 1.8 * np.log10(blur)
        loss = loss + _AIRGLOW[band] * nights.airglow[row] + 1.3 * np.log10(nights.seeing[row] / _SEEING[site])
        limit = _LIMITS[site, band] - loss + 0.05 * chance.normal("depth") + 1.25 * np.log10(self.exptime / 30.0)
        zero = _ZEROS[site, band] - _EXTINCTION[band] * airmass - cloud + 0.02 * chance.normal("zero point")
        return np.round(zero, 3), np.round(limit, 2), nights.seeing[row] * blur * _CYAN_BLUR[band]

    @property
    def height(self):
        """Height of the field above the horizon [deg]: `~numpy.ndarray` of float."""
        hour_angle = almanac.sidereal(self.mjd, self.nights.longitude[self.row]) - self.field_ra
        return almanac.elevation(hour_angle, self.field_dec, self.nights.latitude[self.row])

    def _glow(self):
        """Brightness of the sky in moonlight against that 60 degrees from a high full Moon."""
        nights, row = self.nights, self.row
        apart = almanac.separation(self.field_ra, self.field_dec, nights.moon_ra[row], nights.moon_dec[row])
        hour_angle = almanac.sidereal(self.mjd, nights.longitude[row]) - nights.moon_ra[row]
        up = almanac.elevation(hour_angle, nights.moon_dec[row], nights.latitude[row])
        return nights.moon_lit[row] ** 1.3 * np.clip(up / 30.0 + 0.2, 0.0, 1.2) * (0.8 + 0.8 * np.exp(-apart / 30.0))

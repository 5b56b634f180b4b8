# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A table of exposures: time, telescope, filter, field and depth.

An exposure belongs to the survey, not to an object: all objects in a field have the same exposures, times and limits.
Depth and image shape are computed on request, and only for the remaining rows.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from . import almanac
from .field_grids import FIELD_SIZE, PIXEL_SCALE, FieldGrids
from .keyed_random import KeyedRandom
from .nights import Nights
from .sites import BANDS, SITES

__all__ = ["DUPLICATE_ID_OFFSET", "FIRST_MODEL_ID", "Exposures"]

FIRST_MODEL_ID = 1_000_000
"""Smallest id of the exposures of the model; smaller ids are published exposures."""

DUPLICATE_ID_OFFSET = 50_000_000
"""Offset of the id of the second copy of an exposure that is in the archive twice."""

_EXTINCTION = np.array([0.17, 0.10, 0.12])  # mag per airmass in the bands
_BAND_BLUR = np.array([1.10, 1.0, 1.0])  # the point-spread function is wider in cyan
_MAX_CLOUD = 4.5  # mag; images through thicker clouds are not calibrated
_AIRGLOW = np.array([0.4, 1.0, 1.0])  # mag; airglow is red
_MOONLIGHT = np.array([1.05, 0.80, 0.90])  # loss of depth under a full Moon, mag
_CENTRE = FIELD_SIZE * 3600.0 / PIXEL_SCALE / 2
_LIMITING_MAGS = np.array([site.limiting_mag for site in SITES])
_ZERO_POINTS = np.array([site.zero_point for site in SITES])
_SITE_CODES = [site.code for site in SITES]
_NUMBER_TEXTS = [f"{number:04d}" for number in range(1300)]
_SITE_SEEING = np.array([site.seeing_fwhm for site in SITES])


@dataclass
class Exposures:
    """Columns of equal length, one row an exposure.

    Parameters
    ----------
    nights : `~atlasquery.sandbox.sky.nights.Nights`
        The table of nights.
    id : `~numpy.ndarray` of int
        Number that is unique in the survey.
    mjd : `~numpy.ndarray` of float
        Start of the exposure (MJD).
    row : `~numpy.ndarray` of int
        Row of the table of nights.
    number : `~numpy.ndarray` of int
        Number of the exposure in its night.
    grid : `~numpy.ndarray` of int
        Index of the grid of fields.
    field_ra, field_dec : `~numpy.ndarray` of float
        Centre of the field [deg].
    east, north : `~numpy.ndarray` of float
        Offsets of the requested position from the centre [deg].
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
        selected = Exposures(self.nights, *(getattr(self, column.name)[index] for column in fields(self)[1:]))
        # Rows of the cached columns are reused, not computed again.
        if "_image_quality" in vars(self):
            vars(selected)["_image_quality"] = tuple(column[index] for column in self._image_quality)
        return selected

    @classmethod
    def concatenate(cls, parts):
        """Concatenate tables of exposures of one survey."""
        columns = [np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(cls)[1:]]
        return cls(parts[0].nights, *columns)

    @property
    def key(self):
        """Random key: the id, equal for both copies of a duplicate: `~numpy.ndarray` of int."""
        return self.id % DUPLICATE_ID_OFFSET

    @property
    def exptime(self):
        """Exposure times [s]: `~numpy.ndarray` of float."""
        return np.where(self._rng.uniform("cut short") < 0.0006, 10.0, self.nights.exptime[self.row])

    @property
    def is_modelled(self):
        """False for published exposures, True for those of the model: `~numpy.ndarray` of bool."""
        return self.id >= FIRST_MODEL_ID

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
        rows, inverse = np.unique(self.row, return_inverse=True)
        prefixes = [f"{_SITE_CODES[nights.site[row]]}{nights.number[row]}o" for row in rows.tolist()]
        columns = zip(inverse.tolist(), self.number.tolist(), self.filters, strict=True)
        return [prefixes[index] + _NUMBER_TEXTS[number] + band for index, number, band in columns]

    @property
    def field_names(self):
        """Names of the fields: list of str."""
        key = self.grid * 1e9 + self.field_ra * 1e6 + self.field_dec
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        names = FieldGrids.format_names(self.grid[first], self.field_ra[first], self.field_dec[first])
        return [names[index] for index in inverse.tolist()]

    @property
    def zp(self):
        """Zero points [mag]: `~numpy.ndarray` of float."""
        return self._image_quality[0]

    @property
    def mag5sig(self):
        """5-sigma limiting magnitudes: `~numpy.ndarray` of float."""
        return self._image_quality[1]

    @property
    def sigma(self):
        """1-sigma flux errors of a faint source [uJy]: `~numpy.ndarray` of float."""
        return 10.0 ** (-0.4 * (self.mag5sig - 23.9)) / 5.0

    @property
    def major(self):
        """Width of the point-spread function along its major axis, FWHM [pixels]: `~numpy.ndarray` of float."""
        return self._image_quality[2]

    @property
    def minor(self):
        """Width along the minor axis, FWHM [pixels]: `~numpy.ndarray` of float."""
        return self.major * (1.0 - 0.10 * self._rng.uniform("roundness", 0.2, 1.6))

    @property
    def phi(self):
        """Direction of the major axis [deg]: `~numpy.ndarray` of float."""
        return self._rng.uniform("phi", 0.0, 180.0)

    @property
    def x(self):
        """Position on the detector [pixels]: `~numpy.ndarray` of float."""
        return _CENTRE + self.east * 3600.0 / PIXEL_SCALE + 9.0 * self._rng.normal("pointing x")

    @property
    def y(self):
        """Position on the detector [pixels]: `~numpy.ndarray` of float."""
        return _CENTRE + self.north * 3600.0 / PIXEL_SCALE + 9.0 * self._rng.normal("pointing y")

    @property
    def _rng(self):
        return KeyedRandom(self.nights.seed, self.key)

    @cached_property
    def _image_quality(self):
        """Zero point [mag], 5-sigma limit [mag], and width of the point-spread function [pixels]."""
        nights, row, rng = self.nights, self.row, self._rng
        site, band = self.site, self.band
        airmass = 1.0 / np.sin(np.radians(self.altitude)) - 1.0
        cloud = nights.cloud[row] * rng.uniform("cloud", 0.0, 2.0)
        # Thick clouds occur on clear nights too, but rarely.
        thick_cloud = 0.75 * (-np.log(rng.uniform("how thick"))) ** 1.6
        cloud = cloud + np.where(rng.uniform("thick") < 0.13, np.minimum(thick_cloud, _MAX_CLOUD), 0.0)
        blur = 1.0 + 0.18 * airmass + 0.05 * np.abs(rng.normal("blur"))
        loss = _EXTINCTION[band] * airmass + 0.85 * cloud + _MOONLIGHT[band] * self._moonlight() + 1.8 * np.log10(blur)
        loss = loss + _AIRGLOW[band] * nights.airglow[row] + 1.3 * np.log10(nights.seeing[row] / _SITE_SEEING[site])
        mag5sig = _LIMITING_MAGS[site, band] - loss + 0.05 * rng.normal("depth") + 1.25 * np.log10(self.exptime / 30.0)
        zero_point = _ZERO_POINTS[site, band] - _EXTINCTION[band] * airmass - cloud + 0.02 * rng.normal("zero point")
        return np.round(zero_point, 3), np.round(mag5sig, 2), nights.seeing[row] * blur * _BAND_BLUR[band]

    @property
    def altitude(self):
        """Altitude of the field above the horizon [deg]: `~numpy.ndarray` of float."""
        hour_angle = almanac.sidereal_time(self.mjd, self.nights.longitude[self.row]) - self.field_ra
        return almanac.altitude(hour_angle, self.field_dec, self.nights.latitude[self.row])

    def _moonlight(self):
        """Return the moonlight relative to that 60 degrees from a high full Moon."""
        nights, row = self.nights, self.row
        moon_separation = almanac.separation(self.field_ra, self.field_dec, nights.moon_ra[row], nights.moon_dec[row])
        hour_angle = almanac.sidereal_time(self.mjd, nights.longitude[row]) - nights.moon_ra[row]
        moon_altitude = almanac.altitude(hour_angle, nights.moon_dec[row], nights.latitude[row])
        return (
            nights.moon_lit[row] ** 1.3
            * np.clip(moon_altitude / 30.0 + 0.2, 0.0, 1.2)
            * (0.8 + 0.8 * np.exp(-moon_separation / 30.0))
        )

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ProperMotion`: the motion of stars, and `check_epoch`: the time for which positions are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.time import Time
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.times import DateLike, check_time

__all__ = ["OBSERVATION", "SURVEY_START", "EpochLike", "ProperMotion", "check_epoch", "proper_motion_of"]

EpochLike: TypeAlias = DateLike | Literal["observation"]
OBSERVATION = "observation"
SURVEY_START = 2015.0  # Julian year of the first data of ATLAS
_MJD_J2000 = 51544.5
_MAS = np.pi / 180 / 3600e3  # in radians


@dataclass(frozen=True)
class ProperMotion:
    """Proper motions of n positions, and the epochs of these positions.

    Parameters
    ----------
    ra_cosdec, dec : `~numpy.ndarray`, shape (n,)
        Components in mas/yr; 0 where unknown.
    epoch : `~numpy.ndarray`, shape (n,)
        Julian years; NaN where unknown.
    """

    ra_cosdec: NDArray[np.float64]
    dec: NDArray[np.float64]
    epoch: NDArray[np.float64]

    @property
    def total_mas(self) -> NDArray[np.float64]:
        """Total proper motions in mas/yr."""
        return np.hypot(self.ra_cosdec, self.dec)

    def move(
        self, ra: NDArray[np.float64], dec: NDArray[np.float64], epoch: Any
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return positions in degrees at another epoch in Julian years.

        Motion is uniform and straight, without the change of perspective that a radial velocity causes, which is
        0.1 arcsec in 10 years for the fastest stars: Butkevich & Lindegren 2014, A&A 570, A62, equation 6.

        Raises
        ------
        InvalidQueryError
            If a position that moves has no epoch.
        """
        is_moving = self.total_mas > 0
        if (unknown := is_moving & ~np.isfinite(self.epoch)).any():
            raise InvalidQueryError(
                f"Positions with a proper motion must have an epoch to be moved, got none in row {unknown.argmax()}.",
                hint="Set `obstime` of the SkyCoord, or add a column 'ref_epoch' in Julian years.",
            )
        years = np.where(is_moving, epoch - np.where(is_moving, self.epoch, 0.0), 0.0)
        lon, lat = np.radians(ra), np.radians(dec)
        east, north = self.ra_cosdec * _MAS * years, self.dec * _MAS * years
        x = np.cos(lat) * np.cos(lon) - np.sin(lon) * east - np.sin(lat) * np.cos(lon) * north
        y = np.cos(lat) * np.sin(lon) + np.cos(lon) * east - np.sin(lat) * np.sin(lon) * north
        z = np.sin(lat) + np.cos(lat) * north
        moved_ra = np.degrees(np.arctan2(y, x)) % 360
        moved_dec = np.degrees(np.arctan2(z, np.hypot(x, y)))
        return np.where(is_moving, moved_ra, ra), np.where(is_moving, moved_dec, dec)

    def take(self, rows: Any) -> ProperMotion:
        """Return the motions of some rows."""
        return ProperMotion(self.ra_cosdec[rows], self.dec[rows], self.epoch[rows])

    def max_offset_arcsec(self, now: float) -> NDArray[np.float64]:
        """Return how far each position is from that of its epoch at most, from the start of the survey to ``now``."""
        epoch = np.where(np.isfinite(self.epoch), self.epoch, SURVEY_START)
        return self.total_mas / 1000 * np.maximum(np.abs(now - epoch), np.abs(SURVEY_START - epoch))


def proper_motion_of(icrs: SkyCoord, obstime: Time | None) -> ProperMotion | None:
    """Return the proper motions that positions in ICRS have, as vectors, None if they have none."""
    motion = icrs.data.differentials.get("s")
    if motion is None:
        return None
    ra_cosdec, dec = (_to_mas_per_year(value) for value in (motion.d_lon_coslat, motion.d_lat))
    return ProperMotion(ra_cosdec, dec, np.broadcast_to(np.nan if obstime is None else obstime.jyear, dec.shape))


def _to_mas_per_year(value: u.Quantity) -> NDArray[np.float64]:
    """Return a component as a vector in mas/yr, 0 where it is unknown."""
    mas = getattr(value, "filled", lambda _: value)(0 * value.unit)
    return np.atleast_1d(np.nan_to_num(mas.to_value(u.mas / u.yr), nan=0.0))


def check_epoch(epoch: Any) -> float | str | None:
    """Return an epoch as a Julian year; ``"observation"`` and None as they are.

    Raises
    ------
    InvalidQueryTypeError
        If it is no time.
    InvalidQueryError
        If it is not a single time.

    Examples
    --------
    >>> from atlasquery.inputs.proper_motion import check_epoch
    >>> check_epoch("2026-01-01T12:00:00")
    2026.0
    """
    if epoch is None or (isinstance(epoch, str) and epoch == OBSERVATION):
        return epoch
    return 2000.0 + (check_time(epoch, "epoch") - _MJD_J2000) / 365.25

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedTarget`: what is measured, and `ForcedOptions`: when and on which images; as the server takes them.

The server accepts a right ascension of 400 degrees, a Julian date and a reversed time range without a word, or fails
later. All of these are refused here, before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from astropy.coordinates import SkyCoord

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.coordinates import as_icrs, is_finite
from atlasquery.inputs.proper_motion import proper_motion_of
from atlasquery.inputs.times import SinceLike, check_since
from atlasquery.utils.text import abbreviate

__all__ = ["IMAGES", "ForcedOptions", "ForcedTarget", "check_mpc_name", "check_options", "check_target"]

IMAGES = ("difference", "reduced")
MAX_NAME = 300  # characters
FORBIDDEN = "'\";\n\r"  # in the name of a moving object


@dataclass(frozen=True)
class ForcedTarget:
    """A position (ICRS, degrees) with its motion (mas/yr) and epoch (Julian year), or a moving object by its name."""

    ra: float | None = None
    dec: float | None = None
    pm_ra: float = 0.0
    pm_dec: float = 0.0
    epoch: float | None = None
    mpc: str | None = None

    @property
    def payload(self) -> dict[str, Any]:
        """The fields of a submission."""
        if self.mpc is not None:
            return {"mpc_name": self.mpc}
        position = {"ra": self.ra, "dec": self.dec}
        if not (self.pm_ra or self.pm_dec):
            return position
        motion = {"propermotion_ra": self.pm_ra, "propermotion_dec": self.pm_dec}
        return position | motion | {"radec_epoch_year": self.epoch}


@dataclass(frozen=True)
class ForcedOptions:
    """Time range (MJD, None without a limit) and images of a measurement."""

    start: float | None = None
    end: float | None = None
    images: str = "difference"

    @property
    def payload(self) -> dict[str, Any]:
        """The fields of a submission; the start is sent as null, as the server would take the last 30 days else."""
        return {"mjd_min": self.start, "mjd_max": self.end, "use_reduced": self.images == "reduced"}


def check_target(coordinates: Any = None, mpc: Any = None) -> ForcedTarget:
    """Return the target of a single position, of anything with a ``coord``, or of the name of a moving object.

    Raises
    ------
    InvalidQueryTypeError
        If an argument has another type.
    InvalidQueryError
        If both are given or none, or the position is not finite or not single.
    """
    if (coordinates is None) == (mpc is None):
        got = "neither" if mpc is None else "both"
        raise InvalidQueryError(f"`coordinates` or `mpc` must be given, got {got}.")
    if mpc is not None:
        return ForcedTarget(mpc=check_mpc_name(mpc))
    position = getattr(coordinates, "coord", coordinates)
    icrs = as_icrs(position)
    if not icrs.isscalar:
        raise InvalidQueryError(
            f"`coordinates` must be a single position, got {len(icrs)}.", hint="Use get_light_curves for several."
        )
    if not is_finite(icrs).all():
        raise InvalidQueryError(f"`coordinates` must be finite, got {abbreviate(coordinates)}.")
    return _with_motion(icrs, getattr(position, "obstime", None))


def _with_motion(icrs: SkyCoord, obstime: Any) -> ForcedTarget:
    ra, dec = float(icrs.ra.deg) % 360, float(icrs.dec.deg)
    motion = proper_motion_of(icrs, obstime)
    if motion is None or not motion.total_mas[0]:
        return ForcedTarget(ra, dec)
    if not np.isfinite(motion.epoch[0]):
        raise InvalidQueryError(
            "`coordinates` with a proper motion must have an epoch, got none.",
            hint="Set `obstime` of the SkyCoord, as in SkyCoord(..., obstime=Time('J2016')).",
        )
    # The server takes one decimal of the year; the position is moved to it.
    epoch = round(float(motion.epoch[0]), 1)
    moved_ra, moved_dec = motion.move(np.array([ra]), np.array([dec]), epoch)
    return ForcedTarget(
        float(moved_ra[0]), float(moved_dec[0]), float(motion.ra_cosdec[0]), float(motion.dec[0]), epoch
    )


def check_mpc_name(name: Any) -> str:
    """Return the designation of a moving object; the server does not look it up."""
    if not isinstance(name, str):
        raise InvalidQueryTypeError(f"`mpc` must be a string such as '(12267)', got {abbreviate(name)}.")
    text = name.strip()
    if not text or len(text) > MAX_NAME or any(character in FORBIDDEN for character in text):
        raise InvalidQueryError(
            f"`mpc` must have 1 to {MAX_NAME} characters without quotes and semicolons, got {abbreviate(name)}."
        )
    return text


def check_options(
    start: SinceLike | None = None, end: SinceLike | None = None, images: str = "difference"
) -> ForcedOptions:
    """Return the time range and the images; a time is as of `~atlasquery.inputs.times.check_since`."""
    if images not in IMAGES:
        raise InvalidQueryError(f"`images` must be 'difference' or 'reduced', got {abbreviate(images)}.")
    first, last = (None if time is None else check_since(time).mjd for time in (start, end))  # type: ignore[union-attr]
    if first is not None and last is not None and not first < last:
        raise InvalidQueryError(f"`start` must be before `end`, got MJD {first:.5f} and {last:.5f}.")
    return ForcedOptions(first, last, images)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ForcedTarget`: what is measured, and `ForcedOptions`: when and on which images; as the server takes them.

The server accepts a right ascension of 400 degrees, a Julian date and a reversed time range without a word, or fails
later. All of these are refused here, before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.coordinates import as_icrs, is_finite
from atlasquery.inputs.images import IMAGES
from atlasquery.inputs.proper_motion import ProperMotion, proper_motion_of
from atlasquery.inputs.times import SinceLike, check_since
from atlasquery.utils.text import abbreviate

__all__ = [
    "ForcedOptions",
    "ForcedTarget",
    "check_mpc_name",
    "check_options",
    "check_target",
    "targets_of_positions",
]

MAX_NAME = 300  # characters
FORBIDDEN = "'\";\n\r"  # in the name of a moving object
N_DECIMALS = 10  # of degrees in a list: 0.4 microarcsec
SMALL_DEC = 1e-9  # degrees, in place of 0
MAX_LISTED_DEC = 90 - 0.5 * 10**-N_DECIMALS


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
        ra, dec = self._sent_position
        return {"ra": ra, "dec": dec} | self.motion_payload

    @property
    def motion_payload(self) -> dict[str, Any]:
        """The fields of the proper motion, none without one."""
        if not (self.pm_ra or self.pm_dec):
            return {}
        return {
            "propermotion_ra": self.pm_ra,
            "propermotion_dec": self.pm_dec,
            "radec_epoch_year": self.epoch,
        }

    @property
    def line(self) -> str:
        """The line of a list of targets; in plain degrees, as sexagesimal ones are rounded by the server."""
        if self.mpc is not None:
            return f"mpc {self.mpc}"
        ra, dec = self._sent_position
        return f"{ra:.{N_DECIMALS}f} {dec:.{N_DECIMALS}f}"

    @property
    def is_listable(self) -> bool:
        """Whether a list of targets may have it: the poles are refused there, and lines are split at blanks."""
        if self.mpc is not None:
            return len(self.mpc.replace(",", " ").split()) == 1
        return self.dec is not None and abs(self.dec) < MAX_LISTED_DEC

    @property
    def _sent_position(self) -> tuple[Any, Any]:
        """RA and Dec in degrees; older servers take a 0 for a missing value."""
        return self.ra or 360.0, self.dec or SMALL_DEC

    @property
    def text(self) -> str:
        """The target in words."""
        return self.mpc if self.mpc is not None else f"RA {self.ra:.5f}, Dec {self.dec:+.5f}"


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
    motion = proper_motion_of(icrs, getattr(position, "obstime", None))
    ra, dec = (np.array([float(angle.deg)]) for angle in (icrs.ra, icrs.dec))
    return targets_of_positions(ra, dec, motion)[0]


def targets_of_positions(
    ra: NDArray[np.float64], dec: NDArray[np.float64], motion: ProperMotion | None
) -> list[ForcedTarget]:
    """Return the targets of positions in degrees (ICRS), each with its proper motion.

    The server takes one decimal of the epoch: positions that move are moved to it.

    Raises
    ------
    InvalidQueryError
        If a position that moves has no epoch.
    """
    if motion is None or not motion.total_mas.any():
        return [ForcedTarget(*position) for position in zip((ra % 360).tolist(), dec.tolist(), strict=True)]
    is_moving = motion.total_mas > 0
    epoch = np.where(is_moving, np.round(motion.epoch, 1), np.nan)
    ra, dec = motion.move(ra, dec, epoch)
    columns = [values.tolist() for values in (is_moving, ra % 360, dec, motion.ra_cosdec, motion.dec, epoch)]
    return [
        ForcedTarget(east, north, pm_ra, pm_dec, year) if moves else ForcedTarget(east, north)
        for moves, east, north, pm_ra, pm_dec, year in zip(*columns, strict=True)
    ]


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
    checked = check_since(start, "start"), check_since(end, "end")
    first, last = (None if time is None else time.mjd for time in checked)
    if first is not None and last is not None and not first < last:
        raise InvalidQueryError(f"`start` must be before `end`, got MJD {first:.5f} and {last:.5f}.")
    return ForcedOptions(first, last, images)

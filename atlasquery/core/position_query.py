# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`PositionQuery`: checked arguments of the queries around positions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.time import Time
from numpy.typing import NDArray

from atlasquery.core.query_warnings import warn_no_proper_motion, warn_proper_motion
from atlasquery.crossmatch.catalogue import UnitLike
from atlasquery.crossmatch.positions import Positions, read_positions
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import RadiusLike, radii_arcsec
from atlasquery.inputs.proper_motion import OBSERVATION, EpochLike, ProperMotion, check_epoch

__all__ = ["OnBadRows", "PositionQuery", "check_position_query"]

OnBadRows: TypeAlias = Literal["raise", "skip"]


@dataclass(frozen=True)
class PositionQuery:
    """Positions and radii of a query.

    Parameters
    ----------
    positions : Positions
        The positions, at the epoch of the query.
    arcsec : float or array of float, shape (n,)
        Radii.
    motion : ProperMotion or None
        Proper motions, to be applied for the date of each object.
    skipped : list of int
        Rows that the user wants to be left out.
    now : float
        Julian year of the query.
    """

    positions: Positions
    arcsec: float | NDArray[np.float64]
    motion: ProperMotion | None
    skipped: list[int]
    now: float

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows that have a position."""
        return np.flatnonzero(~self.positions.is_missing)

    @property
    def coordinates(self) -> SkyCoord:
        """The positions that are not missing, a vector in ICRS."""
        return self.positions.coordinates[self.rows]

    @property
    def radii(self) -> NDArray[np.float64]:
        """The radii of these in arcsec."""
        return np.broadcast_to(self.arcsec, len(self.positions))[self.rows]


def check_position_query(
    name: str,
    value: Any,
    radius: RadiusLike,
    *,
    unit: UnitLike | None,
    epoch: EpochLike | None,
    on_bad_rows: OnBadRows,
    allow_missing: bool = False,
) -> PositionQuery:
    """Return the checked arguments of a query around positions, with the argument of a name in messages.

    ``allow_missing`` accepts rows without any position; those with a wrong one are an error or skipped.
    """
    if on_bad_rows not in ("raise", "skip"):
        raise InvalidQueryError(f"`on_bad_rows` must be 'raise' or 'skip', got {on_bad_rows!r}.")
    positions = read_positions(value, unit)
    arcsec = radii_arcsec(radius, len(positions))
    if positions.is_scalar and positions.is_missing.any() and not allow_missing:
        raise InvalidQueryError(f"`{name}` must be a finite position, got NaN or a masked value.")
    if on_bad_rows == "raise":
        positions.check_rows(name, allow_missing=allow_missing)
    skipped = np.flatnonzero(positions.is_missing).tolist() if on_bad_rows == "skip" else []
    now = float(Time.now().jyear)
    positions, motion = _apply_epoch(positions, epoch, arcsec, now)
    return PositionQuery(positions, arcsec, motion, skipped, now)


def _apply_epoch(
    positions: Positions, epoch: EpochLike | None, arcsec: float | NDArray[np.float64], now: float
) -> tuple[Positions, ProperMotion | None]:
    """Return the positions at an epoch, and the motion that the search has to apply for each object."""
    checked, motion = check_epoch(epoch), positions.motion
    if motion is None:
        if checked is not None and len(positions):
            warn_no_proper_motion()
        return positions, None
    if checked == OBSERVATION:
        return replace(positions, motion=None), motion
    if isinstance(checked, float):
        return positions.at_epoch(checked), None
    offset = np.where(positions.is_missing, 0.0, motion.max_offset_arcsec(now))
    warn_proper_motion(offset, arcsec)
    return positions, None

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Positions`: the positions of a query, from coordinates or a catalogue, at the wanted epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Row, Table
from numpy.typing import NDArray

from atlasquery.crossmatch.catalogue import CatalogueLike, UnitLike, as_table, check_catalogue_type, is_catalogue
from atlasquery.crossmatch.position_columns import find_coordinate_column, read_motion_columns, read_position_columns
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import CoordinatesLike, as_icrs, is_finite
from atlasquery.inputs.proper_motion import ProperMotion, proper_motion_of

__all__ = ["Positions", "read_positions"]

N_SHOWN_ROWS = 5


@dataclass(frozen=True)
class Positions:
    """Positions of a query.

    Parameters
    ----------
    ra, dec : `~numpy.ndarray`, shape (n,)
        Degrees (ICRS), NaN where there is none.
    is_scalar : bool
        Whether the user gave a single position, not a vector.
    motion : ProperMotion or None
        Proper motions, if there are any.
    wrong : mapping
        What is wrong with rows that have no position, by row; missing values are not in it.
    table : `~astropy.table.Table` or None
        The catalogue, if it has columns.
    """

    ra: NDArray[np.float64]
    dec: NDArray[np.float64]
    is_scalar: bool = False
    motion: ProperMotion | None = None
    wrong: Mapping[int, str] | Any = None
    table: Table | None = None

    def __len__(self) -> int:
        return len(self.ra)

    @property
    def coordinates(self) -> SkyCoord:
        """The positions, a vector in ICRS."""
        return SkyCoord(self.ra * u.deg, self.dec * u.deg)

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Which rows have no position."""
        return ~(np.isfinite(self.ra) & np.isfinite(self.dec))

    def at_epoch(self, epoch: float) -> Positions:
        """Return the positions at another epoch (Julian year)."""
        if self.motion is None:
            return self
        ra, dec = self.motion.move(self.ra, self.dec, epoch)
        return replace(self, ra=ra, dec=dec, motion=None)

    def check_rows(self, name: str, *, allow_missing: bool) -> None:
        """Raise `InvalidQueryError` that names the rows without a valid position."""
        bad = dict(self.wrong or {})
        if not allow_missing:
            bad = {row: bad.get(row, "no position") for row in np.flatnonzero(self.is_missing).tolist()}
        if bad:
            shown = ", ".join(f"row {row} ({bad[row]})" for row in sorted(bad)[:N_SHOWN_ROWS])
            others = f" and {len(bad) - N_SHOWN_ROWS} more" if len(bad) > N_SHOWN_ROWS else ""
            raise InvalidQueryError(
                f"`{name}` must have a valid position in each row, got {len(bad)} bad of {len(self)}: {shown}{others}.",
                hint="Correct these rows, or pass on_bad_rows='skip' to leave them out.",
                rows=tuple(sorted(bad)),
            )


def read_positions(value: CoordinatesLike | CatalogueLike, unit: UnitLike | None = None) -> Positions:
    """Return the positions of coordinates, or of a catalogue in any form.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither coordinates nor a table.
    InvalidQueryError
        If the positions of a table cannot be determined.
    """
    check_catalogue_type(value)
    if is_catalogue(value):
        return _read_table(value, unit)
    positions = _read_coordinates(value)
    if unit is not None and not isinstance(value, str):
        raise InvalidQueryError(f"`unit` must not be given for coordinates, which have units, got {unit!r}.")
    return positions


def _read_coordinates(value: Any) -> Positions:
    icrs = as_icrs(value)
    ra, dec = (np.where(is_finite(icrs), _to_degrees(angle), np.nan) for angle in (icrs.ra, icrs.dec))
    motion = proper_motion_of(icrs, getattr(value, "obstime", None))
    return Positions(ra, dec, is_scalar=icrs.isscalar, motion=motion)


def _to_degrees(angle: Any) -> NDArray[np.float64]:
    return np.atleast_1d(np.asarray(np.ma.filled(getattr(angle.deg, "unmasked", angle.deg), np.nan), dtype=float))


def _read_table(catalogue: Any, unit: UnitLike | None) -> Positions:
    table = as_table(catalogue)
    if not table.colnames:
        return Positions(np.empty(0), np.empty(0), table=table)
    is_scalar = not isinstance(catalogue, Table) and len(table) == 1 and _is_row(catalogue)
    column = find_coordinate_column(table)
    if column is not None:
        positions = replace(_read_coordinates(column), is_scalar=is_scalar, table=table)
        return positions if positions.motion is not None else replace(positions, motion=read_motion_columns(table))
    read = read_position_columns(table, unit)
    return Positions(read.ra, read.dec, is_scalar, read_motion_columns(table), read.wrong, table)


def _is_row(catalogue: Any) -> bool:
    """Return whether a catalogue is a single row, not a table of one row."""
    if isinstance(catalogue, Mapping):
        return all(np.ndim(value) == 0 for value in catalogue.values())
    return isinstance(catalogue, Row) or type(catalogue).__name__ == "Series"  # of pandas

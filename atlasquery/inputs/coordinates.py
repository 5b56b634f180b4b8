# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions and radii given by the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from astropy import units as u
from astropy.coordinates import Angle, BaseCoordinateFrame, SkyCoord
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.directions import to_icrs
from atlasquery.inputs.position_text import parse_position
from atlasquery.utils.text import abbreviate

__all__ = [
    "MAX_RADIUS_ARCSEC",
    "CoordinatesLike",
    "RadiusLike",
    "as_icrs",
    "is_finite",
    "radii_arcsec",
]

CoordinatesLike: TypeAlias = SkyCoord | BaseCoordinateFrame | str | Sequence[SkyCoord | BaseCoordinateFrame | str]
RadiusLike: TypeAlias = u.Quantity | str

MAX_RADIUS_ARCSEC = 300.0  # of the server
# 5 arcmin written as a fraction of a degree may become 300.00000000000006 arcsec.
_RADIUS_TOLERANCE = 1e-9


def radii_arcsec(radius: RadiusLike, n_positions: int) -> float | NDArray[np.float64]:
    """Return the radius of all positions in arcsec, or an array of one for each.

    Parameters
    ----------
    radius : `~astropy.units.Quantity` or str
        Angles such as ``10 * u.arcsec`` or ``"1 arcmin"``, scalar or of shape (n,); above 0 and at most 300 arcsec.
    n_positions : int
        Number of positions, n.

    Raises
    ------
    InvalidQueryTypeError
        If it is a bare number, or not an angle.
    InvalidQueryError
        If it is not finite, out of range, or of another shape.

    Examples
    --------
    >>> from astropy import units as u
    >>> from atlasquery.inputs.coordinates import radii_arcsec
    >>> radii_arcsec(1 * u.arcmin, 3)
    60.0
    """
    values = _parse_angle(radius).to_value(u.arcsec)
    if np.shape(values) not in ((), (n_positions,)):
        raise InvalidQueryError(
            f"`radius` must be a single angle or one for each of {n_positions} positions, got an array of shape "
            f"{np.shape(values)}."
        )
    checked = _check_range(values, radius)
    return checked if np.ndim(values) else float(checked)


def _check_range(values: Any, radius: RadiusLike) -> NDArray[np.float64]:
    """Return radii in arcsec that are above 0 and at most what the server takes."""
    arcsec = np.asarray(np.ma.filled(getattr(values, "filled", lambda _: values)(np.nan), np.nan), dtype=float)
    shown = abbreviate(radius) if arcsec.ndim else str(radius)
    if (bad := ~(arcsec > 0)).any():
        raise InvalidQueryError(f"`radius` must be above 0, got {shown}{_first_row(bad)}.")
    if (bad := ~(arcsec <= MAX_RADIUS_ARCSEC * (1 + _RADIUS_TOLERANCE))).any():
        raise InvalidQueryError(
            f"`radius` must be at most {MAX_RADIUS_ARCSEC:.0f} arcsec, got {shown}{_first_row(bad)}."
        )
    return np.minimum(arcsec, MAX_RADIUS_ARCSEC)


def _first_row(bad: NDArray[np.bool_]) -> str:
    return f" (row {bad.argmax()})" if bad.ndim else ""


def _parse_angle(radius: RadiusLike) -> Angle:
    """Return the radius as an angle; a bare number is rejected even in a string."""
    if not isinstance(radius, (u.Quantity, str)) and getattr(radius, "unit", None) is None:
        raise InvalidQueryTypeError(
            f"`radius` must be an angle with a unit, got {abbreviate(radius)}.",
            hint="Write it as 10 * u.arcsec or '1 arcmin'.",
        )
    try:
        return Angle(radius if isinstance(radius, (str, Angle)) else u.Quantity(radius))
    except (u.UnitsError, ValueError, TypeError, OverflowError) as error:
        got = abbreviate(radius) if isinstance(radius, str) and len(radius) > 100 else repr(radius)
        raise InvalidQueryTypeError(f"`radius` must be an angle with a unit, got {got}: {error}") from error


def as_icrs(coordinates: CoordinatesLike) -> SkyCoord:
    """Return positions in ICRS, scalar or one-dimensional as they were given; they may be NaN or masked.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, frame with data, str, or list of those
        One position or an array of them, in any frame; a string as `~atlasquery.inputs.position_text.parse_position`
        reads it.

    Raises
    ------
    InvalidQueryTypeError
        If it is of another type, such as a pair of numbers.
    InvalidQueryError
        If it has more dimensions, or cannot be transformed to ICRS.

    Examples
    --------
    >>> from atlasquery.inputs.coordinates import as_icrs
    >>> as_icrs("16h16m00.22s +22d16m04.9s")
    <SkyCoord (ICRS): (ra, dec) in deg
        (244.00091667, 22.26802778)>
    """
    icrs = to_icrs(_as_skycoord(coordinates))
    if icrs.ndim > 1:
        raise InvalidQueryError(
            f"`coordinates` must have at most one dimension, got shape {icrs.shape}.", hint="Use .ravel()."
        )
    return icrs


def _as_skycoord(coordinates: CoordinatesLike) -> SkyCoord:
    """Return the positions as a `SkyCoord` in their own frame, those of a sequence in ICRS."""
    if isinstance(coordinates, (SkyCoord, BaseCoordinateFrame)):
        try:
            return SkyCoord(coordinates)
        except ValueError as error:  # a frame without data
            raise InvalidQueryError(f"`coordinates` must have data, got {abbreviate(coordinates)}: {error}") from error
    if isinstance(coordinates, str):
        return parse_position(coordinates)
    if _is_sequence_of_positions(coordinates):
        return _join_positions(coordinates)
    raise InvalidQueryTypeError(
        f"`coordinates` must be a SkyCoord, a coordinate frame or a string, got {abbreviate(coordinates)}.",
        hint="Use SkyCoord(ra, dec, unit='deg').",
    )


def _is_sequence_of_positions(coordinates: Any) -> bool:
    """Return whether these are positions in a list, or no positions."""
    if isinstance(coordinates, np.ndarray) and coordinates.ndim != 1:
        return False
    is_sequence = isinstance(coordinates, (list, tuple, np.ndarray))
    return is_sequence and all(isinstance(item, (SkyCoord, BaseCoordinateFrame, str)) for item in coordinates)


def _join_positions(items: Sequence[Any]) -> SkyCoord:
    """Return positions, each of which may have another frame, as one vector."""
    parts = [as_icrs(item) for item in items]
    if not all(part.isscalar for part in parts):
        raise InvalidQueryError("`coordinates` must have single positions in a list, got a vector of positions.")
    return SkyCoord([part.ra.deg for part in parts], [part.dec.deg for part in parts], unit="deg")


def is_finite(icrs: SkyCoord) -> NDArray[np.bool_]:
    """Return which positions are finite and not masked, as an array of bool of shape (n,)."""
    finite = np.isfinite(icrs.ra.deg) & np.isfinite(icrs.dec.deg)
    return np.atleast_1d(np.ma.filled(getattr(finite, "filled", lambda _: finite)(False), False))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions and radii given by the user."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import numpy as np
from astropy import units as u
from astropy.coordinates import ICRS, Angle, BaseCoordinateFrame, SkyCoord, UnitSphericalRepresentation
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = [
    "MAX_RADIUS_ARCSEC",
    "CoordinatesLike",
    "RadiusLike",
    "as_icrs",
    "icrs_coordinates",
    "is_finite",
    "radius_arcsec",
]

CoordinatesLike: TypeAlias = SkyCoord | BaseCoordinateFrame | str
RadiusLike: TypeAlias = u.Quantity | str

MAX_RADIUS_ARCSEC = 300.0  # of the server
# 5 arcmin written as a fraction of a degree may become 300.00000000000006 arcsec.
_RADIUS_TOLERANCE = 1e-9
_NUMBER = r"[+-]?\d+(?:\.\d*)?"
_TWO_NUMBERS = re.compile(rf"\s*{_NUMBER}(?:\s+|\s*,\s*){_NUMBER}\s*", re.ASCII)
_TRIPLET = r"[+-]?\d+(?::\d+:|\s+\d+\s+)\d+(?:\.\d*)?"  # such as 16:16:00.2
_SEXAGESIMAL = re.compile(rf"\s*{_TRIPLET}(?:\s+|\s*,\s*){_TRIPLET}\s*", re.ASCII)


def radius_arcsec(radius: RadiusLike) -> float:
    """Return the radius of a cone in arcsec.

    Parameters
    ----------
    radius : `~astropy.units.Quantity` or str
        An angle such as ``10 * u.arcsec`` or ``"1 arcmin"``; above 0 and at most 300 arcsec.

    Raises
    ------
    InvalidQueryTypeError
        If it is a bare number, or not an angle.
    InvalidQueryError
        If it is not a single finite angle in that range.

    Examples
    --------
    >>> from astropy import units as u
    >>> from atlasquery.inputs.coordinates import radius_arcsec
    >>> radius_arcsec(1 * u.arcmin)
    60.0
    """
    value = _parse_angle(radius).to_value(u.arcsec)
    if np.ndim(value):
        raise InvalidQueryError(f"`radius` must be a single angle, got an array of shape {np.shape(value)}.")
    if not value > 0:
        raise InvalidQueryError(f"`radius` must be above 0, got {radius!s}.")
    if not value <= MAX_RADIUS_ARCSEC * (1 + _RADIUS_TOLERANCE):
        raise InvalidQueryError(f"`radius` must be at most {MAX_RADIUS_ARCSEC:.0f} arcsec, got {radius!s}.")
    return min(float(value), MAX_RADIUS_ARCSEC)


def _parse_angle(radius: RadiusLike) -> Angle:
    """Return the radius as an angle; a bare number is rejected even in a string."""
    if not isinstance(radius, (u.Quantity, str)):
        raise InvalidQueryTypeError(
            f"`radius` must be an angle with a unit, got {abbreviate(radius)}.",
            hint="Write it as 10 * u.arcsec or '1 arcmin'.",
        )
    try:
        return Angle(radius)
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryTypeError(f"`radius` must be an angle with a unit, got {radius!r}: {error}") from error


def icrs_coordinates(coordinates: CoordinatesLike) -> SkyCoord:
    """Return positions in ICRS, scalar or one-dimensional as they were given.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
        One position or an array of them, in any frame; a string is parsed by `~astropy.coordinates.SkyCoord`.

    Raises
    ------
    InvalidQueryTypeError
        If it is of another type, such as a pair of numbers.
    InvalidQueryError
        If it is empty, not finite, or cannot be transformed to ICRS.

    Examples
    --------
    >>> from atlasquery.inputs.coordinates import icrs_coordinates
    >>> icrs_coordinates("16h16m00.22s +22d16m04.9s")
    <SkyCoord (ICRS): (ra, dec) in deg
        (244.00091667, 22.26802778)>
    """
    icrs = as_icrs(coordinates)
    bad = np.flatnonzero(~is_finite(icrs))
    if bad.size:
        raise InvalidQueryError(
            f"`coordinates` must be finite, got {bad.size} NaN or masked positions of {icrs.size}, "
            f"the first at index {bad[0]}."
        )
    return icrs


def as_icrs(coordinates: CoordinatesLike) -> SkyCoord:
    """Return positions in ICRS as `icrs_coordinates` does, but accept positions that are not finite."""
    icrs = _to_icrs(_as_skycoord(coordinates))
    if icrs.ndim > 1:
        raise InvalidQueryError(
            f"`coordinates` must have at most one dimension, got shape {icrs.shape}.", hint="Use .ravel()."
        )
    if icrs.size == 0:
        raise InvalidQueryError("`coordinates` must have at least one position, got none.")
    return icrs


def _as_skycoord(coordinates: CoordinatesLike) -> SkyCoord:
    """Return the positions as a `SkyCoord` in their own frame."""
    if isinstance(coordinates, (SkyCoord, BaseCoordinateFrame)):
        try:
            return SkyCoord(coordinates)
        except ValueError as error:  # a frame without data
            raise InvalidQueryError(f"`coordinates` must have data, got {abbreviate(coordinates)}: {error}") from error
    if isinstance(coordinates, str):
        return _parse_position(coordinates)
    raise InvalidQueryTypeError(
        f"`coordinates` must be a SkyCoord, a coordinate frame or a string, got {abbreviate(coordinates)}.",
        hint="Use SkyCoord(ra, dec, unit='deg').",
    )


def _parse_position(text: str) -> SkyCoord:
    try:
        units = _find_units(text)
        return SkyCoord(text.replace(",", " ") if units else text, **units)
    except (ValueError, TypeError, u.UnitsError) as error:
        raise InvalidQueryError(
            f"`coordinates` must be a position that SkyCoord can parse, got {text!r}: {error}",
            hint="Write '244.0009 22.2680' (degrees) or '16h16m00.2s +22d16m05s'; "
            "names are not resolved here, use SkyCoord.from_name(name).",
        ) from error


def _find_units(text: str) -> dict[str, Any]:
    """Return the units of a position that is written without: degrees for two numbers, hours for a sexagesimal RA."""
    if _TWO_NUMBERS.fullmatch(text):
        return {"unit": (u.deg, u.deg)}
    return {"unit": (u.hourangle, u.deg)} if _SEXAGESIMAL.fullmatch(text) else {}


def _to_icrs(skycoord: SkyCoord) -> SkyCoord:
    try:
        icrs = skycoord.transform_to(ICRS())
        return icrs if hasattr(icrs, "ra") else _to_unit_sphere(icrs)
    except InvalidQueryError:
        raise
    except Exception as error:  # astropy raises many types; each becomes a message with its reason
        raise InvalidQueryError(f"`coordinates` cannot be transformed to ICRS: {error}") from error


def _to_unit_sphere(icrs: SkyCoord) -> SkyCoord:
    """Return the directions of positions in another representation, such as x, y and z."""
    if np.any(icrs.data.norm() == 0):
        raise InvalidQueryError("`coordinates` must have a direction, got the origin of the frame.")
    return SkyCoord(ICRS(icrs.data.represent_as(UnitSphericalRepresentation)))


def is_finite(icrs: SkyCoord) -> NDArray[np.bool_]:
    """Return which positions are finite and not masked, as an array of bool of shape (n,)."""
    finite = np.isfinite(icrs.ra.deg) & np.isfinite(icrs.dec.deg)
    return np.atleast_1d(np.ma.filled(getattr(finite, "filled", lambda _: finite)(False), False))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The user's words, checked before a request is spent, and turned into what the server reads."""

import numpy as np
from astropy import units as u
from astropy.coordinates import ICRS, Angle, BaseCoordinateFrame, SkyCoord, UnitSphericalRepresentation

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = ["MAX_RADIUS", "as_icrs", "icrs_coordinates", "is_finite", "radius_arcsec"]

MAX_RADIUS = 300 * u.arcsec
# 5 arcmin written as a fraction of a degree may come out as 300.00000000000006 arcsec.
_RADIUS_TOLERANCE = 1e-9


def radius_arcsec(radius):
    """Check the radius of a cone.

    Parameters
    ----------
    radius : `~astropy.units.Quantity` or str
        An angle with its unit, such as ``10 * u.arcsec`` or ``"1 arcmin"``; above 0 and up to 300 arcsec.

    Returns
    -------
    float
        The radius in arcseconds.

    Raises
    ------
    InvalidQueryTypeError
        If it is a bare number, or no angle.
    InvalidQueryError
        If it is not one finite angle in the range that the server accepts.

    Examples
    --------
    >>> from astropy import units as u
    >>> from atlasquery.inputs.coordinates import radius_arcsec
    >>> radius_arcsec(1 * u.arcmin)
    60.0
    >>> radius_arcsec("0d0m10s")
    10.0
    """
    value = _angle(radius).to_value(u.arcsec)
    if np.ndim(value):
        raise InvalidQueryError(f"One radius is expected, not an array of shape {np.shape(value)}.")
    limit = MAX_RADIUS.to_value(u.arcsec)
    if not 0 < value <= limit * (1 + _RADIUS_TOLERANCE):
        raise InvalidQueryError(
            f"The radius {radius!s} is not in the range that the server searches: above 0, up to {limit:.0f} arcsec."
        )
    return min(float(value), limit)


def _angle(radius):
    """The radius as an angle; a bare number has no unit to go by, not even in a text."""
    if not isinstance(radius, (u.Quantity, str)):
        raise InvalidQueryTypeError(
            f"The radius is an angle with a unit, such as 10 * u.arcsec or '1 arcmin', not {abbreviate(radius)}."
        )
    try:
        return Angle(radius)
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryTypeError(f"The radius {radius!r} is not an angle with a unit: {error}") from error


def icrs_coordinates(coordinates):
    """Check positions, and transform them to ICRS.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
        One position or an array of them, in any frame; a text is what `~astropy.coordinates.SkyCoord` parses, in ICRS.

    Returns
    -------
    `~astropy.coordinates.SkyCoord`
        The positions in ICRS, scalar or one-dimensional as they were given.

    Raises
    ------
    InvalidQueryTypeError
        If it is something else, such as a pair of numbers.
    InvalidQueryError
        If there is no position, or one that is not finite, or it cannot be transformed to ICRS.

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
            f"{bad.size} of {icrs.size} positions are not finite or masked; the first is number {bad[0]} (from 0)."
        )
    return icrs


def as_icrs(coordinates):
    """Check positions as `icrs_coordinates` does, but let pass those that are not finite.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
        One position or an array of them.

    Returns
    -------
    `~astropy.coordinates.SkyCoord`
        The positions in ICRS.
    """
    icrs = _to_icrs(_as_skycoord(coordinates))
    if icrs.ndim > 1:
        raise InvalidQueryError(
            f"Coordinates are expected in one dimension, not in the shape {icrs.shape}; use .ravel()."
        )
    if icrs.size == 0:
        raise InvalidQueryError("The coordinates are empty: there is no position to ask for.")
    return icrs


def _as_skycoord(coordinates):
    """What the user wrote, as a `SkyCoord` in its own frame."""
    if isinstance(coordinates, (SkyCoord, BaseCoordinateFrame)):
        try:
            return SkyCoord(coordinates)
        except ValueError as error:  # a frame without data
            raise InvalidQueryError(f"The coordinates hold no position: {error}") from error
    if isinstance(coordinates, str):
        return _parse_position(coordinates)
    raise InvalidQueryTypeError(
        f"Coordinates are a SkyCoord, a coordinate frame with data, or a text such as '16h16m00.2s +22d16m05s', not "
        f"{abbreviate(coordinates)}.",
        hint="Build one with SkyCoord(ra, dec, unit='deg').",
    )


def _parse_position(text):
    try:
        return SkyCoord(text)
    except (ValueError, TypeError, u.UnitsError) as error:
        raise InvalidQueryError(
            f"{text!r} is not a position that SkyCoord can read: {error}",
            hint="Give units, as in '244.0009d 22.2680d' or '16h16m00.2s +22d16m05s'; "
            "names are not resolved here, use SkyCoord.from_name(name).",
        ) from error


def _to_icrs(skycoord):
    try:
        icrs = skycoord.transform_to(ICRS())
        return icrs if hasattr(icrs, "ra") else _to_unit_sphere(icrs)
    except InvalidQueryError:
        raise
    except Exception as error:  # whatever astropy could not do is said to the user, with its reason
        raise InvalidQueryError(f"The coordinates cannot be transformed to ICRS: {error}") from error


def _to_unit_sphere(icrs):
    """Positions that are represented otherwise, such as by x, y and z, as directions."""
    if np.any(icrs.data.norm() == 0):
        raise InvalidQueryError("A position at the origin of its frame has no direction.")
    return SkyCoord(ICRS(icrs.data.represent_as(UnitSphericalRepresentation)))


def is_finite(icrs):
    """Tell which positions are numbers, and not masked.

    Parameters
    ----------
    icrs : `~astropy.coordinates.SkyCoord`
        One position or n.

    Returns
    -------
    `~numpy.ndarray` of bool, shape (n,)
        One for each position.
    """
    finite = np.isfinite(icrs.ra.deg) & np.isfinite(icrs.dec.deg)
    return np.atleast_1d(np.ma.filled(getattr(finite, "filled", lambda _: finite)(False), False))

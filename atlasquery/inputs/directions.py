# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`to_icrs`: directions in ICRS, without distances and velocities where these do not count."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy import units as u
from astropy.coordinates import (
    FK4,
    FK5,
    ICRS,
    LSR,
    LSRD,
    LSRK,
    BarycentricMeanEcliptic,
    BarycentricTrueEcliptic,
    BaseCoordinateFrame,
    CartesianRepresentation,
    CustomBarycentricEcliptic,
    CylindricalRepresentation,
    FK4NoETerms,
    Galactic,
    GalacticLSR,
    Galactocentric,
    SkyCoord,
    SphericalRepresentation,
    Supergalactic,
    UnitSphericalCosLatDifferential,
    UnitSphericalRepresentation,
)
from astropy.coordinates.representation import BaseRepresentation
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError

__all__ = ["shares_origin", "to_icrs"]

_SAME_ORIGIN = (
    ICRS, FK5, FK4, FK4NoETerms, Galactic, Supergalactic, LSR, LSRK, LSRD, GalacticLSR,
    BarycentricMeanEcliptic, BarycentricTrueEcliptic, CustomBarycentricEcliptic,
)  # fmt: skip
# These differ from another frame in the velocity only, and astropy transforms no direction without a distance.
_AT_REST = {LSR: ICRS, LSRK: ICRS, LSRD: ICRS, GalacticLSR: Galactic}
# From here the direction is the same at any point of the Solar System: 1 au is 1e-9 arcsec.
_FAR_AWAY = 1 * u.Gpc


def shares_origin(frame: BaseCoordinateFrame) -> bool:
    """Return whether a frame has the origin of ICRS, so that a direction needs no distance."""
    return isinstance(frame, _SAME_ORIGIN)


def to_icrs(skycoord: SkyCoord) -> SkyCoord:
    """Return positions in ICRS, without distance.

    Where the frame has the origin of ICRS only the direction counts, and a proper motion is kept; elsewhere the
    distance counts where it is finite and above 0.

    Raises
    ------
    InvalidQueryError
        If astropy cannot transform the frame, or a position is the origin of the frame.
    """
    frame = skycoord.frame
    try:
        if shares_origin(frame):
            icrs = _at_rest(frame).realize_frame(_as_direction(frame.data)).transform_to(ICRS())
        else:
            icrs = frame.realize_frame(_with_distance(frame)).transform_to(ICRS())
            icrs = ICRS(_as_direction(icrs.data))
    except InvalidQueryError:
        raise
    except Exception as error:  # astropy raises many types; each becomes a message with its reason
        raise InvalidQueryError(f"`coordinates` cannot be transformed to ICRS: {error}") from error
    return SkyCoord(icrs)


def _at_rest(frame: BaseCoordinateFrame) -> BaseCoordinateFrame:
    """Return a frame without data in which astropy transforms directions."""
    other = next((target for kind, target in _AT_REST.items() if type(frame) is kind), None)
    return frame.replicate_without_data() if other is None else other()


def _as_direction(data: BaseRepresentation) -> UnitSphericalRepresentation:
    """Return directions with their proper motions, without distances and radial velocities."""
    if isinstance(data, (CartesianRepresentation, CylindricalRepresentation)) and np.any(data.norm() == 0):
        raise InvalidQueryError("`coordinates` must have a direction, got the origin of the frame.")
    direction = data.without_differentials().represent_as(UnitSphericalRepresentation)
    motion = _find_motion(data)
    return direction if motion is None else direction.with_differentials({"s": motion})


def _find_motion(data: BaseRepresentation) -> UnitSphericalCosLatDifferential | None:
    """Return the motion across the sky of positions, None without one."""
    motion: Any = data.differentials.get("s")
    if motion is None or not hasattr(motion, "d_lat"):
        return None
    along = motion.d_lon_coslat if hasattr(motion, "d_lon_coslat") else motion.d_lon * np.cos(data.lat)
    return UnitSphericalCosLatDifferential(along, motion.d_lat)


def _with_distance(frame: BaseCoordinateFrame) -> BaseRepresentation:
    """Return positions of a frame with another origin; those without a usable distance are far away."""
    data = frame.data.without_differentials()
    if isinstance(frame, Galactocentric):  # a direction from there has no meaning here
        return data
    distance = data.norm()
    is_known = _is_distance(distance)
    direction, unit = _as_direction(data), distance.unit if is_known.any() else _FAR_AWAY.unit
    values = np.asarray(getattr(distance, "unmasked", distance).value)
    distances = np.where(is_known, values, _FAR_AWAY.to_value(unit)) * unit
    return SphericalRepresentation(_fill(direction.lon), _fill(direction.lat), distances)


def _fill(angle: u.Quantity) -> u.Quantity:
    """Return angles with NaN where they are masked: astropy's transformations do not take masks."""
    values = np.asarray(getattr(angle, "unmasked", angle).value)
    return np.where(getattr(angle, "mask", False), np.nan, values) * angle.unit


def _is_distance(distance: u.Quantity) -> NDArray[np.bool_]:
    """Return which distances are lengths, finite, above 0 and not masked."""
    if not distance.unit.is_equivalent(u.m):
        return np.zeros(distance.shape, dtype=bool)
    values = np.asarray(getattr(distance, "unmasked", distance).value)
    return np.isfinite(values) & (values > 0) & ~np.asarray(getattr(distance, "mask", False))

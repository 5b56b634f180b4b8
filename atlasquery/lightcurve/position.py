# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Where an object is, and whether its limits are of its own part of the sky.

The server averages right ascensions arithmetically. For an object whose detections lie on both sides of RA 0 the mean
is somewhere near 180 degrees, and the limits it sends are those of that place.
"""

import re

import astropy.units as u
import numpy as np
from astropy.coordinates import angular_separation

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve.arrays import float_array
from atlasquery.utils.warnings import warn_user

__all__ = ["median_position", "warn_distant_limits"]

POINTING = re.compile(r"[A-Z]{2}(\d{3})([NS])(\d{2})")  # TA002N29: RA 2, Dec +29
# A field is some five degrees wide, and in the recordings names are up to eight degrees off the place.
MAX_FIELD_DISTANCE = 20 * u.deg


def median_position(light_curve):
    """Return the median RA and Dec of the rows in degrees, or None if no row has a position."""
    ra, dec = float_array(light_curve, "ra"), float_array(light_curve, "dec")
    known = np.isfinite(ra + dec)
    if not known.any():
        return None
    ra, dec = ra[known], dec[known]
    offset = np.median((ra - ra[0] + 180) % 360 - 180)  # around the first, so that RA 0 does no harm
    return (ra[0] + offset) % 360, np.median(dec)


def warn_distant_limits(limits, ra, dec, name):
    """Warn if limits are of exposures that point elsewhere; they are kept.

    Parameters
    ----------
    limits : list of dict
        Rows of the section ``lcnondets``.
    ra, dec : float or None
        Position of the object in degrees.
    name : str or int
        What to call the object.

    Warns
    -----
    DataQualityWarning
        If the field of any exposure is more than 20 degrees away.
    """
    if ra is None or dec is None:
        return
    fields = [row.get("pointing") for row in limits]
    far = {field for field in set(fields) if _distance(field, ra, dec) > MAX_FIELD_DISTANCE}
    if far:
        count = sum(field in far for field in fields)
        warn_user(
            f"{count} of the {len(fields)} limits of {name} are of exposures elsewhere on the sky, such as "
            f"{min(far)}: the server errs about the place of an object at RA 0. They are kept; see column 'pointing'.",
            DataQualityWarning,
        )


def _distance(field, ra, dec):
    """Return how far away the field of this name is; no distance if the name does not say."""
    match = POINTING.fullmatch(field or "")
    if match is None:
        return 0 * u.deg
    field_dec = float(match[3]) * (-1 if match[2] == "S" else 1)
    radians = np.radians([float(match[1]), field_dec, ra, dec])
    return u.Quantity(angular_separation(*radians), u.rad)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Median position of an object, and limits that belong to another part of the sky.

The server averages right ascensions arithmetically. For an object with detections on both sides of RA 0 the mean is
close to 180 degrees, and the server sends the limits of exposures there.
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
# A field is about 5 degrees wide; in recorded answers the positions of names differ by up to 8 degrees.
MAX_FIELD_DISTANCE = 20 * u.deg


def median_position(light_curve):
    """Return the median RA and Dec of the rows in degrees, or None if no row has a position."""
    ra, dec = float_array(light_curve, "ra"), float_array(light_curve, "dec")
    known = np.isfinite(ra + dec)
    if not known.any():
        return None
    ra, dec = ra[known], dec[known]
    offset = np.median((ra - ra[0] + 180) % 360 - 180)  # relative to the first row: RA wraps at 0
    return (ra[0] + offset) % 360, np.median(dec)


def warn_distant_limits(limits, ra, dec, label):
    """Warn if rows of ``lcnondets`` are of fields more than 20 degrees from the object (ra, dec in degrees or None)."""
    if ra is None or dec is None:
        return
    pointings = [row.get("pointing") for row in limits]
    distant = {name for name in set(pointings) if _field_separation(name, ra, dec) > MAX_FIELD_DISTANCE}
    if distant:
        count = sum(name in distant for name in pointings)
        warn_user(
            f"{count} of the {len(pointings)} limits of {label} are of exposures elsewhere on the sky, such as "
            f"{min(distant)}: the server averages RA across 0 and uses a wrong position. They are kept; see column "
            "'pointing'.",
            DataQualityWarning,
        )


def _field_separation(pointing, ra, dec):
    """Return the separation from the field of this name; 0 if the name has no position."""
    match = POINTING.fullmatch(pointing or "")
    if match is None:
        return 0 * u.deg
    field_dec = float(match[3]) * (-1 if match[2] == "S" else 1)
    radians = np.radians([float(match[1]), field_dec, ra, dec])
    return u.Quantity(angular_separation(*radians), u.rad)

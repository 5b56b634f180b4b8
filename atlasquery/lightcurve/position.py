# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Median position of an object, whether it moves, and limits that belong to another part of the sky.

The server averages right ascensions arithmetically. For an object with detections on both sides of RA 0 the mean is
close to 180 degrees, and the server sends the limits of exposures there.
"""

import re

import numpy as np
from astropy.coordinates import angular_separation

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve.arrays import float_array
from atlasquery.lightcurve.exposure_gaps import NIGHT_GAP, group_by_gaps
from atlasquery.utils.warnings import warn_user

__all__ = ["is_moving", "median_of", "median_position", "warn_distant_limits"]

POINTING = re.compile(r"[A-Z]{2}(\d{3})([NS])(\d{2})")  # TA002N29: RA 2, Dec +29
# A field is about 5 degrees wide; in recorded answers the positions of names differ by up to 8 degrees.
MAX_FIELD_DISTANCE = 20.0  # degrees
MAX_SCATTER = 3.0  # arcsec from the median; the server joins detections within about 3 arcsec to one object


def median_position(light_curve):
    """Return the median RA and Dec of the rows in degrees, or None if no row has a position."""
    return median_of(float_array(light_curve, "ra"), float_array(light_curve, "dec"))


def median_of(ra, dec):
    """Return the median of positions in degrees, also across RA 0; None if all are NaN."""
    known = np.isfinite(ra + dec)
    if not known.any():
        return None
    ra, dec = ra[known], dec[known]
    offset = np.median((ra - ra[0] + 180) % 360 - 180)  # relative to the first row: RA wraps at 0
    return (ra[0] + offset) % 360, np.median(dec)


def is_moving(mjd, ra, dec):
    """Return whether positions in degrees, NaN where unknown, differ from night to night by more than those of a star.

    It is decided by the median of the nights: one row of another source does not make a moving object.
    """
    known = np.isfinite(ra + dec)
    mjd, ra, dec = (values[known] for values in (mjd, ra, dec))
    nights = group_by_gaps(mjd, NIGHT_GAP)
    rows_by_night = [nights == night for night in np.unique(nights)]
    if len(rows_by_night) < 2:
        return False
    positions = np.array([median_of(ra[rows], dec[rows]) for rows in rows_by_night])
    centre = np.array(median_of(*positions.T))
    separations = angular_separation(*np.radians([*positions.T, *np.broadcast_to(centre, positions.shape).T]))
    return bool(np.degrees(np.median(separations)) * 3600 > MAX_SCATTER)


def warn_distant_limits(pointings, ra, dec, label):
    """Warn if limits are of fields more than 20 degrees from the object.

    Parameters
    ----------
    pointings : array of str
        Names of the fields of the limits, which contain positions.
    ra, dec : float or None
        Position of the object in degrees.
    label : str or int
        Name or id of the object.
    """
    if ra is None or dec is None:
        return
    names = sorted(set(pointings.tolist()))
    distant = [names[row] for row in np.flatnonzero(_field_separations(names, ra, dec) > MAX_FIELD_DISTANCE)]
    if distant:
        count = np.isin(pointings, distant).sum()
        warn_user(
            f"{count} of the {len(pointings)} limits of {label} are of exposures elsewhere on the sky, such as "
            f"{min(distant)}: the server averages RA across 0 and uses a wrong position. They are kept; see column "
            "'pointing'.",
            DataQualityWarning,
        )


def _field_separations(pointings, ra, dec):
    """Return separations in degrees from the fields of these names; 0 where a name has no position."""
    matches = [POINTING.fullmatch(pointing) for pointing in pointings]
    fields = [(float(match[1]), float(match[3]) * (-1 if match[2] == "S" else 1)) for match in matches if match]
    separations = np.zeros(len(pointings))
    if fields:
        has_position = [match is not None for match in matches]
        separations[has_position] = np.degrees(
            angular_separation(*np.radians(np.transpose(fields)), *np.radians([ra, dec]))
        )
    return separations

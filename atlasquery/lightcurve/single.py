# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whether the rows of a light curve are of a single object: tables of several can be made into one."""

import numpy as np

from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve.plain import integers

__all__ = ["objects_of", "refuse_several_objects"]


def objects_of(light_curve):
    """Return the ids of the objects whose rows these are, as far as ``atlas_id`` tells."""
    known = np.unique(integers(light_curve, "atlas_id"))
    return known[known != 0].tolist()


def refuse_several_objects(light_curve):
    """Refuse rows of several objects, as ``atlas_id`` tells, where they would be mixed.

    Parameters
    ----------
    light_curve : LightCurve
        The rows; without ``atlas_id`` they are taken for those of one object.

    Raises
    ------
    InvalidQueryError
        If there are several.
    """
    if len(known := objects_of(light_curve)) > 1:
        raise InvalidQueryError(
            f"The rows are of {len(known)} objects.", hint=f"Choose one, as lc[lc['atlas_id'] == {known[0]}]."
        )

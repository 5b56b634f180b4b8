# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whether the rows of a light curve are of a single object: tables of several can be made into one."""

import numpy as np

from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve.plain import integers

__all__ = ["refuse_several_objects"]


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
    known = np.unique(integers(light_curve, "atlas_id"))
    if len(known := known[known != 0]) > 1:
        raise InvalidQueryError(
            f"The rows are of {len(known)} objects.", hint=f"Choose one, as lc[lc['atlas_id'] == {known[0]}]."
        )

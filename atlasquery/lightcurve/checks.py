# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whether the rows of a light curve are of a single object: tables of several can be made into one."""

from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve.arrays import bare, masks

__all__ = ["objects_of", "refuse_several_objects"]


def objects_of(light_curve):
    """Return the ids of the objects whose rows these are, as far as ``atlas_id`` tells."""
    if "atlas_id" not in light_curve.colnames:
        return []
    column = light_curve["atlas_id"]
    known = set(bare(column)[~masks(column)].tolist()) - {0, "", None}
    return sorted(known, key=str)


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
            f"The rows are of {len(known)} objects.", hint=f"Choose one, as lc[lc['atlas_id'] == {known[0]!r}]."
        )

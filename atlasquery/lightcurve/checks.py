# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whether the rows of a light curve are of a single object: tables of several can be made into one."""

import numbers as abstract

import numpy as np

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import column_mask, plain_array

__all__ = ["atlas_ids_in", "check_n_sigma", "require_columns", "require_single_object"]


def atlas_ids_in(light_curve):
    """Return the ids of the objects whose rows these are, as far as ``atlas_id`` tells."""
    if "atlas_id" not in light_curve.colnames:
        return []
    column = light_curve["atlas_id"]
    known = set(plain_array(column)[~column_mask(column)].tolist()) - {0, "", None}
    return sorted(known, key=str)


def require_single_object(light_curve):
    """Refuse rows of several objects, as ``atlas_id`` tells, where they would be mixed.

    Parameters
    ----------
    light_curve : LightCurve
        The rows; without ``atlas_id`` they are taken for those of one object.

    Raises
    ------
    InvalidInputError
        If there are several.
    """
    if len(known := atlas_ids_in(light_curve)) > 1:
        raise InvalidInputError(
            f"The rows are of {len(known)} objects.", hint=f"Choose one, as lc[lc['atlas_id'] == {known[0]!r}]."
        )


def require_columns(light_curve, *names):
    """Refuse a light curve that lacks a column without which there is no answer."""
    if lacking := [name for name in names if name not in light_curve.colnames]:
        raise InvalidInputError(
            f"The light curve has no column {', '.join(map(repr, lacking))}.",
            hint="Keep it when you choose columns, or add it.",
        )


def check_n_sigma(value, name="n_sigma"):
    """Return a number of standard deviations, checked."""
    if isinstance(value, bool) or not isinstance(value, abstract.Real):
        raise InvalidTypeError(f"{name} is a number of standard deviations, not {value!r}.")
    if not 0 < value < np.inf:
        raise InvalidInputError(f"{name} is {value}, but should be a number above 0.")
    return float(value)

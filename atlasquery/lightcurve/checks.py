# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of a light curve before it is used: fluxes, rows of a single object, `n_sigma` above 0.

Rows of several objects differ in their ids, in the keys of `~atlasquery.LightCurves.stack`, or in their positions
(`~atlasquery.lightcurve.one_position`).
"""

from numbers import Real

import numpy as np

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import column_mask, float_array, has_flux, plain_array, string_array
from atlasquery.lightcurve.one_position import two_positions
from atlasquery.schema.field import Text
from atlasquery.utils.text import abbreviate

__all__ = ["FLUX_HINT", "KEY_FIELD", "atlas_ids_in", "check_n_sigma", "require_fluxes", "require_single_object"]

FLUX_HINT = (
    "Make fluxes of the magnitudes with atlasquery.photometry: lc['flux'] = mag_to_flux(lc['mag']), and then "
    "lc['flux_err'] = mag_err_to_flux_err(lc['flux'], lc['mag_err'])."
)
KEY_FIELD = Text("key", "Key of the light curve in LightCurves.")


def atlas_ids_in(light_curve):
    """Return the sorted ids in the column ``atlas_id``, without nulls; none if there is no such column."""
    if "atlas_id" not in light_curve.colnames:
        return []
    column = light_curve["atlas_id"]
    ids = set(plain_array(column)[~column_mask(column)].tolist()) - {0, "", None}
    return sorted(ids, key=str)


def require_single_object(light_curve):
    """Raise `InvalidInputError` if the rows are of several objects; tables of several can be stacked into one."""
    ids = atlas_ids_in(light_curve)
    if len(ids) > 1:
        raise _several_objects(f"rows of {len(ids)} objects", f"Select one, as in lc[lc['atlas_id'] == {ids[0]!r}].")
    if len(keys := _keys_in(light_curve)) > 1:
        raise _several_objects(
            f"rows of {len(keys)} objects", f"Select one, as in lc[lc[{KEY_FIELD.name!r}] == {keys[0]!r}]."
        )
    if (reason := two_positions(light_curve)) is not None:
        raise _several_objects(
            reason,
            "Select the rows of one by 'ra' and 'dec', or use LightCurves, which keeps objects apart.",
        )


def _several_objects(got, hint):
    return InvalidInputError(f"The light curve must hold rows of one object, got {got}.", hint=hint)


def _keys_in(light_curve):
    """Return the sorted keys that `~atlasquery.LightCurves.stack` has added; none for a column of the user."""
    name = KEY_FIELD.name
    if name not in light_curve.colnames or light_curve[name].info.description != KEY_FIELD.description:
        return []
    return sorted(set(string_array(light_curve, name).tolist()) - {""})


def require_fluxes(light_curve):
    """Raise `InvalidInputError` without columns of fluxes, or if there are magnitudes only."""
    names = light_curve.colnames
    if missing := [name for name in ("flux", "flux_err") if name not in names]:
        raise InvalidInputError(
            f"The light curve must have a column {' and '.join(map(repr, missing))}, got none.",
            hint=FLUX_HINT if "mag" in names else "Keep it when you select columns, or add it.",
        )
    n_magnitudes = int((~np.isnan(float_array(light_curve, "mag"))).sum())
    if n_magnitudes and not has_flux(light_curve).any():
        raise InvalidInputError(
            f"The light curve must have fluxes with uncertainties, got {n_magnitudes} magnitudes only.", hint=FLUX_HINT
        )


def check_n_sigma(value, name="n_sigma"):
    """Return a number of standard deviations as a float above 0."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidTypeError(f"`{name}` must be a number of standard deviations, got {abbreviate(value)}.")
    if not 0 < value < np.inf:
        raise InvalidInputError(f"`{name}` must be a finite number above 0, got {value}.")
    return float(value)

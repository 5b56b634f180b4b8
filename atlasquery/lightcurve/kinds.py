# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Kinds of the rows of a light curve: those of the column ``kind``, or what follows from the values of a row."""

import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, null_mask, plain_array, string_array
from atlasquery.utils.text import shorten_repr

__all__ = ["KINDS", "row_kinds"]

KINDS = ("detection", "limit", "forced", "binned")
# A signed flux is forced photometry, whether significant or not; the first value that a row has decides.
KIND_OF_VALUE = {"flux": "forced", "mag": "detection", "limit": "limit"}


def row_kinds(light_curve):
    """Return the kind of each row as an array of str.

    Rows without one, as of a table of the user, have the kind that follows from their first value of
    `KIND_OF_VALUE`. Without any value they are failed fits, or in a table without fluxes exposures without a detection;
    in a table without such columns the kind is an empty string. Other kinds raise `InvalidInputError`.
    """
    kinds = _given_kinds(light_curve)
    is_unknown = ~np.isin(kinds, (*KINDS, ""))
    if is_unknown.any():
        row = int(np.flatnonzero(is_unknown)[0])
        raise InvalidInputError(
            f"Column 'kind' must hold {', '.join(map(repr, KINDS[:-1]))} or {KINDS[-1]!r}, got "
            f"{shorten_repr(str(kinds[row]))} in row {row}.",
            hint="Rename the column if it has another meaning: without it, kinds follow from flux, mag and limit.",
        )
    is_null = kinds == ""
    return np.where(is_null, _derived_kinds(light_curve), kinds) if is_null.any() else kinds


def _given_kinds(light_curve):
    """Return the kinds of the column, an empty string where there is none."""
    kinds = string_array(light_curve, "kind")
    if "kind" not in light_curve.colnames or plain_array(light_curve["kind"]).dtype.kind not in "fO":
        return kinds
    values = plain_array(light_curve["kind"])
    return np.where(values != values, "", kinds)  # NaN


def _derived_kinds(light_curve):
    """Return the kinds that follow from the values of the rows; units do not matter."""
    names = [name for name in KIND_OF_VALUE if name in light_curve.colnames]
    without_value = "forced" if "flux" in names else "limit" if names else ""
    is_known = [~(column_mask(light_curve[name]) | null_mask(plain_array(light_curve[name]))) for name in names]
    return np.select(is_known, [KIND_OF_VALUE[name] for name in names], without_value) if names else without_value

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows without an exposure name that repeat another row exactly, as in a table that was appended to itself.

Different measurements of one time and band remain apart: they differ in the flux.
"""

import numpy as np

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.checks import KEY_FIELD
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.times import MJD, mjd_values, time_axis
from atlasquery.utils.warnings import warn_user

__all__ = ["first_equal_rows", "warn_duplicates"]

VALUES = ("flux", "flux_err")
VALUES_WITHOUT_FLUX = ("mag", "mag_err", "limit")  # of rows that have no flux
IDENTIFIERS = ("band", "site", "service", "atlas_id", KEY_FIELD.name, "ra", "dec")


def first_equal_rows(light_curve):
    """Return for each row the number of the first row that it repeats exactly; its own number if there is none."""
    firsts = np.arange(len(light_curve))
    if time_axis(light_curve) is not MJD:  # measurements of several cycles may have one phase
        return firsts
    nameless = np.flatnonzero(string_array(light_curve, "expname") == "")
    _, places, counts = np.unique(mjd_values(light_curve)[nameless], return_inverse=True, return_counts=True)
    is_repeated = counts[places] > 1
    if not is_repeated.any():
        return firsts
    rows = nameless[is_repeated]
    keys = [places[is_repeated], *map(_numbers, _compared_values(light_curve[rows]))]
    _, index, inverse = np.unique(np.column_stack(keys), axis=0, return_index=True, return_inverse=True)
    firsts[rows] = rows[index][inverse.reshape(-1)]
    return firsts


def _compared_values(light_curve):
    """Yield the values that are equal in rows of the same measurement."""
    yield row_kinds(light_curve)
    for name in IDENTIFIERS:
        yield string_array(light_curve, name)
    for name in VALUES:
        yield float_array(light_curve, name)
    has_no_flux = np.isnan(float_array(light_curve, "flux"))
    for name in VALUES_WITHOUT_FLUX:
        yield np.where(has_no_flux, float_array(light_curve, name), np.nan)


def _numbers(values):
    """Return a number for each value, the same for equal ones and for NaNs."""
    return np.unique(values, return_inverse=True)[1].reshape(-1)


def warn_duplicates(exposures, expnames):
    """Warn if rows without a name share an exposure, given its number for each row."""
    exposures = exposures[expnames == ""]
    if count := len(exposures) - len(np.unique(exposures)):
        rows = "1 row without an exposure name repeats" if count == 1 else f"{count} rows without exposure names repeat"
        warn_user(f"{rows} another row exactly: such measurements count once.", DataQualityWarning)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Numbers by which tables say that nothing was measured: infinity, an uncertainty of 0 or -999, a magnitude of 99."""

import numpy as np

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve.arrays import column_mask, plain_array
from atlasquery.utils.warnings import warn_user

__all__ = ["mask_placeholders"]

# As an uncertainty they are positive. A flux of this value is none only if its uncertainty is missing or such a number.
NULL_NUMBERS = (-99, -99.9, -99.99, -999, -999.9, -999.99, -9999, -9999.9, -9999.99, -99999)


def _is_position(values):
    return np.isfinite(values) & ~np.isin(values, NULL_NUMBERS)


# By the name of the column: which values are measurements, and the columns that are masked with others.
MEASURED = {
    "flux_err": (lambda values: (values > 0) & np.isfinite(values), ("flux", "flux_err")),
    "flux": (np.isfinite, ("flux", "flux_err")),
    "mag": (lambda values: np.abs(values - 15) < 20, ("mag", "mag_err")),
    "mag_err": (lambda values: (values >= 0) & (values < 10), ("mag_err",)),
    "limit": (lambda values: np.abs(values - 15) < 20, ("limit",)),
    "ra": (_is_position, ("ra", "dec")),
    "dec": (_is_position, ("ra", "dec")),
}


def mask_placeholders(columns):
    """Mask placeholders in masked columns of plain numbers, and warn of them."""
    masked = []
    nulls = {"flux": _lone_fluxes(columns)}
    for name, (is_measured, names) in MEASURED.items():
        if name not in columns:
            continue
        values, mask = plain_array(columns[name]), columns[name].mask
        rows = np.flatnonzero(~mask & (nulls.get(name, False) | ~is_measured(values)))
        if len(rows):
            shown = ", ".join(f"{value:g}" for value in dict.fromkeys(values[rows[:100]].tolist()))
            masked.append(f"{len(rows)} of {name!r} ({shown})")
            for other in names:
                if other in columns:
                    columns[other].mask[rows] = True
    if masked:
        warn_user(f"Values that are no measurements are masked: {'; '.join(masked)}.", DataQualityWarning)


def _lone_fluxes(columns):
    """Return which fluxes are negative placeholders without a measured uncertainty."""
    if "flux" not in columns:
        return np.False_
    is_lone = np.isin(plain_array(columns["flux"]), NULL_NUMBERS)
    if "flux_err" not in columns:
        return is_lone
    errors = plain_array(columns["flux_err"])
    has_error = ~column_mask(columns["flux_err"]) & (errors > 0) & ~np.isin(-errors, NULL_NUMBERS)
    return is_lone & ~has_error

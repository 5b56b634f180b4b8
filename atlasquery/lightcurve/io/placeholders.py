# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Numbers by which tables say that nothing was measured, such as an uncertainty of 0 or -999 and a magnitude of 99."""

import numpy as np

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve.arrays import plain_array
from atlasquery.utils.warnings import warn_user

__all__ = ["mask_placeholders"]

# By the name of the column: which values are none, and the columns that are masked with them.
MEASURED = {
    "flux_err": (lambda values: values > 0, ("flux", "flux_err")),
    "mag": (lambda values: np.abs(values - 15) < 20, ("mag", "mag_err")),
    "mag_err": (lambda values: (values >= 0) & (values < 10), ("mag_err",)),
    "limit": (lambda values: np.abs(values - 15) < 20, ("limit",)),
}


def mask_placeholders(columns):
    """Mask placeholders in masked columns of plain numbers, and warn of them."""
    masked = []
    for name, (is_measured, names) in MEASURED.items():
        if name not in columns:
            continue
        values, mask = plain_array(columns[name]), columns[name].mask
        rows = np.flatnonzero(~mask & ~is_measured(values))
        if len(rows):
            shown = ", ".join(f"{value:g}" for value in dict.fromkeys(values[rows[:100]].tolist()))
            masked.append(f"{len(rows)} of {name!r} ({shown})")
            for other in names:
                if other in columns:
                    columns[other].mask[rows] = True
    if masked:
        warn_user(f"Values that are no measurements are masked: {'; '.join(masked)}.", DataQualityWarning)

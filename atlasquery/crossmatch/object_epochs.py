# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`object_epochs`: when objects were observed, for the positions of stars that move."""

import numpy as np

from atlasquery.inputs.times import column_to_floats

__all__ = ["object_epochs"]

_MJD_J2000, _DAYS_PER_YEAR = 51544.5, 365.25
_DATE_COLUMNS = ("date_inserted", "followup_flag_date")


def object_epochs(objects, *, unknown):
    """Return the date of each object in Julian years.

    The middle of its first and last detection where a table has them, as those of lists do; else the date when it was
    added to the database or put into its list; ``unknown`` where there is none.
    """
    epochs = np.full(len(objects), np.nan)
    if {"earliest_mjd", "latest_mjd"} <= set(objects.colnames):
        mjd = (column_to_floats(objects["earliest_mjd"]) + column_to_floats(objects["latest_mjd"])) / 2
        epochs = 2000 + (mjd - _MJD_J2000) / _DAYS_PER_YEAR
    for name in (name for name in _DATE_COLUMNS if name in objects.colnames):
        epochs = np.where(np.isfinite(epochs), epochs, column_to_floats(objects[name].jyear))
    return np.where(np.isfinite(epochs), epochs, unknown)

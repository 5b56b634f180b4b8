# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion of plain arrays to astropy columns, common to all tables and light curves.

Floats with a unit are masked quantities, all others a `~astropy.table.MaskedColumn`, never of dtype object. All columns
have a mask, even if no value is masked, so that tables of any two answers can be stacked.
"""

import astropy.units as u
import numpy as np
from astropy.table import MaskedColumn
from astropy.utils.masked import Masked

from atlasquery.schema import astropy_patches  # noqa: F401 -- keeps the masks of these columns

__all__ = ["masked_column", "masked_quantity", "with_description"]


def with_description(column, description):
    """Set the description of a column and return the column."""
    column.info.description = description
    return column


def masked_column(data, mask, description):
    """Return a `~astropy.table.MaskedColumn` of integers, strings, bools or floats without unit."""
    column = np.asarray(data).view(MaskedColumn)  # twice as fast as the constructor, which copies attributes four times
    column.mask = mask
    column.description = description
    return column


def masked_quantity(data, mask, unit, description):
    """Return a masked `~astropy.units.Quantity` with NaN under the mask."""
    data[mask] = np.nan
    return with_description(Masked(u.Quantity(data, unit, copy=False), mask=mask, copy=False), description)

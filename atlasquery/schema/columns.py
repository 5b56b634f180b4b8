# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How plain arrays become astropy columns, in the one way that every table and light curve shares.

Floats with a unit are masked quantities, everything else is a `~astropy.table.MaskedColumn`, never of dtype object.
All are masked columns even where nothing is masked: tables of two answers then stack, whatever each of them lacks.
"""

import astropy.units as u
import numpy as np
from astropy.table import MaskedColumn
from astropy.utils.masked import Masked

from atlasquery.schema import astropy_patches  # noqa: F401 -- without them the columns made here lose their masks

__all__ = ["masked_column", "masked_quantity", "with_description"]


def with_description(column, description):
    """Give a column its description and return it."""
    column.info.description = description
    return column


def masked_column(data, mask, description):
    """Return a `~astropy.table.MaskedColumn` of ints, strings, bools or plain floats."""
    return MaskedColumn(data, mask=mask, description=description, copy=False)


def masked_quantity(data, mask, unit, description):
    """Return a masked `~astropy.units.Quantity` with NaN under the mask."""
    data[mask] = np.nan
    return with_description(Masked(u.Quantity(data, unit, copy=False), mask=mask, copy=False), description)

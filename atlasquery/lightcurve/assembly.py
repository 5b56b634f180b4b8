# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves of columns that are there already, and of selected rows.

The constructors and the slices of astropy's tables copy the attributes of each column several times, which takes longer
than all work on the data. The same is done here by public attributes of tables and columns.
"""

import numpy as np
from astropy import units as u
from astropy.table import MaskedColumn
from astropy.utils.masked import Masked

from atlasquery.lightcurve.arrays import column_mask, plain_array
from atlasquery.lightcurve.time_index import TIME_KEY
from atlasquery.schema.columns import masked_column

__all__ = ["assemble", "copy_with", "select_rows", "take"]

MaskedQuantity = Masked(u.Quantity)
ATTRIBUTES = ("description", "format", "meta")


def assemble(cls, columns, meta):
    """Return a light curve of a class with these columns, of which the first is ``time``, without a copy.

    Parameters
    ----------
    cls : type
        `~atlasquery.LightCurve` or a subclass.
    columns : dict of str to column
        Columns of equal length that are in no table.
    meta : dict
        It is not copied.
    """
    light_curve = cls()
    names = light_curve.TableColumns()
    for name, column in columns.items():
        info = column if isinstance(column, MaskedColumn) else column.info  # four times as fast
        info.name = name
        info.parent_table = light_curve
        names[name] = column
    light_curve.columns = names
    light_curve.meta = meta
    light_curve.primary_key = TIME_KEY
    return light_curve


def select_rows(light_curve, item):
    """Return the rows that a slice or an array selects, None if it has columns or indices that only astropy selects."""
    item = _check_item(item, len(light_curve))
    if item is None or any(name != "time" and column.info.indices for name, column in light_curve.columns.items()):
        return None
    columns = {name: take(column, item) for name, column in light_curve.columns.items()}
    out = assemble(type(light_curve), columns, light_curve.meta.copy())
    out.primary_key = light_curve.primary_key
    return out


def _check_item(item, length):
    """Return a slice, or an array of the numbers of rows; None for what is neither."""
    if isinstance(item, slice):
        return item
    item = np.asarray(item)
    if item.dtype == bool and item.shape == (length,):
        return np.flatnonzero(item)
    return item if item.ndim == 1 and item.dtype.kind in "iu" else None


def copy_with(light_curve, columns, rows=None, **meta):
    """Return a copy of a light curve, or of the rows with these numbers, with other columns and entries of ``meta``.

    Parameters
    ----------
    light_curve : LightCurve
        It is not changed.
    columns : dict of str to column
        Columns that are added or replaced; they are in no table.
    rows : array of int, optional
        Numbers of rows; all by default.
    **meta
        Entries of ``meta``.
    """
    rows = np.arange(len(light_curve)) if rows is None else rows
    kept = {name: column for name, column in light_curve.columns.items() if name not in columns}
    # `time` stays the first column, and replaced ones stay in their place.
    names = dict.fromkeys([*light_curve.colnames, *columns])
    taken = {name: columns[name] if name in columns else take(kept[name], rows) for name in names}
    out = assemble(type(light_curve), taken, {**light_curve.meta, **meta})
    out.primary_key = light_curve.primary_key
    return out


def take(column, item):
    """Return the rows of a column that a slice or an array of int selects, without its indices."""
    if column.ndim != 1 or type(column) not in (MaskedColumn, MaskedQuantity):
        return column[item]
    if isinstance(item, slice) and type(column) is MaskedColumn:
        return column[item]  # data and mask are those of the whole column
    data, mask = plain_array(column)[item], column_mask(column)[item]
    if type(column) is MaskedColumn:
        out = masked_column(data, mask, None)
        out.unit = column.unit
        info, out_info = column, out
    else:
        out = Masked(u.Quantity(data, column.unit, copy=False, dtype=data.dtype), mask=mask, copy=False)
        info, out_info = column.info, out.info
    for name in ATTRIBUTES:
        if value := getattr(info, name):
            setattr(out_info, name, value.copy() if name == "meta" else value)
    return out

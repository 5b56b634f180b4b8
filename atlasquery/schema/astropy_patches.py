# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Patches of astropy that keep masks; remove each when the minimum astropy version no longer needs it.

* Pickling a masked `~astropy.time.Time` recurses without end in all versions so far, and pickling a masked quantity
  with a description fails in astropy 7.1. Tables and light curves must be sent between processes, so both classes get
  a reducer that stores plain arrays.
* Before astropy 8, a masked Time that is assigned to a part of another Time loses its mask silently (astropy issue
  20173). `~astropy.table.vstack` does so, and gives invented dates where the server has none.
"""

import copyreg
from functools import wraps

import numpy as np
from astropy.time import Time
from astropy.units import Quantity
from astropy.utils.masked import Masked

__all__ = []

MaskedQuantity = Masked(Quantity)


def _info(column):
    """Return the attributes of a table column; an empty dict outside a table."""
    if "info" not in column.__dict__:
        return {}
    return {name: getattr(column.info, name) for name in ("name", "format", "description", "meta")}


def _with_info(column, info):
    for name, value in info.items():
        setattr(column.info, name, value)
    return column


def _reduce_quantity(quantity):
    plain = quantity.unmasked
    return _rebuild_quantity, (np.array(plain.value), plain.unit, np.array(quantity.mask), _info(quantity))


def _rebuild_quantity(value, unit, mask, info):
    return _with_info(Masked(Quantity(value, unit, copy=False, dtype=value.dtype), mask=mask, copy=False), info)


def _reduce_time(time):
    if not time.masked:
        return time.__reduce_ex__(2)
    jd1, jd2 = (np.array(part.unmasked) for part in (time._time.jd1, time._time.jd2))
    settings = {name: getattr(time, name) for name in ("format", "in_subfmt", "out_subfmt")}
    init_options = {name: getattr(time, name) for name in ("scale", "location", "precision")}
    return _rebuild_time, (jd1, jd2, np.array(time.mask), init_options, settings, _info(time))


def _rebuild_time(jd1, jd2, mask, init_options, settings, info):
    time = Time(jd1, jd2, format="jd", **init_options)
    for name, value in settings.items():
        setattr(time, name, value)
    time[mask] = np.ma.masked
    return _with_info(time, info)


def _setitem_drops_mask():
    """Return whether this astropy loses the mask of an assigned Time."""
    times = Time([51544.0, 51545.0], format="mjd")
    masked = times.copy()
    masked[1] = np.ma.masked
    times[:] = masked
    return not times.masked


def _with_mask_kept(assign):
    """Return ``Time.__setitem__`` changed so that the assigned mask is kept."""

    @wraps(assign)
    def assign_with_mask(self, item, value):
        if self.shape and isinstance(value, Time) and value.masked:
            assign(self, slice(0, 0), np.ma.masked)  # masks no element, but creates a mask
        assign(self, item, value)

    return assign_with_mask


if _setitem_drops_mask():
    Time.__setitem__ = _with_mask_kept(Time.__setitem__)  # type: ignore[method-assign]
copyreg.pickle(MaskedQuantity, _reduce_quantity)
copyreg.pickle(Time, _reduce_time)

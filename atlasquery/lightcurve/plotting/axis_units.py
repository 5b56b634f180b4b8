# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Units of axes: axes of the user may have other units, astropy times or dates."""

from datetime import datetime

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.utils.text import abbreviate

__all__ = ["AxisUnits", "check_axes", "mjd_of_date_epoch"]

UNITS = {"mag": u.mag, "flux": u.uJy}
TIME_SUPPORT_UNIT = "astropy_time"  # the unit of an axis of astropy.visualization.time_support
MJD_ZERO = np.datetime64("1858-11-17")


def check_axes(ax):
    """Raise an `~atlasquery.exceptions.InvalidInputError` unless ``ax`` is None or rectilinear matplotlib axes."""
    if ax is None:
        return
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        hint = "Pass a single element, such as axes[0]." if isinstance(ax, np.ndarray | list | tuple) else None
        raise InvalidTypeError(f"`ax` must be a matplotlib Axes, got {abbreviate(ax)}.", hint=hint)
    if ax.name != "rectilinear":
        raise InvalidInputError(f"`ax` must have the projection 'rectilinear', got {ax.name!r}.")


def mjd_of_date_epoch():
    """Return the MJD from which matplotlib counts the days of its dates."""
    from matplotlib.dates import get_epoch

    return float((np.datetime64(get_epoch()) - MJD_ZERO) / np.timedelta64(1, "D"))


class AxisUnits:
    """Conversion of times and values to numbers in the units that the axes already have.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
        The axes.
    time_axis : `~atlasquery.lightcurve.times.TimeAxis`
        MJD or phase.
    y : {"mag", "flux"}
        The kind of values.

    Attributes
    ----------
    has_plain_times : bool
        Whether times are drawn as they are, so that the label of ``time_axis`` is correct.

    Raises
    ------
    InvalidInputError
        If the units of the axes cannot be converted, such as phases to metres or magnitudes to mJy.
    """

    def __init__(self, ax, time_axis, y):
        self.ax, self.time_axis = ax, time_axis
        self.unit = _axis_unit(ax.yaxis) or UNITS[y]
        self.factor = _conversion_factor(UNITS[y], self.unit, f"`{y}`")
        self._set_time_conversion()

    def _set_time_conversion(self):
        axis, self.has_plain_times = self.ax.xaxis, False
        if self.time_axis.is_folded or not (_has_times(axis) or _has_dates(axis)):
            unit = u.one if self.time_axis.is_folded and self.time_axis.unit is None else u.d
            factor = _conversion_factor(unit, _axis_unit(axis) or unit, self.time_axis.name)
            self.has_plain_times, self.to_x = factor == 1, lambda times: times * factor
        elif _has_dates(axis):
            self.to_x = lambda times: times - mjd_of_date_epoch()
        else:
            self.to_x = lambda times: axis.convert_units(Time(times, format="mjd", scale="utc"))
            self.has_plain_times = (axis.get_converter().format, axis.get_converter().scale) == ("mjd", "utc")

    def to_y(self, values):
        """Return magnitudes or fluxes in uJy as numbers on the y axis."""
        return values * self.factor

    def set_default_units(self):
        """Set the units of axes without any, if astropy's support is on, so that later content is converted."""
        from matplotlib.units import registry

        if self.ax.yaxis.get_converter() is None and u.Quantity in registry:
            self.ax.yaxis.update_units(u.Quantity(1, self.unit))
        if self.ax.xaxis.get_converter() is None and Time in registry and not self.time_axis.is_folded:
            self.ax.xaxis.update_units(Time(0, format="mjd", scale="utc"))
            self._set_time_conversion()


def _axis_unit(axis):
    """Return the unit of an axis, None if it shows plain numbers."""
    unit = axis.get_units()
    if unit is None and axis.get_converter() is None:
        return None
    if not isinstance(unit, u.UnitBase | u.function.FunctionUnitBase):
        has_epochs = _has_times(axis) or _has_dates(axis)
        content = "times" if has_epochs else f"values of {type(axis.get_converter()).__name__}"
        raise InvalidInputError(f"`ax` must have an {axis.axis_name} axis of numbers, got {content}.")
    return unit


def _conversion_factor(unit, target, name):
    """Return the factor from a unit to that of an axis."""
    if unit == target or {unit, target} == {u.mag, u.ABmag}:
        return 1.0
    # A flux could be converted to magnitudes, but not by a factor.
    if not isinstance(target, u.UnitBase) or not unit.is_equivalent(target):
        raise InvalidInputError(f"`ax` must have a unit that {name} in {unit} can be converted to, got {target}.")
    return unit.to(target)


def _has_times(axis):
    return isinstance(axis.get_units(), str) and axis.get_units() == TIME_SUPPORT_UNIT


def _has_dates(axis):
    from matplotlib.units import registry

    return axis.get_converter() is not None and axis.get_converter() is registry.get(datetime)

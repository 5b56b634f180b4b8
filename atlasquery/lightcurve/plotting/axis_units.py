# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the numbers on the axes of a picture mean: those of somebody else may count in other units, or show dates."""

from datetime import datetime

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, InvalidTypeError

__all__ = ["AxisUnits", "check_axes", "mjd_of_dates"]

UNITS = {"mag": u.mag, "flux": u.uJy}
OF_TIMES = "astropy_time"  # what astropy.visualization.time_support has for a unit
MJD_0 = np.datetime64("1858-11-17")


def check_axes(ax):
    """Refuse what are no axes to draw on; `None` stands for new ones."""
    if ax is None:
        return
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        hint = "Choose one of them, such as axes[0]." if isinstance(ax, np.ndarray | list | tuple) else None
        raise InvalidTypeError(f"ax is of type {type(ax).__name__}, but should be Axes of matplotlib.", hint=hint)
    if ax.name != "rectilinear":
        raise InvalidInputError(f"ax are {ax.name} Axes, but a light curve needs rectangular ones.")


def mjd_of_dates():
    """Return the MJD from which matplotlib counts days."""
    from matplotlib.dates import get_epoch

    return float((np.datetime64(get_epoch()) - MJD_0) / np.timedelta64(1, "D"))


class AxisUnits:
    """How times and values become numbers on some axes, which is as they count there already.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
        The axes.
    scale : `~atlasquery.lightcurve.times.Scale`
        What the times are.
    y : {"mag", "flux"}
        What the values are.

    Attributes
    ----------
    is_plain : bool
        Whether the times stay as they are, and may be labelled as such.

    Raises
    ------
    InvalidInputError
        If the axes count in something else, such as phases in metres or magnitudes in mJy.
    """

    def __init__(self, ax, scale, y):
        self.ax, self.scale = ax, scale
        self.unit = _unit_of(ax.yaxis) or UNITS[y]
        self.factor = _factor(UNITS[y], self.unit, y)
        self._set_time_conversion()

    def _set_time_conversion(self):
        axis, self.is_plain = self.ax.xaxis, False
        if self.scale.is_folded or not (_has_times(axis) or _has_dates(axis)):
            unit = u.one if self.scale.is_folded and self.scale.unit is None else u.d
            factor = _factor(unit, _unit_of(axis) or unit, self.scale.name)
            self.is_plain, self.x = factor == 1, lambda when: when * factor
        elif _has_dates(axis):
            self.x = lambda when: when - mjd_of_dates()
        else:
            self.x = lambda when: axis.convert_units(Time(when, format="mjd", scale="utc"))
            self.is_plain = (axis.get_converter().format, axis.get_converter().scale) == ("mjd", "utc")

    def y(self, values):
        """Return values in the declared unit as numbers on the axis."""
        return values * self.factor

    def set_default_units(self):
        """Let axes without units convert what is drawn on them later, if astropy's support for that is switched on."""
        from matplotlib.units import registry

        if self.ax.yaxis.get_converter() is None and u.Quantity in registry:
            self.ax.yaxis.update_units(u.Quantity(1, self.unit))
        if self.ax.xaxis.get_converter() is None and Time in registry and not self.scale.is_folded:
            self.ax.xaxis.update_units(Time(0, format="mjd", scale="utc"))
            self._set_time_conversion()


def _unit_of(axis):
    """Return the unit in which an axis counts, None if it counts plain numbers."""
    unit = axis.get_units()
    if unit is None and axis.get_converter() is None:
        return None
    if not isinstance(unit, u.UnitBase | u.function.FunctionUnitBase):
        is_moment = _has_times(axis) or _has_dates(axis)
        shown = "times" if is_moment else f"what {type(axis.get_converter()).__name__} converts"
        raise InvalidInputError(f"The {axis.axis_name} axis of ax shows {shown}: a light curve does not fit there.")
    return unit


def _factor(unit, on_axis, what):
    """Return what numbers in a unit are to be multiplied with."""
    if unit == on_axis or {unit, on_axis} == {u.mag, u.ABmag}:
        return 1.0
    # uJy could become magnitudes, but not by a factor.
    if not isinstance(on_axis, u.UnitBase) or not unit.is_equivalent(on_axis):
        raise InvalidInputError(f"ax shows numbers in {on_axis}, but {what} is in {unit}, which cannot be converted.")
    return unit.to(on_axis)


def _has_times(axis):
    return isinstance(axis.get_units(), str) and axis.get_units() == OF_TIMES


def _has_dates(axis):
    from matplotlib.units import registry

    return axis.get_converter() is not None and axis.get_converter() is registry.get(datetime)

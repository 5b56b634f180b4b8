# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Details of single measurements, which an interactive figure shows under the pointer."""

import numpy as np
from astropy.time import Time

from atlasquery.lightcurve.plotting.axis_units import UNITS

__all__ = ["describe_points"]

MIN_DIGITS = {"mag": 3, "flux": 1}  # after the decimal point
MJD_DIGITS = 5


def describe_points(points):
    """Return the lines of text of each point: times, value, kind and band, site and exposure."""
    values = zip(points.y.tolist(), points.err.tolist(), points.is_limit.tolist(), strict=True)
    columns = [
        *_times(points),
        [_value_text(points.is_mag, *value) for value in values],
        [f"{band} {category}" for band, category in zip(points.band, points.category, strict=True)],
        [f"site {site}" if site else "" for site in points.site],
        [f"exposure {name}" if name else "" for name in points.expname],
    ]
    return ["\n".join(line for line in lines if line) for lines in zip(*columns, strict=True)]


def _times(points):
    """Return one or two lists of texts: phases, or MJD and UTC date."""
    axis = points.time_axis
    if axis.is_folded:
        unit = "" if axis.unit is None else f" {axis.unit}"
        return [[f"phase {phase:.{axis.digits + 2}f}{unit}" for phase in points.times]]
    dates = Time(points.times, format="mjd", scale="utc", precision=0).iso if len(points) else np.array([], dtype=str)
    return [f"MJD {mjd:.{MJD_DIGITS}f}" for mjd in points.times], [f"{date} UTC" for date in dates]


def _value_text(is_mag, value, err, is_limit):
    """Return a value with its uncertainty, or a limit; "" without a value."""
    if np.isnan(value):
        return ""
    name = "mag" if is_mag else "flux"
    digits, unit = MIN_DIGITS[name], UNITS[name].to_string("unicode")
    if is_limit:
        return f"limit {'>' if is_mag else '<'} {value:.{digits}f} {unit}"
    return f"{value:.{digits}f}{'' if np.isnan(err) else f' ± {err:.{digits}f}'} {unit}"

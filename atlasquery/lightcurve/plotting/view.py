# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What a plot shows of a light curve: the points, the window, and groups of one style; the same for all libraries."""

from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astropy.time import TimeDelta

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import string_array
from atlasquery.lightcurve.checks import FLUX_HINT, require_single_object
from atlasquery.lightcurve.plotting.arguments import Appearance
from atlasquery.lightcurve.plotting.plot_data import PlotData, band_set
from atlasquery.lightcurve.plotting.styles import band_styles, draw_order, marker_style
from atlasquery.lightcurve.plotting.view_window import add_value_margin, time_window, value_range
from atlasquery.lightcurve.times import time_axis
from atlasquery.utils.text import abbreviate

__all__ = ["View", "check_bands", "make_view"]

MIN_WHOLE_DAY_SPAN = 5.0  # days; the title of a shorter window has decimals


@dataclass(frozen=True)
class View:
    """Points of a light curve, and the ranges that a plot shows."""

    points: PlotData
    bands: np.ndarray  # of all rows, so that colours do not depend on the selection
    start: float
    end: float
    reason: str
    value_range: tuple[float, float]  # without a margin
    value_limits: tuple[float, float]  # with a margin
    is_visible: np.ndarray

    def groups(self, appearance: Appearance, curve_index=0, background="white"):
        """Yield the mask, the marker style and the legend label of each category and band, in the order of drawing."""
        points, defaults = self.points, band_styles(self.bands, curve_index, background)
        for category in draw_order(points.category.tolist()):
            in_category = points.category == category
            for band in sorted(set(points.band[in_category].tolist())):
                style = marker_style(category, appearance.band_style(band, defaults[band]))
                yield in_category & (points.band == band), appearance.point_style(style), f"{band} {category}"

    def count_text(self, rows):
        """Return the number of visible rows, and of all if some are not visible, for the legend."""
        count, total = int((rows & self.is_visible).sum()), int(rows.sum())
        return f": {count}" + (f" of {total}" if total > count else "")

    def window_text(self):
        """Return the window and the reason for it, for the title of the legend."""
        if not len(self.points):
            return "no measurements"
        digits = max(self.points.time_axis.digits, 2 if self.end - self.start < MIN_WHOLE_DAY_SPAN else 0)
        return f"{self.points.time_axis.name} {self.start:.{digits}f} to {self.end:.{digits}f}\n({self.reason})"


def make_view(light_curve, *, y, bands, show_limits, window, bin):
    """Return the view of a light curve with the arguments of `atlasquery.LightCurve.plot`."""
    if y not in ("mag", "flux"):
        raise InvalidInputError(f"`y` must be 'mag' or 'flux', got {abbreviate(y)}.")
    require_single_object(light_curve)
    check_bands(bands, [light_curve])
    _check_values(light_curve, y)
    points = PlotData(light_curve, y, bands, show_limits)
    if bin is not None:
        points = points.with_bins(PlotData(_bin_light_curve(light_curve, bin), y, bands, show_limits))
    start, end, reason = time_window(points, window)
    in_window = (points.times >= start) & (points.times <= end)
    shown_range = value_range(points, in_window)
    low, high = add_value_margin(*shown_range)
    is_visible = in_window & (points.y >= low) & (points.y <= high)
    bands_of_rows = string_array(light_curve, "band", "?")
    return View(points, bands_of_rows, start, end, reason, shown_range, (low, high), is_visible)


def check_bands(bands, curves):
    """Raise an error if no light curve has any of the bands; empty light curves are not checked."""
    available = {band for curve in curves for band in string_array(curve, "band", "?").tolist()}
    if bands is not None and available and available.isdisjoint(band_set(bands)):
        choice = ", ".join(repr(band) for band in sorted(available))
        raise InvalidInputError(f"`bands` must include one of {choice}, got {abbreviate(bands)}.")


def _check_values(light_curve, y):
    """Raise an error if a light curve has no column of values that a plot shows."""
    names = set(light_curve.colnames)
    if not len(light_curve) or not names.isdisjoint(("flux", "limit")) or (y == "mag" and "mag" in names):
        return
    if "mag" in names:
        raise InvalidInputError(
            "`y` must be 'mag' for a light curve without a column 'flux' or 'limit', got 'flux'.", hint=FLUX_HINT
        )
    raise InvalidInputError(
        "The light curve must have a column 'flux', 'mag' or 'limit', got none.",
        hint="Rename the column of values, as in lc.rename_column('uJy', 'flux').",
    )


def _bin_light_curve(light_curve, bin):
    if time_axis(light_curve).is_folded:
        raise InvalidInputError("Cannot bin a folded light curve: it has no nights.", hint="Bin first, then fold.")
    if isinstance(bin, u.Quantity | TimeDelta):
        return light_curve.bin(bin)
    if isinstance(bin, str) and bin == "nightly":
        return light_curve.bin_nightly()
    error = InvalidInputError if isinstance(bin, str) else InvalidTypeError
    raise error(f"`bin` must be 'nightly' or a time span such as 7 * u.day, got {abbreviate(bin)}.")

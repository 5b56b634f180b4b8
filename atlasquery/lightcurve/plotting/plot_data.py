# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Measurements of a light curve as points of a plot: position and category of each."""

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.limits import magnitudes_and_limits
from atlasquery.lightcurve.position import is_moving
from atlasquery.lightcurve.rules import RULES
from atlasquery.lightcurve.times import MAX_MJD, MIN_MJD, time_axis, time_values
from atlasquery.utils.text import abbreviate

__all__ = ["PlotData", "band_set"]

MIN_SIGNIFICANCE = 3.0  # sigma
# Exposures whose fits are no measure of the range of values, as through clouds.
POOR_EXPOSURE = [rule for rule in RULES if rule.name in ("faq_flux_err", "faq_mag5sig")]
FLUX_KINDS = ("forced", "binned")  # measured whether significant or not
ARRAYS = (
    *("times", "band", "category", "is_limit", "y", "err", "is_noise", "is_measured", "is_significant", "is_faded"),
    *("is_poor", "ra", "dec", "site", "expname"),
)


def band_set(bands):
    """Return one band or several as a set."""
    try:
        return {bands} if isinstance(bands, str) else set(bands)
    except TypeError:
        raise InvalidTypeError(
            f"`bands` must be a band such as 'o' or a list of bands, got {abbreviate(bands)}."
        ) from None


class PlotData:
    """Selected rows of a light curve as plain arrays.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        The light curve.
    y : {"mag", "flux"}
        The values.
    bands : str, list of str or None
        The bands to select, None for all.
    show_limits : bool
        Whether limits are selected.
    """

    def __init__(self, light_curve, y, bands, show_limits):
        self.is_mag = y == "mag"
        self.time_axis, self.times = time_axis(light_curve), time_values(light_curve)
        self._check_times()
        self.band = string_array(light_curve, "band", "?")
        self.ra, self.dec = (float_array(light_curve, name) for name in ("ra", "dec"))
        self.site, self.expname = (string_array(light_curve, name) for name in ("site", "expname"))
        self._classify_rows(light_curve, y)
        self.is_poor = np.any([rule.check(light_curve)[1] for rule in POOR_EXPOSURE], axis=0)
        selected = np.ones(len(self), dtype=bool) if show_limits else ~self.is_limit
        if bands is not None:
            selected &= np.isin(self.band, list(band_set(bands)))
        for name in ARRAYS:
            setattr(self, name, getattr(self, name)[selected])

    def __len__(self):
        return len(self.times)

    def _check_times(self):
        has_no_date = ~((self.times >= MIN_MJD) & (self.times <= MAX_MJD))
        if not self.time_axis.is_folded and has_no_date.any():
            raise InvalidInputError(
                f"`time` must be in the years 1 to 9999, got MJD {self.times[has_no_date][0]:g}.",
                hint="Remove such rows.",
            )

    def _classify_rows(self, light_curve, y):
        """Set the value, the uncertainty and the category of each row."""
        flux, flux_err = float_array(light_curve, "flux"), float_array(light_curve, "flux_err")
        kind = row_kinds(light_curve)
        value, err, limit, is_derived = self._values(light_curve, y, flux, flux_err)
        is_flux_kind = np.isin(kind, FLUX_KINDS)
        is_below = np.abs(flux) < MIN_SIGNIFICANCE * flux_err
        # The limit stands for a magnitude that is masked as not significant.
        has_own_limit = (kind != "limit") & (is_flux_kind | is_derived | ~np.isnan(flux))
        is_replaced = self.is_mag & has_own_limit & np.isnan(value) & ~np.isnan(limit)
        self.category = np.where(is_replaced, np.char.add(kind, " limit"), kind)
        self.is_limit = is_replaced | (kind == "limit")
        value = np.where(self.is_limit, limit if self.is_mag else photometry.mag_to_flux(limit * u.mag).value, value)
        self.y = np.where(np.isfinite(value), value, np.nan)
        self.err = np.where((err >= 0) & np.isfinite(err), err, np.nan)  # matplotlib rejects negative uncertainties
        self.is_noise = self.is_faded = is_flux_kind & ~self.is_limit & is_below
        self.is_measured = ~self.is_limit & ~np.isnan(self.y)
        # Most fluxes are negative if the object was brighter in the reference image: they are significant as fluxes.
        self.is_significant = self.is_measured & ~self.is_noise & ~((flux <= 0) if self.is_mag else is_below)

    def _values(self, light_curve, y, flux, flux_err):
        """Return values, uncertainties, limits, and whether they follow from the flux, as of a table of fluxes."""
        value, err, limit = (float_array(light_curve, name) for name in (y, f"{y}_err", "limit"))
        is_derived = np.isnan(value) & np.isnan(limit) & self.is_mag
        if is_derived.any():
            derived = magnitudes_and_limits(flux, flux_err, MIN_SIGNIFICANCE)
            value, err, limit = (
                np.where(is_derived, derived[name], given)
                for name, given in (("mag", value), ("mag_err", err), ("limit", limit))
            )
        return value, err, limit, is_derived

    def is_moving(self):
        """Return whether the significant measurements of one category are at different positions.

        Those of one category only: forced photometry may be of another position than the detections.
        """
        categories = set(self.category[self.is_significant].tolist())
        groups = (self.is_significant & (self.category == category) for category in categories)
        return any(is_moving(self.times[rows], self.ra[rows], self.dec[rows]) for rows in groups)

    def with_bins(self, binned):
        """Return these points, faded, together with those of their bins."""
        both = object.__new__(PlotData)
        both.is_mag, both.time_axis = self.is_mag, self.time_axis
        for name in ARRAYS:
            setattr(both, name, np.concatenate([getattr(self, name), getattr(binned, name)]))
        is_single = np.arange(len(both)) < len(self)
        both.is_faded = both.is_faded | (is_single & both.is_measured)
        both.is_noise = both.is_noise | (is_single & both.is_measured)  # the bins determine the limits of the y axis
        return both

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The measurements of a light curve as points of a picture: where each lies, and how it is marked."""

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.limits import magnitudes_and_limits
from atlasquery.lightcurve.times import MAX_MJD, MIN_MJD, time_axis, time_values

__all__ = ["PlotData", "band_set"]

SIGNIFICANT = 3.0  # sigma; a magnitude below it means little
FLUX_KINDS = ("forced", "binned")  # whatever the flux was, and not only where it was significant
ARRAYS = ("when", "band", "mark", "is_limit", "y", "err", "is_noise", "is_measured", "stands_out", "is_pale")


def band_set(bands):
    """Return the bands that are asked for, which may be a single one, as a set."""
    try:
        return {bands} if isinstance(bands, str) else set(bands)
    except TypeError:
        raise InvalidInputError(f"bands is {bands!r}, but can be a band, such as 'o', or several.") from None


class PlotData:
    """The rows that are asked for as plain arrays.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        Where they are from.
    y : {"mag", "flux"}
        What is drawn.
    bands : str, list of str or None
        The bands that are asked for.
    show_limits : bool
        Whether limits are.
    """

    def __init__(self, light_curve, y, bands, show_limits):
        self.is_mag = y == "mag"
        self.scale, self.when = time_axis(light_curve), time_values(light_curve)
        self._check_times()
        self.band = string_array(light_curve, "band", "?")
        self._measure(light_curve, y)
        self.is_faded = self.is_noise
        asked = np.ones(len(self), dtype=bool) if show_limits else ~self.is_limit
        if bands is not None:
            asked &= np.isin(self.band, list(band_set(bands)))
        for name in ARRAYS:
            setattr(self, name, getattr(self, name)[asked])

    def __len__(self):
        return len(self.when)

    def _check_times(self):
        without_date = ~((self.when >= MIN_MJD) & (self.when <= MAX_MJD))
        if not self.scale.is_folded and without_date.any():
            raise InvalidInputError(
                f"MJD {self.when[without_date][0]:g} has no date in the years 1 to 9999, and cannot be drawn.",
                hint="Leave such rows out.",
            )

    def _measure(self, light_curve, y):
        """Set what is drawn of each row, and what it means."""
        flux, flux_err = float_array(light_curve, "flux"), float_array(light_curve, "flux_err")
        value, err, limit = (float_array(light_curve, name) for name in (y, f"{y}_err", "limit"))
        kind = string_array(light_curve, "kind", "detection")
        # Somebody may have nothing but fluxes.
        is_derived = np.isnan(value) & np.isnan(limit) & self.is_mag
        if is_derived.any():
            derived = magnitudes_and_limits(flux, flux_err, SIGNIFICANT)
            value, err, limit = (
                np.where(is_derived, derived[name], given)
                for name, given in (("mag", value), ("mag_err", err), ("limit", limit))
            )
        otherwise = np.isin(kind, FLUX_KINDS)
        # A magnitude that is not significant gives way to its limit; what is, somebody may have chosen.
        is_chosen = "n_sigma" in light_curve.meta
        has_own_limit = otherwise | is_derived | (is_chosen & ~np.isnan(flux) & (kind != "limit"))
        insignificant = np.isnan(value) if is_chosen else np.isnan(value) | ~(flux >= SIGNIFICANT * flux_err)
        limited = self.is_mag & has_own_limit & insignificant & ~np.isnan(limit)
        self.mark = np.where(limited, np.char.add(kind, " limit"), kind)
        self.is_limit = limited | (kind == "limit")
        faintest = limit if self.is_mag else photometry.mag_to_flux(limit * u.mag).value
        value = np.where(self.is_limit, faintest, value)
        self.y = np.where(np.isfinite(value), value, np.nan)
        self.err = np.where((err >= 0) & np.isfinite(err), err, np.nan)  # matplotlib refuses a negative uncertainty
        self.is_noise = otherwise & ~self.is_limit & (np.abs(flux) < SIGNIFICANT * flux_err)
        self.is_measured = ~self.is_limit & ~np.isnan(self.y)
        # Of an object that the reference image shows brighter than it mostly is, most fluxes are negative.
        means_little = (flux <= 0) if self.is_mag else (np.abs(flux) < SIGNIFICANT * flux_err)
        self.is_significant = self.is_measured & ~self.is_noise & ~means_little

    def with_bins(self, binned):
        """Return these points, pale, and those of the bins that were made of them."""
        both = object.__new__(PlotData)
        both.is_mag, both.scale = self.is_mag, self.scale
        for name in ARRAYS:
            setattr(both, name, np.concatenate([getattr(self, name), getattr(binned, name)]))
        single = np.arange(len(both)) < len(self)
        both.is_faded = both.is_faded | (single & both.is_measured)
        both.is_noise = both.is_noise | (single & both.is_measured)  # the bins say how far the picture reaches
        return both

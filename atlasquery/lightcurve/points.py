# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The measurements of a light curve as points of a picture: where each lies, and how it is marked."""

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.lightcurve.instants import instants, scale
from atlasquery.lightcurve.plain import numbers, texts

__all__ = ["LIMITS", "Points"]

SIGNIFICANT = 3.0  # sigma; a magnitude below it means little
LIMITS = ("limit", "forced limit", "binned limit")
MEASURED_OTHERWISE = ("forced", "binned")  # whatever the flux was, and not only where it was significant


class Points:
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
        rows = light_curve[_is_asked_for(light_curve, y, bands, show_limits)]
        self.is_mag = y == "mag"
        self.scale, self.when = scale(light_curve), instants(rows)
        self.band, self.mark = texts(rows, "band", "?"), _marks(rows, y)
        self.is_limit = np.isin(self.mark, LIMITS)
        flux, flux_err, limit = (numbers(rows, name) for name in ("flux", "flux_err", "limit"))
        faintest = limit if self.is_mag else photometry.mag_to_flux(limit * u.mag).value
        self.y = np.where(self.is_limit, faintest, numbers(rows, y))
        err = numbers(rows, f"{y}_err")
        self.err = np.where(err >= 0, err, np.nan)  # matplotlib refuses a negative uncertainty
        self.is_noise = np.isin(self.mark, MEASURED_OTHERWISE) & (np.abs(flux) < SIGNIFICANT * flux_err)
        self.is_measured = ~self.is_limit & ~np.isnan(self.y)
        self.stands_out = self.is_measured & ~self.is_noise & ~(flux <= 0)
        self.is_pale = self.is_noise

    def __len__(self):
        return len(self.when)

    def and_binned(self, binned):
        """Return these points, pale, and those of the bins that were made of them."""
        both = object.__new__(Points)
        both.is_mag, both.scale = self.is_mag, self.scale
        for name in (
            "when",
            "band",
            "mark",
            "is_limit",
            "y",
            "err",
            "is_noise",
            "is_measured",
            "stands_out",
            "is_pale",
        ):
            setattr(both, name, np.concatenate([getattr(self, name), getattr(binned, name)]))
        single = np.arange(len(both)) < len(self)
        both.is_pale = both.is_pale | (single & both.is_measured)
        both.is_noise = both.is_noise | (single & both.is_measured)  # the bins say how far the picture reaches
        return both


def _is_asked_for(light_curve, y, bands, show_limits):
    """Return which rows may be drawn at all."""
    asked = np.ones(len(light_curve), dtype=bool)
    if bands is not None:
        asked &= np.isin(texts(light_curve, "band", "?"), [bands] if isinstance(bands, str) else list(bands))
    return asked if show_limits else asked & ~np.isin(_marks(light_curve, y), LIMITS)


def _marks(rows, y):
    """Return what marks each row: its kind, but a magnitude that is not significant gives way to its limit."""
    marks = texts(rows, "kind", "detection").astype("U12")
    if y == "mag":
        significant = numbers(rows, "flux") >= SIGNIFICANT * numbers(rows, "flux_err")
        limited = np.isin(marks, MEASURED_OTHERWISE) & ~significant & ~np.isnan(numbers(rows, "limit"))
        marks = np.where(limited, np.char.add(marks, " limit"), marks)
    return marks

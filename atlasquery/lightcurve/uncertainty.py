# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Add the excess scatter of control light curves to the flux uncertainties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import float_array, has_flux, string_array
from atlasquery.lightcurve.assembly import copy_with
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.rules import MAX_FLUX_ERR
from atlasquery.utils.text import abbreviate

__all__ = ["UncertaintyMixin"]

MAX_CHI_N = 20.0  # of ATClean, section 3.1.2: a loose cut that removes failed fits only
CLIP_SIGMA = 3.0
MIN_MEASUREMENTS = 10  # in a band, for a meaningful standard deviation


class UncertaintyMixin(Mixin):
    """The method of a light curve that corrects underestimated uncertainties."""

    def with_extra_uncertainty(self, controls: Iterable[Mixin] | Mapping[Any, Mixin], *, n_sigma: float = 3) -> Self:
        """Return the light curve with the noise of control light curves added to its uncertainties.

        Image subtraction leaves noise that the flux uncertainties do not include, more of it close to a bright galaxy.
        It is measured by forced photometry at positions around the object, where there is no source.

        Parameters
        ----------
        controls : LightCurve, list of LightCurve, or LightCurves
            Light curves of positions without a source, near the object, such as files of the forced-photometry server;
            or measurements of the object itself before its outburst.
        n_sigma : float
            Number of standard deviations for magnitudes and limits, as for `at_significance`.

        Returns
        -------
        light_curve : LightCurve
            The same rows. ``flux_err`` is the quadratic sum of the old one and the extra uncertainty of the band;
            magnitudes and limits are computed from it. ``meta['extra_uncertainty']`` is the extra uncertainty of each
            band in uJy.

        Raises
        ------
        InvalidTypeError
            If the controls are not light curves (a `TypeError`).
        InvalidInputError
            If an extra uncertainty was added before, or no control has ten measurements in one of the bands.

        Notes
        -----
        This is the method of ATClean (Rest et al. 2024, arXiv:2405.03747, section 3.1.2). For each control and each
        band, the measurements with ``flux_err`` <= 160 uJy and ``chi_n`` < 20 give the standard deviation of the flux,
        clipped at 3 sigma, and the median of its uncertainty; the extra uncertainty is
        ``sqrt(std^2 - median(flux_err)^2)``, or 0 if the scatter is not larger. The median over the controls is added.

        Examples
        --------
        >>> import astropy.units as u
        >>> import numpy as np
        >>> from astropy.time import Time
        >>> from atlasquery import LightCurve
        >>> time = Time(61000 + np.arange(100), format="mjd")
        >>> noise = np.tile([25.0, -25.0], 50)
        >>> control = LightCurve(time=time, data={
        ...     "band": ["o"] * 100, "flux": noise * u.uJy, "flux_err": np.full(100, 20.0) * u.uJy})
        >>> lc = control[:2].with_extra_uncertainty(control)
        >>> lc["flux_err"], lc.meta["extra_uncertainty"]
        (<MaskedQuantity [25., 25.] uJy>, {'o': 15.0})
        """
        if previous := self.meta.get("extra_uncertainty"):
            raise InvalidInputError(
                f"Cannot add an extra uncertainty twice: meta['extra_uncertainty'] is {previous} (uJy)."
            )
        curves = [control.combined() for control in _list_controls(controls)]
        bands = string_array(self, "band")
        extra = {band: _band_extra(curves, band) for band in sorted(set(bands.tolist()))}
        flux_err = np.hypot(float_array(self, "flux_err"), [extra[band] for band in bands.tolist()])
        column = COLUMNS["flux_err"].column(flux_err, np.isnan(flux_err))
        return copy_with(self, {"flux_err": column}, extra_uncertainty=extra).at_significance(n_sigma)


def _list_controls(controls):
    """Return the control light curves as a list."""
    if isinstance(controls, UncertaintyMixin):
        return [controls]
    if isinstance(controls, Mapping):
        controls = controls.values()
    curves = list(controls) if isinstance(controls, Iterable) and not isinstance(controls, str) else [controls]
    if invalid := [curve for curve in curves if not isinstance(curve, UncertaintyMixin)]:
        raise InvalidTypeError(f"`controls` must be light curves, got {abbreviate(invalid[0])}.")
    return curves


def _band_extra(controls, band):
    """Return the extra uncertainty of a band in uJy, the median over the controls."""
    extras = [extra for control in controls if (extra := _extra_from_control(control, band)) is not None]
    if not extras:
        raise InvalidInputError(
            f"`controls` must have at least {MIN_MEASUREMENTS} good measurements in band {band!r} in one light curve, "
            f"got fewer in each of {len(controls)}.",
            hint=f"Pass more controls, or leave the rows of this band out, as in lc[lc['band'] != {band!r}].",
        )
    return float(np.median(extras))


def _extra_from_control(control, band):
    """Return the extra uncertainty of one control in uJy, or None if it has too few measurements."""
    from astropy.stats import sigma_clip  # slow to import, and rarely used

    flux, flux_err, chi_n = (float_array(control, name) for name in ("flux", "flux_err", "chi_n"))
    good = has_flux(control) & (flux_err <= MAX_FLUX_ERR) & ~(chi_n >= MAX_CHI_N)
    good &= string_array(control, "band") == band
    if good.sum() < MIN_MEASUREMENTS:
        return None
    scatter = sigma_clip(flux[good], CLIP_SIGMA, masked=False).std()
    return np.sqrt(max(scatter**2 - np.median(flux_err[good]) ** 2, 0.0))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How much more the fluxes scatter than their uncertainties say, as seen where there is no source."""

from collections.abc import Iterable, Mapping

import numpy as np

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import copy_rows, float_array, has_flux, string_array
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.rules import MAX_FLUX_ERR

__all__ = ["UncertaintyMixin"]

MAX_CHI_N = 20.0  # a loose cut, which takes away only what is hopeless
CLIP = 3.0
MIN_MEASUREMENTS = 10  # measurements in a band, from which on their scatter tells something


class UncertaintyMixin:
    """The part of a light curve that knows its uncertainties may be too small."""

    def with_extra_uncertainty(self, controls, *, n_sigma=3):
        """Return the light curve with the noise of control light curves added to its uncertainties.

        Subtraction of images leaves noise that the uncertainties of the fluxes do not know of, more beside a bright
        galaxy than elsewhere. Forced photometry at places around the object, where there is no source, tells how much.

        Parameters
        ----------
        controls : LightCurve, list of LightCurve, or LightCurves
            Light curves of places without a source, near the object, such as files of the forced-photometry server; or
            the object's own, from before its outburst.
        n_sigma : float
            At how many standard deviations magnitudes and limits are told apart, as for `relimited`.

        Returns
        -------
        light_curve : LightCurve
            The same rows. ``flux_err`` is the old one and the extra uncertainty of the band, added in quadrature;
            magnitudes and limits follow from it. ``meta['extra_uncertainty']`` is what was added in each band, in uJy.

        Raises
        ------
        TypeError
            If the controls are not light curves.
        InvalidInputError
            If something was added already, or no control has ten measurements in one of the bands.

        Notes
        -----
        This is the method of ATClean (Rest et al. 2024, arXiv:2405.03747, section 3.1.2). Of each control, and in each
        band, the measurements with ``flux_err`` <= 160 uJy and ``chi_n`` < 20 give the standard deviation of the flux,
        clipped at 3 sigma, and the median of its uncertainty; the extra uncertainty is
        ``sqrt(std^2 - median(flux_err)^2)``, or 0 if the scatter is not larger. What is added is the median over the
        controls.

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
        if already := self.meta.get("extra_uncertainty"):
            raise InvalidInputError(f"An extra uncertainty has been added already: {already} uJy.")
        curves = [control.combined() for control in _light_curves(controls)]
        bands = string_array(self, "band")
        extra = {band: _extra(curves, band) for band in sorted(set(bands.tolist()))}
        flux_err = np.hypot(float_array(self, "flux_err"), [extra[band] for band in bands.tolist()])
        out = copy_rows(self)
        out["flux_err"] = COLUMNS["flux_err"].column(flux_err, np.isnan(flux_err))
        out.meta["extra_uncertainty"] = extra
        return out.at_significance(n_sigma)


def _light_curves(controls):
    """Return the controls as a list, whatever they are in."""
    if isinstance(controls, UncertaintyMixin):
        return [controls]
    if isinstance(controls, Mapping):
        controls = controls.values()
    curves = list(controls) if isinstance(controls, Iterable) and not isinstance(controls, str) else [controls]
    if wrong := [curve for curve in curves if not isinstance(curve, UncertaintyMixin)]:
        raise InvalidTypeError(f"The controls are to be light curves, one is of type {type(wrong[0]).__name__}.")
    return curves


def _extra(controls, band):
    """Return the extra uncertainty of a band in uJy."""
    extras = [extra for control in controls if (extra := _extra_from_control(control, band)) is not None]
    if not extras:
        raise InvalidInputError(
            f"None of the {len(controls)} controls has {MIN_MEASUREMENTS} good measurements in the band {band!r}.",
            hint=f"Give more, or leave its rows out, as lc[lc['band'] != {band!r}].",
        )
    return float(np.median(extras))


def _extra_from_control(control, band):
    from astropy.stats import sigma_clip  # not at the top: it costs all who do not need it

    flux, flux_err, chi_n = (float_array(control, name) for name in ("flux", "flux_err", "chi_n"))
    good = has_flux(control) & (flux_err <= MAX_FLUX_ERR) & ~(chi_n >= MAX_CHI_N)
    good &= string_array(control, "band") == band
    if good.sum() < MIN_MEASUREMENTS:
        return None
    scatter = sigma_clip(flux[good], CLIP, masked=False).std()
    return np.sqrt(max(scatter**2 - np.median(flux_err[good]) ** 2, 0.0))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Magnitudes and limits at any significance."""

from __future__ import annotations

from typing import Self

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.config import conf
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import float_array, has_flux
from atlasquery.lightcurve.assembly import copy_with
from atlasquery.lightcurve.checks import check_n_sigma
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.photometry.magnitudes import MAG_PER_RELATIVE_ERROR

__all__ = ["LimitsMixin", "is_detected", "magnitudes_and_limits", "mask_insignificant", "significance_columns"]

DESCRIPTIONS = {
    "mag": "AB magnitude of fluxes of at least {n:g} sigma.",
    "mag_err": "Uncertainty of the magnitude, 1.0857 flux_err / flux.",
    "limit": "Limiting AB magnitude at {n:g} sigma.",
    "limit_sigma": "Number of standard deviations of the limit.",
}


class LimitsMixin(Mixin):
    """The method of a light curve that separates magnitudes and limits."""

    def at_significance(self, n_sigma: float) -> Self:
        """Return the light curve with magnitudes and limits at one significance.

        The server's detections and limits have 5-sigma limits of the exposure, its forced photometry has 3-sigma
        limits. Here magnitudes and limits are computed from the flux and its uncertainty. Only where there is no flux,
        as for an exposure without a detection, the given limit is rescaled.

        Parameters
        ----------
        n_sigma : float
            Number of standard deviations, such as 3 or 5.

        Returns
        -------
        light_curve : LightCurve
            The same rows. ``mag`` and ``mag_err`` are masked where the flux is below ``n_sigma`` times its uncertainty,
            ``limit`` is masked where it is not. ``meta['n_sigma']`` is ``n_sigma``. Flux and uncertainty are unchanged,
            so the method can be applied to the result again.

        Raises
        ------
        InvalidInputError
            If ``n_sigma`` is not a positive number, a magnitude has no flux with an uncertainty, or a limit without a
            flux has no ``limit_sigma``.

        Notes
        -----
        The formulas are `~atlasquery.photometry.flux_to_mag`, `~atlasquery.photometry.flux_err_to_mag_err`,
        `~atlasquery.photometry.limiting_mag` and `~atlasquery.photometry.rescale_limit`. The limits of the server's
        forced photometry lack the aperture correction, so the limits computed here are about 0.4 mag brighter.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> rows = [{"mjd_obs": 58285.4, "uJy": 100.0, "duJy": 25.0, "limiting_mag": False, "mag": 18.9, "dm": 0.27}]
        >>> record = {"object": {"id": 1161600211221604900}, "lc": [], "lcnondets": [], "fp": rows}
        >>> lc = LightCurve.from_record(record)  # doctest: +IGNORE_WARNINGS
        >>> lc.at_significance(3)["mag"], lc.at_significance(3)["limit"]
        (<MaskedQuantity [18.9] mag>, <MaskedQuantity [———] mag>)
        >>> lc.at_significance(5)["mag"], lc.at_significance(5)["limit"]
        (<MaskedQuantity [———] mag>, <MaskedQuantity [18.65772497] mag>)
        """
        n_sigma = check_n_sigma(n_sigma)
        flux, flux_err = float_array(self, "flux"), float_array(self, "flux_err")
        columns = magnitudes_and_limits(flux, flux_err, n_sigma)
        _check_magnitudes(self)
        without_flux = np.isnan(columns["limit"]) & np.isnan(columns["mag"])
        limit, sigma = float_array(self, "limit"), float_array(self, "limit_sigma")
        _check_limit_sigma(without_flux & ~np.isnan(limit) & ~(sigma > 0))
        rescaled = photometry.rescale_limit(limit * u.mag, sigma, n_sigma).value
        columns["limit"] = np.where(without_flux, rescaled, columns["limit"])
        columns["limit_sigma"] = np.where(np.isnan(columns["limit"]), np.nan, n_sigma)
        return copy_with(self, significance_columns(columns, n_sigma), n_sigma=n_sigma)


def _check_magnitudes(light_curve):
    """Raise `InvalidInputError` if the significance of a magnitude is unknown: its magnitude would be masked."""
    if count := int((~np.isnan(float_array(light_curve, "mag")) & ~has_flux(light_curve)).sum()):
        raise InvalidInputError(
            f"Cannot compute the significance of {count} magnitudes: `flux` or `flux_err` is missing.",
            hint="Fill both, with mag_to_flux and mag_err_to_flux_err of atlasquery.photometry, or leave these rows "
            "out.",
        )


def _check_limit_sigma(is_unknown):
    """Raise `InvalidInputError` if limits cannot be rescaled."""
    if count := int(is_unknown.sum()):
        raise InvalidInputError(
            f"Cannot rescale {count} limits: `limit_sigma` is missing or not above 0.",
            hint="Fill the column, as in lc['limit_sigma'] = 5.",
        )


def significance_columns(data, n_sigma):
    """Return plain arrays of magnitudes and limits as columns whose descriptions name the significance."""
    columns = {name: COLUMNS[name].column(array, np.isnan(array)) for name, array in data.items()}
    for name, column in columns.items():
        column.info.description = DESCRIPTIONS[name].format(n=n_sigma)
    return columns


def mask_insignificant(flux, flux_err, given, is_rejected=False, has_only_flux=False):
    """Return magnitudes and limits where those of an insignificant flux (``conf.mag_sigma``) are replaced by a limit.

    Below about 3 sigma a magnitude is not a measurement. Nothing is lost: the given values that are masked are those of
    `~atlasquery.lightcurve.columns.SERVER_COLUMNS`.

    Parameters
    ----------
    flux, flux_err : array of float
        Fluxes in uJy; NaN where there is none.
    given : dict of str to array of float
        ``mag``, ``mag_err``, ``limit``, ``limit_sigma`` of the server; a magnitude may have the sign of the flux.
        Without a flux, its uncertainty is its significance.
    is_rejected : array of bool
        Where the fit failed, so that a magnitude is no measurement.
    has_only_flux : array of bool
        Where there is no magnitude, and the limit is not said to be that of the measurement: the flux decides.

    Returns
    -------
    columns : dict of str to array of float
        The same keys, and ``mag_server``, ``mag_err_server`` and ``limit_server``.
    """
    n_sigma = conf.mag_sigma
    has_mag = ~np.isnan(given["mag"])
    is_low = (has_mag | has_only_flux) & (flux_err > 0) & (flux < (n_sigma or 0) * flux_err)
    max_err = np.inf if n_sigma is None else MAG_PER_RELATIVE_ERROR / n_sigma
    without_flux = np.isnan(flux) & (given["mag_err"] > max_err)
    is_masked = is_low | (has_mag & ((flux <= 0) | without_flux | is_rejected))  # a negative flux has no magnitude
    is_replaced = np.zeros(len(flux), dtype=bool) if n_sigma is None else is_low
    limit = given["limit"]
    if is_replaced.any():
        limit = photometry.limiting_mag(np.where(is_replaced, flux_err, np.nan) * u.uJy, n_sigma).value
    return {
        "mag": np.where(is_masked, np.nan, given["mag"]),
        "mag_err": np.where(is_masked, np.nan, given["mag_err"]),
        "limit": np.where(is_replaced, limit, given["limit"]),
        "limit_sigma": np.where(is_replaced, n_sigma or np.nan, given["limit_sigma"]),
        "mag_server": np.where(is_masked, given["mag"], np.nan),
        "mag_err_server": np.where(is_masked, given["mag_err"], np.nan),
        "limit_server": np.where(is_replaced, given["limit"], np.nan),
    }


def is_detected(light_curve):
    """Return which rows are detections with a magnitude, as an array of bool; without ``mag``, of a positive flux."""
    is_detection = row_kinds(light_curve) == "detection"
    if "mag" in light_curve.colnames:
        return is_detection & ~np.isnan(float_array(light_curve, "mag"))
    return is_detection & (float_array(light_curve, "flux") > 0)


def magnitudes_and_limits(flux, flux_err, n_sigma):
    """Return ``mag``, ``mag_err`` and ``limit`` of plain fluxes in uJy, as plain arrays with NaN for nulls."""
    flux, flux_err = flux * u.uJy, np.where(flux_err > 0, flux_err, np.nan) * u.uJy
    is_significant = flux >= n_sigma * flux_err
    has_limit = ~is_significant & ~np.isnan(flux)
    return {
        "mag": np.where(is_significant, photometry.flux_to_mag(flux).value, np.nan),
        "mag_err": np.where(is_significant, photometry.flux_err_to_mag_err(flux, flux_err).value, np.nan),
        "limit": np.where(has_limit, photometry.limiting_mag(flux_err, n_sigma).value, np.nan),
    }

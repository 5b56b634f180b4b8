# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Magnitudes and limits at a significance of one's own choice."""

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import copy_rows, float_array, has_flux
from atlasquery.lightcurve.checks import check_n_sigma
from atlasquery.lightcurve.columns import COLUMNS

__all__ = ["LimitsMixin", "magnitudes_and_limits", "significance_columns"]

DESCRIPTIONS = {
    "mag": "AB magnitude of what is at least {n:g} sigma.",
    "mag_err": "Uncertainty of the magnitude, 1.0857 flux_err / flux.",
    "limit": "Limiting AB magnitude at {n:g} sigma.",
    "limit_sigma": "At how many standard deviations the limit is.",
}


class LimitsMixin:
    """The part of a light curve that tells magnitudes and limits apart."""

    def at_significance(self, n_sigma):
        """Return the light curve with every limit, and what is a magnitude, at one significance.

        The server's detections and limits have 5-sigma limits of the exposure, its forced photometry 3-sigma limits.
        Here everything follows from the flux and its uncertainty; only where there is no flux, as for an exposure
        without a detection, the limit that is given is rescaled.

        Parameters
        ----------
        n_sigma : float
            How many standard deviations, such as 3 or 5.

        Returns
        -------
        light_curve : LightCurve
            The same rows. ``mag`` and ``mag_err`` are masked where the flux is below ``n_sigma`` times its uncertainty,
            ``limit`` where it is not. ``meta['n_sigma']`` is ``n_sigma``. Flux and uncertainty are not touched, so that
            another choice can be made of the result.

        Raises
        ------
        InvalidInputError
            If ``n_sigma`` is not a positive number, a magnitude has no flux with an uncertainty, or a limit would have
            to be rescaled of which ``limit_sigma`` is not known.

        Notes
        -----
        The formulas are `~atlasquery.photometry.flux_to_mag`, `~atlasquery.photometry.flux_err_to_mag_err`,
        `~atlasquery.photometry.limiting_mag` and `~atlasquery.photometry.rescale_limit`. The limits of the server's
        forced photometry lack the aperture correction, so that these here are about 0.4 mag brighter.

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
        if lost := int((~np.isnan(float_array(self, "mag")) & ~has_flux(self)).sum()):
            raise InvalidInputError(
                f"Of {lost} magnitudes nobody knows how significant they are: there is no flux with an uncertainty.",
                hint="Fill flux and flux_err, with mag_to_flux and mag_err_to_flux_err of atlasquery.photometry, or "
                "leave these rows out.",
            )
        unmeasured = np.isnan(columns["limit"]) & np.isnan(columns["mag"])
        given, sigma = float_array(self, "limit"), float_array(self, "limit_sigma")
        if unknown := int((unmeasured & ~np.isnan(given) & ~(sigma > 0)).sum()):
            raise InvalidInputError(
                f"Of {unknown} limits nobody knows at how many standard deviations they are.",
                hint="Fill the column 'limit_sigma', as lc['limit_sigma'] = 5.",
            )
        rescaled = photometry.rescale_limit(given * u.mag, sigma, n_sigma).value
        columns["limit"] = np.where(unmeasured, rescaled, columns["limit"])
        columns["limit_sigma"] = np.where(np.isnan(columns["limit"]), np.nan, float(n_sigma))
        out = copy_rows(self)
        for name, column in significance_columns(columns, n_sigma).items():
            out[name] = column
        out.meta["n_sigma"] = float(n_sigma)
        return out


def significance_columns(data, n_sigma):
    """Return plain arrays of magnitudes and limits as columns that say at how many standard deviations they are."""
    columns = {name: COLUMNS[name].column(array, np.isnan(array)) for name, array in data.items()}
    for name, column in columns.items():
        column.info.description = DESCRIPTIONS[name].format(n=n_sigma)
    return columns


def magnitudes_and_limits(flux, flux_err, n_sigma):
    """Return magnitude, uncertainty and limit of plain fluxes in uJy, as plain arrays with NaN for what is not."""
    flux, flux_err = flux * u.uJy, np.where(flux_err > 0, flux_err, np.nan) * u.uJy
    significant = flux >= n_sigma * flux_err
    limited = ~significant & ~np.isnan(flux)
    return {
        "mag": np.where(significant, photometry.flux_to_mag(flux).value, np.nan),
        "mag_err": np.where(significant, photometry.flux_err_to_mag_err(flux, flux_err).value, np.nan),
        "limit": np.where(limited, photometry.limiting_mag(flux_err, n_sigma).value, np.nan),
    }

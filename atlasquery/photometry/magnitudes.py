# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert fluxes, magnitudes and their uncertainties."""

from __future__ import annotations

import astropy.units as u
import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.photometry.quantity_input import (
    QuantityLike,
    as_mag,
    filled_values,
    log10,
    nan_unless_positive,
    quantity_column_input,
)

__all__ = [
    "AB_ZERO_POINT",
    "flux_err_to_mag_err",
    "flux_to_mag",
    "flux_to_signed_mag",
    "mag_err_to_flux_err",
    "mag_to_flux",
    "signed_mag_to_flux",
]

AB_ZERO_POINT = 23.9  # magnitude of 1 uJy
MAG_PER_RELATIVE_ERROR = 2.5 / np.log(10)


@quantity_column_input(flux=u.uJy)
def flux_to_mag(flux: QuantityLike) -> u.Quantity:
    """Return the AB magnitude of a flux: ``23.9 - 2.5 log10(F / uJy)``.

    Parameters
    ----------
    flux : `~astropy.units.Quantity`, any shape
        Flux density.

    Returns
    -------
    mag : `~astropy.units.Quantity`, same shape
        AB magnitude; NaN (masked, if ``flux`` is masked) where the flux is not positive.

    Raises
    ------
    TypeError
        If the flux has no unit.
    ~astropy.units.UnitsError
        If its unit is not a unit of flux density.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_to_mag([1, 100, -100] * u.uJy)
    <Quantity [23.9, 18.9,  nan] mag>
    """
    return as_mag(AB_ZERO_POINT - 2.5 * log10(flux.to_value(u.uJy)))


@quantity_column_input(mag=u.mag)
def mag_to_flux(mag: QuantityLike) -> u.Quantity:
    """Return the flux of an AB magnitude: ``10^(-0.4 (m - 23.9))`` uJy.

    Parameters
    ----------
    mag : `~astropy.units.Quantity`, any shape
        AB magnitude; a negative one is a very bright source. See `signed_mag_to_flux` for magnitudes of detections.

    Returns
    -------
    flux : `~astropy.units.Quantity`, same shape
        Flux density in uJy.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.mag_to_flux(18.9 * u.mag)
    <Quantity 100. uJy>
    """
    return 10 ** (-0.4 * (mag.to_value(u.mag) - AB_ZERO_POINT)) * u.uJy


@quantity_column_input(mag=u.mag)
def signed_mag_to_flux(mag: QuantityLike) -> u.Quantity:
    """Return the flux of a magnitude that carries the sign of the flux.

    In detections of the server and in text files of the forced-photometry server, a negative magnitude encodes a
    negative flux: the absolute value is the magnitude of the absolute flux.

    Parameters
    ----------
    mag : `~astropy.units.Quantity`, any shape
        AB magnitude with the sign of the flux.

    Returns
    -------
    flux : `~astropy.units.Quantity`, same shape
        Flux density in uJy, of the same sign as ``mag``.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.signed_mag_to_flux([18.9, -18.9] * u.mag)
    <Quantity [ 100., -100.] uJy>
    """
    return np.copysign(1, mag.to_value(u.mag)) * mag_to_flux(abs(mag))


@quantity_column_input(flux=u.uJy)
def flux_to_signed_mag(flux: QuantityLike) -> u.Quantity:
    """Return the magnitude of a flux with the sign of the flux, as in files of the forced-photometry server.

    This is the inverse of `signed_mag_to_flux` up to 3.6 kJy; magnitudes of larger fluxes are negative themselves.

    Parameters
    ----------
    flux : `~astropy.units.Quantity`, any shape
        Flux density of either sign.

    Returns
    -------
    mag : `~astropy.units.Quantity`, same shape
        AB magnitude of the absolute flux, negative where the flux is; NaN where it is 0, masked if ``flux`` is masked.

    Raises
    ------
    InvalidInputError
        If a flux is above 3.6 kJy: its magnitude would encode a negative flux.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_to_signed_mag([100, -100] * u.uJy)
    <Quantity [ 18.9, -18.9] mag>
    """
    mag = flux_to_mag(abs(flux))
    if np.any(filled_values(mag) < 0):
        largest = np.nanmax(np.abs(filled_values(flux.to(u.kJy))))
        raise InvalidInputError(
            f"`flux` must be at most 3.6 kJy, got {largest:.2g} kJy.",
            hint="A brighter source has a negative magnitude, which here means a negative flux.",
        )
    return mag * np.copysign(1, flux.to_value(u.uJy))


@quantity_column_input(flux=u.uJy, flux_err=u.uJy)
def flux_err_to_mag_err(flux: QuantityLike, flux_err: QuantityLike) -> u.Quantity:
    """Return the uncertainty of a magnitude: ``2.5 / ln(10) sigma_F / F``, about ``1.0857 sigma_F / F``.

    Below about 3 sigma a magnitude has little meaning; the signed flux and its uncertainty remain valid. The forced
    photometry of the server has ``2.5 log10(1 + sigma_F / F)`` instead, which is smaller.

    Parameters
    ----------
    flux, flux_err : `~astropy.units.Quantity`, shapes that broadcast
        Flux density and its uncertainty.

    Returns
    -------
    mag_err : `~astropy.units.Quantity`
        Uncertainty in magnitudes; NaN (masked, if an argument is masked) where the flux is not positive.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_err_to_mag_err(100 * u.uJy, 10 * u.uJy)
    <Quantity 0.10857362 mag>
    """
    with np.errstate(over="ignore"):  # infinite for a flux close to 0
        return as_mag(MAG_PER_RELATIVE_ERROR * flux_err.to_value(u.uJy) / nan_unless_positive(flux.to_value(u.uJy)))


@quantity_column_input(flux=u.uJy, mag_err=u.mag)
def mag_err_to_flux_err(flux: QuantityLike, mag_err: QuantityLike) -> u.Quantity:
    """Return the uncertainty of a flux: ``|F| sigma_m ln(10) / 2.5``.

    Parameters
    ----------
    flux : `~astropy.units.Quantity`
        Flux density, of either sign.
    mag_err : `~astropy.units.Quantity`, shape that broadcasts with ``flux``
        Uncertainty of its magnitude.

    Returns
    -------
    flux_err : `~astropy.units.Quantity`
        Uncertainty in uJy.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.mag_err_to_flux_err(-100 * u.uJy, 0.1 * u.mag)
    <Quantity 9.21034037 uJy>
    """
    return np.abs(flux.to(u.uJy)) * mag_err.to_value(u.mag) / MAG_PER_RELATIVE_ERROR

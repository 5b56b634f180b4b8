# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Compute limiting magnitudes at any number of standard deviations."""

from __future__ import annotations

import astropy.units as u
import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.photometry.magnitudes import flux_to_mag
from atlasquery.photometry.quantity_input import (
    NumberLike,
    QuantityLike,
    as_mag,
    filled_values,
    log10,
    nan_unless_positive,
    quantity_column_input,
)
from atlasquery.utils.text import abbreviate

__all__ = ["limiting_mag", "limiting_mag_from_peak", "rescale_limit"]


@quantity_column_input(flux_err=u.uJy)
def limiting_mag(flux_err: QuantityLike, n_sigma: NumberLike = 3, *, flux: QuantityLike | None = None) -> u.Quantity:
    """Return the magnitude of a source at N sigma: ``23.9 - 2.5 log10(N sigma_F / uJy)``.

    Parameters
    ----------
    flux_err : `~astropy.units.Quantity`, any shape
        Uncertainty of the flux density.
    n_sigma : float
        Number of standard deviations.
    flux : `~astropy.units.Quantity`, optional
        Measured flux density. Where it is positive, it is added: ``F + N sigma_F``, the limit of ATClean for a positive
        flux that is not significant.

    Returns
    -------
    limit : `~astropy.units.Quantity`
        AB magnitude; NaN where the uncertainty is not positive.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.limiting_mag(20 * u.uJy)
    <Quantity 19.45462187 mag>
    >>> photometry.limiting_mag(20 * u.uJy, flux=40 * u.uJy)
    <Quantity 18.9 mag>
    """
    limit: u.Quantity = flux_err * n_sigma
    return flux_to_mag(limit if flux is None else limit + np.maximum(flux, 0 * u.uJy))


@quantity_column_input(mag=u.mag, peakfit=u.ct, dpeak=u.ct)
def limiting_mag_from_peak(
    mag: QuantityLike, peakfit: QuantityLike, dpeak: QuantityLike, n_sigma: NumberLike = 5
) -> u.Quantity:
    """Return the limit at N sigma of an exposure with a measured magnitude: ``m - 2.5 log10(N dpeak / peakfit)``.

    This converts a measurement to a limit. For a row that is a limit and has no magnitude, use `limiting_mag` with the
    uncertainty of the flux.

    Parameters
    ----------
    mag : `~astropy.units.Quantity`
        Measured AB magnitude.
    peakfit, dpeak : `~astropy.units.Quantity`
        Peak of the fitted point-spread function, and its uncertainty, in counts.
    n_sigma : float
        Number of standard deviations.

    Returns
    -------
    limit : `~astropy.units.Quantity`
        AB magnitude; NaN (masked, if an argument is masked) where the peak is not positive.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.limiting_mag_from_peak(20.66 * u.mag, 9.7 * u.ct, 6.6 * u.ct, n_sigma=3)
    <Quantity 19.88531184 mag>
    """
    ratio = n_sigma * dpeak.to_value(u.ct) / nan_unless_positive(peakfit.to_value(u.ct))
    return as_mag(mag.to_value(u.mag) - 2.5 * log10(ratio))


@quantity_column_input(limit=u.mag)
def rescale_limit(limit: QuantityLike, from_sigma: NumberLike, to_sigma: NumberLike) -> u.Quantity:
    """Return a limit at another number of standard deviations: ``m + 2.5 log10(N_from / N_to)``.

    Parameters
    ----------
    limit : `~astropy.units.Quantity`, any shape
        Limiting AB magnitude.
    from_sigma : float or array
        Number of standard deviations of the given limit; 5 for ``mag5sig`` of the server.
    to_sigma : float
        Number of standard deviations of the result.

    Returns
    -------
    limit : `~astropy.units.Quantity`, same shape
        Limiting AB magnitude; fainter if ``to_sigma`` is smaller. Masked if an argument is masked.

    Raises
    ------
    InvalidInputError
        If ``from_sigma`` or ``to_sigma`` is not positive where there is a limit.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.rescale_limit(19.5 * u.mag, 5, 3)
    <Quantity 20.05462187 mag>
    """
    for name, sigma in (("from_sigma", from_sigma), ("to_sigma", to_sigma)):
        if np.any((filled_values(sigma * u.one) <= 0) & ~np.isnan(filled_values(limit))):
            raise InvalidInputError(
                f"`{name}` must be a number of standard deviations above 0, got {abbreviate(sigma)}."
            )
    return limit.to(u.mag) + 2.5 * log10(from_sigma / to_sigma) * u.mag

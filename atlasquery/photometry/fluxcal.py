# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert fluxes to and from FLUXCAL, the flux unit of SNANA."""

from __future__ import annotations

from typing import Any

import astropy.units as u
from numpy.typing import NDArray

from atlasquery.photometry.magnitudes import AB_ZERO_POINT
from atlasquery.photometry.quantity_input import NumberLike, QuantityLike, quantity_column_input

__all__ = ["SNANA_ZERO_POINT", "flux_to_fluxcal", "fluxcal_to_flux"]

SNANA_ZERO_POINT = 27.5  # magnitude of FLUXCAL 1


@quantity_column_input(flux=u.uJy)
def flux_to_fluxcal(flux: QuantityLike) -> NDArray[Any]:
    """Return FLUXCAL of SNANA: ``F 10^(0.4 (27.5 - 23.9))`` with F in uJy.

    Parameters
    ----------
    flux : `~astropy.units.Quantity`, any shape
        Flux density, or its uncertainty.

    Returns
    -------
    fluxcal : `~astropy.units.Quantity`, same shape
        FLUXCAL, which is 1 at magnitude 27.5; dimensionless.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_to_fluxcal(100 * u.uJy)
    <Quantity 2754.22870334>
    """
    return flux.to_value(u.uJy) * 10 ** (0.4 * (SNANA_ZERO_POINT - AB_ZERO_POINT)) * u.dimensionless_unscaled


@quantity_column_input(fluxcal=u.dimensionless_unscaled)
def fluxcal_to_flux(fluxcal: NumberLike) -> u.Quantity:
    """Return the flux of FLUXCAL of SNANA: ``FLUXCAL 10^(-0.4 (27.5 - 23.9))`` uJy.

    Parameters
    ----------
    fluxcal : `~astropy.units.Quantity` or array, any shape
        FLUXCAL, or its uncertainty; dimensionless.

    Returns
    -------
    flux : `~astropy.units.Quantity`, same shape
        Flux density in uJy.

    Examples
    --------
    >>> from atlasquery import photometry
    >>> photometry.fluxcal_to_flux(2754.22870334)
    <Quantity 100. uJy>
    """
    return fluxcal * 10 ** (-0.4 * (SNANA_ZERO_POINT - AB_ZERO_POINT)) * u.uJy  # type: ignore[return-value]

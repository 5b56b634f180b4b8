# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert fluxes, magnitudes and limits, as ATLAS encodes them.

All magnitudes are AB, in plain `~astropy.units.mag`; all fluxes are difference fluxes, which may be negative.
Arguments are quantities of any shape, also masked ones, or table columns with a unit, and broadcast; a bare number
raises a `TypeError`. An undefined result, such as the magnitude of a negative flux, is NaN, and masked if an argument
is masked.

Sources of the formulas: the description of results of the ATLAS forced-photometry server (Shingles et al. 2021, TNS
AstroNote 2021-7) for the AB zero point and the errors; ATClean (Rest et al. 2024, arXiv:2405.03747) for the limits; the
SNANA manual (Kessler et al. 2009, PASP 121, 1028) for FLUXCAL.
"""

from atlasquery.photometry.fluxcal import flux_to_fluxcal, fluxcal_to_flux
from atlasquery.photometry.forced import forced_flux
from atlasquery.photometry.limits import limiting_mag, limiting_mag_from_peak, rescale_limit
from atlasquery.photometry.magnitudes import (
    flux_err_to_mag_err,
    flux_to_mag,
    flux_to_signed_mag,
    mag_err_to_flux_err,
    mag_to_flux,
    signed_mag_to_flux,
)

__all__ = [
    "flux_err_to_mag_err",
    "flux_to_fluxcal",
    "flux_to_mag",
    "flux_to_signed_mag",
    "fluxcal_to_flux",
    "forced_flux",
    "limiting_mag",
    "limiting_mag_from_peak",
    "mag_err_to_flux_err",
    "mag_to_flux",
    "rescale_limit",
    "signed_mag_to_flux",
]

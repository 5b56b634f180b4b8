# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Compute the flux of forced photometry from its fit."""

import astropy.units as u

from atlasquery.photometry.magnitudes import AB_ZERO_POINT
from atlasquery.photometry.quantity_input import quantity_column_input

__all__ = ["DEFAULT_EXPTIME", "forced_flux"]

DEFAULT_EXPTIME = 30 * u.s  # of almost every exposure


@quantity_column_input(peakfit=u.ct, dpeak=u.ct, major=u.pix, minor=u.pix, zp=u.mag, apfit=u.mag, exptime=u.s)
def forced_flux(peakfit, dpeak, major, minor, zp, apfit, exptime=DEFAULT_EXPTIME):
    """Return the flux of a forced measurement from the fit of the point-spread function.

    ``F = peakfit * major * minor / exptime * 10^(-0.4 (zp + apfit - 23.9))`` uJy, and the same with ``dpeak`` for the
    uncertainty. This is the formula of the web server; it reproduces the magnitudes of the server to their last digit,
    0.01 mag. Older servers send neither the flux nor the exposure time, which is 30 s for almost every exposure.

    Parameters
    ----------
    peakfit, dpeak : `~astropy.units.Quantity`
        Peak of the fitted point-spread function, and its uncertainty, in counts.
    major, minor : `~astropy.units.Quantity`
        Full widths at half maximum, in pixels.
    zp : `~astropy.units.Quantity`
        Zero point of the exposure: magnitude of one count per second.
    apfit : `~astropy.units.Quantity`
        Aperture correction, in magnitudes.
    exptime : `~astropy.units.Quantity`
        Exposure time.

    Returns
    -------
    flux, flux_err : `~astropy.units.Quantity`
        Signed flux density and its uncertainty in uJy; masked where any argument is.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> flux, flux_err = photometry.forced_flux(
    ...     1437.1 * u.ct, 27.7 * u.ct, 1.92 * u.pix, 1.89 * u.pix, 22.148 * u.mag, -0.4065 * u.mag)
    >>> flux, photometry.flux_to_mag(flux)
    (<Quantity 1269.19621285 uJy>, <Quantity 16.14119815 mag>)
    """
    counts_per_second = (major * minor).to_value(u.pix**2) / exptime.to_value(u.s)
    zero_point = (zp + apfit).to_value(u.mag)
    flux_per_count = counts_per_second * 10 ** (-0.4 * (zero_point - AB_ZERO_POINT)) * u.uJy
    return peakfit.to_value(u.ct) * flux_per_count, dpeak.to_value(u.ct) * flux_per_count

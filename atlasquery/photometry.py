# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fluxes and magnitudes as ATLAS encodes them.

All magnitudes are AB, in plain `~astropy.units.mag`; all fluxes are difference fluxes, which may be negative.
Arguments are quantities of any shape, masked ones too, or columns of tables with a unit, and broadcast; a bare number
is refused. Where a result does not exist, as the magnitude of a negative flux, it is NaN, and masked if an argument is
masked.

Sources of the formulas: the description of results of the ATLAS forced-photometry server (Shingles et al. 2021, TNS
AstroNote 2021-7) for the AB zero point and the errors; ATClean (Rest et al. 2024, arXiv:2405.03747) for the limits; the
SNANA manual (Kessler et al. 2009, PASP 121, 1028) for FLUXCAL.
"""

from functools import wraps

import astropy.units as u
import numpy as np
from astropy.table import Column
from astropy.utils.masked import Masked

from atlasquery.exceptions import InvalidQueryError

__all__ = [
    "flux_err_to_mag_err",
    "flux_to_fluxcal",
    "flux_to_mag",
    "flux_to_signed_mag",
    "fluxcal_to_flux",
    "forced_flux",
    "limiting_mag",
    "mag_err_to_flux_err",
    "mag_to_flux",
    "relimit",
    "rescale_limit",
    "signed_mag_to_flux",
]

AB_ZERO_POINT = 23.9  # magnitude of 1 uJy
SNANA_ZERO_POINT = 27.5  # magnitude of FLUXCAL 1
USUAL_EXPTIME = 30 * u.s  # of almost every exposure
MAG_PER_RELATIVE_ERROR = 2.5 / np.log(10)


def _quantities(**units):
    """Check the units of arguments as `~astropy.units.quantity_input` does, but take columns of any table and lists."""

    def decorate(function):
        checked = u.quantity_input(**units)(function)

        @wraps(function)
        def with_quantities(*args, **kwargs):
            return checked(*map(_quantity, args), **{name: _quantity(value) for name, value in kwargs.items()})

        return with_quantities

    return decorate


def _quantity(value):
    """Return a column or a list as a quantity, masked where it is; without a unit as an array."""
    if isinstance(value, list | tuple):
        return u.Quantity(value) if any(isinstance(each, u.Quantity) for each in value) else np.asarray(value)
    value, unit = (value.data, value.unit) if isinstance(value, Column) else (value, None)
    value = Masked(value) if np.ma.isMaskedArray(value) else value
    return value if unit is None else value << unit


@_quantities(flux=u.uJy)
def flux_to_mag(flux):
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
        If its unit is not one of flux density.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_to_mag([1, 100, -100] * u.uJy)
    <Quantity [23.9, 18.9,  nan] mag>
    """
    return _mag(AB_ZERO_POINT - 2.5 * _log10(flux.to_value(u.uJy)))


@_quantities(mag=u.mag)
def mag_to_flux(mag):
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


@_quantities(mag=u.mag)
def signed_mag_to_flux(mag):
    """Return the flux of a magnitude that carries the sign of the flux.

    In the detections of the server, and in text files of the forced-photometry server, a negative magnitude encodes a
    negative flux of that absolute magnitude.

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
    return np.copysign(1, mag.to_value(u.mag)) * mag_to_flux(np.abs(mag))


@_quantities(flux=u.uJy)
def flux_to_signed_mag(flux):
    """Return the magnitude of a flux with the sign of the flux, as text files of the forced-photometry server have it.

    It is the inverse of `signed_mag_to_flux` up to 3.6 kJy, from where on magnitudes are negative themselves.

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
    InvalidQueryError
        If a flux is above 3.6 kJy, so that its magnitude could not be told from that of a negative flux.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_to_signed_mag([100, -100] * u.uJy)
    <Quantity [ 18.9, -18.9] mag>
    """
    mag = flux_to_mag(np.abs(flux))
    if np.any(_plain(mag) < 0):
        raise InvalidQueryError("A flux above 3.6 kJy has a negative magnitude, which would mean a negative flux.")
    return mag * np.copysign(1, flux.to_value(u.uJy))


@_quantities(flux=u.uJy, flux_err=u.uJy)
def flux_err_to_mag_err(flux, flux_err):
    """Return the uncertainty of a magnitude: ``2.5 / ln(10) sigma_F / F``, about ``1.0857 sigma_F / F``.

    Below about 3 sigma a magnitude means little; the signed flux and its uncertainty stay valid. The forced photometry
    of the server gives ``2.5 log10(1 + sigma_F / F)`` instead, which is smaller.

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
    with np.errstate(over="ignore"):  # beside a flux of next to nothing it is infinite
        return _mag(MAG_PER_RELATIVE_ERROR * flux_err.to_value(u.uJy) / _positive(flux.to_value(u.uJy)))


@_quantities(flux=u.uJy, mag_err=u.mag)
def mag_err_to_flux_err(flux, mag_err):
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


@_quantities(flux_err=u.uJy)
def limiting_mag(flux_err, n_sigma=3, *, flux=None):
    """Return the magnitude of a source at N sigma: ``23.9 - 2.5 log10(N sigma_F / uJy)``.

    Parameters
    ----------
    flux_err : `~astropy.units.Quantity`, any shape
        Uncertainty of the flux density.
    n_sigma : float
        How many standard deviations.
    flux : `~astropy.units.Quantity`, optional
        Flux density that was measured. Where it is positive, it is added: ``F + N sigma_F``, the limit that ATClean
        gives for a positive flux that is no detection.

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
    faintest = n_sigma * flux_err
    return flux_to_mag(faintest if flux is None else faintest + np.maximum(flux, 0 * u.uJy))


@_quantities(peakfit=u.ct, dpeak=u.ct, major=u.pix, minor=u.pix, zp=u.mag, apfit=u.mag, exptime=u.s)
def forced_flux(peakfit, dpeak, major, minor, zp, apfit, exptime=USUAL_EXPTIME):
    """Return the flux of a forced measurement from the fit of the point-spread function.

    ``F = peakfit * major * minor / exptime * 10^(-0.4 (zp + apfit - 23.9))`` uJy, and the same with ``dpeak`` for the
    uncertainty. It is the formula of the web server, and reproduces the magnitudes that the server gives to their last
    digit, 0.01 mag. Older servers send neither flux nor exposure time, which is 30 s for almost every exposure.

    Parameters
    ----------
    peakfit, dpeak : `~astropy.units.Quantity`
        Peak of the fitted point-spread function, and its uncertainty, in counts.
    major, minor : `~astropy.units.Quantity`
        Full widths at half maximum, in pixels.
    zp : `~astropy.units.Quantity`
        Zero point of the exposure: magnitude of one count a second.
    apfit : `~astropy.units.Quantity`
        Correction to a large aperture, in magnitudes.
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
    counts = (major * minor).to_value(u.pix**2) / exptime.to_value(u.s)
    zero_point = (zp + apfit).to_value(u.mag)
    flux_of_count = counts * 10 ** (-0.4 * (zero_point - AB_ZERO_POINT)) * u.uJy
    return peakfit.to_value(u.ct) * flux_of_count, dpeak.to_value(u.ct) * flux_of_count


@_quantities(mag=u.mag, peakfit=u.ct, dpeak=u.ct)
def relimit(mag, peakfit, dpeak, n_sigma=5):
    """Return the limit at N sigma of an exposure with a measured magnitude: ``m - 2.5 log10(N dpeak / peakfit)``.

    It serves to turn a measurement into a limit. For a row that is a limit already, which has no magnitude of its own,
    use `limiting_mag` on the uncertainty of the flux.

    Parameters
    ----------
    mag : `~astropy.units.Quantity`
        AB magnitude that was measured.
    peakfit, dpeak : `~astropy.units.Quantity`
        Peak of the fitted point-spread function, and its uncertainty, in counts.
    n_sigma : float
        How many standard deviations.

    Returns
    -------
    limit : `~astropy.units.Quantity`
        AB magnitude; NaN (masked, if an argument is masked) where the peak is not positive.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.relimit(20.66 * u.mag, 9.7 * u.ct, 6.6 * u.ct, n_sigma=3)
    <Quantity 19.88531184 mag>
    """
    ratio = n_sigma * dpeak.to_value(u.ct) / _positive(peakfit.to_value(u.ct))
    return _mag(mag.to_value(u.mag) - 2.5 * _log10(ratio))


@_quantities(limit=u.mag)
def rescale_limit(limit, from_sigma, to_sigma):
    """Return a limit at another number of standard deviations: ``m + 2.5 log10(N_from / N_to)``.

    Parameters
    ----------
    limit : `~astropy.units.Quantity`, any shape
        Limiting AB magnitude.
    from_sigma : float or array
        At how many standard deviations it is; 5 for the server's ``mag5sig``.
    to_sigma : float
        At how many it shall be.

    Returns
    -------
    limit : `~astropy.units.Quantity`, same shape
        Limiting AB magnitude; fainter if ``to_sigma`` is less. Masked, if an argument is masked.

    Raises
    ------
    InvalidQueryError
        If ``from_sigma`` or ``to_sigma`` is not positive where there is a limit.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.rescale_limit(19.5 * u.mag, 5, 3)
    <Quantity 20.05462187 mag>
    """
    for name, sigma in (("from_sigma", from_sigma), ("to_sigma", to_sigma)):
        if np.any((_plain(sigma * u.one) <= 0) & ~np.isnan(_plain(limit))):
            raise InvalidQueryError(f"{name} is {sigma}, but should be a number of standard deviations above 0.")
    return limit.to(u.mag) + 2.5 * _log10(from_sigma / to_sigma) * u.mag


@_quantities(flux=u.uJy)
def flux_to_fluxcal(flux):
    """Return SNANA's FLUXCAL: ``F 10^(0.4 (27.5 - 23.9))`` with F in uJy.

    Parameters
    ----------
    flux : `~astropy.units.Quantity`, any shape
        Flux density, or its uncertainty.

    Returns
    -------
    fluxcal : `~astropy.units.Quantity`, same shape
        The same on the scale of SNANA, where magnitude 27.5 is 1; without a unit.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery import photometry
    >>> photometry.flux_to_fluxcal(100 * u.uJy)
    <Quantity 2754.22870334>
    """
    return flux.to_value(u.uJy) * 10 ** (0.4 * (SNANA_ZERO_POINT - AB_ZERO_POINT)) * u.dimensionless_unscaled


@_quantities(fluxcal=u.dimensionless_unscaled)
def fluxcal_to_flux(fluxcal):
    """Return the flux of SNANA's FLUXCAL: ``FLUXCAL 10^(-0.4 (27.5 - 23.9))`` uJy.

    Parameters
    ----------
    fluxcal : `~astropy.units.Quantity` or array, any shape
        FLUXCAL, or its uncertainty; it has no unit.

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
    return fluxcal * 10 ** (-0.4 * (SNANA_ZERO_POINT - AB_ZERO_POINT)) * u.uJy


def _positive(values):
    """Return the values with NaN for those that are not positive."""
    return np.where(values > 0, values, np.nan)


def _log10(values):
    return np.log10(_positive(values))


def _mag(values):
    """Return numbers as magnitudes; if they are masked, NaN is masked too."""
    if isinstance(values, Masked):
        values = Masked(values.unmasked, mask=values.mask | np.isnan(values.unmasked))
    return values * u.mag


def _plain(values):
    """Return the numbers, NaN where they are masked."""
    return values.filled(np.nan).value if isinstance(values, Masked) else values.value

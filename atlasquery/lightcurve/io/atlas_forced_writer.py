# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Writing of text files as those of the ATLAS forced-photometry server, ``format="atlas.forced"``."""

from functools import partial

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, float_array, has_flux, string_array
from atlasquery.lightcurve.build import SIGMA_DETECTION
from atlasquery.lightcurve.checks import require_fluxes
from atlasquery.lightcurve.images import images_of
from atlasquery.lightcurve.io.atlas_names import FIELDS, META_NOTES, OTHER_FIELDS
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.times import plausible_mjd_values
from atlasquery.schema.field import Text

__all__ = ["forced_text"]

ALL_FIELDS = FIELDS | OTHER_FIELDS
NULL_STRING = "-"
FRACTIONAL_FORMATS = {"uJy": "6g", "duJy": "4g"}  # for fluxes that are not whole uJy


def forced_text(light_curve):
    """Return the content of a file with this light curve.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        Forced photometry only.

    Returns
    -------
    text : str
        Missing numbers are ``nan``, missing strings ``-``, a missing ``err`` is 0, and a failed fit has zeros. The
        magnitude of a negative flux is that of its absolute value with the opposite sign. Where a flux has no
        magnitude, as with a limit of the web server, it is computed from the flux. ``mag5sig`` is the limit at 5
        sigma, missing without ``limit_sigma``; one of another significance is replaced by that of ``duJy``. Fluxes are
        written as whole uJy like the server's, others with six digits, so that a small flux is not read as a failed
        fit. Above the column names are lines with the names and the id of the object, and the images that were
        measured, as far as they are known. Columns that files of the server do not have, such as ``quality``, are left
        out.

    Raises
    ------
    InvalidInputError
        If there are rows of another kind, strings with blanks, or fluxes that are infinite or have no uncertainty.
    """
    require_fluxes(light_curve)
    other_kinds = set(row_kinds(light_curve).tolist()) - {"forced"}
    if other_kinds:
        raise InvalidInputError(
            f"Cannot write rows of kind {', '.join(map(repr, sorted(other_kinds)))}: 'atlas.forced' files have forced "
            "photometry only.",
            hint="Write lc.forced.",
        )
    _check_fluxes(light_curve)
    extra_names = [key for key, (field, _) in OTHER_FIELDS.items() if _has_values(light_curve, field.name)]
    columns = [_format_column(light_curve, key) for key in (*FIELDS, *extra_names)]
    lines = [" ".join(strings) for strings in zip(*columns, strict=True)]
    return "\n".join([*_meta_notes(light_curve.meta), "###" + " ".join([*FIELDS, *extra_names]), *lines, ""])


def _meta_notes(meta):
    """Return the lines above the column names: the object, and which images were measured if that is known."""
    images_of(meta)
    notes = {key: str(meta[key]) for key in META_NOTES if meta.get(key) not in (None, "")}
    for key, text in notes.items():
        if not text.isprintable() or text != text.strip():
            raise InvalidInputError(
                f"Cannot write `meta[{key!r}]`: it must be printable, without blanks at its ends, got {text!r}."
            )
    return [f"# {key}: {text}" for key, text in notes.items()]


def _check_fluxes(light_curve):
    """Raise an error for fluxes that would be read as failed fits or are not finite."""
    is_invalid = ~np.isnan(float_array(light_curve, "flux")) & ~has_flux(light_curve)
    if is_invalid.any():
        raise InvalidInputError(
            f"Cannot write {is_invalid.sum()} rows: `flux` must be finite and have a positive uncertainty.",
            hint="Remove these rows.",
        )


def _has_values(light_curve, name):
    return name in light_curve.colnames and not column_mask(light_curve[name]).all()


def _format_column(light_curve, key):
    """Return a column as strings."""
    field, whole_format = ALL_FIELDS[key]
    if isinstance(field, Text):
        return [_format_string(string, field.name) for string in string_array(light_curve, field.name).tolist()]
    values = VALUES[key](light_curve) if key in VALUES else float_array(light_curve, field.name)
    if whole_format.endswith("d"):
        values = np.nan_to_num(values, nan=0).astype(int)
    fractional_format = FRACTIONAL_FORMATS.get(key, whole_format)
    return [f"{value:{whole_format if float(value).is_integer() else fractional_format}}" for value in values.tolist()]


def _format_string(string, name):
    if len(string.split()) > 1 or string != string.strip() or string == NULL_STRING:
        raise InvalidInputError(
            f"Cannot write column {name!r}: strings must have no blanks and not be {NULL_STRING!r}, got {string!r}."
        )
    return string or NULL_STRING


def _limit_5_sigma(light_curve):
    """Return limits at 5 sigma; those at another significance are computed from the uncertainty of the flux.

    The 3-sigma limits of the transient server have no aperture correction, so rescaled they would not agree with it.
    """
    limit, sigma = float_array(light_curve, "limit"), float_array(light_curve, "limit_sigma")
    rescaled = photometry.rescale_limit(limit * u.mag, sigma, SIGMA_DETECTION).value
    of_flux = photometry.limiting_mag(float_array(light_curve, "flux_err") * u.uJy, SIGMA_DETECTION).value
    is_of_flux = ~np.isnan(rescaled) & ~np.isnan(of_flux) & (sigma != SIGMA_DETECTION)
    return _server_value(light_curve, "limit", np.where(is_of_flux, of_flux, rescaled))


def _server_value(light_curve, name, values):
    """Return the values of the server where a light curve masks them, others elsewhere."""
    of_server = float_array(light_curve, f"{name}_server")
    return np.where(np.isnan(of_server), values, of_server)


def _of_positive_flux(light_curve, name):
    flux = float_array(light_curve, "flux")
    return _server_value(light_curve, name, np.where(flux < 0, np.nan, float_array(light_curve, name)))


def _mag(light_curve):
    mag, flux = _of_positive_flux(light_curve, "mag"), float_array(light_curve, "flux")
    # Not flux_to_signed_mag, which rejects fluxes above 3.6 kJy: the server writes such fluxes of bad exposures, where
    # the magnitude of a negative flux is positive.
    derived = np.copysign(1, flux) * photometry.flux_to_mag(np.abs(flux) * u.uJy).value
    return _zero_where_failed(light_curve, np.where(np.isnan(mag), derived, mag))


def _mag_err(light_curve):
    flux, flux_err = float_array(light_curve, "flux"), float_array(light_curve, "flux_err")
    mag_err = _of_positive_flux(light_curve, "mag_err")
    # Without the factor of 1.0857, as in 1,040 of the 1,041 rows of a real file.
    derived = flux_err / np.where(flux == 0, np.nan, np.abs(flux))
    return _zero_where_failed(light_curve, np.where(np.isnan(mag_err), derived, mag_err))


def _flux(light_curve, name="flux"):
    return _zero_where_failed(light_curve, float_array(light_curve, name))


def _zero_where_failed(light_curve, values):
    """Return zeros where the fit failed, as the server writes it: there is neither a flux nor a limit."""
    has_failed = np.isnan(float_array(light_curve, "flux")) & np.isnan(float_array(light_curve, "limit"))
    return np.where(has_failed, 0.0, values)


VALUES = {
    "MJD": plausible_mjd_values,
    "m": _mag,
    "dm": _mag_err,
    "uJy": _flux,
    "duJy": partial(_flux, name="flux_err"),
    "mag5sig": _limit_5_sigma,
}

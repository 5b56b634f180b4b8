# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text files of the ATLAS forced-photometry server, ``format="atlas.forced"``.

The first line has the names of the columns, each further line a measurement. Columns are found by name: their number
differs between versions. Source: the description of results of the server, https://fallingstar-data.com/forcedphot/.
"""

from functools import partial

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, float_array, has_flux, null_mask, string_array
from atlasquery.lightcurve.build import RESERVED, SIGMA_DETECTION, sites_from_expnames
from atlasquery.lightcurve.checks import require_columns
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.io.text_columns import check_times, decode_field, parse_number, parse_numbers, split_columns
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema import DETECTION, FORCED
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import Float, Integer, Text
from atlasquery.schema.undeclared import decode_undeclared
from atlasquery.utils.text import shorten

__all__ = ["forced_columns", "forced_text", "is_forced_text"]

TIME = "Start of the exposure (UTC), as the forced-photometry server gives it; not barycentred."
LIMIT = "AB magnitude of a source at 5 sigma in this exposure."
MAG = "AB magnitude; below about 3 sigma it means little."

# By the name of the column in the file: the field of the light curve, and the format of a written value.
FIELDS = {
    "MJD": (Float("mjd", TIME, unit=u.d, required=True), "12.6f"),
    "m": (Float("mag", MAG, unit=u.mag), "7.3f"),
    "dm": (Float("mag_err", "Uncertainty of the magnitude.", unit=u.mag), "6.3f"),
    "uJy": (COLUMNS["flux"], "6.0f"),
    "duJy": (COLUMNS["flux_err"], "4.0f"),
    "F": (COLUMNS["band"], "s"),
    "err": (Integer("err", "Error code of the fit, 0 if all went well."), "2d"),
    "chi/N": (COLUMNS["chi_n"], "7.2f"),
    "RA": (FORCED["ra"], "9.5f"),
    "Dec": (FORCED["dec"], "9.5f"),
    "x": (FORCED["x"], "8.2f"),
    "y": (FORCED["y"], "8.2f"),
    "maj": (FORCED["major"], "4.2f"),
    "min": (FORCED["minor"], "4.2f"),
    "phi": (DETECTION["phi"], "5.1f"),
    "apfit": (FORCED["apfit"], "6.3f"),
    "mag5sig": (Float("limit", LIMIT, unit=u.mag), "5.2f"),
    "Sky": (Float("sky", "Brightness of the sky, AB magnitudes per square arcsec.", unit=u.mag / u.arcsec**2), "5.2f"),
    "Obs": (COLUMNS["expname"], "s"),
}
# Columns of some versions of the server.
OTHER_FIELDS = {
    "ZP": (COLUMNS["zp"], "6.3f"),
    "PA_DEG": (Float("pa", "Position angle of the detector on the sky.", unit=u.deg), "7.3f"),
}
ALL_FIELDS = FIELDS | OTHER_FIELDS
REQUIRED_NAMES = ("MJD", "uJy", "duJy", "F")
NULL_STRING = "-"
# Names that an undeclared column must not have.
TAKEN_NAMES = RESERVED.union(field.name for field, _ in ALL_FIELDS.values())
FRACTIONAL_FORMATS = {"uJy": "6g", "duJy": "4g"}  # for fluxes that are not whole uJy


def is_forced_text(first_line):
    """Return whether this is the first line of a file of the forced-photometry server."""
    names = _split_names(first_line)
    return bool(names) and names[0] == "MJD" and set(REQUIRED_NAMES) <= set(names)


def forced_columns(text, file=None):
    """Return the columns of a light curve, sorted by time.

    Parameters
    ----------
    text : str
        Content of the file.
    file : str, path or file object, optional
        The file, for error messages.

    Returns
    -------
    columns : dict of str to column
        ``time`` and the columns that every light curve has, then the others of the file.

    Raises
    ------
    UnreadableFileError
        If the file has another format, or a line is invalid.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    first_line = lines[0][1] if lines else ""
    if not is_forced_text(first_line):
        reason = f"the file must begin with the column names MJD, uJy, duJy, F and others, got {shorten(first_line)!r}."
        raise unreadable_file(file, reason, line=lines[0][0] if lines else None, value=first_line)
    strings = split_columns(_split_names(first_line), [(number, line.split()) for number, line in lines[1:]], file)
    line_numbers = [number for number, _ in lines[1:]]
    columns = {}
    for key in strings:
        column = _decode_column(key, strings[key], line_numbers, file, taken=TAKEN_NAMES.union(columns))
        columns[column.field.name] = column
    check_times(columns["mjd"].data, line_numbers, file)
    return _light_curve_columns(columns)


def _split_names(first_line):
    return first_line.lstrip("#").split()


def _decode_column(key, strings, lines, file, taken):
    """Return the `~atlasquery.schema.field.DecodedColumn` of the strings of a column."""
    values = [None if string == NULL_STRING else string for string in strings]
    if key not in ALL_FIELDS:
        return decode_undeclared(key, _guess_numbers(values), record="atlas.forced", taken=taken)
    field = ALL_FIELDS[key][0]
    if isinstance(field, Text):
        return field.decode(values)
    number_type = int if isinstance(field, Integer) else float
    return decode_field(field, parse_numbers(strings, key, lines, file, number_type=number_type), key, lines, file)


def _guess_numbers(values):
    """Return strings of an undeclared column as integers or floats, if all are numbers."""
    for number_type in (int, float):
        try:
            return [None if value is None else parse_number(value, number_type) for value in values]
        except ValueError:
            continue
    return values


def _light_curve_columns(decoded):
    """Return the astropy columns, first those that every light curve has."""
    mjd = decoded.pop("mjd").data
    order = np.argsort(mjd, kind="stable")
    derived = _derived_values({name: column.data for name, column in decoded.items()}, len(mjd))
    columns = {"time": with_description(Time(mjd[order], format="mjd", scale="utc"), TIME)}
    for name in [*COLUMNS, *decoded]:
        if name not in columns:
            columns[name] = _make_column(name, decoded, derived, order)
    return columns


def _make_column(name, decoded, derived, order):
    field = decoded[name].field if name in decoded else COLUMNS[name]
    if name in derived:
        data = derived[name][order]
        return field.column(data, null_mask(data))
    if name not in decoded:
        return field.all_masked(len(order)).column()
    return field.column(decoded[name].data[order], decoded[name].mask[order])


def _derived_values(values, length):
    """Return plain arrays of the columns that are computed.

    A flux with an uncertainty of 0 was not measured: the server writes zeros where the fit failed.
    """
    nan = np.full(length, np.nan)
    has_failed = ~(values["flux_err"] > 0)
    is_positive = ~has_failed & (values["flux"] > 0)
    limit = values.get("limit", nan)
    return {
        "kind": np.full(length, "forced"),
        "flux": np.where(has_failed, np.nan, values["flux"]),
        "flux_err": np.where(has_failed, np.nan, values["flux_err"]),
        "mag": np.where(is_positive, values.get("mag", nan), np.nan),
        "mag_err": np.where(is_positive, values.get("mag_err", nan), np.nan),
        "limit_sigma": np.where(np.isnan(limit), np.nan, SIGMA_DETECTION),
        "site": sites_from_expnames(values["expname"]) if "expname" in values else np.full(length, ""),
    }


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
        sigma, missing without ``limit_sigma``. Fluxes are written as whole uJy like the server's, others with six
        digits, so that a small flux is not read as a failed fit. Columns that files of the server do not have, such
        as ``quality``, are left out.

    Raises
    ------
    InvalidInputError
        If there are rows of another kind, strings with blanks, or fluxes that are infinite or have no uncertainty.
    """
    require_columns(light_curve, "kind")
    other_kinds = set(string_array(light_curve, "kind").tolist()) - {"forced"}
    if len(light_curve) and other_kinds:
        raise InvalidInputError(
            f"Cannot write rows of kind {', '.join(map(repr, sorted(other_kinds)))}: 'atlas.forced' files have forced "
            "photometry only.",
            hint="Write lc.forced.",
        )
    _check_fluxes(light_curve)
    extra_names = [key for key, (field, _) in OTHER_FIELDS.items() if _has_values(light_curve, field.name)]
    columns = [_format_column(light_curve, key) for key in (*FIELDS, *extra_names)]
    lines = [" ".join(strings) for strings in zip(*columns, strict=True)]
    return "\n".join(["###" + " ".join([*FIELDS, *extra_names]), *lines, ""])


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
    limit = float_array(light_curve, "limit") * u.mag
    return photometry.rescale_limit(limit, float_array(light_curve, "limit_sigma"), SIGMA_DETECTION).value


def _mag(light_curve):
    mag, flux = float_array(light_curve, "mag"), float_array(light_curve, "flux")
    # Not flux_to_signed_mag, which rejects fluxes above 3.6 kJy: the server writes such fluxes of bad exposures, where
    # the magnitude of a negative flux is positive.
    derived = np.copysign(1, flux) * photometry.flux_to_mag(np.abs(flux) * u.uJy).value
    return _zero_where_failed(flux, np.where(np.isnan(mag) | (flux < 0), derived, mag))


def _mag_err(light_curve):
    mag_err, flux, flux_err = (float_array(light_curve, name) for name in ("mag_err", "flux", "flux_err"))
    # Without the factor of 1.0857, as in 1,040 of the 1,041 rows of a real file.
    derived = flux_err / np.where(flux == 0, np.nan, np.abs(flux))
    return _zero_where_failed(flux, np.where(np.isnan(mag_err) | (flux < 0), derived, mag_err))


def _flux(light_curve, name="flux"):
    return _zero_where_failed(float_array(light_curve, "flux"), float_array(light_curve, name))


def _zero_where_failed(flux, values):
    """Return zeros where there is no flux: the server writes them where the fit failed."""
    return np.where(np.isnan(flux), 0.0, values)


VALUES = {
    "MJD": mjd_values,
    "m": _mag,
    "dm": _mag_err,
    "uJy": _flux,
    "duJy": partial(_flux, name="flux_err"),
    "mag5sig": _limit_5_sigma,
}

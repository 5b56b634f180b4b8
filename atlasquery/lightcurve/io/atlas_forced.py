# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text files of the ATLAS forced-photometry server, ``format="atlas.forced"``.

One line names the columns, one line is a measurement. The columns are found by their names: older files have others
than newer ones. Source: the description of results of the server, https://fallingstar-data.com/forcedphot/.
"""

from functools import partial

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve.arrays import column_mask, float_array, has_flux, null_mask, string_array
from atlasquery.lightcurve.build import RESERVED, SIGMA_DETECTION, sites_from_expnames
from atlasquery.lightcurve.checks import require_columns
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.io.text_columns import check_times, decode_field, parse_number, parse_numbers, split_columns
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema import DETECTION, FORCED
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import Float, Integer, Text
from atlasquery.schema.undeclared import decode_undeclared

__all__ = ["forced_columns", "forced_text", "is_forced_text"]

TIME = "Start of the exposure (UTC), as the forced-photometry server gives it; not barycentred."
LIMIT = "AB magnitude of a source at 5 sigma in this exposure."
MAG = "AB magnitude; below about 3 sigma it means little."

# What the file calls a column: our field, and how a value is written.
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
# Columns that some versions of the server have.
OTHER_FIELDS = {
    "ZP": (COLUMNS["zp"], "6.3f"),
    "PA_DEG": (Float("pa", "Position angle of the detector on the sky.", unit=u.deg), "7.3f"),
}
ALL_FIELDS = FIELDS | OTHER_FIELDS
NEEDED = ("MJD", "uJy", "duJy", "F")
UNKNOWN = "-"  # a word that is not known
# What a column that nobody knows may not be called.
TAKEN_NAMES = RESERVED.union(field.name for field, _ in ALL_FIELDS.values())
FRACTIONAL_FORMATS = {"uJy": "6g", "duJy": "4g"}  # where a flux is not whole


def is_forced_text(first_line):
    """Whether a file that begins with this line is one of the forced-photometry server."""
    names = _names(first_line)
    return bool(names) and names[0] == "MJD" and set(NEEDED) <= set(names)


def forced_columns(text, name="the file"):
    """Return the columns of a light curve.

    Parameters
    ----------
    text : str
        All of the file.
    name : str
        What to call it in error messages.

    Returns
    -------
    columns : dict of str to column
        ``time`` and the columns that all light curves begin with, then the others of the file.

    Raises
    ------
    UnreadableFileError
        If it is no such file, or a line does not fit.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines or not is_forced_text(lines[0][1]):
        begin = lines[0][1][:60] if lines else ""
        raise UnreadableFileError(f"{name} is no result of the forced-photometry server: it begins with {begin!r}.")
    words = split_columns(_names(lines[0][1]), [(number, line.split()) for number, line in lines[1:]], name)
    numbers_of_lines = [number for number, _ in lines[1:]]
    columns = {}
    for key in words:
        column = _decode(key, words[key], numbers_of_lines, name, taken=TAKEN_NAMES.union(columns))
        columns[column.field.name] = column
    check_times(columns["mjd"].data, numbers_of_lines, name)
    return _columns(columns)


def _names(first_line):
    return first_line.lstrip("#").split()


def _decode(key, words, lines, name, taken):
    """Return one column, from the words of the file."""
    known = [None if word == UNKNOWN else word for word in words]
    if key not in ALL_FIELDS:
        return decode_undeclared(key, _guess_numbers(known), record=name, taken=taken)
    field = ALL_FIELDS[key][0]
    if isinstance(field, Text):
        return field.decode(known)
    number = int if isinstance(field, Integer) else float
    return decode_field(field, parse_numbers(words, key, lines, name, number=number), key, lines, name)


def _guess_numbers(words):
    """Return the words of a column that nobody knows as numbers, if all of them may be."""
    for number in (int, float):
        try:
            return [None if word is None else parse_number(word, number) for word in words]
        except ValueError:
            continue
    return words


def _columns(known):
    """Return the astropy columns, those first that every light curve begins with."""
    mjd = known.pop("mjd").data
    order = np.argsort(mjd, kind="stable")
    derived = _derived({name: column.data for name, column in known.items()}, len(mjd))
    columns = {"time": with_description(Time(mjd[order], format="mjd", scale="utc"), TIME)}
    for name in [*COLUMNS, *known]:
        if name not in columns:
            columns[name] = _column(name, known, derived, order)
    return columns


def _column(name, known, derived, order):
    field = known[name].field if name in known else COLUMNS[name]
    if name in derived:
        data = derived[name][order]
        return field.column(data, null_mask(data))
    if name not in known:
        return field.all_masked(len(order)).column()
    return field.column(known[name].data[order], known[name].mask[order])


def _derived(values, length):
    """Return what every light curve says of its rows, as plain arrays.

    A flux with an uncertainty of 0 was not measured; the server writes zeros where the fit failed.
    """
    nan = np.full(length, np.nan)
    failed = ~(values["flux_err"] > 0)
    positive = ~failed & (values["flux"] > 0)
    limit = values.get("limit", nan)
    return {
        "kind": np.full(length, "forced"),
        "flux": np.where(failed, np.nan, values["flux"]),
        "flux_err": np.where(failed, np.nan, values["flux_err"]),
        "mag": np.where(positive, values.get("mag", nan), np.nan),
        "mag_err": np.where(positive, values.get("mag_err", nan), np.nan),
        "limit_sigma": np.where(np.isnan(limit), np.nan, SIGMA_DETECTION),
        "site": sites_from_expnames(values["expname"]) if "expname" in values else np.full(length, ""),
    }


def forced_text(light_curve):
    """Return a light curve as such a file.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        Forced photometry only.

    Returns
    -------
    text : str
        The file. What is not known is ``nan``, or ``-`` for a word, but ``err`` is 0 then; zeros stand for a fit that
        failed. The magnitude of a negative flux is that of its absolute value, with the opposite sign. Where a flux has
        no magnitude, as beside a limit of the web server, it follows from the flux. ``mag5sig`` is the limit at 5
        sigma, whatever ``limit_sigma`` is; without ``limit_sigma`` it is not known. Fluxes are whole uJy as the
        server's are, or else have six digits, so that no small one is taken for a fit that failed. Columns that the
        server's files do not have are left out, such as ``quality``.

    Raises
    ------
    InvalidInputError
        If there are rows that are no forced measurements, or what the format cannot express: words with blanks, fluxes
        that are infinite or have no uncertainty.
    """
    require_columns(light_curve, "kind")
    others = set(string_array(light_curve, "kind").tolist()) - {"forced"}
    if len(light_curve) and others:
        raise InvalidInputError(
            f"The format is for forced photometry; there are rows of kind {', '.join(map(repr, sorted(others)))}.",
            hint="Write lc.forced.",
        )
    _check_fluxes(light_curve)
    extra = [key for key, (field, _) in OTHER_FIELDS.items() if _has_values(light_curve, field.name)]
    columns = [_words(light_curve, key) for key in (*FIELDS, *extra)]
    lines = [" ".join(words) for words in zip(*columns, strict=True)]
    return "\n".join(["###" + " ".join([*FIELDS, *extra]), *lines, ""])


def _check_fluxes(light_curve):
    """Refuse a flux that would come back as a fit that failed, or that is no number."""
    wrong = ~np.isnan(float_array(light_curve, "flux")) & ~has_flux(light_curve)
    if wrong.any():
        raise InvalidInputError(
            f"The format cannot express a flux that is infinite or has no uncertainty; {wrong.sum()} are such.",
            hint="Leave these rows out.",
        )


def _has_values(light_curve, name):
    return name in light_curve.colnames and not column_mask(light_curve[name]).all()


def _words(light_curve, key):
    """Return one column as words."""
    field, form = ALL_FIELDS[key]
    if isinstance(field, Text):
        return [_word(word, field.name) for word in string_array(light_curve, field.name).tolist()]
    values = VALUES[key](light_curve) if key in VALUES else float_array(light_curve, field.name)
    if form.endswith("d"):
        values = np.nan_to_num(values, nan=0).astype(int)
    fine = FRACTIONAL_FORMATS.get(key, form)
    return [f"{value:{form if float(value).is_integer() else fine}}" for value in values.tolist()]


def _word(word, name):
    if len(word.split()) > 1 or word != word.strip() or word == UNKNOWN:
        raise InvalidInputError(f"The format cannot express {word!r} in column {name!r}.")
    return word or UNKNOWN


def _limit(light_curve):
    given = float_array(light_curve, "limit") * u.mag
    return photometry.rescale_limit(given, float_array(light_curve, "limit_sigma"), SIGMA_DETECTION).value


def _mag(light_curve):
    mag, flux = float_array(light_curve, "mag"), float_array(light_curve, "flux")
    # Not flux_to_signed_mag, which refuses what is above 3.6 kJy: the server writes such fluxes of bad exposures, and
    # then the magnitude of a negative one is positive.
    derived = np.copysign(1, flux) * photometry.flux_to_mag(np.abs(flux) * u.uJy).value
    return _zero_where_failed(flux, np.where(np.isnan(mag) | (flux < 0), derived, mag))


def _mag_err(light_curve):
    mag_err, flux, flux_err = (float_array(light_curve, name) for name in ("mag_err", "flux", "flux_err"))
    # The server leaves out the factor of 1.0857, as 1,040 of the 1,041 rows of a real file show.
    derived = flux_err / np.where(flux == 0, np.nan, np.abs(flux))
    return _zero_where_failed(flux, np.where(np.isnan(mag_err) | (flux < 0), derived, mag_err))


def _flux(light_curve, name="flux"):
    return _zero_where_failed(float_array(light_curve, "flux"), float_array(light_curve, name))


def _zero_where_failed(flux, values):
    """Return zeros where there is no flux, as the server writes them where the fit failed."""
    return np.where(np.isnan(flux), 0.0, values)


VALUES = {
    "MJD": mjd_values,
    "m": _mag,
    "dm": _mag_err,
    "uJy": _flux,
    "duJy": partial(_flux, name="flux_err"),
    "mag5sig": _limit,
}

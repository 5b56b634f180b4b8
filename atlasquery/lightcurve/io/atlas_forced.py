# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading of text files of ATLAS photometry, ``format="atlas.forced"``: of the forced-photometry server and others.

Columns are found by name: their number and order differ between versions; see `~atlasquery.lightcurve.io.atlas_names`.
"""

import numpy as np
from astropy.time import Time

from atlasquery.config import conf
from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve.arrays import null_mask
from atlasquery.lightcurve.band_names import filter_of
from atlasquery.lightcurve.build import RESERVED, SIGMA_DETECTION, SIGMA_FORCED, sites_from_expnames
from atlasquery.lightcurve.columns import ALL_COLUMNS, COLUMNS, SERVER_COLUMNS, TIME_DESCRIPTION
from atlasquery.lightcurve.io.atlas_names import (
    EXPECTED,
    FIELDS,
    META_NOTES,
    OTHER_FIELDS,
    fields_of,
    is_forced_header,
    standard_names,
)
from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.io.text_columns import check_times, decode_field, parse_number, parse_numbers, split_columns
from atlasquery.lightcurve.io.text_lines import NULLS, find_header, split_table
from atlasquery.lightcurve.limits import magnitudes_and_limits, mask_insignificant
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import Integer, Text
from atlasquery.schema.undeclared import decode_undeclared
from atlasquery.utils.warnings import warn_user

__all__ = ["forced_columns", "is_forced_text"]

LIMIT_MARK = ">"  # before a magnitude that is a limit
# By the name of the column: its key in files, and the condition of its values.
RANGES = {
    "flux": ("uJy", np.isfinite, "a finite number"),
    "flux_err": ("duJy", lambda values: (values >= 0) & np.isfinite(values), "a finite number of at least 0"),
    "ra": ("RA", lambda values: (values >= 0) & (values <= 360), "0 to 360 degrees"),
    "dec": ("Dec", lambda values: np.abs(values) <= 90, "-90 to 90 degrees"),
}
# Names that an undeclared column must not have.
TAKEN_NAMES = RESERVED.union(field.name for field, _ in (FIELDS | OTHER_FIELDS).values())


def is_forced_text(text):
    """Return whether a text has the column names of ATLAS photometry, below lines of diagnostics."""
    return find_header(text, is_forced_header) is not None


def forced_columns(text, file=None):
    """Return the columns and the meta of a light curve, sorted by time.

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
    meta : dict
        ``magsys``; the names and the id of the object and ``images``, if the file says them; ``notes``, the other lines
        that are not rows.

    Raises
    ------
    UnreadableFileError
        If the file has another format, or a line is invalid.

    Warns
    -----
    DataQualityWarning
        If fits have failed, or rows occur more than once.
    """
    table = split_table(text, is_forced_header, EXPECTED, file)
    names = standard_names(table.names)
    strings = split_columns(names, table.rows, file)
    lines, fields = [number for number, _ in table.rows], fields_of(names)
    columns = {}
    for key, values in strings.items():
        column = _decode_column(fields.get(key), key, values, lines, file, taken=TAKEN_NAMES.union(columns))
        columns[column.field.name] = column
    check_times(columns["mjd"].data, lines, file)
    for name, (key, is_valid, expected) in RANGES.items():
        if name in columns:
            _check_range(columns[name].data, key, is_valid, expected, lines, file)
    _warn_copies(table.rows)
    marks = next((values for key, values in strings.items() if getattr(fields.get(key), "name", "") == "mag"), ())
    is_limit = _is_limit(marks, columns)
    return _light_curve_columns(columns, is_limit), _meta(table.notes)


def _warn_copies(rows):
    """Warn of rows that are the same in all columns, as of files that were joined with themselves."""
    if count := len(rows) - len({tuple(values) for _, values in rows}):
        warn_user(
            f"The file has copies of rows: {count} are the same as another one in all columns. They are kept; the file "
            "may have been joined with itself.",
            DataQualityWarning,
        )


def _check_range(values, key, is_valid, expected, lines, file):
    """Raise an error for a value that the column ``key`` cannot have; NaN passes."""
    is_invalid = ~(np.isnan(values) | is_valid(values))
    if is_invalid.any():
        row = int(is_invalid.argmax())
        reason = f"column {key!r} must be {expected}, got {values[row]}."
        raise unreadable_file(file, reason, line=lines[row], column=key, value=float(values[row]))


def _meta(notes):
    """Return the meta of a file with these lines that are not rows."""
    meta = {"magsys": "AB"}
    for note in notes:
        key, _, text = (part.strip() for part in note.removeprefix("#").partition(":"))
        is_meta = note.startswith("#") and key in META_NOTES and text and key not in meta
        if is_meta and (META_NOTES[key] is str or text.isdecimal()):
            meta[key] = META_NOTES[key](text)
        else:
            meta.setdefault("notes", []).append(note)
    return meta


def _decode_column(field, key, strings, lines, file, taken):
    """Return the `~atlasquery.schema.field.DecodedColumn` of the strings of a column."""
    is_required = field is not None and field.required
    values = [None if string in NULLS and not is_required else string for string in strings]
    if field is None:
        return decode_undeclared(key, _guess_numbers(values), record="atlas.forced", taken=taken)
    if field.name == "band":
        return field.decode([filter_of(value) for value in values])
    if isinstance(field, Text):
        return field.decode(values)
    if field.name in ("mag", "limit"):
        values = [value and value.removeprefix(LIMIT_MARK) for value in values]
    number_type = _parse_integer if isinstance(field, Integer) else float
    return decode_field(field, parse_numbers(values, key, lines, file, number_type=number_type), key, lines, file)


def _parse_integer(string):
    """Return the integer in a string, also if it is hexadecimal, as bits are, or was saved as a float."""
    if string[:2].lower() == "0x":
        return int(string, 16)
    number = float(string)
    if not number.is_integer():
        raise ValueError(string)
    return int(string) if string.lstrip("+-").isdecimal() else int(number)


def _guess_numbers(values):
    """Return strings of an undeclared column as integers or floats, if all are numbers."""
    for number_type in (int, float):
        try:
            return [None if value is None else parse_number(value, number_type) for value in values]
        except ValueError:
            continue
    return values


def _is_limit(strings, columns):
    """Return where the magnitude is a limit: ``>19.53``, or one without an uncertainty, as ATClean writes it."""
    if not strings:
        return np.zeros(len(columns["mjd"].data), dtype=bool)
    has_mark = np.array([string.startswith(LIMIT_MARK) for string in strings])
    if "mag_err" not in columns:
        return has_mark
    return has_mark | (np.isnan(columns["mag_err"].data) & np.isfinite(columns["mag"].data))


def _light_curve_columns(decoded, is_limit):
    """Return the astropy columns, first those that every light curve has."""
    mjd = decoded.pop("mjd").data
    order = np.argsort(mjd, kind="stable")
    derived = _derived_values({name: column.data for name, column in decoded.items()}, is_limit)
    columns = {"time": with_description(Time(mjd[order], format="mjd", scale="utc"), TIME_DESCRIPTION)}
    for name in [*COLUMNS, *decoded, *SERVER_COLUMNS]:
        if name not in columns and name != "service":  # the file does not say which it is of
            columns[name] = _make_column(name, decoded, derived, order)
    return columns


def _make_column(name, decoded, derived, order):
    field = decoded[name].field if name in decoded else ALL_COLUMNS[name]
    if name in derived:
        data = derived[name][order]
        return field.column(data, null_mask(data))
    if name not in decoded:
        return field.all_masked(len(order)).column()
    return field.column(decoded[name].data[order], decoded[name].mask[order])


def _derived_values(values, is_limit):
    """Return plain arrays of the columns that are computed.

    A flux with an uncertainty of 0 was not measured: the server writes zeros where the fit failed.
    """
    length = len(is_limit)
    nan = np.full(length, np.nan)
    has_failed = values["flux_err"] == 0
    is_measured = values["flux_err"] > 0
    flux, flux_err = (np.where(is_measured, values[name], np.nan) for name in ("flux", "flux_err"))
    is_zero = has_failed & (values.get("mag", nan) == 0)
    is_none = is_zero | ~np.isfinite(values.get("mag", nan))  # some programs write the magnitude of a flux of 0 as inf
    mag, mag_err = (np.where(is_none, np.nan, values.get(name, nan)) for name in ("mag", "mag_err"))
    limit, limit_sigma = _limits(np.where(is_limit, mag, np.nan), values, nan)
    given = {
        "mag": np.where(is_limit, np.nan, mag),
        "mag_err": np.where(is_limit, np.nan, mag_err),
        "limit": limit,
        "limit_sigma": limit_sigma,
    }
    has_only_flux = ~is_limit & np.isnan(mag)
    columns = mask_insignificant(flux, flux_err, given, is_rejected=has_failed, has_only_flux=has_only_flux)
    columns |= _magnitudes_of_fluxes(columns, flux, flux_err, has_only_flux)
    columns |= _without_limits(columns, has_failed)
    # A limit in the column of magnitudes, in addition to the limit of the exposure.
    columns["mag_server"] = np.where(is_limit & (limit != mag), mag, columns["mag_server"])
    return {
        "kind": np.full(length, "forced"),
        "flux": flux,
        "flux_err": flux_err,
        "site": sites_from_expnames(values["expname"]) if "expname" in values else np.full(length, ""),
    } | columns


def _magnitudes_of_fluxes(columns, flux, flux_err, has_only_flux):
    """Return the magnitudes with those of significant fluxes for which the file has none: limits would stand alone."""
    own = magnitudes_and_limits(flux, flux_err, conf.mag_sigma or 0)
    return {name: np.where(has_only_flux, own[name], columns[name]) for name in ("mag", "mag_err")}


def _without_limits(columns, has_failed):
    """Return the limits without those of failed fits, which say nothing of the source; warn of these fits."""
    if not has_failed.any():
        return {}
    warn_user(
        f"The fit failed (duJy of 0) in {has_failed.sum()} of {len(has_failed)} rows: flux, magnitude and limit are "
        "masked.",
        DataQualityWarning,
    )
    limit = columns["limit"]
    return {
        "limit": np.where(has_failed, np.nan, limit),
        "limit_sigma": np.where(has_failed, np.nan, columns["limit_sigma"]),
        "limit_server": np.where(has_failed, limit, columns["limit_server"]),
    }


def _limits(own_limit, values, nan):
    """Return the limits and their significance: of the exposure, else of the measurement where that is a limit."""
    limit = values.get("limit", nan)
    own_sigma = np.nan_to_num(values.get("snrlimit", nan), nan=SIGMA_FORCED)
    sigma = np.where(np.isnan(limit), np.where(np.isnan(own_limit), np.nan, own_sigma), SIGMA_DETECTION)
    return np.where(np.isnan(limit), own_limit, limit), sigma

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert the record of an object to the columns of its light curve.

All computations use plain arrays with NaN for nulls; the astropy columns are made once, at the end.
"""

import re

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery import photometry
from atlasquery.lightcurve.arrays import null_mask
from atlasquery.lightcurve.columns import ALL_COLUMNS, COLUMNS, SECTIONS, TIME_DESCRIPTION
from atlasquery.lightcurve.limits import mask_insignificant
from atlasquery.photometry.forced import DEFAULT_EXPTIME
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import INT64_MAX, DecodedColumn

__all__ = ["RESERVED", "SIGMA_DETECTION", "build_columns", "sites_from_expnames"]

EXPNAME = re.compile(r"(\d\d[a-z])\d{5}[a-z]\d{4}\w+")  # 02a57604o0375c
EXPNAME_LENGTH = 14
EXPNAME_DIGITS = np.array([character.isdigit() for character in "02a57604o0375c"])
DEFAULT_EXPTIME_SECONDS = DEFAULT_EXPTIME.to_value(u.s)
TRANSIENT = "transient"  # the service of the server's records
SIGMA_DETECTION = 5.0  # standard deviations of mag5sig
SIGMA_FORCED = 3.0  # standard deviations of forced limits without snrlimit

# Methods of a light curve read these columns: undeclared columns of the server or of a file must not use the names.
METHOD_COLUMNS = (
    "atlas_id",
    "quality",
    "n_rows",
    "n_points",
    "n_clipped",
    "chi2_dof",
    "first_mjd",
    "last_mjd",
)
RESERVED = {*ALL_COLUMNS, "time", *METHOD_COLUMNS}


def build_columns(record, *, url=None):
    """Return the columns of a light curve, sorted by time.

    Parameters
    ----------
    record : dict
        One element of the answer of ``objects/``.
    url : str, optional
        URL of the request, for error messages.

    Returns
    -------
    columns : dict of str to column
        ``time``, then `~atlasquery.lightcurve.columns.COLUMNS`, all other declared columns, and undeclared columns that
        the server sent.

    Raises
    ------
    UnreadableAnswerError
        If a value has a wrong type, or a row has no time.
    """
    sections = {
        section: rows.decode_section(record, url=url, reserved=RESERVED) for section, (_, rows) in SECTIONS.items()
    }
    parts = [_section_columns(SECTIONS[section][0], part, sections) for section, part in sections.items()]
    times = [part.pop("mjd").data for part in parts]
    mjd = np.concatenate(times)
    order = np.argsort(mjd, kind="stable")
    columns = {"time": with_description(Time(mjd[order], format="mjd", scale="utc"), TIME_DESCRIPTION)}
    places = np.split(np.argsort(order), np.cumsum(list(map(len, times)))[:-1])
    merged = _merge_sections(parts, places)
    merged["atlas_id"] = _fill_ids(merged["atlas_id"], record.get("object"))
    return columns | {name: column.column() for name, column in merged.items()}


def _section_columns(kind, part, sections):
    """Return the sent and derived columns of one section."""
    row = {name: column.data for name, column in part.items()}
    row["exptime"] = _fill_exptimes(row, sections)
    n_rows = len(row["mjd"])
    derived = {"kind": np.full(n_rows, kind), "service": np.full(n_rows, TRANSIENT)}
    derived |= {"site": sites_from_expnames(row["expname"])} | DERIVED_COLUMNS[kind](row)
    return part | {name: _make_column(name, data) for name, data in derived.items()}


def _fill_exptimes(row, sections):
    """Return exposure times; missing ones are taken from other sections: older servers send none with ``fp``."""
    if not np.isnan(row["exptime"]).any():
        return row["exptime"]
    exptimes = {"": DEFAULT_EXPTIME_SECONDS}
    for part in sections.values():
        names, times = part["expname"].data, part["exptime"].data
        is_unusual = ~np.isnan(times) & (times != DEFAULT_EXPTIME_SECONDS) & (names != "")
        exptimes |= dict(zip(names[is_unusual].tolist(), times[is_unusual].tolist(), strict=True))
    if len(exptimes) == 1:
        return np.where(np.isnan(row["exptime"]), DEFAULT_EXPTIME_SECONDS, row["exptime"])
    filled = [exptimes.get(name, DEFAULT_EXPTIME_SECONDS) for name in row["expname"].tolist()]
    return np.where(np.isnan(row["exptime"]), filled, row["exptime"])


def _make_column(name, data):
    return DecodedColumn(ALL_COLUMNS[name], data, null_mask(data))


def sites_from_expnames(expnames):
    """Return the site of each exposure; an empty string where its name has another form."""
    sites = expnames.astype("U3")
    for row in np.flatnonzero(~_have_usual_form(expnames)).tolist():
        match = EXPNAME.fullmatch(str(expnames[row]))
        sites[row] = match[1] if match else ""
    return sites


def _have_usual_form(expnames):
    """Return which names are like 02a57604o0375c in ASCII; a regular expression takes ten times as long."""
    if not len(expnames) or expnames.dtype.itemsize != 4 * EXPNAME_LENGTH:
        return np.zeros(len(expnames), dtype=bool)
    codes = np.ascontiguousarray(expnames).view(np.uint32).reshape(len(expnames), EXPNAME_LENGTH)
    is_digit = (codes >= ord("0")) & (codes <= ord("9"))
    is_letter = (codes >= ord("a")) & (codes <= ord("z"))
    return np.where(EXPNAME_DIGITS, is_digit, is_letter).all(axis=1)


def _detection_columns(row):
    """Return the columns that follow from the signed magnitudes of detections."""
    flux = photometry.signed_mag_to_flux(row["mag"] * u.mag)
    flux_err = photometry.mag_err_to_flux_err(flux, row["mag_err"] * u.mag).value
    given = {name: row[name] for name in ("mag", "mag_err", "limit")}
    given["limit_sigma"] = _sigma_where_limit(row["limit"], SIGMA_DETECTION)
    return {"flux": flux.value, "flux_err": flux_err} | mask_insignificant(flux.value, flux_err, given)


def _limit_columns(row):
    return {"limit_sigma": _sigma_where_limit(row["limit"], SIGMA_DETECTION)}


def _forced_columns(row):
    """Return the fluxes of forced measurements, and ``mag`` split into magnitudes and limits."""
    flux, flux_err = _forced_flux(row)
    is_limit = row["limiting_mag"]
    limit = np.where(is_limit, row["mag"], np.nan)
    sigma = np.where(np.isnan(row["snrlimit"]), SIGMA_FORCED, row["snrlimit"])
    given = {
        "mag": np.where(is_limit, np.nan, row["mag"]),
        "mag_err": np.where(is_limit, np.nan, row["mag_err"]),
        "limit": limit,
        "limit_sigma": _sigma_where_limit(limit, sigma),
    }
    return {"flux": flux, "flux_err": flux_err} | mask_insignificant(flux, flux_err, given)


def _forced_flux(row):
    """Return the fluxes of the server; those of the fit where it sends none, as older servers do."""
    sent = row["flux"], row["flux_err"]
    if not np.isnan(sent).any():
        return sent
    computed = photometry.forced_flux(
        row["peakfit"] * u.ct,
        row["dpeak"] * u.ct,
        row["major"] * u.pix,
        row["minor"] * u.pix,
        row["zp"] * u.mag,
        row["apfit"] * u.mag,
        row["exptime"] * u.s,
    )
    return [np.where(np.isnan(flux), fitted.value, flux) for flux, fitted in zip(sent, computed, strict=True)]


def _sigma_where_limit(limit, sigma):
    return np.where(np.isnan(limit), np.nan, sigma)


DERIVED_COLUMNS = {"detection": _detection_columns, "limit": _limit_columns, "forced": _forced_columns}


def _merge_sections(parts, places):
    """Return the columns of all sections, whose rows come to these places; masked where a section lacks the column."""
    fields = dict(ALL_COLUMNS)
    del fields["mjd"]
    for section, part in zip(SECTIONS, parts, strict=True):
        for name in [name for name in part if name not in ALL_COLUMNS]:
            _add_undeclared(part, name, section, fields)
    fields = {name: fields[name] for name in [*COLUMNS, *fields]}  # the common ones come first
    return {name: DecodedColumn(field, *_join(name, field, parts, places)) for name, field in fields.items()}


def _fill_ids(column, content):
    """Return the ids of the rows, with that of the object where the server sends none, as in limits.

    Without it the rows of an object could not be selected by its id, nor distinguished from those of another one.
    """
    object_id = content.get("id") if isinstance(content, dict) else None
    if type(object_id) is not int or not 0 < object_id <= INT64_MAX or not column.mask.any():
        return column
    return column._replace(data=np.where(column.mask, object_id, column.data), mask=np.zeros_like(column.mask))


def _add_undeclared(part, name, section, fields):
    """Add the field of an undeclared column; rename the column if another section has the name with another type."""
    column = part.pop(name)
    if type(fields.setdefault(name, column.field)) is not type(column.field):
        name = f"{name}_{section}"
        fields[name] = column.field
    part[name] = column


def _join(name, field, parts, places):
    """Return the data and the mask of a column."""
    columns = [(part[name], rows) for part, rows in zip(parts, places, strict=True) if name in part]
    dtypes = {column.data.dtype for column, _ in columns}
    data = field.filled(sum(map(len, places)), dtypes.pop() if len(dtypes) == 1 else np.result_type(*dtypes))
    for column, rows in columns:
        data[rows] = column.data
    if data.dtype.kind == "f":
        return data, np.isnan(data)
    mask = np.ones(len(data), dtype=bool)
    for column, rows in columns:
        mask[rows] = column.mask
    return data, mask

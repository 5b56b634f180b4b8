# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text files of SNANA, ``format="snana"``: one object with fluxes as FLUXCAL. Source: Kessler et al. 2009, PASP 121,
1028.

Only what the format supports is kept: name, position, times, bands and fluxes. Flags are written as ``PHOTFLAG`` but
not read: the meaning of their bits differs between surveys and is not stored in the file.
"""

import contextlib
from collections.abc import Mapping

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery import photometry
from atlasquery.config import conf
from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.inputs.object_ids import check_id
from atlasquery.lightcurve.arrays import float_array, has_flux, int_array, null_mask, string_array
from atlasquery.lightcurve.band_names import filter_of
from atlasquery.lightcurve.checks import require_fluxes
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.images import images_of
from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.io.text_columns import check_times, parse_numbers, split_columns
from atlasquery.lightcurve.limits import magnitudes_and_limits
from atlasquery.lightcurve.position import median_position
from atlasquery.lightcurve.times import plausible_mjd_values
from atlasquery.photometry.fluxcal import SNANA_ZERO_POINT
from atlasquery.schema.columns import with_description
from atlasquery.utils.text import abbreviate, shorten

__all__ = ["is_snana_text", "snana_columns", "snana_text"]

VARIABLES = ("MJD", "BAND", "FLUXCAL", "FLUXCALERR", "ZPFLUX", "PHOTFLAG")
REQUIRED_NAMES = ("MJD", "FLUXCAL", "FLUXCALERR")
BAND_NAMES = ("BAND", "FLT")  # FLT in older files
POSITION_KEYS = ("RA", "DEC", "DECL")  # DECL in older files
VARIABLE_KEYS = ("VARLIST", "VARNAMES")  # VARNAMES in newer files
MAX_HEADER_LINES = 500
TIME = "Time of the exposure (UTC) as the file gives it."
UNKNOWN_NAME = "unknown"  # SNID of an object without a name


def is_snana_text(text):
    """Return whether a text has the header of a file of SNANA, which may be commented."""
    keys = {_split_key(line)[0] for line in text.splitlines()[:MAX_HEADER_LINES]}
    return bool(keys & {"SURVEY", "SNID"}) and bool(keys & {*VARIABLE_KEYS, "OBS"})


def _split_key(line):
    """Return the key of a line and what follows; an empty key for a comment."""
    key, colon, rest = line.strip().lstrip("#").strip().partition(":")
    is_comment = line.lstrip().startswith("#") and not key.isupper()
    return (key, rest.strip()) if colon and key and " " not in key and not is_comment else ("", "")


def snana_columns(text, file=None):
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
        ``time``, ``band``, ``kind`` (forced), ``flux``, ``flux_err``, and magnitudes and limits that follow from them
        at ``conf.mag_sigma``; no others.
    meta : dict
        ``name``, or ``atlas_id`` if the name is the id of an object, and the header under ``snana``.

    Raises
    ------
    UnreadableFileError
        If the file has another format, a line is invalid, or ``NOBS`` is not the number of observations.
    """
    header, rows = _parse_text(text, file)
    _check_count(header, rows, file)
    names = next((header[key] for key in VARIABLE_KEYS if key in header), "").split()
    band_name = _check_names(names, file)
    lines, strings = [line for line, _ in rows], split_columns(names, rows, file)
    mjd, fluxcal, fluxcal_err = (
        np.array(parse_numbers(strings[name], name, lines, file), dtype=float) for name in REQUIRED_NAMES
    )
    check_times(mjd, lines, file)
    data = _column_data(np.array(strings[band_name], dtype=str), fluxcal, fluxcal_err)
    order = np.argsort(mjd, kind="stable")
    columns = {"time": with_description(Time(mjd[order], format="mjd", scale="utc"), TIME)}
    for name, array in data.items():
        columns[name] = COLUMNS[name].column(array[order], null_mask(array[order]))
    images = {"images": header["IMAGES"]} if "IMAGES" in header else {}
    return columns, _object_meta(header.get("SNID")) | images | {"magsys": "AB", "snana": header}


def _check_count(header, rows, file):
    """Raise an error if NOBS is not the number of observations: the file may have been cut."""
    count = header.get("NOBS", str(len(rows)))
    if count != str(len(rows)):
        reason = f"NOBS must be the number of observations, {len(rows)}, got {count!r}."
        raise unreadable_file(file, reason, column="NOBS", value=count, hint="The file may be incomplete.")


def _check_names(names, file):
    """Return the name of the column of bands; raise an error if a required column is missing."""
    band_name = next((name for name in BAND_NAMES if name in names), None)
    missing = [name for name in REQUIRED_NAMES if name not in names] + ([] if band_name else ["BAND"])
    if missing:
        reason = f"VARLIST or VARNAMES must include {missing[0]!r}, got {' '.join(names)!r}."
        raise unreadable_file(file, reason, column=missing[0], value=names)
    return band_name


def _column_data(band, fluxcal, fluxcal_err):
    """Return plain arrays of the columns except ``time``."""
    # Uncertainties such as 0, -9 or -999 are how surveys write that nothing was measured.
    is_measured = fluxcal_err > 0
    values = (np.where(is_measured, array, np.nan) for array in (fluxcal, fluxcal_err))
    flux, flux_err = (photometry.fluxcal_to_flux(array).value for array in values)
    magnitudes = magnitudes_and_limits(flux, flux_err, conf.mag_sigma or 0)
    return {
        "band": np.array([filter_of(name) for name in band.tolist()], dtype=str),
        "kind": np.full(len(flux), "forced"),
        "flux": flux,
        "flux_err": flux_err,
        **magnitudes,
        "limit_sigma": np.where(np.isnan(magnitudes["limit"]), np.nan, conf.mag_sigma or np.nan),
    }


def _object_meta(snid):
    """Return the ATLAS id or the name of the object."""
    with contextlib.suppress(InvalidInputError):
        return {"atlas_id": check_id(snid), "name": None}
    return {"name": None if snid == UNKNOWN_NAME else snid}


def _parse_text(text, file):
    """Return the header as a dict, and the line number and the strings of each observation."""
    header, rows = {}, []
    lines = list(enumerate(text.splitlines(), 1))
    for number, line in lines:
        key, rest = _split_key(line)
        if key == "OBS":
            rows.append((number, rest.split()))
        elif key == "END":
            _check_end(lines[number:], file)
            return header, rows
        elif key:
            header[key] = rest.partition("#")[0].strip()
    if not header:
        raise unreadable_file(file, "the file must have a header of SNANA, got none.")
    return header, rows


def _check_end(lines, file):
    """Raise an error for what follows the end of an object: it would be lost."""
    for number, line in lines:
        if line.strip() and not (line.lstrip().startswith("#") and not _split_key(line)[0]):
            reason = f"the file must have one object, got {shorten(line.strip())!r} after its END."
            raise unreadable_file(file, reason, line=number, value=line, hint="Split the file: one object each.")


def snana_text(light_curve, bands=None):
    """Return the content of a file with this light curve, one line for each exposure with a flux.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        It is combined first, so that no exposure is written twice.
    bands : str or dict of str to str, optional
        Names of the bands in the file: a beginning of all, such as ``"ATLAS-"`` for ATLAS-c, or a dict.

    Returns
    -------
    text : str
        ``PHOTFLAG`` is the column ``quality``. Survey and position are those of the file that the light curve was
        read from, if its rows have no position.

    Raises
    ------
    InvalidInputError
        If a band or its name is not a single word that ends with the band, the name has blanks, or there is no flux.
    """
    rows = light_curve.combined()
    rows = rows[has_flux(rows)]
    filters = _check_bands(string_array(rows, "band"))
    bands, images = _name_bands(filters, bands), images_of(light_curve.meta)
    if not len(rows):
        require_fluxes(light_curve)
        raise InvalidInputError("Cannot write the light curve as 'snana': no row has a flux with an uncertainty.")
    header = {
        "SURVEY": light_curve.meta.get("snana", {}).get("SURVEY", "ATLAS"),
        "SNID": _format_name(light_curve.meta),
        **_format_position(light_curve),
        **({} if images is None else {"IMAGES": images}),
        "FILTERS": "".join(sorted(set(filters.tolist()))),
        "NOBS": len(rows),
        "NVAR": len(VARIABLES),
        "VARLIST": " ".join(VARIABLES),
    }
    return "\n".join([*(f"{key}: {value}" for key, value in header.items()), *_format_rows(rows, bands), "END:", ""])


def _check_bands(bands):
    if invalid := {band for band in bands.tolist() if len(band) != 1 or band.isspace()}:
        names = ", ".join(map(repr, sorted(invalid)))
        raise InvalidInputError(f"Cannot write column 'band': bands of SNANA must be one character, got {names}.")
    return bands


def _name_bands(filters, names):
    """Return the names of the bands in the file: programs take the last character for the filter."""
    if names is None:
        return filters
    if isinstance(names, str):
        names = {band: f"{names}{band}" for band in set(filters.tolist())}
    if not isinstance(names, Mapping):
        raise InvalidTypeError(f"`bands` must be a string or a dict of strings, got {abbreviate(names)}.")
    for band in sorted(set(filters.tolist())):
        name = names.get(band)
        if not isinstance(name, str) or name.split() != [name] or not name.endswith(band) or "#" in name:
            raise InvalidInputError(
                f"`bands` must have a name without blanks that ends with the band for {band!r}, got {abbreviate(name)}."
            )
    return np.array([names[band] for band in filters.tolist()], dtype=str)


def _format_rows(rows, bands):
    fluxcal, fluxcal_err = (
        photometry.flux_to_fluxcal(float_array(rows, name) * u.uJy).value for name in ("flux", "flux_err")
    )
    columns = (plausible_mjd_values(rows), bands, fluxcal, fluxcal_err, int_array(rows, "quality"))
    return [
        f"OBS: {mjd:.7f} {band} {flux:.6g} {err:.6g} {SNANA_ZERO_POINT} {flag}"
        for mjd, band, flux, err, flag in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _format_name(meta):
    """Return the name of the object, its id without a name."""
    snid = str(meta.get("name") or meta.get("atlas_id") or UNKNOWN_NAME)
    if snid.split() != [snid] or "#" in snid:
        raise InvalidInputError(
            f"Cannot write the name: names of SNANA must have no blanks and no '#', got {snid!r}.",
            hint='Set another, as in lc.meta["name"] = "2018cow".',
        )
    return snid


def _format_position(light_curve):
    """Return the header of the median position of detections or forced measurements, else that of the original file."""
    if (position := median_position(light_curve)) is not None:
        return {key: f"{degrees:.6f}" for key, degrees in zip(("RA", "DEC"), position, strict=True)}
    header = light_curve.meta.get("snana", {})
    return {key: header[key] for key in POSITION_KEYS if key in header}

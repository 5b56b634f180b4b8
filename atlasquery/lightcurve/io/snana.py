# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text files of SNANA, ``format="snana"``: one object, its fluxes as FLUXCAL. Source: Kessler et al. 2009, PASP 121,
1028.

Only what the format can express is kept: name, position, times, bands, fluxes. The flags are written as ``PHOTFLAG``,
but not read: their bits mean something else in each survey, and the file does not say which rules they stand for.
"""

import contextlib

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError, InvalidTypeError, UnreadableFileError
from atlasquery.inputs.object_ids import check_id
from atlasquery.lightcurve.arrays import float_array, has_flux, int_array, null_mask, string_array
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.io.text_columns import check_times, parse_numbers, split_columns
from atlasquery.lightcurve.limits import magnitudes_and_limits
from atlasquery.lightcurve.position import median_position
from atlasquery.lightcurve.times import mjd_values
from atlasquery.photometry.fluxcal import SNANA_ZERO_POINT
from atlasquery.schema.columns import with_description

__all__ = ["is_snana_text", "snana_columns", "snana_text"]

VARIABLES = ("MJD", "BAND", "FLUXCAL", "FLUXCALERR", "ZPFLUX", "PHOTFLAG")
NEEDED = ("MJD", "FLUXCAL", "FLUXCALERR")
BAND_NAMES = ("BAND", "FLT")  # of newer and of older files
POSITION_KEYS = ("RA", "DEC", "DECL")  # DECL is that of older files
TIME = "Time of the exposure (UTC) as the file gives it."
UNKNOWN = "unknown"  # what an object without a name is called


def is_snana_text(first_line):
    """Whether a file that begins with this line is one of SNANA."""
    return first_line.partition(":")[0] in ("SURVEY", "SNID")


def snana_columns(text, name="the file"):
    """Return the columns and the meta of a light curve.

    Parameters
    ----------
    text : str
        All of the file.
    name : str
        What to call it in error messages.

    Returns
    -------
    columns : dict of str to column
        ``time``, ``band``, ``kind`` (forced), ``flux``, ``flux_err``, ``mag`` and ``mag_err``; no others.
    meta : dict
        ``name``, or ``atlas_id`` if the name is the id of an object, and all values of the header under their keys in
        ``snana``.

    Raises
    ------
    UnreadableFileError
        If it is no such file, or a line does not fit.
    """
    header, rows = _parsed(text, name)
    names = header.get("VARLIST", "").split()
    band = next((key for key in BAND_NAMES if key in names), None)
    if band is None or not set(NEEDED) <= set(names):
        raise UnreadableFileError(f"{name} is no light curve of SNANA: VARLIST is {names}.")
    lines, words = [line for line, _ in rows], split_columns(names, rows, name)
    mjd, fluxcal, fluxcal_err = (np.array(parse_numbers(words[key], key, lines, name), dtype=float) for key in NEEDED)
    check_times(mjd, lines, name)
    flux, flux_err = (photometry.fluxcal_to_flux(value).value for value in (fluxcal, fluxcal_err))
    known = magnitudes_and_limits(flux, flux_err, 0)
    data = {
        "band": np.array(words[band], dtype=str),
        "kind": np.full(len(mjd), "forced"),
        "flux": flux,
        "flux_err": flux_err,
        "mag": np.where(flux > 0, known["mag"], np.nan),
        "mag_err": np.where(flux > 0, known["mag_err"], np.nan),
    }
    order = np.argsort(mjd, kind="stable")
    columns = {"time": with_description(Time(mjd[order], format="mjd", scale="utc"), TIME)}
    for column, array in data.items():
        columns[column] = COLUMNS[column].column(array[order], null_mask(array[order]))
    return columns, _object_meta(header.get("SNID")) | {"magsys": "AB", "snana": header}


def _object_meta(snid):
    """Return what a file calls its object: a name, or an id of ours."""
    with contextlib.suppress(InvalidTypeError, InvalidInputError):
        return {"atlas_id": check_id(snid), "name": None}
    return {"name": None if snid == UNKNOWN else snid}


def _parsed(text, name):
    """Return the header as a dict, and the words of each observation with the number of its line."""
    header, rows = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        key, colon, rest = line.partition(":")
        key = key.strip()
        if key == "OBS":
            rows.append((number, rest.split()))
        elif key == "END":
            return header, rows
        elif colon and " " not in key and not line.lstrip().startswith("#"):
            header[key] = rest.partition("#")[0].strip()
    if not header:
        raise UnreadableFileError(f"{name} is no file of SNANA: it has no header.")
    return header, rows


def snana_text(light_curve):
    """Return a light curve as such a file, one line an exposure that has a flux.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        It is combined first, so that no exposure counts twice.

    Returns
    -------
    text : str
        The file; ``PHOTFLAG`` is the column ``quality``. Survey and position are those of the file that the light curve
        was read from, if its rows have no position.

    Raises
    ------
    InvalidInputError
        If a band is not one character, or the name not one word, as SNANA wants it, or there is no flux at all.
    """
    rows = light_curve.combined()
    rows = rows[has_flux(rows)]
    bands = string_array(rows, "band")
    if wrong := {band for band in bands.tolist() if len(band) != 1 or band.isspace()}:
        raise InvalidInputError(f"SNANA wants bands of one character, not {', '.join(map(repr, sorted(wrong)))}.")
    if not len(rows):
        raise InvalidInputError("There is no flux to write.")
    header = {
        "SURVEY": light_curve.meta.get("snana", {}).get("SURVEY", "ATLAS"),
        "SNID": _snid(light_curve.meta),
        **_position(light_curve),
        "FILTERS": "".join(sorted(set(bands.tolist()))),
        "NOBS": len(rows),
        "NVAR": len(VARIABLES),
        "VARLIST": " ".join(VARIABLES),
    }
    fluxcal, fluxcal_err = (
        photometry.flux_to_fluxcal(float_array(rows, n) * u.uJy).value for n in ("flux", "flux_err")
    )
    columns = (mjd_values(rows), bands, fluxcal, fluxcal_err, int_array(rows, "quality"))
    lines = [
        f"OBS: {mjd:.7f} {band} {flux:.6g} {err:.6g} {SNANA_ZERO_POINT} {flag}"
        for mjd, band, flux, err, flag in zip(*(column.tolist() for column in columns), strict=True)
    ]
    return "\n".join([*(f"{key}: {value}" for key, value in header.items()), *lines, "END:", ""])


def _snid(meta):
    """Return what to call the object, in one word."""
    snid = str(meta.get("name") or meta.get("atlas_id") or UNKNOWN)
    if snid.split() != [snid] or "#" in snid:
        raise InvalidInputError(
            f"SNANA wants a name of one word, not {snid!r}.", hint='Give it one, as lc.meta["name"] = "2018cow".'
        )
    return snid


def _position(light_curve):
    """Return where the object is: as its detections or forced measurements say, or the file that it is from."""
    if (place := median_position(light_curve)) is not None:
        return {key: f"{degrees:.6f}" for key, degrees in zip(("RA", "DEC"), place, strict=True)}
    header = light_curve.meta.get("snana", {})
    return {key: header[key] for key in POSITION_KEYS if key in header}

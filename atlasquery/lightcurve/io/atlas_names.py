# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Names of columns in text files of ATLAS photometry, and the fields of a light curve that they are.

There are two forms: the results of the forced-photometry server, also as saved by ATClean, and the table
``#expname,mag,filter,mjd,...`` of other pages of ATLAS, whose names are the keys of the transient server. Source: the
description of results of the server, https://fallingstar-data.com/forcedphot/.
"""

import astropy.units as u

from atlasquery.lightcurve.columns import ALL_COLUMNS, COLUMNS, TIME_DESCRIPTION
from atlasquery.schema import DETECTION, FORCED
from atlasquery.schema.field import Float, Integer, Text

__all__ = ["EXPECTED", "FIELDS", "META_NOTES", "OTHER_FIELDS", "fields_of", "is_forced_header", "standard_names"]

# Entries of the meta that have a line above the column names, as in "# images: reduced", and their types.
META_NOTES = {"name": str, "tns_name": str, "atlas_id": int, "images": str}

# By the name of the column in the file: the field of the light curve, and the format of a written value.
FIELDS = {
    "MJD": (Float("mjd", TIME_DESCRIPTION, unit=u.d, required=True), "12.6f"),
    "m": (COLUMNS["mag"], "7.3f"),
    "dm": (COLUMNS["mag_err"], "6.3f"),
    "uJy": (COLUMNS["flux"], "6.0f"),
    "duJy": (COLUMNS["flux_err"], "4.0f"),
    "F": (COLUMNS["band"], "s"),
    "err": (Integer("err", "Error code of the fit, 0 if all went well."), "2d"),
    "chi/N": (COLUMNS["chi_n"], "7.2f"),
    "RA": (ALL_COLUMNS["ra"], "9.5f"),
    "Dec": (ALL_COLUMNS["dec"], "9.5f"),
    "x": (FORCED["x"], "8.2f"),
    "y": (FORCED["y"], "8.2f"),
    "maj": (FORCED["major"], "4.2f"),
    "min": (FORCED["minor"], "4.2f"),
    "phi": (DETECTION["phi"], "5.1f"),
    "apfit": (FORCED["apfit"], "6.3f"),
    "mag5sig": (COLUMNS["limit"], "5.2f"),
    "Sky": (Float("sky", "Brightness of the sky, AB magnitudes per square arcsec.", unit=u.mag / u.arcsec**2), "5.2f"),
    "Obs": (COLUMNS["expname"], "s"),
}
# Columns of some versions of the server, and of ATClean.
OTHER_FIELDS = {
    "ZP": (COLUMNS["zp"], "6.3f"),
    "PA_DEG": (Float("pa", "Position angle of the detector on the sky.", unit=u.deg), "7.3f"),
    "Stack": (Text("stack", "Name of the stack of exposures."), "s"),
    "Mask": (Integer("mask", "Bits of the cuts of ATClean that the row does not pass; 0 if none."), "d"),
}
# Added by users to tables of several objects; not written, as files of the server are of one position.
_ADDED_FIELDS = {"atlas_id": FORCED["atlas_id"]}
_SERVER_FIELDS = _ADDED_FIELDS | {key: field for key, (field, _) in (FIELDS | OTHER_FIELDS).items()}
# In files of 2019 to 2021 the limit stands below `Sky`, and the brightness of the sky below `ZP`.
_EARLY_FIELDS = _SERVER_FIELDS | {"Sky": FIELDS["mag5sig"][0], "ZP": FIELDS["Sky"][0]}

_FLAGS_AND_IDS = ("limiting_mag", "redo_photometry", "atlas_id", "forced_id", "date_inserted")
_KEY_FIELDS = _ADDED_FIELDS | {
    **{field.server_key: ALL_COLUMNS[name] for name, field in FORCED.items() if name not in _FLAGS_AND_IDS},
    "mjd": FIELDS["MJD"][0],
    "mag": FIELDS["m"][0],
    "dm": FIELDS["dm"][0],
    "mag5sig": FIELDS["mag5sig"][0],
}

_REQUIRED = {"MJD", "uJy", "duJy", "F"}
_REQUIRED_KEYS = {"expname", "mjd", "uJy", "duJy", "filter"}
EXPECTED = "MJD, uJy, duJy, F and others, or expname, mjd, filter, uJy, duJy and others"


# By the names in lower case, which some programs write. `F` has other names in tables of programs.
_LOWER_NAMES = {key.lower(): key for key in _SERVER_FIELDS} | {"filter": "F", "filt": "F", "band": "F"}
_LOWER_KEYS = {key.lower(): key for key in _KEY_FIELDS}


def is_forced_header(names):
    """Return whether these are the names of the columns of ATLAS photometry, also in upper or lower case."""
    standard = set(standard_names(names))
    return standard >= _REQUIRED or standard >= _REQUIRED_KEYS


def standard_names(names):
    """Return the names as ATLAS writes them, if other programs have changed their case."""
    for known, required in ((_LOWER_KEYS, _REQUIRED_KEYS), (_LOWER_NAMES, _REQUIRED)):
        if set(form := [_standard_name(name, names, known) for name in names]) >= required:
            return form
    return names


def _standard_name(name, names, known):
    """Return a name as ATLAS writes it; one is kept if the file has the standard name too."""
    standard = known.get(name.lower(), name)
    return standard if standard == name or standard not in names else name


def fields_of(names):
    """Return the fields by the names of the columns of a file, according to its form; it may have other columns too."""
    if not set(names) >= _REQUIRED:
        return _KEY_FIELDS
    is_early = "mag5sig" not in names and {"Sky", "ZP"} <= set(names)
    return _EARLY_FIELDS if is_early else _SERVER_FIELDS

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Errors of columns and attributes that a light curve does not have, with the names that are like them."""

from __future__ import annotations

from atlasquery.utils.near_names import did_you_mean, plain_name

__all__ = ["guess_attribute", "standard_name", "unknown_column"]

# What the server, the forced-photometry service and other packages call a column. Case and separators do not matter.
SYNONYMS = {
    "mjd": "time", "jd": "time", "date": "time", "obstime": "time", "mjd_obs": "time",
    "filter": "band", "filt": "band", "flt": "band", "passband": "band", "bandpass": "band", "F": "band",
    "m": "mag", "magnitude": "mag", "mag_ab": "mag", "ab_mag": "mag",
    "dm": "mag_err", "magerr": "mag_err", "emag": "mag_err", "dmag": "mag_err", "mag_error": "mag_err",
    "sigma_mag": "mag_err", "mag_sigma": "mag_err", "mag_unc": "mag_err", "magnitude_error": "mag_err",
    "uJy": "flux", "flux_uJy": "flux",
    "duJy": "flux_err", "e_uJy": "flux_err", "uJy_err": "flux_err", "fluxerr": "flux_err", "flux_error": "flux_err",
    "eflux": "flux_err", "dflux": "flux_err", "sigma_flux": "flux_err", "flux_sigma": "flux_err",
    "flux_unc": "flux_err", "flux_err_uJy": "flux_err",
    "mag5sig": "limit", "maglim": "limit", "limiting_mag": "limit", "upperlimit": "limit",
}  # fmt: skip
STANDARD_NAMES = {plain_name(name): standard for name, standard in SYNONYMS.items()}
STANDARD_NAMES |= {plain_name(name): name for name in SYNONYMS.values()}

MAX_SHOWN = 12


def standard_name(name):
    """Return what a light curve calls a column that has this name elsewhere, as in upper case; None if unknown."""
    return STANDARD_NAMES.get(plain_name(str(name)))


class UnknownColumnError(KeyError):
    """A column is not there; the message has the names that are like it."""


def unknown_column(error, names):
    """Return the error of a column that is not there; other errors of a key are returned as they are."""
    name = error.args[0] if error.args else None
    if isinstance(error, UnknownColumnError) or not isinstance(name, str) or name in names:
        return error
    return UnknownColumnError(f"there is no column {name!r}{did_you_mean(name, names, SYNONYMS) or _list_names(names)}")


def guess_attribute(light_curve, name):
    """Return the end of a message about an attribute that is not there; a column is not an attribute."""
    if name in vars(light_curve).get("columns", ()):
        return f"; it is a column: lc[{name!r}]"
    return did_you_mean(name, [known for known in dir(type(light_curve)) if not known.startswith("_")])


def _list_names(names):
    shown = ", ".join(names[:MAX_SHOWN]) + (", ..." if len(names) > MAX_SHOWN else "")
    return f"; the columns are {shown}" if names else "; there are no columns"

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Summarize light curves in a table, one row an object: counts, times and peaks."""

from dataclasses import replace

import astropy.units as u
import numpy as np
from astropy.table import QTable

from atlasquery import photometry
from atlasquery.exceptions import InvalidInputError
from atlasquery.inputs.object_ids import id_or_none
from atlasquery.lightcurve.arrays import float_array, int_array, string_array
from atlasquery.lightcurve.assembly import assemble, take
from atlasquery.lightcurve.checks import KEY_FIELD
from atlasquery.lightcurve.combine import select_exposures
from atlasquery.lightcurve.curve_keys import note_key
from atlasquery.lightcurve.exposure_gaps import find_isolated
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.limits import is_detected
from atlasquery.lightcurve.position import is_moving
from atlasquery.lightcurve.rules import RECIPES
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema import OBJECT
from atlasquery.schema.field import Float, Integer

__all__ = ["summarize"]

MIN_PEAK_SIGMA = 5.0  # standard deviations of the flux at a peak
KINDS = {"n_detections": "detection", "n_limits": "limit", "n_forced": "forced"}
REJECTING_RULES = RECIPES["faq"]
INPUT_COLUMNS = dict.fromkeys(
    (
        *("time", "band", "kind", "flux", "flux_err", "mag", "limit", "limit_sigma", "limit_server"),
        *("expname", "quality", "atlas_id", "ra", "dec"),
        *(name for rule in REJECTING_RULES for name in rule.needs),
    )
)
DETECTION = f"detection with a magnitude, or without detections flux of {MIN_PEAK_SIGMA:g} sigma"
ATLAS_ID = replace(OBJECT["atlas_id"], required=False, null="another key")
FIELDS = (
    *(Integer(name, f"Number of rows of kind {kind}.") for name, kind in KINDS.items()),
    Float("first_mjd", f"Time of the first {DETECTION} (UTC).", unit=u.d),
    Float("last_mjd", f"Time of the last {DETECTION} (UTC).", unit=u.d),
    Integer("n_stray", f"Number of isolated exposures with a {DETECTION}."),
)


def summarize(curves):
    """Return the summary of light curves by key; see `~atlasquery.LightCurves.summary`."""
    counts = [_summarize_curve(key, curve) for key, curve in curves.items()]
    ids = [id_or_none(key) for key in curves]
    columns = {} if None not in ids else {KEY_FIELD.name: KEY_FIELD.decode(list(map(str, curves))).column()}
    columns |= {
        "atlas_id": ATLAS_ID.decode(ids).column(),
        "name": OBJECT["name"].decode(_meta_strings(curves, "name")).column(),
        "tns_name": OBJECT["tns_name"].decode(_meta_strings(curves, "tns_name")).column(),
    }
    for field in FIELDS:
        columns[field.name] = field.decode([count[field.name] for count in counts]).column()
    for band in sorted({band for count in counts for band in count["peaks"]}):
        peaks = [count["peaks"].get(band, (None, None, None)) for count in counts]
        for field, values in zip(_peak_fields(band), zip(*peaks, strict=True), strict=True):
            columns[field.name] = field.decode(list(values)).column()
    table = QTable(columns, copy=False)
    for column in table.itercols():
        column.info.format = None if column.info.unit is None else ".2f"  # to fit on a page; the values are exact
    return table


def _meta_strings(curves, key):
    """Return an entry of each ``meta`` as a string or None: users may have set it to a number."""
    values = (curve.meta.get(key) for curve in curves.values())
    return [None if value is None else str(value) for value in values]


def _summarize_curve(key, curve):
    """Return counts, times and peaks of one light curve as a dict; None for a missing value."""
    with note_key(key):
        mjd_values(curve)  # raises for a folded curve
        kinds = row_kinds(curve)
    counts = {name: int((kinds == kind).sum()) for name, kind in KINDS.items()}
    unflagged = _unflagged_rows(curve)
    is_rejected = np.any([_rejected_rows(rule, unflagged) for rule in REJECTING_RULES], axis=0)
    is_detection = is_detected(unflagged) if counts["n_detections"] else _is_bright(unflagged) & ~is_rejected
    mjd = mjd_values(unflagged)[is_detection]
    first, last = (float(mjd.min()), float(mjd.max())) if len(mjd) else (None, None)
    ra, dec = (float_array(unflagged, name)[is_detection] for name in ("ra", "dec"))
    n_isolated = find_isolated(mjd, is_moving=is_moving(mjd, ra, dec))[1] if len(mjd) else 0
    peaks = _find_peaks(unflagged, ~is_rejected, first)
    return counts | {"first_mjd": first, "last_mjd": last, "n_stray": n_isolated, "peaks": peaks}


def _unflagged_rows(curve):
    """Return the rows without flags, with the columns that are used here; a curve without flags as it is."""
    rows = np.flatnonzero(int_array(curve, "quality") == 0)
    if len(rows) == len(curve):
        return curve
    columns = {name: take(curve[name], rows) for name in INPUT_COLUMNS if name in curve.colnames}
    return assemble(type(curve), columns, {})


def _rejected_rows(rule, rows):
    """Return which rows a rule rejects; none if a column has no unit, as one of the user with another meaning."""
    try:
        return rule.check(rows)[1]
    except InvalidInputError:
        return np.zeros(len(rows), dtype=bool)


def _is_bright(rows):
    """Return which rows have a positive flux that is significant enough for a peak."""
    return float_array(rows, "flux") >= MIN_PEAK_SIGMA * float_array(rows, "flux_err")


def _find_peaks(rows, is_accepted, first_mjd):
    """Return magnitude, MJD and rise time of the brightest significant exposure of each band."""
    flux, mag = (float_array(rows, name) for name in ("flux", "mag"))
    if "mag" not in rows.colnames:
        mag = photometry.flux_to_mag(flux * u.uJy).value
    is_candidate = np.zeros(len(rows), dtype=bool)
    is_candidate[select_exposures(rows)[0]] = True
    is_candidate &= _is_bright(rows) & is_accepted & ~np.isnan(mag)
    bands, mjd, peaks = string_array(rows, "band"), mjd_values(rows), {}
    for band in sorted(set(bands[is_candidate].tolist())):
        candidates = np.flatnonzero(is_candidate & (bands == band))
        peak = candidates[np.argmax(flux[candidates])]
        rise = None if first_mjd is None else float(mjd[peak] - first_mjd)
        peaks[band] = float(mag[peak]), float(mjd[peak]), rise
    return peaks


def _peak_fields(band):
    return (
        Float(f"peak_mag_{band}", f"AB magnitude of the brightest good measurement in band {band}.", unit=u.mag),
        Float(f"peak_mjd_{band}", f"Time of the brightest measurement in band {band} (UTC).", unit=u.d),
        Float(f"rise_{band}", f"Time from first_mjd to peak_mjd_{band}.", unit=u.d),
    )

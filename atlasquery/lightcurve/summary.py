# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One row an object: counts, times and peaks of a light curve."""

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.combine import select_exposures
from atlasquery.lightcurve.exposure_gaps import find_isolated
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema.field import Float

__all__ = ["KINDS", "_peak_fields", "summarize"]

SIGNIFICANT = 5.0  # sigma, from where on a measurement may be a peak
KINDS = {"n_detections": "detection", "n_limits": "limit", "n_forced": "forced"}
SUMMARY_COLUMNS = ("time", "band", "kind", "flux", "flux_err", "mag", "expname", "quality", "atlas_id")


def summarize(curve):
    """Return the counts, times and peaks of one light curve; None for what there is not."""
    mjd_values(curve)  # a folded curve has none
    curve = curve[[name for name in SUMMARY_COLUMNS if name in curve.colnames]]  # fifty more would be sorted along
    kinds = string_array(curve, "kind")
    facts = {name: int((kinds == kind).sum()) for name, kind in KINDS.items()}
    good = curve[float_array(curve, "quality") == 0] if "quality" in curve.colnames else curve
    seen = mjd_values(good)[(string_array(good, "kind") == "detection") & (float_array(good, "flux") > 0)]
    first, last = (float(seen.min()), float(seen.max())) if len(seen) else (None, None)
    n_stray = find_isolated(seen)[1] if len(seen) else 0
    return facts | {"first_mjd": first, "last_mjd": last, "n_stray": n_stray, "peaks": _peaks(good, first)}


def _peaks(rows, first):
    """Return magnitude, time and rise of the brightest significant exposure in each band."""
    flux, flux_err, mag = (float_array(rows, name) for name in ("flux", "flux_err", "mag"))
    if "mag" not in rows.colnames:
        mag = photometry.flux_to_mag(flux * u.uJy).value
    may_be = np.zeros(len(rows), dtype=bool)
    may_be[select_exposures(rows)[0]] = True
    may_be &= (flux >= SIGNIFICANT * flux_err) & ~np.isnan(mag)
    bands, mjd, peaks = string_array(rows, "band"), mjd_values(rows), {}
    for band in sorted(set(bands[may_be].tolist())):
        of_band = np.flatnonzero(may_be & (bands == band))
        peak = of_band[np.argmax(flux[of_band])]
        peaks[band] = float(mag[peak]), float(mjd[peak]), None if first is None else float(mjd[peak] - first)
    return peaks


def _peak_fields(band):
    return (
        Float(f"peak_mag_{band}", f"AB magnitude of the brightest measurement in {band}.", unit=u.mag),
        Float(f"peak_mjd_{band}", "Its time (UTC).", unit=u.d),
        Float(f"rise_{band}", "How long it is after first_mjd.", unit=u.d),
    )

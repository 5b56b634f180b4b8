# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One row an object: counts, times and peaks of a light curve."""

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.lightcurve.arrays import numbers, texts
from atlasquery.lightcurve.combine import chosen_rows
from atlasquery.lightcurve.exposure_gaps import stray
from atlasquery.lightcurve.times import mjds
from atlasquery.schema.field import Float

__all__ = ["KINDS", "_facts", "_peak_fields"]

SIGNIFICANT = 5.0  # sigma, from where on a measurement may be a peak
KINDS = {"n_detections": "detection", "n_limits": "limit", "n_forced": "forced"}
LOOKED_AT = ("time", "band", "kind", "flux", "flux_err", "mag", "expname", "quality", "atlas_id")


def _facts(curve):
    """Return the counts, times and peaks of one light curve; None for what there is not."""
    mjds(curve)  # a folded curve has none
    curve = curve[[name for name in LOOKED_AT if name in curve.colnames]]  # fifty more would be sorted along
    kinds = texts(curve, "kind")
    facts = {name: int((kinds == kind).sum()) for name, kind in KINDS.items()}
    good = curve[numbers(curve, "quality") == 0] if "quality" in curve.colnames else curve
    seen = mjds(good)[(texts(good, "kind") == "detection") & (numbers(good, "flux") > 0)]
    first, last = (float(seen.min()), float(seen.max())) if len(seen) else (None, None)
    n_stray = stray(seen)[1] if len(seen) else 0
    return facts | {"first_mjd": first, "last_mjd": last, "n_stray": n_stray, "peaks": _peaks(good, first)}


def _peaks(rows, first):
    """Return magnitude, time and rise of the brightest significant exposure in each band."""
    flux, flux_err, mag = (numbers(rows, name) for name in ("flux", "flux_err", "mag"))
    if "mag" not in rows.colnames:
        mag = photometry.flux_to_mag(flux * u.uJy).value
    may_be = np.zeros(len(rows), dtype=bool)
    may_be[chosen_rows(rows)[0]] = True
    may_be &= (flux >= SIGNIFICANT * flux_err) & ~np.isnan(mag)
    bands, mjd, peaks = texts(rows, "band"), mjds(rows), {}
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

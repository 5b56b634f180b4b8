# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Known problems of the survey's data that a single row does not show."""

import numpy as np

from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.images import images_of
from atlasquery.lightcurve.rules import SATURATION_FLUX, SATURATION_MAG
from atlasquery.lightcurve.times import MJD, mjd_values, time_axis

__all__ = ["TEMPLATE_CHANGES", "find_problems"]

TEMPLATE_CHANGES = (58417, 58882)  # MJD, from the FAQ of the forced-photometry server


def find_problems(light_curve):
    """Yield a description of each known problem of a light curve."""
    flux = float_array(light_curve, "flux")
    is_folded = time_axis(light_curve) is not MJD  # phases have no dates
    has_no_template = images_of(light_curve.meta) == "reduced"
    mjd_with_flux = np.array([]) if is_folded or has_no_template else mjd_values(light_curve)[~np.isnan(flux)]
    for mjd in TEMPLATE_CHANGES:
        if len(mjd_with_flux) and mjd_with_flux.min() < mjd <= mjd_with_flux.max():
            yield f"The template changed at MJD {mjd}, between the measurements: a flux step there may not be real."
    if count := 0 if is_folded else _count_shared_times(light_curve):
        yield f"{count} exposures have the same time as another one of their site: their times are unreliable."
    if count := int((flux >= SATURATION_FLUX).sum()):
        yield f"{count} fluxes are brighter than magnitude {SATURATION_MAG:g}, where the detectors saturate."


def _count_shared_times(light_curve):
    """Return the number of exposures that have the same time as another exposure of their site."""
    mjd = mjd_values(light_curve)
    order = np.argsort(mjd, kind="stable")
    is_next_equal = np.diff(mjd[order]) == 0
    rows = np.sort(order[np.append(is_next_equal, False) | np.append(False, is_next_equal)]) if len(mjd) else order
    names, sites = (string_array(light_curve, name)[rows].tolist() for name in ("expname", "site"))
    exposures = {item for item in zip(names, sites, mjd[rows].tolist(), strict=True) if item[0]}
    counts = np.unique([f"{site} {mjd!r}" for _, site, mjd in exposures], return_counts=True)[1]
    return int(counts[counts > 1].sum())

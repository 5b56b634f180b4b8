# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is known to go wrong with the survey's data, where no single row is to blame."""

import numpy as np

from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.rules import SATURATION_FLUX, SATURATION_MAG
from atlasquery.lightcurve.times import MJD, mjd_values, time_axis

__all__ = ["TEMPLATE_CHANGES", "find_problems"]

TEMPLATE_CHANGES = (58417, 58882)  # MJD, from the list of questions of the forced-photometry server


def find_problems(light_curve):
    """Yield, in words, what is to be known of this light curve.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        What to look at.

    Yields
    ------
    trouble : str
        One sentence or two.
    """
    flux = float_array(light_curve, "flux")
    is_folded = time_axis(light_curve) is not MJD  # then nobody knows when it was
    measured = np.array([]) if is_folded else mjd_values(light_curve)[~np.isnan(flux)]
    for mjd in TEMPLATE_CHANGES:
        if len(measured) and measured.min() < mjd <= measured.max():
            yield f"The template changed at MJD {mjd}, within the measurements: a step there is not of the source."
    if count := 0 if is_folded else _count_shared_times(light_curve):
        yield f"{count} exposures have the same time as another one of their site: their times are not to be trusted."
    if count := int((flux >= SATURATION_FLUX).sum()):
        yield f"{count} fluxes are brighter than magnitude {SATURATION_MAG:g}, where the detectors saturate."


def _count_shared_times(light_curve):
    """Return how many exposures share their time with another exposure of the same site."""
    names, sites = string_array(light_curve, "expname"), string_array(light_curve, "site")
    rows = {
        (name, site, mjd)
        for name, site, mjd in zip(names.tolist(), sites.tolist(), mjd_values(light_curve).tolist(), strict=True)
        if name
    }
    counts = np.unique([f"{site} {mjd!r}" for _, site, mjd in rows], return_counts=True)[1]
    return int(counts[counts > 1].sum())

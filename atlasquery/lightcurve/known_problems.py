# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is known to go wrong with the survey's data, where no single row is to blame."""

import numpy as np

from atlasquery.lightcurve.arrays import numbers, texts
from atlasquery.lightcurve.rules import BRIGHT, SATURATED
from atlasquery.lightcurve.times import MJD, mjds, scale

__all__ = ["TEMPLATE_CHANGES", "troubles"]

TEMPLATE_CHANGES = (58417, 58882)  # MJD, from the list of questions of the forced-photometry server


def troubles(light_curve):
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
    flux = numbers(light_curve, "flux")
    is_folded = scale(light_curve) is not MJD  # then nobody knows when it was
    measured = np.array([]) if is_folded else mjds(light_curve)[~np.isnan(flux)]
    for mjd in TEMPLATE_CHANGES:
        if len(measured) and measured.min() < mjd <= measured.max():
            yield f"The template changed at MJD {mjd}, within the measurements: a step there is not of the source."
    if count := 0 if is_folded else _same_times(light_curve):
        yield f"{count} exposures have the same time as another one of their site: their times are not to be trusted."
    if count := int((flux >= SATURATED).sum()):
        yield f"{count} fluxes are brighter than magnitude {BRIGHT:g}, where the detectors saturate."


def _same_times(light_curve):
    """Return how many exposures share their time with another exposure of the same site."""
    names, sites = texts(light_curve, "expname"), texts(light_curve, "site")
    rows = {
        (name, site, mjd)
        for name, site, mjd in zip(names.tolist(), sites.tolist(), mjds(light_curve).tolist(), strict=True)
        if name
    }
    counts = np.unique([f"{site} {mjd!r}" for _, site, mjd in rows], return_counts=True)[1]
    return int(counts[counts > 1].sum())

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which exposures stand alone, far from all others, and so are rarely of the object.

Most of a transient is one group, and what lies far from it is rarely of it; every season of a variable star matters.
"""

import numpy as np

from atlasquery.lightcurve.exposure_gaps import runs

__all__ = ["stray"]

LONELY = 60.0  # days around an exposure without another one
SHARE = 0.05  # of the exposures of the largest group
OUTSHONE = 0.15  # of the exposures of the largest group, if that has most of all
MOST = 2 / 3  # of all exposures
SAME_EXPOSURE = 10 / 86400  # days; exposures of 30 s follow each other more slowly


def stray(mjd):
    """Return which rows are stray, and of how many exposures they are.

    Parameters
    ----------
    mjd : `~numpy.ndarray`, shape (n,)
        Times of the rows, at least one.

    Returns
    -------
    is_stray : `~numpy.ndarray` of bool, shape (n,)
        Never true for all.
    n_exposures : int
        What was detected and forced is one exposure still.
    """
    once = np.unique(runs(mjd, SAME_EXPOSURE), return_index=True)[1]
    run = runs(mjd, LONELY)
    exposures = np.bincount(run[once])
    share = OUTSHONE if exposures.max() >= MOST * exposures.sum() else SHARE
    is_stray = exposures < max(share * exposures.max(), min(2, exposures.max()))
    return is_stray[run], int(exposures[is_stray].sum())

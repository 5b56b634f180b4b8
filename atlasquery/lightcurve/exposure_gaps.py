# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Nights, told apart by the gaps between exposures.

The date of an exposure does not tell its night: midnight UTC is noon in Hawaii, but the evening in Chile.
"""

import numpy as np

__all__ = ["NIGHT", "runs", "stray"]

NIGHT = 0.4  # days without an exposure that end a night; no night is that long at a site of the survey
LONELY = 60.0  # days around an exposure without another one
SHARE = 0.05  # of the exposures of the largest group
OUTSHONE = 0.15  # of the exposures of the largest group, if that has most of all
MOST = 2 / 3  # of all exposures
SAME_EXPOSURE = 10 / 86400  # days; exposures of 30 s follow each other more slowly


def runs(mjd, gap):
    """Return to which run each time belongs: one ends where the next time is more than a gap later.

    Parameters
    ----------
    mjd : `~numpy.ndarray` of float, shape (n,)
        Times in days, in any order.
    gap : float
        Days without anything that end a run.

    Returns
    -------
    numbers : `~numpy.ndarray` of int, shape (n,)
        The number of the run, from 0, in the order of time.

    Examples
    --------
    >>> from atlasquery.lightcurve.exposure_gaps import runs
    >>> runs([58285.99, 58286.01, 58290.0, 58285.97], 0.4)
    array([0, 0, 1, 0])
    """
    mjd = np.asarray(mjd, dtype=float)
    order = np.argsort(mjd, kind="stable")
    numbers = np.empty(len(mjd), dtype=int)
    numbers[order] = np.cumsum(np.diff(mjd[order], prepend=-np.inf) > gap) - 1
    return numbers


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

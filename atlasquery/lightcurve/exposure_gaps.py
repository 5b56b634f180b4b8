# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Nights, told apart by the gaps between exposures.

The date of an exposure does not tell its night: midnight UTC is noon in Hawaii, but the evening in Chile.
"""

import numpy as np

__all__ = ["NIGHT_GAP", "find_isolated", "group_by_gaps"]

NIGHT_GAP = 0.4  # days without an exposure that end a night; no night is that long at a site of the survey
ISOLATION_DAYS = 60.0  # days around an exposure without another one
MINOR_GROUP_SHARE = 0.05  # of the exposures of the largest group
MINOR_GROUP_SHARE_OF_TRANSIENT = 0.15  # of the exposures of the largest group, if that has most of all
MOST = 2 / 3  # of all exposures
SAME_EXPOSURE = 10 / 86400  # days; exposures of 30 s follow each other more slowly


def group_by_gaps(mjd, gap):
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
    >>> from atlasquery.lightcurve.exposure_gaps import group_by_gaps
    >>> group_by_gaps([58285.99, 58286.01, 58290.0, 58285.97], 0.4)
    array([0, 0, 1, 0])
    """
    mjd = np.asarray(mjd, dtype=float)
    order = np.argsort(mjd, kind="stable")
    numbers = np.empty(len(mjd), dtype=int)
    numbers[order] = np.cumsum(np.diff(mjd[order], prepend=-np.inf) > gap) - 1
    return numbers


def find_isolated(mjd):
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
    once = np.unique(group_by_gaps(mjd, SAME_EXPOSURE), return_index=True)[1]
    run = group_by_gaps(mjd, ISOLATION_DAYS)
    exposures = np.bincount(run[once])
    share = MINOR_GROUP_SHARE_OF_TRANSIENT if exposures.max() >= MOST * exposures.sum() else MINOR_GROUP_SHARE
    is_stray = exposures < max(share * exposures.max(), min(2, exposures.max()))
    return is_stray[run], int(exposures[is_stray].sum())

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Split exposures into nights by the gaps between them, and find isolated ones.

The UTC date does not identify the night: 0h UTC is 14h local time in Hawaii, but 21h in Chile.
"""

import numpy as np

__all__ = ["NIGHT_GAP", "find_isolated", "group_by_gaps"]

NIGHT_GAP = 0.4  # days without an exposure that end a night; longer than the gaps within a night at any site
ISOLATION_DAYS = 60.0  # days between an isolated group of exposures and the nearest other exposure
MINOR_GROUP_SHARE = 0.05  # of the exposures of the largest group
MINOR_GROUP_SHARE_OF_TRANSIENT = 0.15  # the same, if the largest group has most of all exposures
TRANSIENT_SHARE = 2 / 3  # of all exposures; a larger group is typical of a transient
MAX_ISOLATED_SHARE = 1 / 2  # of all exposures; where more are far apart, that is how the object is seen
SAME_EXPOSURE_DAYS = 10 / 86400  # exposures of 30 s are at least that far apart


def group_by_gaps(mjd, gap):
    """Return group numbers of times, from 0 in order of time; a group ends at a gap longer than ``gap`` (days).

    The times of shape (n,) may have any order; the result is an array of int of the same shape.
    """
    mjd = np.asarray(mjd, dtype=float)
    order = np.argsort(mjd, kind="stable")
    groups = np.empty(len(mjd), dtype=int)
    groups[order] = np.cumsum(np.diff(mjd[order], prepend=-np.inf) > gap) - 1
    return groups


def find_isolated(mjd, *, is_moving=False):
    """Return which of at least one row are of isolated exposures, which rarely belong to the object.

    None are isolated where most would be, or if the object moves: it is seen for a night, and then elsewhere.

    Returns
    -------
    is_isolated : `~numpy.ndarray` of bool, shape (n,)
        Never True for all rows.
    n_exposures : int
        Number of isolated exposures; several rows of one exposure count once.
    """
    exposures = np.unique(group_by_gaps(mjd, SAME_EXPOSURE_DAYS), return_index=True)[1]
    groups = group_by_gaps(mjd, ISOLATION_DAYS)
    sizes = np.bincount(groups[exposures])
    has_main_group = sizes.max() >= TRANSIENT_SHARE * sizes.sum()
    share = MINOR_GROUP_SHARE_OF_TRANSIENT if has_main_group else MINOR_GROUP_SHARE
    is_minor = sizes < max(share * sizes.max(), min(2, sizes.max()))
    if is_moving or sizes[is_minor].sum() > MAX_ISOLATED_SHARE * sizes.sum():
        is_minor[:] = False
    return is_minor[groups], int(sizes[is_minor].sum())

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Nights, told apart by the gaps between exposures.

The date of an exposure does not tell its night: midnight UTC is noon in Hawaii, but the evening in Chile.
"""

import numpy as np

__all__ = ["NIGHT", "runs"]

NIGHT = 0.4  # days without an exposure that end a night; no night is that long at a site of the survey


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

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Exposures that stand alone are found; the seasons of a variable star are not."""

import numpy as np
import pytest

from atlasquery.lightcurve.exposure_gaps import find_isolated

MONTH = np.arange(60000.0, 60030.0)
SEASONS = np.concatenate([59000 + 365 * year + np.arange(30) for year in range(4)])


@pytest.mark.parametrize(
    ("mjd", "expected", "count"),
    [
        (MONTH, [], 0),
        ([59000.0, *MONTH], [0], 1),
        ([*MONTH, 60500.0, 60500.00001], [30, 31], 1),  # detected and forced in one exposure
        (SEASONS, [], 0),
        ([*SEASONS, 58500.0], [120], 1),
        ([60000.0], [], 0),
        ([60000.0, 60100.0], [], 0),  # nobody knows which
        ([60000.0, 60100.0, 60101.0], [0], 1),
        ([*MONTH, *(59000.0 + np.arange(5))], [], 0),
    ],
)
def test_what_stands_alone(mjd, expected, count):
    is_stray, n_exposures = find_isolated(np.array(mjd))
    assert (np.flatnonzero(is_stray).tolist(), n_exposures) == (expected, count)

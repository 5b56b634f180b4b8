# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Groups of exposures, and isolated exposures; seasons of a variable star are not isolated."""

import numpy as np
import pytest

from atlasquery.lightcurve.exposure_gaps import find_isolated, group_by_gaps

MONTH = np.arange(60000.0, 60030.0)
SEASONS = np.concatenate([59000 + 365 * year + np.arange(30) for year in range(4)])


def test_groups_end_at_gaps_and_are_numbered_in_order_of_time():
    assert group_by_gaps([58285.99, 58286.01, 58290.0, 58285.97], 0.4).tolist() == [0, 0, 1, 0]
    assert group_by_gaps([], 0.4).tolist() == []


@pytest.mark.parametrize(
    ("mjd", "expected", "count"),
    [
        (MONTH, [], 0),
        ([59000.0, *MONTH], [0], 1),
        ([*MONTH, 60500.0, 60500.00001], [30, 31], 1),  # two rows of one exposure
        (SEASONS, [], 0),
        ([*SEASONS, 58500.0], [120], 1),
        ([60000.0], [], 0),
        ([60000.0, 60100.0], [], 0),  # either may be the transient
        ([60000.0, 60100.0, 60101.0], [0], 1),
        ([*MONTH, *(59000.0 + np.arange(5))], [], 0),
    ],
)
def test_isolated_exposures(mjd, expected, count):
    is_isolated, n_exposures = find_isolated(np.array(mjd))
    assert (np.flatnonzero(is_isolated).tolist(), n_exposures) == (expected, count)

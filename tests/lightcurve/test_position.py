# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Median position of an object, and the warning about limits of another part of the sky."""

import json
import warnings

import astropy.units as u
import numpy as np
import pytest

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.position import median_position


@pytest.mark.parametrize(
    ("ra", "dec", "median"),
    [
        ([10.0, 12.0, 11.0], [-5.0, -7.0, -6.0], (11, -6)),
        ([359.0, 2.0, 3.0], [1.0, 1.0, 1.0], (2, 1)),
        ([1.0, 358.0, 357.0], [1.0, 1.0, 1.0], (358, 1)),
        ([10.0, np.nan, 90.0], [1.0, 1.0, np.nan], (10, 1)),
        ([10.0, np.nan, np.nan], [np.nan, 1.0, 1.0], None),
    ],
)
def test_median_position_across_ra_0_and_with_nulls(ra, dec, median):
    times = ["2026-11-01", "2026-11-02", "2026-11-03"]
    lc = LightCurve(time=times, data={"ra": ra * u.deg, "dec": dec * u.deg})
    assert median_position(lc) == (None if median is None else pytest.approx(median))
    assert median_position(lc["time",]) is None


@pytest.mark.parametrize(
    ("ra", "dec", "pointing"),
    [
        (0.1, 12.3, "SV003N10"),
        (0.1, 12.3, "SV358N10"),
        (0.1, 31.8, "SY360N34"),
        (206.9, -9.2, "TA205S09"),
        (120.0, 89.0, "TA300N88"),
        (206.9, -9.2, "OPonequad"),
        (206.9, -9.2, "OPP59689"),
        (206.9, -9.2, ""),
        (206.9, -9.2, None),
        (None, None, "SM177N15"),
    ],
)
def test_limits_near_the_object_give_no_warning(make, ra, dec, pointing):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lc = LightCurve.from_record(make.record(lcnondets=[make.limit(1.0, pointing=pointing)], ra=ra, dec=dec))
    assert len(lc) == 1


@pytest.mark.parametrize(("ra", "dec", "pointing"), [(0.1, 12.3, "SM177N15"), (10.0, -20.0, "TA010N20")])
def test_distant_limits_give_a_warning_and_are_kept(make, ra, dec, pointing):
    rows = [make.limit(1.0, pointing=pointing), make.limit(2.0, pointing=pointing), make.limit(3.0, pointing=None)]
    with pytest.warns(DataQualityWarning, match=f"2 of the 3 limits of ATLAS18qqn .* {pointing}"):
        lc = LightCurve.from_record(make.record(lcnondets=rows, ra=ra, dec=dec))
    assert len(lc.limits) == 3


def test_the_recorded_object_at_ra_0_gives_a_warning(shared_data):
    exchange = json.loads((shared_data / "recorded" / "objects_ra_wrap_straddle.json").read_text())
    (record,) = exchange["body"]
    with pytest.warns(DataQualityWarning, match="SM177N15"):
        lc = LightCurve.from_record(record)
    assert len(lc.limits) == len(record["lcnondets"])

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Limits of another part of the sky are warned of, and kept."""

import json
import warnings

import pytest

from atlasquery.exceptions import DataQualityWarning
from atlasquery.lightcurve import LightCurve


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
def test_limits_of_the_right_sky_are_not_warned_of(make, ra, dec, pointing):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lc = LightCurve.from_record(make.record(lcnondets=[make.limit(1.0, pointing=pointing)], ra=ra, dec=dec))
    assert len(lc) == 1


@pytest.mark.parametrize(("ra", "dec", "pointing"), [(0.1, 12.3, "SM177N15"), (10.0, -20.0, "TA010N20")])
def test_limits_of_another_sky_are_warned_of_and_kept(make, ra, dec, pointing):
    rows = [make.limit(1.0, pointing=pointing), make.limit(2.0, pointing=pointing), make.limit(3.0, pointing=None)]
    with pytest.warns(DataQualityWarning, match=f"2 of the 3 limits of ATLAS18qqn .* {pointing}"):
        lc = LightCurve.from_record(make.record(lcnondets=rows, ra=ra, dec=dec))
    assert len(lc.limits) == 3


def test_the_recorded_object_at_ra_0(shared_data):
    exchange = json.loads((shared_data / "recorded" / "objects_ra_wrap_straddle.json").read_text())
    (record,) = exchange["body"]
    with pytest.warns(DataQualityWarning, match="SM177N15"):
        lc = LightCurve.from_record(record)
    assert len(lc.limits) == len(record["lcnondets"])

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Times in other scales, and phases of folded curves."""

import io

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves
from constants import COW


@pytest.mark.parametrize(
    "call",
    [
        lambda lc: lc.bin_nightly(),
        lambda lc: lc.bin(1 * u.d),
        lambda lc: lc.to_sncosmo(),
        lambda lc: lc.write(io.StringIO(), format="snana"),
        lambda lc: lc.forced.write(io.StringIO(), format="atlas.forced"),
        lambda lc: LightCurves({COW: lc}).summary(),
    ],
)
def test_methods_that_need_times_reject_phases(folded, call):
    with pytest.raises(InvalidInputError, match=r"`time`.*phases"):
        call(folded)


@pytest.mark.filterwarnings("ignore:Rules of")
def test_flags_and_limits_accept_phases(folded):
    flagged = folded.flag("atclean").flag("server").flag("saturation")
    assert flagged["quality"].tolist() == [0] * 8
    assert len(flagged.good().combined().at_significance(3)) == 8
    assert folded.check_quality() == []


def test_results_for_a_folded_curve_are_copies(folded):
    before = repr(folded)
    folded.at_significance(3)["flux"][:] = 0 * u.uJy
    folded.flag([True] * 8)["flux"][:] = 0 * u.uJy
    assert repr(folded) == before


def test_a_folded_curve_cannot_be_written(folded, tmp_path):
    with pytest.raises(InvalidInputError, match=r"`time`.*phases"):
        folded.write(tmp_path / "curve.fits")


def test_times_in_another_scale_are_converted_to_utc():
    time = Time([58285.0, 58286.0], format="mjd", scale="tdb")
    data = {"band": ["o", "o"], "flux": [1.0, 2.0] * u.uJy, "flux_err": [1.0, 1.0] * u.uJy}
    lc = LightCurve(time=time, data=data)
    assert lc.bin_nightly().time.mjd == pytest.approx(time.utc.mjd, abs=1e-9)
    assert np.allclose(lc.to_sncosmo()["time"], time.utc.mjd, rtol=0, atol=1e-9)

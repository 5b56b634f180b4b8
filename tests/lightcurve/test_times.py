# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Times of other scales, and phases of folded curves, in everything that asks when it was."""

import io

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves


@pytest.fixture(params=[False, True])
def folded(lc, request):
    return lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"), normalize_phase=request.param)


@pytest.mark.parametrize(
    "call",
    [
        lambda lc: lc.bin_nightly(),
        lambda lc: lc.bin(1 * u.d),
        lambda lc: lc.to_sncosmo(),
        lambda lc: lc.write(io.StringIO(), format="snana"),
        lambda lc: lc.forced.write(io.StringIO(), format="atlas.forced"),
        lambda lc: LightCurves({1161600211221604900: lc}).summary(),
    ],
)
def test_what_needs_times_refuses_phases(folded, call):
    with pytest.raises(InvalidInputError, match="are phases"):
        call(folded)


@pytest.mark.filterwarnings("ignore:Rules of")
def test_flags_and_limits_do_not_need_times(folded):
    flagged = folded.flag("atclean").flag("server").flag("saturation")
    assert flagged["quality"].tolist() == [0] * 8
    assert len(flagged.good().combined().at_significance(3)) == 8
    assert folded.check_quality() == []


def test_what_is_made_of_a_folded_curve_is_a_copy(folded):
    before = repr(folded)
    folded.at_significance(3)["flux"][:] = 0 * u.uJy
    folded.flag([True] * 8)["flux"][:] = 0 * u.uJy
    assert repr(folded) == before


def test_a_folded_curve_is_not_written(folded, tmp_path):
    with pytest.raises(InvalidInputError, match="are phases"):
        folded.write(tmp_path / "curve.fits")


def test_a_time_of_another_scale_is_taken_as_utc():
    time = Time([58285.0, 58286.0], format="mjd", scale="tdb")
    data = {"band": ["o", "o"], "flux": [1.0, 2.0] * u.uJy, "flux_err": [1.0, 1.0] * u.uJy}
    lc = LightCurve(time=time, data=data)
    assert lc.bin_nightly().time.mjd == pytest.approx(time.utc.mjd, abs=1e-9)
    assert np.allclose(lc.to_sncosmo()["time"], time.utc.mjd, rtol=0, atol=1e-9)

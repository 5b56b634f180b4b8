# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Uncertainties that are too small: found from control light curves, and added in quadrature."""

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery import LightCurve, LightCurves
from atlasquery.exceptions import InvalidInputError, InvalidTypeError

START = 61000.0


def control(seed, scatter, flux_err=20.0, n=2000, band="o", **columns):
    """Return a light curve of nothing, which scatters more than it says."""
    flux = np.random.default_rng(seed).normal(0.0, scatter, n)
    data = {"band": [band] * n, "flux": flux * u.uJy, "flux_err": np.full(n, flux_err) * u.uJy}
    return LightCurve(time=Time(START + np.arange(n), format="mjd"), data=data | columns)


@pytest.fixture
def curve():
    return LightCurve(
        time=Time(START + np.arange(4), format="mjd"),
        data={
            "band": ["o", "o", "c", "o"],
            "flux": [100.0, -40.0, 50.0, np.nan] * u.uJy,
            "flux_err": [20.0, 30.0, 10.0, np.nan] * u.uJy,
        },
    )


@pytest.mark.parametrize("values", [(np.inf, 20.0), (0.0, np.inf), (0.0, 0.0), (0.0, 161.0)])
def test_what_is_not_measured_well_tells_nothing(curve, values):
    good, spoilt = control(1, 25.0), control(1, 25.0)
    spoilt["flux"][::3], spoilt["flux_err"][::3] = values * u.uJy
    left = good[np.arange(len(good)) % 3 != 0]
    extras = [curve[:1].with_extra_uncertainty(each).meta["extra_uncertainty"] for each in (spoilt, left)]
    assert extras[0] == extras[1]


def test_the_excess_of_the_scatter_is_added_band_by_band(curve):
    controls = [control(1, 25.0), control(2, 30.0, flux_err=10.0, band="c")]
    wider = curve.with_extra_uncertainty(controls)
    extra = wider.meta["extra_uncertainty"]
    # The standard deviation of 2,000 fluxes is good to 1.6 per cent, its excess to about 4.
    assert extra["o"] == pytest.approx(15.0, rel=0.15)
    assert extra["c"] == pytest.approx(np.sqrt(30.0**2 - 10.0**2), rel=0.05)
    expected = np.hypot([20.0, 30.0, 10.0], [extra["o"], extra["o"], extra["c"]])
    assert np.allclose(wider["flux_err"].value[:3].unmasked, expected, rtol=1e-14)
    assert wider["flux_err"].mask.tolist() == [False, False, False, True]
    assert wider["flux"].value[:3].tolist() == [100.0, -40.0, 50.0]
    assert "extra_uncertainty" not in curve.meta
    assert curve["flux_err"].value[0] == 20.0


def test_against_the_formula(curve):
    quiet = control(3, 22.0, n=400)
    flux = quiet["flux"].value
    while len(flux) != len(kept := flux[np.abs(flux - np.median(flux)) <= 3 * flux.std()]):
        flux = kept
    wider = curve[[0]].with_extra_uncertainty(quiet)
    assert wider.meta["extra_uncertainty"]["o"] == pytest.approx(np.sqrt(flux.std() ** 2 - 20.0**2), rel=1e-12)


def test_magnitudes_and_limits_follow(curve):
    wider = curve.with_extra_uncertainty([control(1, 60.0), control(2, 10.0, flux_err=10.0, band="c")], n_sigma=3)
    assert curve.at_significance(3)["mag"].mask.tolist() == [False, True, False, True]
    assert wider["mag"].mask.tolist() == [True, True, False, True]  # 100 uJy are no longer 3 sigma
    assert wider["limit"].value[0] == pytest.approx(23.9 - 2.5 * np.log10(3 * wider["flux_err"].value[0]))
    assert wider.meta["n_sigma"] == 3.0


def test_the_median_over_the_controls(curve):
    each = [control(seed, scatter) for seed, scatter in ((1, 25.0), (2, 26.0), (3, 200.0))]
    alone = [curve[[0]].with_extra_uncertainty(one).meta["extra_uncertainty"]["o"] for one in each]
    assert curve[[0]].with_extra_uncertainty(each).meta["extra_uncertainty"]["o"] == sorted(alone)[1]
    by_id = LightCurves({1161600211221604900 + n: one for n, one in enumerate(each)})
    assert curve[[0]].with_extra_uncertainty(by_id).meta["extra_uncertainty"]["o"] == sorted(alone)[1]


def test_scatter_that_is_not_larger_adds_nothing(curve):
    wider = curve[[0]].with_extra_uncertainty(control(1, 10.0))
    assert wider.meta["extra_uncertainty"] == {"o": 0.0}
    assert wider["flux_err"][0] == 20.0 * u.uJy


def test_what_is_hopeless_does_not_count(curve):
    good = control(1, 25.0, chi_n=np.ones(2000))
    bad = control(2, 25.0, chi_n=np.ones(2000))
    bad["flux"][:30] = 4000.0 * u.uJy
    bad["chi_n"][:15] = 25.0
    bad["flux_err"][15:30] = 300.0 * u.uJy
    cut = bad[30:]
    of_bad, of_cut, of_good = (
        curve[[0]].with_extra_uncertainty(one).meta["extra_uncertainty"]["o"] for one in (bad, cut, good)
    )
    assert of_bad == of_cut
    assert of_bad == pytest.approx(of_good, rel=0.2)


def test_only_one_row_of_an_exposure_counts(curve):
    one = control(1, 25.0, n=50, expname=[f"02a61000o{n:04d}o" for n in range(50)], kind=["forced"] * 50)
    twice = one[np.tile(np.arange(50), 2)]
    twice["flux"][50:] = 0.0 * u.uJy
    twice["flux_err"][50:] = 21.0 * u.uJy
    extras = [curve[[0]].with_extra_uncertainty(curves).meta["extra_uncertainty"] for curves in (one, twice)]
    assert extras[0] == extras[1]


def test_controls_need_not_be_of_the_same_class(curve):
    class Mine(LightCurve):
        pass

    wider = Mine(curve[[0]]).with_extra_uncertainty(control(1, 25.0))
    assert type(wider) is Mine


def test_twice_is_refused(curve):
    wider = curve[[0]].with_extra_uncertainty(control(1, 25.0))
    with pytest.raises(InvalidInputError, match="added already"):
        wider.with_extra_uncertainty(control(1, 25.0))


def test_a_band_without_controls_is_refused(curve):
    with pytest.raises(InvalidInputError, match="None of the 2 controls has 10 good measurements in the band 'c'"):
        curve.with_extra_uncertainty([control(1, 25.0), control(2, 25.0, n=9, band="c")])
    with pytest.raises(InvalidInputError, match="None of the 0 controls"):
        curve.with_extra_uncertainty([])


@pytest.mark.parametrize("controls", ["controls.txt", 3, [3], {"a": "b"}])
def test_what_is_no_light_curve_is_refused(curve, controls):
    with pytest.raises(InvalidTypeError, match="are to be light curves"):
        curve.with_extra_uncertainty(controls)


def test_real_measurements(real):
    """The formula once more, on measurements as they come: outliers, failed fits, limits without a flux."""
    orange = real[real["band"] == "o"]
    rows = orange.combined()
    flux, flux_err, chi_n = (np.asarray(rows[name].filled(np.nan)) for name in ("flux", "flux_err", "chi_n"))
    good = (flux_err <= 160) & ~(chi_n >= 20) & ~np.isnan(flux)
    flux, flux_err = flux[good], flux_err[good]
    while len(flux) != len(kept := flux[np.abs(flux - np.median(flux)) <= 3 * flux.std()]):
        flux = kept
    expected = np.sqrt(flux.std() ** 2 - np.median(flux_err) ** 2)
    extra = orange.with_extra_uncertainty(orange).meta["extra_uncertainty"]["o"]
    print(f"{good.sum()} good fluxes, {len(flux)} after clipping: {extra:.2f} uJy, with numpy {expected:.2f} uJy")
    assert extra == pytest.approx(expected, rel=1e-12)


def test_it_survives_a_file(curve, tmp_path):
    wider = curve[[0]].with_extra_uncertainty(control(1, 25.0))
    wider.write(tmp_path / "curve.ecsv")
    assert LightCurve.read(tmp_path / "curve.ecsv").meta["extra_uncertainty"] == wider.meta["extra_uncertainty"]

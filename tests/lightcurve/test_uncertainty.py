# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Extra uncertainties from control light curves, added in quadrature."""

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery import LightCurve, LightCurves
from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from constants import COW

START = 61000.0


def make_control(seed, scatter, flux_err=20.0, n=2000, band="o", **columns):
    """Return a light curve without a source, with this scatter of the flux."""
    flux = np.random.default_rng(seed).normal(0.0, scatter, n)
    data = {"band": [band] * n, "flux": flux * u.uJy, "flux_err": np.full(n, flux_err) * u.uJy}
    return LightCurve(time=Time(START + np.arange(n), format="mjd"), data=data | columns)


@pytest.fixture
def target():
    """A light curve of an object in two bands."""
    return LightCurve(
        time=Time(START + np.arange(4), format="mjd"),
        data={
            "band": ["o", "o", "c", "o"],
            "flux": [100.0, -40.0, 50.0, np.nan] * u.uJy,
            "flux_err": [20.0, 30.0, 10.0, np.nan] * u.uJy,
        },
    )


@pytest.mark.parametrize("values", [(np.inf, 20.0), (0.0, np.inf), (0.0, 0.0), (0.0, 161.0)])
def test_invalid_control_measurements_are_ignored(target, values):
    good, damaged = make_control(1, 25.0), make_control(1, 25.0)
    damaged["flux"][::3], damaged["flux_err"][::3] = values * u.uJy
    valid = good[np.arange(len(good)) % 3 != 0]
    extras = [target[:1].with_extra_uncertainty(control).meta["extra_uncertainty"] for control in (damaged, valid)]
    assert extras[0] == extras[1]


def test_excess_scatter_is_added_for_each_band(target):
    controls = [make_control(1, 25.0), make_control(2, 30.0, flux_err=10.0, band="c")]
    wider = target.with_extra_uncertainty(controls)
    extra = wider.meta["extra_uncertainty"]
    # The standard deviation of 2000 fluxes has an error of 1.6 per cent, its excess of about 4 per cent.
    assert extra["o"] == pytest.approx(15.0, rel=0.15)
    assert extra["c"] == pytest.approx(np.sqrt(30.0**2 - 10.0**2), rel=0.05)
    expected = np.hypot([20.0, 30.0, 10.0], [extra["o"], extra["o"], extra["c"]])
    assert np.allclose(wider["flux_err"].value[:3].unmasked, expected, rtol=1e-14)
    assert wider["flux_err"].mask.tolist() == [False, False, False, True]
    assert wider["flux"].value[:3].tolist() == [100.0, -40.0, 50.0]
    assert "extra_uncertainty" not in target.meta
    assert target["flux_err"].value[0] == 20.0


def test_extra_uncertainty_agrees_with_the_formula(target):
    quiet = make_control(3, 22.0, n=400)
    flux = quiet["flux"].value
    while len(flux) != len(kept := flux[np.abs(flux - np.median(flux)) <= 3 * flux.std()]):
        flux = kept
    wider = target[[0]].with_extra_uncertainty(quiet)
    assert wider.meta["extra_uncertainty"]["o"] == pytest.approx(np.sqrt(flux.std() ** 2 - 20.0**2), rel=1e-12)


def test_magnitudes_and_limits_are_recomputed(target):
    wider = target.with_extra_uncertainty(
        [make_control(1, 60.0), make_control(2, 10.0, flux_err=10.0, band="c")], n_sigma=3
    )
    assert target.at_significance(3)["mag"].mask.tolist() == [False, True, False, True]
    assert wider["mag"].mask.tolist() == [True, True, False, True]  # 100 uJy are no longer 3 sigma
    assert wider["limit"].value[0] == pytest.approx(23.9 - 2.5 * np.log10(3 * wider["flux_err"].value[0]))
    assert wider.meta["n_sigma"] == 3.0


def test_the_median_over_controls_is_added(target):
    controls = [make_control(seed, scatter) for seed, scatter in ((1, 25.0), (2, 26.0), (3, 200.0))]
    extras = [target[[0]].with_extra_uncertainty(control).meta["extra_uncertainty"]["o"] for control in controls]
    assert target[[0]].with_extra_uncertainty(controls).meta["extra_uncertainty"]["o"] == sorted(extras)[1]
    by_id = LightCurves({COW + n: control for n, control in enumerate(controls)})
    assert target[[0]].with_extra_uncertainty(by_id).meta["extra_uncertainty"]["o"] == sorted(extras)[1]


def test_small_scatter_adds_nothing(target):
    wider = target[[0]].with_extra_uncertainty(make_control(1, 10.0))
    assert wider.meta["extra_uncertainty"] == {"o": 0.0}
    assert wider["flux_err"][0] == 20.0 * u.uJy


def test_bad_control_measurements_are_cut(target):
    good = make_control(1, 25.0, chi_n=np.ones(2000))
    bad = make_control(2, 25.0, chi_n=np.ones(2000))
    bad["flux"][:30] = 4000.0 * u.uJy
    bad["chi_n"][:15] = 25.0
    bad["flux_err"][15:30] = 300.0 * u.uJy
    cut = bad[30:]
    extra_bad, extra_cut, extra_good = (
        target[[0]].with_extra_uncertainty(control).meta["extra_uncertainty"]["o"] for control in (bad, cut, good)
    )
    assert extra_bad == extra_cut
    assert extra_bad == pytest.approx(extra_good, rel=0.2)


def test_rows_of_one_exposure_count_once(target):
    single = make_control(1, 25.0, n=50, expname=[f"02a61000o{n:04d}o" for n in range(50)], kind=["forced"] * 50)
    twice = single[np.tile(np.arange(50), 2)]
    twice["flux"][50:] = 0.0 * u.uJy
    twice["flux_err"][50:] = 21.0 * u.uJy
    extras = [target[[0]].with_extra_uncertainty(curves).meta["extra_uncertainty"] for curves in (single, twice)]
    assert extras[0] == extras[1]


def test_controls_may_be_of_another_class(target):
    class UserCurve(LightCurve):
        pass

    wider = UserCurve(target[[0]]).with_extra_uncertainty(make_control(1, 25.0))
    assert type(wider) is UserCurve


def test_a_second_extra_uncertainty_is_rejected(target):
    wider = target[[0]].with_extra_uncertainty(make_control(1, 25.0))
    with pytest.raises(InvalidInputError, match="twice"):
        wider.with_extra_uncertainty(make_control(1, 25.0))


def test_a_band_without_controls_is_rejected(target):
    with pytest.raises(InvalidInputError, match=r"`controls`.*10.*'c'.* 2"):
        target.with_extra_uncertainty([make_control(1, 25.0), make_control(2, 25.0, n=9, band="c")])
    with pytest.raises(InvalidInputError, match=r"`controls`.* 0"):
        target.with_extra_uncertainty([])


@pytest.mark.parametrize("controls", ["controls.txt", 3, [3], {"a": "b"}])
def test_invalid_controls_are_rejected(target, controls):
    with pytest.raises(InvalidTypeError, match=r"`controls`.*light curves"):
        target.with_extra_uncertainty(controls)


def test_extra_uncertainty_of_recorded_answers_agrees_with_numpy(real):
    """Recorded measurements include outliers, failed fits and limits without a flux."""
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


def test_extra_uncertainty_is_kept_in_files(target, tmp_path):
    wider = target[[0]].with_extra_uncertainty(make_control(1, 25.0))
    wider.write(tmp_path / "curve.ecsv")
    assert LightCurve.read(tmp_path / "curve.ecsv").meta["extra_uncertainty"] == wider.meta["extra_uncertainty"]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fits to supernovae of the sandbox: the server and the client return the true fluxes, with correct uncertainties.

The fits are those of the example. The tolerances are four standard deviations of the statistical scatter.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from matplotlib.legend import Legend

from atlasquery.exceptions import DataQualityWarning

EXAMPLE = Path(__file__).parents[1] / "examples" / "fit_supernovae.py"
N_SUPERNOVAE = 20
ERROR_FACTOR = 1.03  # scatter over uncertainty: the sandbox underestimates the uncertainties, as the real server does


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("fit_supernovae", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def candidates(example, sandbox):
    return example.select_candidates(sandbox.truth, sandbox.end)[: 2 * N_SUPERNOVAE]


@pytest.fixture(scope="module")
def curves(candidates, sandbox):
    with pytest.warns(DataQualityWarning, match="elsewhere on the sky"):  # one of the candidates is at RA 0
        return sandbox.client().get_light_curves(candidates["atlas_id"])


@pytest.fixture(scope="module")
def truth(example, candidates, curves):
    """The true parameters of the supernovae whose peak was observed."""
    is_observed = [example.is_peak_observed(curves[row["atlas_id"]], row["peak_mjd"]) for row in candidates]
    return candidates[is_observed][:N_SUPERNOVAE]


@pytest.fixture(scope="module")
def data(example, truth, curves):
    return [example.FluxPoints.from_light_curve(curves[object_id]) for object_id in truth["atlas_id"]]


@pytest.fixture(scope="module")
def noiseless(truth, data):
    return [points.without_noise(row) for points, row in zip(data, truth, strict=True)]


def join(data, name):
    """Return one array of all supernovae."""
    return np.concatenate([getattr(points, name) for points in data])


def assert_unit_normal(pulls):
    """Check the mean and the standard deviation of the pulls of 20 fits."""
    assert abs(pulls.mean()) < 4 * ERROR_FACTOR / np.sqrt(N_SUPERNOVAE)
    assert abs(pulls.std(ddof=1) - ERROR_FACTOR) < 4 * ERROR_FACTOR / np.sqrt(2 * N_SUPERNOVAE)


def test_sample_is_selected_by_true_parameters_and_exposure_times(truth, sandbox):
    assert len(truth) == N_SUPERNOVAE
    assert set(truth["class"]) == {"SN Ia"}
    assert truth["peak_mag"].max() < 18.25
    assert truth["peak_mjd"].max() < sandbox.end - 60


def test_scatter_of_fluxes_agrees_with_uncertainties(data, noiseless):
    pulls = (join(data, "flux") - join(noiseless, "flux")) / join(data, "flux_err")
    assert len(pulls) > 2000
    assert abs(pulls.mean()) < 4 * ERROR_FACTOR / np.sqrt(len(pulls))
    # A few exposures are of low quality: the standard deviation scatters more than that of a normal distribution.
    assert abs(pulls.std() - ERROR_FACTOR) < 4 * 1.3 * ERROR_FACTOR / np.sqrt(2 * len(pulls))


def test_bright_fluxes_have_no_systematic_factor(data, noiseless):
    """A wrong zero point or exposure time would multiply the fluxes by a factor, which bright sources show best."""
    true, flux, flux_err = join(noiseless, "flux"), join(data, "flux"), join(data, "flux_err")
    factor = np.sum(true * flux / flux_err**2) / np.sum(true**2 / flux_err**2)
    assert abs(factor - 1) < 4 * ERROR_FACTOR / np.sqrt(np.sum(true**2 / flux_err**2)) < 0.01


@pytest.mark.parametrize("name", ["peak_mjd", "peak_mag"])
def test_fit_of_template_returns_true_peak(example, truth, data, name):
    table = example.compare_peaks(example.TEMPLATE, truth, data)
    pulls = np.asarray(table[f"{name}_pull"])
    assert np.isfinite(pulls).all()
    assert_unit_normal(pulls)
    assert np.median(table[f"{name}_err"]) < {"peak_mjd": 0.3, "peak_mag": 0.03}[name]


def test_fit_of_template_without_noise_is_exact(example, truth, noiseless):
    table = example.compare_peaks(example.TEMPLATE, truth, noiseless)
    assert np.abs(table["peak_mjd_offset"]).max() < 1e-3
    assert np.abs(table["peak_mag_offset"]).max() < 2e-4  # the truth is rounded to 1e-4


def test_bias_of_bazin_comes_from_its_shape(example, truth, data, noiseless):
    noisy = example.compare_peaks(example.BAZIN, truth, [points.orange for points in data])
    exact = example.compare_peaks(example.BAZIN, truth, [points.orange for points in noiseless])
    assert -3 < np.median(exact["peak_mjd_offset"]) < -1.5
    assert 0 < np.median(exact["peak_mag_offset"]) < 0.06
    for name in ("peak_mjd", "peak_mag"):
        assert_unit_normal((noisy[f"{name}_fit"] - exact[f"{name}_fit"]) / noisy[f"{name}_err"])


def test_bazin_as_function_of_peak_equals_published_formula(example):
    rise, fall, t0, days = 4.0, 25.0, 58000.0, np.linspace(-30, 60, 901)
    published = np.exp(-days / fall) / (1 + np.exp(-days / rise))
    peak_mjd = t0 + rise * np.log(fall / rise - 1)
    peak_mag = 23.9 - 2.5 * np.log10(np.exp(-(peak_mjd - t0) / fall) * (1 - rise / fall))
    flux = example.bazin_flux(t0 + days, None, peak_mjd, peak_mag, np.log(rise), np.log(fall / rise - 1))
    assert np.allclose(flux, published, rtol=1e-9)
    assert published.max() <= 10 ** (-0.4 * (peak_mag - 23.9))


def test_failed_fit_is_counted(example, truth, data):
    constant = example.replace(data[0], flux=np.full(len(data[0].mjd), 100.0))
    table = example.compare_peaks(example.BAZIN, truth, [constant, *data[1:]])
    assert np.isnan(table["peak_mjd_pull"][0])
    assert example.summarize({"Bazin": table})["n_failed"].tolist() == [1, 1]


def test_plot_labels_all_models(example, truth, curves, data):
    table = example.compare_peaks(example.TEMPLATE, truth, data)
    figure = example.draw(curves[truth["atlas_id"][0]], truth[0], {"template, c and o": table, "Bazin, o": table})
    labels = {text.get_text() for legend in figure.findobj(Legend) for text in legend.get_texts()}
    assert {"template, c", "template, o", "Bazin, o", "true peak", "unit normal"} <= labels

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fits to supernovae of the sandbox: what comes through the server and the client is what was put in, with its errors.

The fits are those of the example; the tolerances are four standard deviations of what chance does to so many of them.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from matplotlib.legend import Legend

from atlasquery.exceptions import DataQualityWarning

EXAMPLE = Path(__file__).parents[1] / "examples" / "fit_supernovae.py"
HOW_MANY = 20
UNDERESTIMATED = 1.03  # the sandbox gives errors that are so much too small, as real ones are


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("fit_supernovae", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sample(example, sandbox):
    """Supernovae whose peaks were observed: the truth, and the light curves."""
    candidates = example.choose(sandbox.truth, sandbox.end)[: 2 * HOW_MANY]
    with pytest.warns(DataQualityWarning, match="elsewhere on the sky"):  # one of them is at RA 0
        curves = sandbox.client().get_light_curves(candidates["atlas_id"])
    seen = [example.observed(curves[one["atlas_id"]], one["peak_mjd"]) for one in candidates]
    return candidates[seen][:HOW_MANY], curves


@pytest.fixture(scope="module")
def data(example, sample):
    return [example.Points.of(sample[1][one]) for one in sample[0]["atlas_id"]]


@pytest.fixture(scope="module")
def noiseless(sample, data):
    return [points.without_noise(one) for points, one in zip(data, sample[0], strict=True)]


def test_the_sample_is_chosen_by_what_is_true_and_when_it_was_observed(sample, sandbox):
    truth = sample[0]
    assert len(truth) == HOW_MANY
    assert set(truth["class"]) == {"SN Ia"}
    assert truth["peak_mag"].max() < 18.25
    assert truth["peak_mjd"].max() < sandbox.end - 60


def joined(name, data):
    return np.concatenate([getattr(points, name) for points in data])


def test_fluxes_scatter_about_the_truth_as_their_errors_say(data, noiseless):
    pulls = (joined("flux", data) - joined("flux", noiseless)) / joined("err", data)
    assert len(pulls) > 2000
    assert abs(pulls.mean()) < 4 * UNDERESTIMATED / np.sqrt(len(pulls))
    # Once in a while an exposure is spoilt, so that the standard deviation scatters more than that of a normal one.
    assert abs(pulls.std() - UNDERESTIMATED) < 4 * 1.3 * UNDERESTIMATED / np.sqrt(2 * len(pulls))


def test_bright_fluxes_are_right_to_less_than_a_hundredth(data, noiseless):
    """What is wrong by a factor is seen where the source is bright: a zero point, an exposure time."""
    true, flux, err = joined("flux", noiseless), joined("flux", data), joined("err", data)
    factor = np.sum(true * flux / err**2) / np.sum(true**2 / err**2)
    assert abs(factor - 1) < 4 * UNDERESTIMATED / np.sqrt(np.sum(true**2 / err**2)) < 0.01


@pytest.mark.parametrize("name", ["peak_mjd", "peak_mag"])
def test_the_true_shape_gives_the_true_peak(example, sample, data, name):
    fits = example.compare(example.TEMPLATE, sample[0], data)
    pulls = np.asarray(fits[f"{name}_pull"])
    assert np.isfinite(pulls).all()
    assert abs(pulls.mean()) < 4 * UNDERESTIMATED / np.sqrt(HOW_MANY)
    assert abs(pulls.std(ddof=1) - UNDERESTIMATED) < 4 * UNDERESTIMATED / np.sqrt(2 * HOW_MANY)
    assert np.median(fits[f"{name}_err"]) < {"peak_mjd": 0.3, "peak_mag": 0.03}[name]


def test_without_noise_the_true_shape_is_found_exactly(example, sample, noiseless):
    fits = example.compare(example.TEMPLATE, sample[0], noiseless)
    assert np.abs(fits["peak_mjd_off"]).max() < 1e-3
    assert np.abs(fits["peak_mag_off"]).max() < 2e-4  # the truth is rounded to 1e-4


def test_the_bias_of_bazin_is_that_of_its_shape(example, sample, data, noiseless):
    noisy = example.compare(example.BAZIN, sample[0], [points.orange for points in data])
    clean = example.compare(example.BAZIN, sample[0], [points.orange for points in noiseless])
    assert -3 < np.median(clean["peak_mjd_off"]) < -1.5
    assert 0 < np.median(clean["peak_mag_off"]) < 0.06
    for name in ("peak_mjd", "peak_mag"):
        pulls = (noisy[f"{name}_fit"] - clean[f"{name}_fit"]) / noisy[f"{name}_err"]
        assert abs(pulls.mean()) < 4 * UNDERESTIMATED / np.sqrt(HOW_MANY)
        assert abs(pulls.std(ddof=1) - UNDERESTIMATED) < 4 * UNDERESTIMATED / np.sqrt(2 * HOW_MANY)


def test_bazin_by_its_peak_is_the_published_formula(example):
    rise, fall, t0, days = 4.0, 25.0, 58000.0, np.linspace(-30, 60, 901)
    published = np.exp(-days / fall) / (1 + np.exp(-days / rise))
    peak = t0 + rise * np.log(fall / rise - 1)
    mag = 23.9 - 2.5 * np.log10(np.exp(-(peak - t0) / fall) * (1 - rise / fall))
    ours = example.bazin(t0 + days, None, peak, mag, np.log(rise), np.log(fall / rise - 1))
    assert np.allclose(ours, published, rtol=1e-9)
    assert published.max() <= 10 ** (-0.4 * (mag - 23.9))


def test_a_failed_fit_is_counted(example, sample, data):
    flat = example.Points(data[0].mjd, data[0].band, np.full(len(data[0].mjd), 100.0), data[0].err, data[0].brightest)
    fits = example.compare(example.BAZIN, sample[0], [flat, *data[1:]])
    assert np.isnan(fits["peak_mjd_pull"][0])
    assert example.summary({"one": fits})["failed"].tolist() == [1, 1]


def test_the_picture(example, sample, data):
    fits = example.compare(example.TEMPLATE, sample[0], data)
    results = {"template, c and o": fits, "Bazin, o": fits}
    figure = example.draw(sample[1][sample[0]["atlas_id"][0]], sample[0][0], results)
    labels = {text.get_text() for legend in figure.findobj(Legend) for text in legend.get_texts()}
    assert {"template, c", "template, o", "Bazin, o", "true peak", "unit normal"} <= labels

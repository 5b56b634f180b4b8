# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fluxes on axes that are not linear."""

import astropy.units as u
import pytest
from astropy.time import Time

from atlasquery.lightcurve import LightCurve

pytest.importorskip("matplotlib").use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set


@pytest.fixture
def fluxes():
    """Fluxes over three decades, one with an error bar below 0, and a negative one."""
    flux, flux_err = [10000, 1000, 100, 20, -15], [100, 50, 20, 6, 6]
    time = Time([58285.0, 58290, 58300, 58310, 58320], format="mjd")
    data = {"band": ["o"] * 5, "kind": ["forced"] * 5, "flux": flux * u.uJy, "flux_err": flux_err * u.uJy}
    return LightCurve(time=time, data=data)


@pytest.mark.parametrize("before", [False, True])
def test_positive_fluxes_fill_a_logarithmic_axis(fluxes, before):
    ax = plt.subplots()[1]
    if before:
        ax.set_yscale("log")
    fluxes.plot(ax, y="flux")
    ax.set_yscale("log")
    ax.figure.canvas.draw()
    low, high = ax.get_ylim()
    assert 5 < low < 20
    assert 10000 < high < 30000


def test_a_symmetric_logarithm_shows_negative_fluxes_too(fluxes):
    ax = fluxes.plot(y="flux", window="all")
    ax.set_yscale("symlog")
    low, high = ax.get_ylim()
    assert (low < -15, high > 10000) == (True, True)


def test_the_linear_limits_come_back(fluxes):
    ax = fluxes.plot(y="flux")
    before = ax.get_ylim()
    ax.set_yscale("log")
    assert ax.get_ylim() != before
    ax.set_yscale("linear")
    assert ax.get_ylim() == before


def test_limits_of_the_user_stay(fluxes):
    ax = fluxes.plot(y="flux")
    ax.set_ylim(1, 1e6)
    ax.set_yscale("log")
    assert ax.get_ylim() == (1, 1e6)


def test_no_positive_flux(fluxes):
    ax = fluxes[fluxes["flux"] < 0 * u.uJy].plot(y="flux")
    ax.set_yscale("log")
    ax.figure.canvas.draw()
    assert ax.get_ylim()[0] > 0

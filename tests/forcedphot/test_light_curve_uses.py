# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A light curve of the forced-photometry server has the methods, files and plots of any other."""

import warnings

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import vstack

from atlasquery import LightCurve, LightCurves

COW = SkyCoord(244.000927, 22.268031, unit="deg")


@pytest.fixture(scope="module")
def sandbox_client(make_sandbox):
    return make_sandbox(shared=False, n_objects=30)


@pytest.fixture(scope="module")
def light_curve(sandbox_client):
    return sandbox_client.forced_client().get_light_curve(COW, start="2018-06-01", end="2018-09-01")


def equal(first, second):
    first, second = (getattr(column, "unmasked", np.ma.getdata(column)) for column in (first, second))
    return np.array_equal(np.asarray(first), np.asarray(second), equal_nan=np.asarray(first).dtype.kind == "f")


@pytest.mark.parametrize("suffix", ["ecsv", "fits", "vot", "parquet"])
def test_files_come_back(light_curve, tmp_path, suffix):
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / f"cow.{suffix}"
    light_curve.write(path)
    back = LightCurve.read(path)
    assert back.colnames == light_curve.colnames
    for name in light_curve.colnames:
        if name != "time":
            assert equal(back[name], light_curve[name]), name
    assert np.abs(back.time.mjd - light_curve.time.mjd).max() < 1e-9
    assert back.meta["images"] == "difference"
    assert str(back["service"][0]) == "forcedphot"


def test_the_form_of_the_server_comes_back(light_curve, tmp_path):
    light_curve.write(tmp_path / "cow.txt", format="atlas.forced")
    back = LightCurve.read(tmp_path / "cow.txt")
    for name in ("band", "flux", "flux_err", "mag", "limit", "expname", "ra", "dec"):
        assert equal(back[name], light_curve[name]) or np.allclose(
            back[name].filled(np.nan).value, light_curve[name].filled(np.nan).value, atol=0.006, equal_nan=True
        ), name


def test_methods(light_curve):
    flagged = light_curve.flag("faq")
    good = flagged.good()
    assert 0 < len(good) <= len(light_curve)
    assert len(good.bin_nightly()) < len(good)
    assert len(good.combined()) == len(good)
    strict = light_curve.at_significance(5)
    assert (~strict["mag"].mask).sum() <= (~light_curve["mag"].mask).sum()


def test_data_frame(light_curve):
    pytest.importorskip("pandas")
    assert {"flux", "mag", "service"} <= set(light_curve.to_pandas().columns)


def test_plot(light_curve):
    pytest.importorskip("matplotlib")
    ax = light_curve.plot(y="flux")
    assert "ifference flux" in ax.get_ylabel()
    assert len(ax.get_legend().get_texts()) >= 2


def test_both_services_in_one_table(sandbox_client, light_curve):
    transient = sandbox_client.client().get_light_curve("2018cow", since="2018-06-01")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = vstack([transient, light_curve])
    assert set(both["service"].tolist()) == {"transient", "forcedphot"}
    exposures = both.combined(prefer="forced", service="forcedphot")
    assert len(exposures) == len(set(exposures["expname"].tolist())) == len(light_curve)
    assert set(exposures["service"].tolist()) == {"forcedphot"}
    all_exposures = both.combined()
    assert len(all_exposures) == len(set(both["expname"].tolist()))


def test_a_sample(light_curve):
    curves = LightCurves({"cow": light_curve, "part": light_curve[:20]})
    table = curves.stack()
    assert set(table["key"].tolist()) == {"cow", "part"}
    assert len(curves.bin_nightly()["cow"]) < len(light_curve)

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Methods of many light curves give what those of each light curve give."""

import warnings

import astropy.units as u
import numpy as np
import pytest
from astropy.table import vstack
from astropy.time import Time

from atlasquery.exceptions import AtlasQueryError, DataQualityWarning, InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves
from atlasquery.sandbox import Sandbox

METHODS = {
    "flag": lambda curves: curves.flag("faq"),
    "good": lambda curves: curves.flag("faq").good(),
    "combined": lambda curves: curves.combined("detection"),
    "bin_nightly": lambda curves: curves.bin_nightly(),
    "clipped": lambda curves: curves.bin_nightly(gap=0.2 * u.d, clip=2.5, n_sigma=5),
    "bin": lambda curves: curves.bin(3 * u.d),
    "bin from": lambda curves: curves.bin(0.5 * u.d, time_bin_start="2026-01-01", clip=3),
    "bins of bins": lambda curves: curves.bin_nightly().bin(10 * u.d),
}


@pytest.fixture(scope="module")
def curves():
    """The light curves of twenty objects of the sandbox, and others: empty, of one night, without a flux."""
    with Sandbox(n_objects=20, seed=5) as sandbox:
        downloaded = sandbox.client().get_light_curves(sandbox.truth["atlas_id"].tolist())
    noise = np.random.default_rng(1)
    columns = {"band": noise.choice(["c", "o"], 40), "flux": noise.normal(100, 30, 40) * u.uJy}
    one_night = LightCurve(
        time=Time(61000 + noise.uniform(0, 0.2, 40), format="mjd"),
        data=columns | {"flux_err": noise.uniform(5, 20, 40) * u.uJy},
    )
    others = {"a night": one_night, "no rows": one_night[:0], "limits only": next(iter(downloaded.values())).limits}
    return LightCurves({**downloaded, **others}, names={"first": next(iter(downloaded))}, missing=[5], failed={})


def quiet(function, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return function(*arguments)


def assert_equal_bits(light_curve, expected):
    assert type(light_curve) is LightCurve
    assert light_curve.colnames == expected.colnames
    assert dict(light_curve.meta) == dict(expected.meta)
    for name in expected.colnames:
        column, other = light_curve[name], expected[name]
        if name == "time" or isinstance(other, Time):
            column, other = column.mjd, other.mjd
        mask = np.broadcast_to(getattr(other, "mask", False), len(other))
        assert np.array_equal(np.broadcast_to(getattr(column, "mask", False), len(column)), mask), name
        data, values = (np.ma.getdata(getattr(part, "unmasked", part)) for part in (column, other))
        assert np.array_equal(data[~mask], values[~mask]), name


@pytest.mark.parametrize("method", METHODS)
def test_the_light_curves_are_those_of_each(curves, method):
    results = quiet(METHODS[method], curves)
    assert list(results) == list(curves)
    for key, light_curve in curves.items():
        assert_equal_bits(results[key], quiet(METHODS[method], light_curve))
    assert results["first"] is next(iter(results.values()))
    assert (results.missing, results.failed) == ([5], {})


@pytest.mark.parametrize("method", METHODS)
def test_no_light_curves(method):
    assert len(quiet(METHODS[method], LightCurves(missing=[5]))) == 0


def test_the_light_curves_are_not_changed(curves):
    before = {key: (len(curve), curve.colnames) for key, curve in curves.items()}
    for method in METHODS.values():
        quiet(method, curves)
    assert {key: (len(curve), curve.colnames) for key, curve in curves.items()} == before


def test_the_results_are_independent(curves):
    binned = curves.bin_nightly()
    first, second, *_ = binned.values()
    before = second["flux"].unmasked.value.copy()
    first["flux"][:] = 0 * u.uJy
    assert np.array_equal(second["flux"].unmasked.value, before, equal_nan=True)


def test_one_warning_for_all_light_curves(curve):
    bright = curve.copy()
    bright["flux"] = bright["flux"] * 1e5
    with pytest.warns(DataQualityWarning, match=r"^2 of 3 light curves: .*saturate") as caught:
        LightCurves({"a": bright, "b": curve, "c": bright}).flag("atclean")
    assert len(caught) == 1


def test_each_problem_is_named_with_its_number(curve):
    bright, other = curve.copy(), curve.copy()
    bright["flux"] = bright["flux"] * 1e5
    del other["chi_n"]
    with pytest.warns(DataQualityWarning) as caught:
        LightCurves({"a": bright, "b": curve, "c": bright, "d": other}).flag("atclean")
    (message,) = [str(warning.message) for warning in caught]
    assert "2 of 4 light curves: 3 fluxes are brighter" in message
    assert "1 of 4 light curves: Rules of 'atclean' were skipped" in message


@pytest.mark.parametrize("method", ["bin_nightly", "combined"])
def test_errors_name_the_light_curve(curve, method):
    other = curve.copy()
    for light_curve, dec in ((curve, 10.0), (other, 10.01)):
        light_curve["ra"], light_curve["dec"] = [5.0] * len(curve) * u.deg, [dec] * len(curve) * u.deg
    both = vstack([curve, other])
    with pytest.raises(InvalidInputError, match="rows of one object") as caught:
        getattr(LightCurves({"good": curve, "my pair": both}), method)()
    assert caught.value.__notes__ == ["It is the light curve 'my pair'."]


def test_arguments_are_checked(curves):
    for call in (
        lambda: curves.flag("nonsense"),
        lambda: curves.good("nonsense"),
        lambda: curves.bin_nightly(gap=-1 * u.d),
        lambda: curves.bin(0 * u.d),
        lambda: curves.combined("nothing"),
    ):
        with pytest.raises(AtlasQueryError):
            call()

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The truth is a table to calculate with: floats, units, masks."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import QTable, Table

from atlasquery.sandbox.sky import Sky
from atlasquery.sandbox.truth import truth_table

TIMES, MAGNITUDES = ("first_mjd", "peak_mjd", "period"), ("peak_mag", "colour")
UNITS = {"ra": u.deg, "dec": u.deg, **dict.fromkeys(TIMES, u.d), **dict.fromkeys(MAGNITUDES, u.mag)}


@pytest.fixture(scope="module")
def truth(sandbox):
    return sandbox.truth


def test_types_units_and_descriptions(truth):
    assert type(truth) is Table
    assert truth["atlas_id"].dtype == np.int64
    assert truth["class"].dtype.kind == "U"
    assert {name: truth[name].unit for name in truth.colnames if truth[name].unit} == UNITS
    assert {truth[name].dtype for name in (*UNITS, "redshift", "stretch")} == {np.dtype(float)}
    assert all(truth[name].description for name in truth.colnames)


def test_what_has_no_value_is_masked(truth):
    for name in ("redshift", "peak_mjd", "stretch", "colour", "period"):
        assert 0 < truth[name].mask.sum() < len(truth)
        assert np.isnan(np.asarray(truth[name])[truth[name].mask]).all()
        assert np.isfinite(truth[name].compressed()).all()
    assert set(truth["class"][~truth["period"].mask]) >= {"RR Lyrae", "Mira"}


def test_it_can_be_calculated_with(truth):
    places = SkyCoord(truth["ra"], truth["dec"])
    assert places.ra.deg.tolist() == np.asarray(truth["ra"]).tolist()
    far = truth[truth["redshift"] > 0.1]
    assert 0 < len(far) < len(truth)
    assert min(far["redshift"]) > 0.1
    assert type(np.asarray(truth["ra"])) is np.ndarray


@pytest.mark.parametrize("suffix", ["fits", "ecsv"])
def test_it_can_be_written(truth, tmp_path, suffix):
    path = tmp_path / f"truth.{suffix}"
    truth.write(path)
    again = Table.read(path)
    assert again["atlas_id"].tolist() == truth["atlas_id"].tolist()
    assert again["redshift"].unit is None
    assert again["ra"].unit == u.deg
    assert again["redshift"].mask.tolist() == truth["redshift"].mask.tolist()


def test_it_becomes_quantities(truth):
    assert QTable(truth)["peak_mjd"].unit == u.d


def test_a_sky_without_objects_has_the_same_columns(truth):
    nothing = truth_table(Sky(seed=1, n_objects=5, end=57000.0).truth)
    assert len(nothing) == 0
    assert nothing.colnames == truth.colnames
    assert [nothing[name].dtype.kind for name in nothing.colnames] == [truth[n].dtype.kind for n in truth.colnames]


def test_a_copy_is_handed_out(sandbox):
    sandbox.truth["ra"][:] = 0
    assert sandbox.truth["ra"].max() > 300

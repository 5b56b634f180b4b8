# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The table of true parameters: floats, units, masks."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import QTable, Table

from atlasquery.sandbox.sky import Sky
from atlasquery.sandbox.truth import make_truth_table

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


def test_missing_values_are_masked_nan(truth):
    for name in ("redshift", "peak_mjd", "stretch", "colour", "period"):
        assert 0 < truth[name].mask.sum() < len(truth)
        assert np.isnan(np.asarray(truth[name])[truth[name].mask]).all()
        assert np.isfinite(truth[name].compressed()).all()
    assert set(truth["class"][~truth["period"].mask]) >= {"RR Lyrae", "Mira"}


def test_columns_work_in_calculations(truth):
    positions = SkyCoord(truth["ra"], truth["dec"])
    assert positions.ra.deg.tolist() == np.asarray(truth["ra"]).tolist()
    distant = truth[truth["redshift"] > 0.1]
    assert 0 < len(distant) < len(truth)
    assert min(distant["redshift"]) > 0.1
    assert type(np.asarray(truth["ra"])) is np.ndarray


@pytest.mark.parametrize("suffix", ["fits", "ecsv"])
def test_table_can_be_written_and_read(truth, tmp_path, suffix):
    path = tmp_path / f"truth.{suffix}"
    truth.write(path)
    read_table = Table.read(path)
    assert read_table["atlas_id"].tolist() == truth["atlas_id"].tolist()
    assert read_table["redshift"].unit is None
    assert read_table["ra"].unit == u.deg
    assert read_table["redshift"].mask.tolist() == truth["redshift"].mask.tolist()


def test_columns_become_quantities(truth):
    assert QTable(truth)["peak_mjd"].unit == u.d


def test_empty_sky_has_the_same_columns(truth):
    empty_table = make_truth_table(Sky(seed=1, n_objects=5, end=57000.0).truth)
    assert len(empty_table) == 0
    assert empty_table.colnames == truth.colnames
    for name in truth.colnames:
        assert empty_table[name].dtype.kind == truth[name].dtype.kind


def test_truth_is_a_copy(sandbox):
    sandbox.truth["ra"][:] = 0
    assert sandbox.truth["ra"].max() > 300

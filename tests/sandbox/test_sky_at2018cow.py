# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""AT2018cow: the published points are there, exact, and nothing contradicts them."""

import numpy as np
import pytest

from atlasquery.sandbox.sky import AT2018COW_POINTS, Sky

COW = 1161600211221604900


@pytest.fixture(scope="module", params=[(1, 3000, 61345.0), (77, 1, 61345.0), (5, 20, 58300.0)])
def sky(request):
    seed, n_objects, end = request.param
    return Sky(seed=seed, n_objects=n_objects, end=end)


def test_is_itself(sky):
    section = sky.object_section(COW)
    assert section["atlas_designation"] == "ATLAS18qqn"
    assert section["other_designation"] == "2018cow"
    assert (section["ra"], section["dec"]) == (244.000917, 22.268031)
    assert section["sherlockClassification"] == "SN"


def test_published_detections_are_exact(sky):
    lc = sky.sections(COW)["lc"]
    assert [lc[0][name] for name in ("mjd", "filter", "mag", "magerr")] == [58285.4409954, "o", 14.739, 0.009]
    assert [lc[1][name] for name in ("mjd", "filter", "mag", "magerr")] == [58287.45, "c", 13.6, 0.02]


def test_published_limit_is_exact(sky):
    rows = [row for row in sky.sections(COW)["lcnondets"] if row["mjd"] == 58281.49]
    assert [(row["filter"], row["mag5sig"]) for row in rows] == [("o", 19.35)]


def test_points_say_where_they_are_from():
    assert [point.mjd for point in AT2018COW_POINTS] == [58281.49, 58285.4409954, 58287.45]
    assert all(point.source for point in AT2018COW_POINTS)


def test_nothing_contradicts_them(sky):
    found = sky.sections(COW)
    assert min(row["mjd"] for row in found["lc"]) == 58285.4409954
    between = [row["mjd"] for row in found["lcnondets"] if 58281.0 < row["mjd"] < 58287.7]
    assert between == [58281.49]
    assert [row["mjd_obs"] for row in found["fp"] if 58281.0 < row["mjd_obs"] < 58287.7] == [
        58281.49,
        58285.4409954,
        58287.45,
    ]


def test_forced_photometry_agrees_with_them(sky):
    rows = {row["mjd_obs"]: row for row in sky.sections(COW)["fp"]}
    limit, first, second = (rows[point.mjd] for point in AT2018COW_POINTS)
    if limit["uJy"] is not None:
        assert limit["limiting_mag"]
        assert limit["mag"] > 19.35
    for row, mag in ((first, 14.739), (second, 13.6)):
        assert row["mag"] is None or row["mag"] == pytest.approx(mag, abs=0.011)


def test_list_row_begins_with_the_discovery(sky):
    row = sky.list_row(COW)
    assert (row["earliest_mjd"], row["earliest_mag"], row["earliest_filter"]) == (58285.4409954, 14.739, "o")


def test_modelled_decline_is_that_of_a_fast_transient():
    lc = Sky(seed=1, n_objects=1, end=58400.0).sections(COW)["lc"]
    days = np.array([row["mjd"] - 58287.5 for row in lc if row["filter"] == "o" and row["mag"] > 0])
    mag = np.array([row["mag"] for row in lc if row["filter"] == "o" and row["mag"] > 0])
    for since, low, high in ((8, 14.5, 16.0), (20, 16.2, 17.5), (35, 17.2, 18.8)):
        near = np.abs(days - since) < 4
        if near.any():
            assert low < np.median(mag[near]) < high


def test_external_name(sky):
    (row,) = sky.crossmatches(COW)["tns_crossmatches"]
    assert row["external_designation"] == "2018cow"
    assert row["other_info"] == "ATLAS18qqn"
    assert row["object_z"] == pytest.approx(0.0141)


def test_is_known_only_after_its_discovery():
    assert COW in Sky(seed=1, n_objects=5, end=58285.45).ids
    assert COW not in Sky(seed=1, n_objects=5, end=58285.43).ids

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""AT2018cow: the published points are exact, and no modelled row contradicts them."""

import numpy as np
import pytest

from atlasquery.sandbox.sky import AT2018COW_POINTS, Sky

COW = 1161600211221604900


@pytest.fixture(scope="module", params=[(1, 3000, 61345.0), (77, 1, 61345.0), (5, 20, 58300.0)])
def each_sky(request):
    seed, n_objects, end = request.param
    return Sky(seed=seed, n_objects=n_objects, end=end)


def test_names_position_and_class_are_the_published_ones(each_sky):
    section = each_sky.make_object_section(COW)
    assert section["atlas_designation"] == "ATLAS18qqn"
    assert section["other_designation"] == "2018cow"
    assert (section["ra"], section["dec"]) == (244.000917, 22.268031)
    assert section["sherlockClassification"] == "SN"


def test_published_detections_are_exact(each_sky):
    lc = each_sky.make_photometry(COW)["lc"]
    assert [lc[0][name] for name in ("mjd", "filter", "mag", "magerr")] == [58285.4409954, "o", 14.739, 0.009]
    assert [lc[1][name] for name in ("mjd", "filter", "mag", "magerr")] == [58287.45, "c", 13.6, 0.02]


def test_published_limit_is_exact(each_sky):
    rows = [row for row in each_sky.make_photometry(COW)["lcnondets"] if row["mjd"] == 58281.49]
    assert [(row["filter"], row["mag5sig"]) for row in rows] == [("o", 19.35)]


def test_points_have_times_and_sources():
    assert [point.mjd for point in AT2018COW_POINTS] == [58281.49, 58285.4409954, 58287.45]
    assert all(point.source for point in AT2018COW_POINTS)


def test_no_modelled_row_contradicts_the_published_ones(each_sky):
    sections = each_sky.make_photometry(COW)
    assert min(row["mjd"] for row in sections["lc"]) == 58285.4409954
    limit_mjds = [row["mjd"] for row in sections["lcnondets"] if 58281.0 < row["mjd"] < 58287.7]
    assert limit_mjds == [58281.49]
    assert [row["mjd_obs"] for row in sections["fp"] if 58281.0 < row["mjd_obs"] < 58287.7] == [
        58281.49,
        58285.4409954,
        58287.45,
    ]


def test_forced_photometry_agrees_with_the_published_points(each_sky):
    rows = {row["mjd_obs"]: row for row in each_sky.make_photometry(COW)["fp"]}
    limit, first, second = (rows[point.mjd] for point in AT2018COW_POINTS)
    if limit["uJy"] is not None:
        assert limit["limiting_mag"]
        assert limit["mag"] > 19.35
    for row, mag in ((first, 14.739), (second, 13.6)):
        assert row["mag"] is None or row["mag"] == pytest.approx(mag, abs=0.011)


def test_list_row_has_the_discovery_as_earliest_point(each_sky):
    row = each_sky.make_list_row(COW)
    assert (row["earliest_mjd"], row["earliest_mag"], row["earliest_filter"]) == (58285.4409954, 14.739, "o")


def test_modelled_decline_is_fast():
    lc = Sky(seed=1, n_objects=1, end=58400.0).make_photometry(COW)["lc"]
    days = np.array([row["mjd"] - 58287.5 for row in lc if row["filter"] == "o" and row["mag"] > 0])
    mag = np.array([row["mag"] for row in lc if row["filter"] == "o" and row["mag"] > 0])
    for day, low, high in ((8, 14.5, 16.0), (20, 16.2, 17.5), (35, 17.2, 18.8)):
        is_near = np.abs(days - day) < 4
        if is_near.any():
            assert low < np.median(mag[is_near]) < high


def test_tns_row_has_the_published_names_and_redshift(each_sky):
    (row,) = each_sky.make_crossmatches(COW)["tns_crossmatches"]
    assert row["external_designation"] == "2018cow"
    assert row["other_info"] == "ATLAS18qqn"
    assert row["object_z"] == pytest.approx(0.0141)


def test_object_exists_only_after_its_discovery():
    assert COW in Sky(seed=1, n_objects=5, end=58285.45).ids
    assert COW not in Sky(seed=1, n_objects=5, end=58285.43).ids

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Cross-match of catalogues over HTTP: all pairs that brute force finds, with few requests."""

import csv

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Column, QTable, Table
from astropy.time import Time
from astropy.timeseries import TimeSeries

from atlasquery import conf
from atlasquery.exceptions import (
    BatchError,
    InvalidQueryError,
    LargeQueryWarning,
    NoResultsWarning,
    RateLimitError,
    ServerFaultError,
)
from atlasquery.sandbox import Fault

COW = SkyCoord(244.000917, 22.268031, unit="deg")
MATCH_COLUMNS = ["atlas_id", "name", "ra", "dec", "separation"]


@pytest.fixture(scope="module")
def sky(sandbox, atlas):
    """The table of all objects, with the positions of the server."""
    return atlas.query_object(sandbox.truth["atlas_id"])


@pytest.fixture(scope="module")
def coordinates(sky):
    return SkyCoord(sky["ra"].unmasked, sky["dec"].unmasked)


def positions_near(coordinates, rng, n, arcsec):
    """Return positions within a separation of objects, also of those near the poles and RA 0."""
    pole = np.flatnonzero(np.abs(coordinates.dec.deg) > 85)[:20]
    zero = np.flatnonzero(np.abs(coordinates.ra.wrap_at(180 * u.deg).deg) < 0.5)[:40]
    chosen = np.concatenate([pole, zero, rng.choice(len(coordinates), n - len(pole) - len(zero), replace=False)])
    distance = arcsec * np.sqrt(rng.random(n)) * u.arcsec
    return coordinates[chosen].directional_offset_by(rng.uniform(0, 360, n) * u.deg, distance)


def random_positions(rng, n):
    return SkyCoord(rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n))), unit="deg")


def concatenate(*parts):
    return SkyCoord(np.concatenate([p.ra.deg for p in parts]), np.concatenate([p.dec.deg for p in parts]), unit="deg")


def match_pairs(table):
    return set(zip(table["catalogue_index"].tolist(), table["atlas_id"].tolist(), strict=True))


@pytest.fixture(scope="module")
def catalogue_of_1000(coordinates):
    """1,000 positions, half of them within 2 arcsec of an object."""
    rng = np.random.default_rng(11)
    return concatenate(positions_near(coordinates, rng, 500, 2.0), random_positions(rng, 500))


@pytest.fixture(scope="module")
def expected_pairs(sky, coordinates, catalogue_of_1000):
    """The pairs found by astropy on the whole sky."""
    pytest.importorskip("scipy", reason="astropy's search_around_sky needs it")
    catalogue_rows, rows, _, _ = coordinates.search_around_sky(catalogue_of_1000, 3 * u.arcsec)
    ids = sky["atlas_id"].data.data
    expected = set(zip(catalogue_rows.tolist(), ids[rows].tolist(), strict=True))
    assert len(expected) >= 500
    return expected


def test_identical_pairs_with_search_around_sky(sandbox, atlas, catalogue_of_1000, expected_pairs):
    n_before = len(sandbox.requests)
    matches = atlas.crossmatch(catalogue_of_1000, 3 * u.arcsec)
    n_requests = len(sandbox.requests) - n_before
    assert match_pairs(matches) == expected_pairs
    assert len(matches) == len(expected_pairs)
    assert n_requests <= 1001


def test_lists_give_all_pairs_but_those_of_objects_on_no_list(sandbox, atlas, sky, catalogue_of_1000, expected_pairs):
    n_before = len(sandbox.requests)
    with pytest.warns(
        NoResultsWarning, match=r"rows have no match on the lists\. Objects that are on no list, about one"
    ):
        matches = atlas.crossmatch(catalogue_of_1000, 3 * u.arcsec, lists=range(14))
    assert len(sandbox.requests) - n_before == 14
    on_no_list = set(sky["atlas_id"][sky["detection_list"].mask].tolist())
    lost = expected_pairs - match_pairs(matches)
    assert lost == {pair for pair in expected_pairs if pair[1] in on_no_list}
    assert 5 < len(lost) < 50
    print(f"\n{len(matches)} pairs of {len(expected_pairs)} with all lists, the others are of objects on no list")


def test_no_warning_of_objects_on_no_list_where_it_does_not_apply(atlas):
    assert len(atlas.crossmatch(SkyCoord([COW]), 2 * u.arcsec, lists=range(14))) == 1  # every row has a match
    with pytest.warns(NoResultsWarning) as caught:
        atlas.crossmatch(SkyCoord([0], [-89.99], unit="deg"), 1 * u.arcsec, lists=["good"])
    assert "on no list" not in str(caught[0].message)


def test_columns_of_the_result(atlas):
    table = QTable({"mine": ["x"], "ra": [COW.ra.deg] * u.deg, "dec": [COW.dec.deg] * u.deg, "name": ["Host"]})
    table.meta["survey"] = "mine"
    matches = atlas.crossmatch(table, 2 * u.arcsec)
    assert matches.colnames == [
        "catalogue_index",
        "mine",
        "ra_catalogue",
        "dec_catalogue",
        "name_catalogue",
        *MATCH_COLUMNS,
    ]
    assert (matches["name"][0], matches["name_catalogue"][0]) == ("ATLAS18qqn", "Host")
    assert matches["ra"].unit == matches["dec"].unit == u.deg
    assert matches["separation"].unit == u.arcsec
    assert matches.meta["position_source"] == "server"
    assert matches.meta["survey"] == "mine"
    assert table.colnames == ["mine", "ra", "dec", "name"]


def test_a_column_name_that_clashes_twice(atlas):
    table = QTable({"name": ["a"], "name_catalogue": ["b"], "coord": SkyCoord([COW])})
    matches = atlas.crossmatch(table, 2 * u.arcsec)
    assert matches["name_catalogue"][0] == "b"
    assert matches["name_catalogue_catalogue"][0] == "a"


class Catalogue(Table):
    """A subclass of Table, as a user may have."""


@pytest.mark.parametrize("kind", [Table, QTable, Catalogue])
def test_class_and_mixin_columns_are_kept(atlas, kind):
    table = kind({"coord": SkyCoord([COW, COW]), "flux": [1.0, 2.0] * u.Jy, "no": [7, 8]})
    matches = atlas.crossmatch(table, 2 * u.arcsec, join="left")
    assert type(matches) is kind
    assert isinstance(matches["coord"], SkyCoord)
    assert matches["flux"].unit == u.Jy
    assert matches["no"].tolist() == [7, 8]
    assert matches["separation"].unit == u.arcsec
    assert (u.Quantity(matches["separation"]) < 0.001 * u.arcsec).all()


def test_a_time_series_becomes_a_qtable(sandbox, atlas):
    series = TimeSeries(time=Time([58285.5, 58286.5], format="mjd"), data={"coord": SkyCoord([COW, COW])})
    series.meta["survey"] = "mine"
    n_before = len(sandbox.requests)
    matches = atlas.crossmatch(series, 2 * u.arcsec)
    assert len(sandbox.requests) - n_before == 2
    assert type(matches) is QTable
    assert matches.colnames == ["catalogue_index", "time", "coord", *MATCH_COLUMNS]
    assert matches["time"].mjd.tolist() == [58285.5, 58286.5]
    assert matches.meta["survey"] == "mine"
    assert type(series) is TimeSeries


def test_meta_of_an_earlier_query_is_removed_from_the_catalogue(atlas):
    table = QTable({"coord": SkyCoord([COW])}, meta={"missing": [1], "position_from_id": [1], "survey": "mine"})
    for lists in (None, range(14)):
        matches = atlas.crossmatch(table, 2 * u.arcsec, join="left", lists=lists)
        assert matches.meta == {"missing": [], "survey": "mine", "position_source": "server"}
    assert table.meta["missing"] == [1]


def test_coordinates_give_the_match_columns_only(atlas):
    assert atlas.crossmatch(SkyCoord([COW]), 2 * u.arcsec).colnames == ["catalogue_index", *MATCH_COLUMNS]
    assert len(atlas.crossmatch(COW.galactic, 2 * u.arcsec)) == 1


def test_nearest_and_left(atlas, sky, coordinates, catalogue_of_1000):
    lists = range(13)
    every = atlas.crossmatch(catalogue_of_1000[:80], 300 * u.arcsec, lists=lists)
    nearest = atlas.crossmatch(catalogue_of_1000[:80], 300 * u.arcsec, nearest=True, lists=lists)
    assert nearest["catalogue_index"].tolist() == sorted(set(every["catalogue_index"].tolist()))
    first = {}
    for row in every:
        first.setdefault(int(row["catalogue_index"]), int(row["atlas_id"]))
    assert match_pairs(nearest) == set(first.items())
    left = atlas.crossmatch(catalogue_of_1000[460:540], 2 * u.arcsec, nearest=True, join="left", lists=lists)
    assert left["catalogue_index"].tolist() == list(range(80))
    is_unmatched = left["atlas_id"].mask
    assert 20 < is_unmatched.sum() < 60
    for name in MATCH_COLUMNS:
        assert (left[name].mask >= is_unmatched).all(), name
    assert np.isnan(left["separation"].unmasked[is_unmatched]).all()


def test_rows_without_a_position_are_kept_by_a_left_join(atlas):
    table = QTable({"ra": [np.nan, COW.ra.deg] * u.deg, "dec": [0.0, COW.dec.deg] * u.deg})
    with pytest.warns(NoResultsWarning, match="1 of 2 rows have no position"):
        matches = atlas.crossmatch(table, 2 * u.arcsec, join="left")
    assert matches["atlas_id"].mask.tolist() == [True, False]


def test_no_match_gives_an_empty_typed_table(atlas):
    table = QTable({"coord": SkyCoord([0, 10], [-89.99, -89.99], unit="deg")})
    with pytest.warns(NoResultsWarning, match="No object.*1.0 arcsec"):
        empty = atlas.crossmatch(table, 1 * u.arcsec)
    assert len(empty) == 0
    assert empty.colnames == ["catalogue_index", "coord", *MATCH_COLUMNS]
    assert empty["atlas_id"].dtype == np.int64
    with pytest.warns(NoResultsWarning, match="No object.*1.0 arcsec"):
        left = atlas.crossmatch(table, 1 * u.arcsec, join="left")
    assert left["atlas_id"].mask.all()


@pytest.mark.usefixtures("unspent")
def test_query_payload(atlas):
    field = COW.directional_offset_by(np.linspace(0, 350, 30) * u.deg, 100 * u.arcsec)
    plan = atlas.crossmatch(field, 10 * u.arcsec, get_query_payload=True)
    assert len(plan) == 1
    assert 105 < plan[0]["radius"] <= 300
    assert plan[0]["requestType"] == "all"
    lists = atlas.crossmatch(field, 10 * u.arcsec, lists=["good", "cv", 2], get_query_payload=True)
    assert lists == [{"objectlistid": 2}, {"objectlistid": 40, "getcustomlist": True}]


@pytest.mark.usefixtures("unspent")
@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((SkyCoord([COW]), 10), {}),
        ((SkyCoord([COW]), 301 * u.arcsec), {}),
        ((Table({"a": [1]}), 10 * u.arcsec), {}),
        ((SkyCoord([COW]), 10 * u.arcsec), {"join": "outer"}),
        ((SkyCoord([COW]), 10 * u.arcsec), {"lists": []}),
        ((SkyCoord([COW]), 10 * u.arcsec), {"lists": ["god"]}),
    ],
)
def test_invalid_arguments_send_no_request(atlas, arguments, options):
    with pytest.raises(InvalidQueryError):
        atlas.crossmatch(*arguments, **options)


def test_positions_of_a_field_share_a_cone(sandbox, atlas, coordinates):
    """1,000 positions in 40 fields of 4 arcmin take 40 cones, and one request for the exact positions."""
    rng = np.random.default_rng(3)
    centres = coordinates[rng.choice(len(coordinates), 40, replace=False)]
    fields = [
        centre.directional_offset_by(rng.uniform(0, 360, 25) * u.deg, 120 * np.sqrt(rng.random(25)) * u.arcsec)
        for centre in centres
    ]
    catalogue = concatenate(*fields)
    n_before = len(sandbox.requests)
    matches = atlas.crossmatch(catalogue, 30 * u.arcsec)
    assert len(sandbox.requests) - n_before <= 41
    separations = catalogue[:, None].separation(coordinates[None])
    expected = np.argwhere(separations <= 30 * u.arcsec)
    ids = sandbox.truth["atlas_id"].tolist()
    assert match_pairs(matches) == {(int(i), ids[j]) for i, j in expected}
    assert len(matches) > 40


def test_a_catalogue_in_the_format_of_the_tns(sandbox, atlas, shared_data):
    """342 positions in the format of the TNS: strings with colons and no unit. None is in the sky of the sandbox."""
    with open(shared_data / "objects" / "tns_atlas_sne_ia.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    table = Table({name: [row[name] for row in rows] for name in ("Name", "RA", "DEC", "Redshift")})
    n_before = len(sandbox.requests)
    with pytest.warns(NoResultsWarning, match="No object.*5.0 arcsec"):
        matches = atlas.crossmatch(table, 5 * u.arcsec, join="left", lists=range(14))
    assert len(sandbox.requests) - n_before == 14
    assert matches["catalogue_index"].tolist()[-1] == 341
    plan = atlas.crossmatch(table, 5 * u.arcsec, get_query_payload=True)
    print(f"\n342 supernovae: {len(plan)} cones, or 14 lists")
    assert len(plan) <= 342


def scattered_objects(sandbox, n):
    """Return the positions of objects that are far from each other."""
    truth = sandbox.truth[5 : 5 + n]
    return SkyCoord(truth["ra"], truth["dec"], unit="deg")


def test_more_requests_than_the_quota_are_warned_of_with_the_cheaper_way(make_sandbox):
    with make_sandbox(rates={"user": 12}, shared=False) as sandbox:
        catalogue = scattered_objects(sandbox, 30)
        warned = pytest.warns(LargeQueryWarning, match=r"about 31 requests.*lists=")
        with conf.set_temp("hourly_requests", 12), warned, pytest.raises(RateLimitError) as caught:
            sandbox.client().crossmatch(catalogue, 5 * u.arcsec)
    matches = caught.value.results
    searched = set(range(30)) - set(matches.meta["not_searched"])
    assert len(searched) == 12
    assert set(matches["catalogue_index"].tolist()) == searched
    assert matches.meta["position_source"] == "id"


def test_a_failed_cone_keeps_earlier_results(small_sandbox):
    small_sandbox.inject(Fault("status", endpoint="cone/", status=500, skip=3, times=None))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client("staff").crossmatch(scattered_objects(small_sandbox, 6), 5 * u.arcsec)
    error = caught.value
    done = set(error.results["catalogue_index"].tolist())
    assert len(done) == 3
    assert set(error.failed) == set(range(6)) - done
    assert all(isinstance(reason, ServerFaultError) for reason in error.failed.values())


def test_rows_that_were_not_searched_are_not_in_a_left_join(small_sandbox):
    small_sandbox.inject(Fault("status", endpoint="cone/", status=500, skip=3, times=None))
    rows = scattered_objects(small_sandbox, 6)
    rows = rows.insert(2, SkyCoord(np.nan, np.nan, unit="deg"))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client("staff").crossmatch(rows, 5 * u.arcsec, join="left")
    matches = caught.value.results
    assert sorted([*matches["catalogue_index"].tolist(), *caught.value.failed]) == list(range(7))
    assert matches["catalogue_index"][matches["atlas_id"].mask].tolist() == [2]


@pytest.mark.parametrize("options", [{}, {"join": "left"}, {"lists": [1, 2]}], ids=str)
@pytest.mark.parametrize(("status", "error"), [(429, RateLimitError), (500, ServerFaultError)])
def test_the_first_request_fails_with_empty_results(small_sandbox, options, status, error):
    small_sandbox.inject(Fault("status", status=status, body='{"detail": "no"}', times=None))
    with pytest.raises(error) as caught:
        small_sandbox.client("staff").crossmatch(scattered_objects(small_sandbox, 6), 5 * u.arcsec, **options)
    assert len(caught.value.results["atlas_id"]) == 0
    assert caught.value.results.meta.get("not_searched", list(range(6))) == list(range(6))


def test_a_damaged_object_is_the_only_failed_one(small_sandbox):
    damaged = int(small_sandbox.truth["atlas_id"][7])
    small_sandbox.inject(Fault("damaged", objects=[damaged], times=None))
    with pytest.raises(BatchError) as caught:
        small_sandbox.client("staff").crossmatch(scattered_objects(small_sandbox, 6), 5 * u.arcsec)
    assert list(caught.value.failed) == [damaged]
    assert set(caught.value.results["catalogue_index"].tolist()) == {0, 1, 3, 4, 5}
    assert caught.value.results.meta["position_source"] == "server"


def test_a_throttle_after_the_cones_keeps_positions_from_ids(small_sandbox):
    small_sandbox.inject(Fault("status", endpoint="objects/", status=429, body='{"detail": "no"}'))
    with pytest.raises(RateLimitError) as caught:
        small_sandbox.client("staff").crossmatch(scattered_objects(small_sandbox, 6), 5 * u.arcsec)
    assert set(caught.value.results["catalogue_index"].tolist()) == set(range(6))
    assert caught.value.results.meta["position_source"] == "id"


def test_a_failed_list_keeps_earlier_results(small_sandbox):
    small_sandbox.inject(Fault("status", endpoint="objectlist/", status=503, skip=7, times=None))
    with conf.set_temp("retries", 0), pytest.raises(BatchError) as caught:
        small_sandbox.client("staff").crossmatch(scattered_objects(small_sandbox, 30), 5 * u.arcsec, lists=range(14))
    assert len(caught.value.failed) == 7
    assert 0 < len(caught.value.results) < 30


def test_masked_columns_are_kept(atlas):
    table = Table({"ra": Column([COW.ra.deg], unit="deg"), "dec": Column([COW.dec.deg], unit="deg")}, masked=True)
    table["parallax"] = [0.1]
    table["parallax"].mask = [True]
    matches = atlas.crossmatch(table, 2 * u.arcsec)
    assert matches["parallax"].mask.tolist() == [True]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The match of catalogues over HTTP: every pair that brute force finds, for few requests."""

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
from atlasquery.sandbox import Fault, Sandbox
from atlasquery.transport import quota

COW = SkyCoord(244.000917, 22.268031, unit="deg")
OURS = ["atlas_id", "name", "ra", "dec", "separation"]


@pytest.fixture(scope="module")
def sky(sandbox, atlas):
    """All objects, at the positions that the server gives."""
    return atlas.query_object(sandbox.truth["atlas_id"])


@pytest.fixture(scope="module")
def coordinates(sky):
    return SkyCoord(sky["ra"].unmasked, sky["dec"].unmasked)


def near(coordinates, rng, n, arcsec):
    """Positions within so many arcsec of objects, those at the poles and at RA 0 among them."""
    pole = np.flatnonzero(np.abs(coordinates.dec.deg) > 85)[:20]
    zero = np.flatnonzero(np.abs(coordinates.ra.wrap_at(180 * u.deg).deg) < 0.5)[:40]
    chosen = np.concatenate([pole, zero, rng.choice(len(coordinates), n - len(pole) - len(zero), replace=False)])
    distance = arcsec * np.sqrt(rng.random(n)) * u.arcsec
    return coordinates[chosen].directional_offset_by(rng.uniform(0, 360, n) * u.deg, distance)


def scattered(rng, n):
    return SkyCoord(rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n))), unit="deg")


def joined(*parts):
    return SkyCoord(np.concatenate([p.ra.deg for p in parts]), np.concatenate([p.dec.deg for p in parts]), unit="deg")


def pairs(table):
    return set(zip(table["catalogue_index"].tolist(), table["atlas_id"].tolist(), strict=True))


@pytest.fixture(scope="module")
def thousand(coordinates):
    """1,000 rows, half of them within 2 arcsec of an object."""
    rng = np.random.default_rng(11)
    return joined(near(coordinates, rng, 500, 2.0), scattered(rng, 500))


@pytest.fixture(scope="module")
def brute(sky, coordinates, thousand):
    """The pairs that astropy finds on the whole sky."""
    pytest.importorskip("scipy", reason="astropy's search_around_sky needs it")
    found, rows, _, _ = coordinates.search_around_sky(thousand, 3 * u.arcsec)
    ids = sky["atlas_id"].data.data
    expected = set(zip(found.tolist(), ids[rows].tolist(), strict=True))
    assert len(expected) >= 500
    return expected


@pytest.mark.parametrize("lists", [None, range(14)])
def test_identical_pairs_with_search_around_sky(sandbox, atlas, thousand, brute, lists):
    before = len(sandbox.requests)
    found = atlas.crossmatch(thousand, 3 * u.arcsec, lists=lists)
    spent = len(sandbox.requests) - before
    print(f"\n{len(found)} pairs, {spent} requests for 1,000 rows{' with all lists' if lists else ''}")
    assert pairs(found) == brute
    assert len(found) == len(brute)
    assert spent <= (14 if lists else 1001)


def test_the_columns(atlas):
    table = QTable({"mine": ["x"], "ra": [COW.ra.deg] * u.deg, "dec": [COW.dec.deg] * u.deg, "name": ["Host"]})
    table.meta["survey"] = "mine"
    found = atlas.crossmatch(table, 2 * u.arcsec)
    assert found.colnames == ["catalogue_index", "mine", "ra_catalogue", "dec_catalogue", "name_catalogue", *OURS]
    assert (found["name"][0], found["name_catalogue"][0]) == ("ATLAS18qqn", "Host")
    assert found["ra"].unit == found["dec"].unit == u.deg
    assert found["separation"].unit == u.arcsec
    assert found.meta["position_source"] == "server"
    assert found.meta["survey"] == "mine"
    assert table.colnames == ["mine", "ra", "dec", "name"]


def test_a_name_that_clashes_twice(atlas):
    table = QTable({"name": ["a"], "name_catalogue": ["b"], "coord": SkyCoord([COW])})
    found = atlas.crossmatch(table, 2 * u.arcsec)
    assert found["name_catalogue"][0] == "b"
    assert found["name_catalogue_catalogue"][0] == "a"


class Catalogue(Table):
    """A user's own kind of table."""


@pytest.mark.parametrize("kind", [Table, QTable, Catalogue])
def test_class_and_mixin_columns_survive(atlas, kind):
    table = kind({"coord": SkyCoord([COW, COW]), "flux": [1.0, 2.0] * u.Jy, "no": [7, 8]})
    found = atlas.crossmatch(table, 2 * u.arcsec, join="left")
    assert type(found) is kind
    assert isinstance(found["coord"], SkyCoord)
    assert found["flux"].unit == u.Jy
    assert found["no"].tolist() == [7, 8]
    assert found["separation"].unit == u.arcsec
    assert (u.Quantity(found["separation"]) < 0.001 * u.arcsec).all()


def test_a_time_series_becomes_a_table_that_may_begin_with_another_column(sandbox, atlas):
    series = TimeSeries(time=Time([58285.5, 58286.5], format="mjd"), data={"coord": SkyCoord([COW, COW])})
    series.meta["survey"] = "mine"
    before = len(sandbox.requests)
    found = atlas.crossmatch(series, 2 * u.arcsec)
    assert len(sandbox.requests) - before == 2
    assert type(found) is QTable
    assert found.colnames == ["catalogue_index", "time", "coord", *OURS]
    assert found["time"].mjd.tolist() == [58285.5, 58286.5]
    assert found.meta["survey"] == "mine"
    assert type(series) is TimeSeries


def test_an_answer_as_the_catalogue_does_not_bring_its_missing_objects_along(atlas):
    table = QTable({"coord": SkyCoord([COW])}, meta={"missing": [1], "position_from_id": [1], "survey": "mine"})
    for lists in (None, range(14)):
        found = atlas.crossmatch(table, 2 * u.arcsec, join="left", lists=lists)
        assert found.meta == {"missing": [], "survey": "mine", "position_source": "server"}
    assert table.meta["missing"] == [1]


def test_coordinates_alone_give_our_columns(atlas):
    assert atlas.crossmatch(SkyCoord([COW]), 2 * u.arcsec).colnames == ["catalogue_index", *OURS]
    assert len(atlas.crossmatch(COW.galactic, 2 * u.arcsec)) == 1


def test_nearest_and_left(atlas, sky, coordinates, thousand):
    every = atlas.crossmatch(thousand[:80], 300 * u.arcsec, lists=range(14))
    nearest = atlas.crossmatch(thousand[:80], 300 * u.arcsec, nearest=True, lists=range(14))
    assert nearest["catalogue_index"].tolist() == sorted(set(every["catalogue_index"].tolist()))
    first = {}
    for row in every:
        first.setdefault(int(row["catalogue_index"]), int(row["atlas_id"]))
    assert pairs(nearest) == set(first.items())
    left = atlas.crossmatch(thousand[460:540], 2 * u.arcsec, nearest=True, join="left", lists=range(14))
    assert left["catalogue_index"].tolist() == list(range(80))
    lonely = left["atlas_id"].mask
    assert 20 < lonely.sum() < 60
    for name in OURS:
        assert (left[name].mask >= lonely).all(), name
    assert np.isnan(left["separation"].unmasked[lonely]).all()


def test_rows_without_a_position_are_kept_by_a_left_join_and_warned_of(atlas):
    table = QTable({"ra": [np.nan, COW.ra.deg] * u.deg, "dec": [0.0, COW.dec.deg] * u.deg})
    with pytest.warns(NoResultsWarning, match="1 of 2 rows have no position"):
        found = atlas.crossmatch(table, 2 * u.arcsec, join="left")
    assert found["atlas_id"].mask.tolist() == [True, False]


def test_nothing_is_an_empty_typed_table(atlas):
    table = QTable({"coord": SkyCoord([0, 10], [-89.99, -89.99], unit="deg")})
    with pytest.warns(NoResultsWarning, match="No object lies within"):
        empty = atlas.crossmatch(table, 1 * u.arcsec)
    assert len(empty) == 0
    assert empty.colnames == ["catalogue_index", "coord", *OURS]
    assert empty["atlas_id"].dtype == np.int64
    with pytest.warns(NoResultsWarning, match="No object lies within"):
        left = atlas.crossmatch(table, 1 * u.arcsec, join="left")
    assert left["atlas_id"].mask.all()


@pytest.mark.usefixtures("unspent")
def test_the_plan_can_be_seen(atlas):
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
def test_what_is_wrong_spends_no_request(atlas, arguments, options):
    with pytest.raises(InvalidQueryError):
        atlas.crossmatch(*arguments, **options)


def test_fields_share_their_cones(sandbox, atlas, coordinates):
    """1,000 positions in 40 fields of 4 arcmin: 40 cones, and one request for the positions."""
    rng = np.random.default_rng(3)
    centres = coordinates[rng.choice(len(coordinates), 40, replace=False)]
    fields = [
        one.directional_offset_by(rng.uniform(0, 360, 25) * u.deg, 120 * np.sqrt(rng.random(25)) * u.arcsec)
        for one in centres
    ]
    catalogue = joined(*fields)
    before = len(sandbox.requests)
    found = atlas.crossmatch(catalogue, 30 * u.arcsec)
    assert len(sandbox.requests) - before <= 41
    separations = catalogue[:, None].separation(coordinates[None])
    expected = np.argwhere(separations <= 30 * u.arcsec)
    ids = sandbox.truth["atlas_id"].tolist()
    assert pairs(found) == {(int(i), ids[j]) for i, j in expected}
    assert len(found) > 40


def test_the_supernovae_of_the_tns(sandbox, atlas, shared_data):
    """342 positions as the TNS lists them: texts with colons and no unit. None of them is in the sandbox's sky."""
    with open(shared_data / "objects" / "tns_atlas_sne_ia.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    table = Table({name: [row[name] for row in rows] for name in ("Name", "RA", "DEC", "Redshift")})
    before = len(sandbox.requests)
    with pytest.warns(NoResultsWarning, match="No object lies within"):
        found = atlas.crossmatch(table, 5 * u.arcsec, join="left", lists=range(14))
    assert len(sandbox.requests) - before == 14
    assert found["catalogue_index"].tolist()[-1] == 341
    plan = atlas.crossmatch(table, 5 * u.arcsec, get_query_payload=True)
    print(f"\n342 supernovae: {len(plan)} cones, or 14 lists")
    assert len(plan) <= 342


@pytest.fixture(scope="module")
def small():
    """A sandbox whose faults and quota disturb nobody else."""
    with Sandbox(n_objects=60, end="2026-11-01", rates={"user": 12}) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_new(request, monkeypatch):
    monkeypatch.setattr(quota, "_QUOTAS", {})
    yield
    if "small" in request.fixturenames:
        request.getfixturevalue("small").clear_faults()


def apart(small, n):
    truth = small.truth[5 : 5 + n]
    return SkyCoord(truth["ra"], truth["dec"], unit="deg")


def test_more_than_the_quota_is_said_before_with_the_cheaper_way(small):
    warned = pytest.warns(LargeQueryWarning, match=r"about 31 requests.*lists=")
    with conf.set_temp("hourly_requests", 12), warned, pytest.raises(RateLimitError) as caught:
        small.client().crossmatch(apart(small, 30), 5 * u.arcsec)
    found = caught.value.results
    searched = set(range(30)) - set(found.meta["not_searched"])
    assert len(searched) == 12
    assert set(found["catalogue_index"].tolist()) == searched
    assert found.meta["position_source"] == "id"


def test_a_cone_that_fails_in_the_middle(small):
    small.inject(Fault("status", endpoint="cone/", status=500, skip=3, times=None))
    with pytest.raises(BatchError) as caught:
        small.client("staff").crossmatch(apart(small, 6), 5 * u.arcsec)
    error = caught.value
    done = set(error.results["catalogue_index"].tolist())
    assert len(done) == 3
    assert set(error.failed) == set(range(6)) - done
    assert all(isinstance(why, ServerFaultError) for why in error.failed.values())


def test_a_row_that_was_not_searched_is_not_said_to_match_nothing(small):
    small.inject(Fault("status", endpoint="cone/", status=500, skip=3, times=None))
    rows = apart(small, 6)
    rows = rows.insert(2, SkyCoord(np.nan, np.nan, unit="deg"))
    with pytest.raises(BatchError) as caught:
        small.client("staff").crossmatch(rows, 5 * u.arcsec, join="left")
    found = caught.value.results
    assert sorted([*found["catalogue_index"].tolist(), *caught.value.failed]) == list(range(7))
    assert found["catalogue_index"][found["atlas_id"].mask].tolist() == [2]


@pytest.mark.parametrize("options", [{}, {"join": "left"}, {"lists": [1, 2]}], ids=str)
@pytest.mark.parametrize(("status", "error"), [(429, RateLimitError), (500, ServerFaultError)])
def test_the_first_request_fails(small, options, status, error):
    small.inject(Fault("status", status=status, body='{"detail": "no"}', times=None))
    with pytest.raises(error) as caught:
        small.client("staff").crossmatch(apart(small, 6), 5 * u.arcsec, **options)
    assert len(caught.value.results["atlas_id"]) == 0
    assert caught.value.results.meta.get("not_searched", list(range(6))) == list(range(6))


def test_an_object_whose_record_is_damaged(small):
    damaged = int(small.truth["atlas_id"][7])
    small.inject(Fault("damaged", objects=[damaged], times=None))
    with pytest.raises(BatchError) as caught:
        small.client("staff").crossmatch(apart(small, 6), 5 * u.arcsec)
    assert list(caught.value.failed) == [damaged]
    assert set(caught.value.results["catalogue_index"].tolist()) == {0, 1, 3, 4, 5}
    assert caught.value.results.meta["position_source"] == "server"


def test_a_throttle_before_the_positions_keeps_what_the_cones_gave(small):
    small.inject(Fault("status", endpoint="objects/", status=429, body='{"detail": "no"}'))
    with pytest.raises(RateLimitError) as caught:
        small.client("staff").crossmatch(apart(small, 6), 5 * u.arcsec)
    assert set(caught.value.results["catalogue_index"].tolist()) == set(range(6))
    assert caught.value.results.meta["position_source"] == "id"


def test_a_list_that_fails_in_the_middle(small):
    small.inject(Fault("status", endpoint="objectlist/", status=503, skip=7, times=None))
    with conf.set_temp("retries", 0), pytest.raises(BatchError) as caught:
        small.client("staff").crossmatch(apart(small, 30), 5 * u.arcsec, lists=range(14))
    assert len(caught.value.failed) == 7
    assert 0 < len(caught.value.results) < 30


def test_masked_columns_of_a_service_survive(atlas):
    table = Table({"ra": Column([COW.ra.deg], unit="deg"), "dec": Column([COW.dec.deg], unit="deg")}, masked=True)
    table["parallax"] = [0.1]
    table["parallax"].mask = [True]
    found = atlas.crossmatch(table, 2 * u.arcsec)
    assert found["parallax"].mask.tolist() == [True]

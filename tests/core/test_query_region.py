# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Cone searches: right everywhere on the sky, and never a row lost."""

import json
import warnings

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import QTable, vstack

from atlasquery import conf
from atlasquery.exceptions import (
    BatchError,
    DataQualityWarning,
    InvalidQueryError,
    InvalidQueryTypeError,
    LargeQueryWarning,
    NoResultsWarning,
    PermissionDeniedError,
    RateLimitError,
    ServerFaultError,
    UnreadableAnswerError,
)
from atlasquery.sandbox import Fault, Sandbox
from atlasquery.schema.decode import CROSSMATCH_SECTIONS

COW = SkyCoord(244.000917, 22.268031, unit="deg")
NOWHERE = SkyCoord(0, -89.99, unit="deg")


def random_cones(truth, n, rng):
    """Positions near objects, where cones are full, and radii; a share at the poles and across RA 0."""
    sky = SkyCoord(truth["ra"], truth["dec"], unit="deg")
    near_pole = np.flatnonzero(np.abs(sky.dec.deg) > 85)
    near_zero = np.flatnonzero(np.abs(sky.ra.wrap_at(180 * u.deg).deg) < 1)
    assert len(near_pole)
    assert len(near_zero)
    chosen = np.concatenate(
        [rng.choice(len(sky), n - 2 * (n // 5)), rng.choice(near_pole, n // 5), rng.choice(near_zero, n // 5)]
    )
    centres = sky[chosen].directional_offset_by(rng.uniform(0, 360, n) * u.deg, rng.uniform(0, 300, n) * u.arcsec)
    return sky, centres, rng.uniform(1, 300, n) * u.arcsec


def test_200_cones_against_brute_force(sandbox, atlas, record_property):
    truth = sandbox.truth
    ids = np.asarray(truth["atlas_id"])
    sky, centres, radii = random_cones(truth, 200, np.random.default_rng(1))
    # What no random draw meets: the poles themselves, and RA exactly 0.
    extra = SkyCoord([0, 0, 0, 359.9999], [90, -90, 10, 0.001], unit="deg")
    centres = SkyCoord(np.r_[centres.ra, extra.ra], np.r_[centres.dec, extra.dec])
    radii = np.r_[radii, [300] * 4 * u.arcsec]
    found, worst = 0, 0 * u.arcsec
    for centre, radius in zip(centres, radii, strict=True):
        separation = sky.separation(centre)
        expected = set(ids[separation < radius].tolist())
        asked = atlas.count_region(centre, radius)
        assert asked == len(expected)
        if not expected:
            continue
        table = atlas.query_region(centre, radius)
        assert set(table["atlas_id"].tolist()) == expected
        assert len(table) == len(expected)
        of = dict(zip(ids.tolist(), separation.to_value(u.arcsec), strict=True))
        difference = np.abs(table["separation"] - [of[one] for one in table["atlas_id"].tolist()] * u.arcsec)
        worst = max(worst, difference.unmasked.max())
        assert (np.diff(table["separation"].unmasked) >= 0).all()
        found += len(table)
    print(f"\n{len(centres)} cones, {found} rows, largest difference of a separation {worst.to(u.uarcsec):.1f}")
    assert found > 100
    assert worst < 0.01 * u.arcsec


def test_the_columns(atlas):
    found = atlas.query_region(COW, 10 * u.arcsec)
    assert found.colnames == ["atlas_id", "name", "separation", "ra", "dec"]
    assert found["atlas_id"].dtype == np.int64
    assert found["separation"].unit == u.arcsec
    assert found["ra"].unit == found["dec"].unit == u.deg
    assert found["atlas_id"][0] == 1161600211221604900
    assert found["name"][0] == "ATLAS18qqn"


def test_positions_are_those_of_the_ids_and_say_so(sandbox, atlas):
    truth = sandbox.truth
    sky = SkyCoord(truth["ra"], truth["dec"], unit="deg")
    found = vstack([atlas.query_region(centre, 2 * u.arcsec) for centre in sky[:100]], metadata_conflicts="silent")
    assert found.meta["position_source"] == "id"
    assert "up to about 3 arcsec" in found["ra"].info.description
    where = dict(zip(truth["atlas_id"].tolist(), sky, strict=True))
    catalogued = SkyCoord([where[one] for one in found["atlas_id"].tolist()])
    decoded = SkyCoord(found["ra"].unmasked, found["dec"].unmasked)
    assert decoded.separation(catalogued).max() < 3 * u.arcsec


def test_details_give_the_servers_positions(sandbox, atlas):
    before = len(sandbox.requests)
    found = atlas.query_region(COW, 300 * u.arcsec, details=True)
    assert [seen.endpoint for seen in sandbox.requests[before:]] == ["cone/", "objects/"]
    assert found.meta["position_source"] == "server"
    assert found.colnames[:5] == ["atlas_id", "name", "separation", "ra", "dec"]
    cow = found[found["atlas_id"] == 1161600211221604900][0]
    assert (cow["ra"].value, cow["dec"].value) == (244.000917, 22.268031)
    assert cow["tns_name"] == "2018cow"
    assert "id" not in found["ra"].info.description


def test_nearest(sandbox, atlas):
    everything = atlas.query_region(COW, 300 * u.arcsec)
    nearest = atlas.query_region(COW, 300 * u.arcsec, nearest=True)
    assert len(nearest) == 1
    assert nearest["atlas_id"][0] == everything["atlas_id"][0]
    assert sandbox.requests[-1].params["requestType"] == "nearest"


@pytest.mark.parametrize("options", [{}, {"nearest": True}, {"details": True}, {"nearest": True, "details": True}])
def test_nothing_there_is_an_empty_typed_table_and_a_warning(atlas, options):
    with pytest.warns(NoResultsWarning, match="No object lies within"):
        empty = atlas.query_region(NOWHERE, 1 * u.arcsec, **options)
    full = atlas.query_region(COW, 10 * u.arcsec, **options)
    assert len(empty) == 0
    assert empty.colnames == full.colnames
    assert [column.dtype.kind for column in empty.itercols() if hasattr(column, "dtype")] == [
        column.dtype.kind for column in full.itercols() if hasattr(column, "dtype")
    ]
    assert len(vstack([empty, full])) == len(full)


def test_a_vector_gives_one_table_with_an_index(sandbox, atlas):
    centres = SkyCoord([COW, NOWHERE, COW.directional_offset_by(0 * u.deg, 1 * u.arcsec)])
    before = len(sandbox.requests)
    found = atlas.query_region(centres, 10 * u.arcsec)
    assert len(sandbox.requests) - before == 3
    assert found.colnames[:2] == ["query_index", "atlas_id"]
    assert found["query_index"].tolist() == [0, 2]
    assert found["query_index"].dtype.kind == "i"


def test_a_vector_of_one_is_a_vector(atlas):
    assert atlas.query_region(SkyCoord([COW]), 10 * u.arcsec)["query_index"].tolist() == [0]


def test_a_vector_with_details_asks_for_each_object_once(sandbox, atlas):
    before = len(sandbox.requests)
    found = atlas.query_region(SkyCoord([COW, NOWHERE, COW]), 10 * u.arcsec, details=True)
    assert sandbox.requests[-1].params["objects"] == "1161600211221604900"
    assert len(sandbox.requests) - before == 3
    assert found["tns_name"].tolist() == ["2018cow", "2018cow"]


@pytest.mark.parametrize("frame", ["galactic", "fk5", "barycentrictrueecliptic"])
def test_any_frame(atlas, frame):
    found = atlas.query_region(COW.transform_to(frame), 1 * u.arcsec)
    assert found["separation"][0] < 0.001 * u.arcsec


@pytest.mark.parametrize("method", ["query_region", "count_region"])
@pytest.mark.parametrize(
    ("coordinates", "radius", "error"),
    [
        (COW, 10, InvalidQueryTypeError),
        (COW, 301 * u.arcsec, InvalidQueryError),
        (COW, 0 * u.arcsec, InvalidQueryError),
        (SkyCoord(np.nan, 0, unit="deg"), 10 * u.arcsec, InvalidQueryError),
        (SkyCoord([], [], unit="deg"), 10 * u.arcsec, InvalidQueryError),
        ("SN 2018cow", 10 * u.arcsec, InvalidQueryError),
        ((244.0, 22.3), 10 * u.arcsec, InvalidQueryTypeError),
    ],
)
@pytest.mark.usefixtures("unspent")
def test_what_is_wrong_spends_no_request(atlas, method, coordinates, radius, error):
    with pytest.raises(error):
        getattr(atlas, method)(coordinates, radius)


@pytest.mark.usefixtures("unspent")
def test_count_takes_one_position(atlas):
    with pytest.raises(InvalidQueryError, match="takes one position, not a vector of 2"):
        atlas.count_region(SkyCoord([COW, COW]), 1 * u.arcsec)


@pytest.mark.usefixtures("unspent")
def test_the_payload_is_shown_and_nothing_is_sent(atlas):
    one = {"ra": 244.000917, "dec": 22.268031, "radius": 10.0}
    assert atlas.query_region(COW, "10 arcsec", get_query_payload=True) == {**one, "requestType": "all"}
    assert atlas.query_region(COW, "10 arcsec", nearest=True, get_query_payload=True)["requestType"] == "nearest"
    assert atlas.count_region(COW, "10 arcsec", get_query_payload=True) == {**one, "requestType": "count"}
    many = atlas.query_region(SkyCoord([COW, COW]), "10 arcsec", get_query_payload=True)
    assert many == [{**one, "requestType": "all"}] * 2


def test_options_are_keyword_only(atlas):
    with pytest.raises(TypeError):
        atlas.query_region(COW, 10 * u.arcsec, True)


@pytest.fixture(scope="module")
def small():
    """A sandbox with an hourly quota of 3."""
    with Sandbox(n_objects=50, end="2026-11-01", rates={"user": 3}) as running:
        yield running


FAR_APART = SkyCoord([COW, *(NOWHERE.directional_offset_by(k * u.deg, 1 * u.deg) for k in (0, 90)), COW, NOWHERE])


def test_what_was_fetched_before_the_quota_ended_is_in_the_error(small):
    atlas = small.client()
    with conf.set_temp("hourly_requests", 100), pytest.raises(RateLimitError) as caught:
        atlas.query_region(FAR_APART[1:4], 10 * u.arcsec, details=True)
    assert caught.value.results["query_index"].tolist() == [2]
    assert 0 < caught.value.retry_after <= 3600


@pytest.mark.parametrize(("status", "error"), [(403, PermissionDeniedError), (429, RateLimitError)])
def test_nothing_was_fetched_before_the_first_request_failed(small, status, error):
    small.inject(Fault("status", endpoint="cone/", status=status, body='{"detail": "no"}'))
    with pytest.raises(error) as caught:
        small.client("staff").query_region(FAR_APART[1:4], 10 * u.arcsec)
    assert len(caught.value.results) == 0
    assert caught.value.results.colnames[:2] == ["query_index", "atlas_id"]


def test_what_was_fetched_before_a_fault_is_in_the_error(small):
    small.clear_faults()
    atlas = small.client("staff")
    atlas.query_region(COW, 10 * u.arcsec)
    before = len(small.requests)
    small.inject(Fault("status", endpoint="cone/", status=500, skip=2))
    with pytest.raises(BatchError) as caught:
        atlas.query_region(FAR_APART[[0, 1, 2, 4]], 10 * u.arcsec)
    assert caught.value.results["query_index"].tolist() == [0]
    assert list(caught.value.failed) == [2, 3]
    assert isinstance(caught.value.failed[2], ServerFaultError)
    assert len(small.requests) - before == 3


@pytest.fixture(scope="module")
def crowd():
    """Sixty positions in three fields."""
    rng = np.random.default_rng(7)
    centres = SkyCoord([COW, SkyCoord(0.001, 0, unit="deg"), SkyCoord(30, 89.99, unit="deg")])
    fields = [
        c.directional_offset_by(rng.uniform(0, 360, 20) * u.deg, rng.uniform(0, 100, 20) * u.arcsec) for c in centres
    ]
    return SkyCoord([one for field in fields for one in field])


class TestSharedCones:
    """Positions close together: fewer requests, the same rows."""

    @pytest.mark.parametrize("options", [{}, {"nearest": True}, {"details": True}])
    def test_the_same_rows_as_one_by_one(self, sandbox, atlas, crowd, options):
        before = len(sandbox.requests)
        together = atlas.query_region(crowd, 60 * u.arcsec, **options)
        assert len(sandbox.requests) - before == 4
        assert together.meta["position_source"] == "server"
        rows = [
            (int(one["query_index"]), int(one["atlas_id"]), round(float(one["separation"].value), 3))
            for one in together
        ]
        expected = []
        for index, position in enumerate(crowd):
            if atlas.count_region(position, 60 * u.arcsec):
                alone = atlas.query_region(position, 60 * u.arcsec, **options)
                expected += [(index, int(row["atlas_id"]), round(float(row["separation"].value), 3)) for row in alone]
                assert together.colnames == ["query_index", *alone.colnames]
        assert [row[:2] for row in rows] == [row[:2] for row in expected]
        assert np.allclose([row[2] for row in rows], [row[2] for row in expected], atol=0.002)
        assert len(rows) > 5

    @pytest.mark.usefixtures("unspent")
    def test_the_plan_can_be_seen(self, atlas, crowd):
        plan = atlas.query_region(crowd, 60 * u.arcsec, get_query_payload=True)
        assert len(plan) == 3
        assert all(0 < cone["radius"] <= 300 for cone in plan)

    def test_a_table(self, atlas, crowd):
        table = QTable({"RA_ICRS": crowd.ra, "DE_ICRS": crowd.dec})
        of_table, of_coordinates = (atlas.query_region(one, 60 * u.arcsec) for one in (table, crowd))
        assert of_table["atlas_id"].tolist() == of_coordinates["atlas_id"].tolist()

    def test_tables_with_details_stack_whether_cones_were_shared_or_not(self, atlas, crowd):
        together, apart = (atlas.query_region(one, 60 * u.arcsec, details=True) for one in (crowd, FAR_APART[:2]))
        assert len(vstack([together, apart])) == len(together) + len(apart)

    def test_more_than_the_quota_is_said_before(self, atlas):
        limit = atlas.quota.used + 1
        warned = pytest.warns(LargeQueryWarning, match="about 5 requests, and 1 of")
        with conf.set_temp("hourly_requests", limit), warned:
            atlas.query_region(FAR_APART, 1 * u.arcsec, details=True)


def test_an_object_that_is_named_and_then_unknown_keeps_its_row(small):
    """Between two requests an object may vanish; what the cone search said of it is still true."""
    unknown = '[{"object": "AtlasDiffObjects matching query does not exist.", "lc": null}]'
    small.inject(Fault("status", endpoint="objects/", status=200, body=unknown))
    with pytest.warns(NoResultsWarning, match="no details of 1"):
        found = small.client("staff").query_region(COW, 10 * u.arcsec, details=True)
    assert found["atlas_id"].tolist() == found.meta["missing"] == [1161600211221604900]
    assert found["name"].tolist() == ["ATLAS18qqn"]
    assert found["ra"].mask.all()
    assert found["tns_name"].mask.all()


def test_cones_that_were_paid_are_in_the_error_when_the_details_fail(small):
    small.inject(Fault("html500", endpoint="objects/", times=None))
    try:
        with pytest.raises((BatchError, ServerFaultError)) as caught:
            small.client("staff").query_region(COW, 10 * u.arcsec, details=True)
    finally:
        small.clear_faults()
    assert caught.value.results["atlas_id"].tolist() == [1161600211221604900]
    assert caught.value.results.meta["position_source"] == "id"


UNKNOWN = '[{"object": "AtlasDiffObjects matching query does not exist.", "lc": null}]'
NOT_PLACED = json.dumps(
    [
        {"object": {"id": 1161600211221604900, "atlas_designation": "ATLAS18qqn", "ra": None, "dec": None}}
        | {key: [] for key in ("lc", "lcnondets", "fp", *CROSSMATCH_SECTIONS)}
    ]
)


@pytest.mark.filterwarnings("ignore:The server's 'object' rows:atlasquery.exceptions.SchemaWarning")
@pytest.mark.parametrize("body", [UNKNOWN, NOT_PLACED], ids=["unknown", "without a position"])
class TestObjectsWithoutAPosition:
    """What a cone named is in the table, whatever the server says of it afterwards."""

    def asked(self, small, body, method, *args, **options):
        atlas = small.client("staff")
        small.inject(Fault("status", endpoint="objects/", status=200, body=body))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = getattr(atlas, method)(*args, **options)
        said = [str(one.message) for one in caught]
        assert DataQualityWarning in [one.category for one in caught]
        assert any("no position of 1 objects" in one for one in said)
        assert any("meta['missing']" in one for one in said) is (body == UNKNOWN)
        assert found.meta["position_from_id"] == found["atlas_id"].tolist()[:1] == [1161600211221604900]
        assert set(found["name"].tolist()) == {"ATLAS18qqn"}
        return found

    @pytest.mark.parametrize("options", [{}, {"nearest": True}, {"details": True}])
    def test_of_the_same_position(self, small, body, options):
        here = COW.directional_offset_by(30 * u.deg, 4 * u.arcsec)
        alone = small.client("staff").query_region(here, 10 * u.arcsec)
        found = self.asked(small, body, "query_region", SkyCoord([here] * 3), 10 * u.arcsec, **options)
        assert found["query_index"].tolist() == [0, 1, 2]
        assert np.allclose(found["separation"].value, alone["separation"][0].value, atol=1e-6)
        assert np.allclose(found["ra"].value, alone["ra"][0].value)

    def test_of_positions_nearby(self, small, body):
        around = COW.directional_offset_by(np.arange(0, 360, 36) * u.deg, 8 * u.arcsec)
        found = self.asked(small, body, "query_region", around, 20 * u.arcsec)
        assert found["query_index"].tolist() == list(range(10))
        assert np.abs(found["separation"].value - 8).max() < 3

    def test_of_a_catalogue(self, small, body):
        found = self.asked(small, body, "crossmatch", SkyCoord([COW]), 2 * u.arcsec)
        assert found["catalogue_index"].tolist() == [0]


@pytest.mark.parametrize(
    ("nearest", "body"), [(False, "{}"), (False, "null"), (False, '{"rows": []}'), (True, "0"), (True, '"none"')]
)
def test_a_cone_that_is_none_is_told_from_an_empty_one(small, nearest, body):
    small.inject(Fault("status", endpoint="cone/", status=200, body=body))
    with pytest.raises(UnreadableAnswerError, match="was expected"):
        small.client("staff").query_region(COW, 10 * u.arcsec, nearest=nearest)


def test_a_list_whose_object_has_no_position(small):
    rows = json.dumps([{"id": 1161600211221604900, "atlas_designation": "ATLAS18qqn", "ra": None, "dec": None}])
    small.inject(Fault("status", endpoint="objectlist/", status=200, body=rows))
    with pytest.warns() as caught:
        found = small.client("staff").crossmatch(SkyCoord([COW]), 5 * u.arcsec, lists=["good"])
    assert DataQualityWarning in [one.category for one in caught]
    assert found["atlas_id"].tolist() == found.meta["position_from_id"] == [1161600211221604900]

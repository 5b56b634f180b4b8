# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Cone searches: correct everywhere on the sky, without loss of a row."""

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
from atlasquery.sandbox import Fault
from atlasquery.schema.decode import CROSSMATCH_SECTIONS
from constants import COW

POSITION = SkyCoord(244.000917, 22.268031, unit="deg")  # of AT2018cow
NOWHERE = SkyCoord(0, -89.99, unit="deg")


def random_cones(truth, n, rng):
    """Return all objects, positions near some of them, and radii; some are near the poles and RA 0."""
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


def test_200_cones_equal_brute_force(sandbox, atlas, record_property):
    truth = sandbox.truth
    ids = np.asarray(truth["atlas_id"])
    sky, centres, radii = random_cones(truth, 200, np.random.default_rng(1))
    # Positions that are never drawn at random: the poles themselves, and RA exactly 0.
    extra = SkyCoord([0, 0, 0, 359.9999], [90, -90, 10, 0.001], unit="deg")
    centres = SkyCoord(np.r_[centres.ra, extra.ra], np.r_[centres.dec, extra.dec])
    radii = np.r_[radii, [300] * 4 * u.arcsec]
    n_rows, worst = 0, 0 * u.arcsec
    for centre, radius in zip(centres, radii, strict=True):
        separation = sky.separation(centre)
        expected = set(ids[separation < radius].tolist())
        assert atlas.count_region(centre, radius) == len(expected)
        if not expected:
            continue
        table = atlas.query_region(centre, radius)
        assert set(table["atlas_id"].tolist()) == expected
        assert len(table) == len(expected)
        arcsec_of = dict(zip(ids.tolist(), separation.to_value(u.arcsec), strict=True))
        arcsec = [arcsec_of[object_id] for object_id in table["atlas_id"].tolist()]
        difference = np.abs(table["separation"] - arcsec * u.arcsec)
        worst = max(worst, difference.unmasked.max())
        assert (np.diff(table["separation"].unmasked) >= 0).all()
        n_rows += len(table)
    print(f"\n{len(centres)} cones, {n_rows} rows, largest difference of a separation {worst.to(u.uarcsec):.1f}")
    assert n_rows > 100
    assert worst < 0.01 * u.arcsec


def test_columns(atlas):
    result = atlas.query_region(POSITION, 10 * u.arcsec)
    assert result.colnames == ["atlas_id", "name", "separation", "ra", "dec"]
    assert result["atlas_id"].dtype == np.int64
    assert result["separation"].unit == u.arcsec
    assert result["ra"].unit == result["dec"].unit == u.deg
    assert result["atlas_id"][0] == COW
    assert result["name"][0] == "ATLAS18qqn"


def test_positions_are_decoded_from_ids_as_documented(sandbox, atlas):
    truth = sandbox.truth
    sky = SkyCoord(truth["ra"], truth["dec"], unit="deg")
    result = vstack([atlas.query_region(centre, 2 * u.arcsec) for centre in sky[:100]], metadata_conflicts="silent")
    assert result.meta["position_source"] == "id"
    assert "up to about 3 arcsec" in result["ra"].info.description
    position_of = dict(zip(truth["atlas_id"].tolist(), sky, strict=True))
    catalogued = SkyCoord([position_of[object_id] for object_id in result["atlas_id"].tolist()])
    decoded = SkyCoord(result["ra"].unmasked, result["dec"].unmasked)
    assert decoded.separation(catalogued).max() < 3 * u.arcsec


def test_details_give_the_servers_positions(atlas, requested_endpoints):
    result = atlas.query_region(POSITION, 300 * u.arcsec, details=True)
    assert requested_endpoints() == ["cone/", "objects/"]
    assert result.meta["position_source"] == "server"
    assert result.colnames[:5] == ["atlas_id", "name", "separation", "ra", "dec"]
    cow = result[result["atlas_id"] == COW][0]
    assert (cow["ra"].value, cow["dec"].value) == (244.000917, 22.268031)
    assert cow["tns_name"] == "2018cow"
    assert "id" not in result["ra"].info.description


def test_nearest(sandbox, atlas):
    all_objects = atlas.query_region(POSITION, 300 * u.arcsec)
    nearest = atlas.query_region(POSITION, 300 * u.arcsec, nearest=True)
    assert len(nearest) == 1
    assert nearest["atlas_id"][0] == all_objects["atlas_id"][0]
    assert sandbox.requests[-1].params["requestType"] == "nearest"


@pytest.mark.parametrize("options", [{}, {"nearest": True}, {"details": True}, {"nearest": True, "details": True}])
def test_an_empty_cone_gives_an_empty_typed_table_and_a_warning(atlas, options):
    with pytest.warns(NoResultsWarning, match="No object.*1.0 arcsec.*`coordinates`"):
        empty = atlas.query_region(NOWHERE, 1 * u.arcsec, **options)
    full = atlas.query_region(POSITION, 10 * u.arcsec, **options)
    assert len(empty) == 0
    assert empty.colnames == full.colnames
    assert [column.dtype.kind for column in empty.itercols() if hasattr(column, "dtype")] == [
        column.dtype.kind for column in full.itercols() if hasattr(column, "dtype")
    ]
    assert len(vstack([empty, full])) == len(full)


def test_a_vector_gives_one_table_with_an_index(sandbox, atlas):
    centres = SkyCoord([POSITION, NOWHERE, POSITION.directional_offset_by(0 * u.deg, 1 * u.arcsec)])
    n_before = len(sandbox.requests)
    result = atlas.query_region(centres, 10 * u.arcsec)
    assert len(sandbox.requests) - n_before == 3
    assert result.colnames[:2] == ["query_index", "atlas_id"]
    assert result["query_index"].tolist() == [0, 2]
    assert result["query_index"].dtype.kind == "i"


def test_a_vector_of_one_is_a_vector(atlas):
    assert atlas.query_region(SkyCoord([POSITION]), 10 * u.arcsec)["query_index"].tolist() == [0]


def test_a_vector_with_details_requests_each_object_once(sandbox, atlas):
    n_before = len(sandbox.requests)
    result = atlas.query_region(SkyCoord([POSITION, NOWHERE, POSITION]), 10 * u.arcsec, details=True)
    assert sandbox.requests[-1].params["objects"] == str(COW)
    assert len(sandbox.requests) - n_before == 3
    assert result["tns_name"].tolist() == ["2018cow", "2018cow"]


@pytest.mark.parametrize("frame", ["galactic", "fk5", "barycentrictrueecliptic"])
def test_coordinates_in_any_frame(atlas, frame):
    result = atlas.query_region(POSITION.transform_to(frame), 1 * u.arcsec)
    assert result["separation"][0] < 0.001 * u.arcsec


@pytest.mark.parametrize("method", ["query_region", "count_region"])
@pytest.mark.parametrize(
    ("coordinates", "radius", "error"),
    [
        (POSITION, 10, InvalidQueryTypeError),
        (POSITION, 301 * u.arcsec, InvalidQueryError),
        (POSITION, 0 * u.arcsec, InvalidQueryError),
        (SkyCoord(np.nan, 0, unit="deg"), 10 * u.arcsec, InvalidQueryError),
        ("SN 2018cow", 10 * u.arcsec, InvalidQueryError),
        ((244.0, 22.3), 10 * u.arcsec, InvalidQueryTypeError),
    ],
)
@pytest.mark.usefixtures("unspent")
def test_invalid_arguments_send_no_request(atlas, method, coordinates, radius, error):
    with pytest.raises(error):
        getattr(atlas, method)(coordinates, radius)


@pytest.mark.usefixtures("unspent")
def test_count_region_refuses_a_vector(atlas):
    with pytest.raises(InvalidQueryError, match=r"coordinates.*vector of 2"):
        atlas.count_region(SkyCoord([POSITION, POSITION]), 1 * u.arcsec)


@pytest.mark.usefixtures("unspent")
def test_query_payload_sends_no_request(atlas):
    cone = {"ra": 244.000917, "dec": 22.268031, "radius": 10.0}
    assert atlas.query_region(POSITION, "10 arcsec", get_query_payload=True) == {**cone, "requestType": "all"}
    assert atlas.query_region(POSITION, "10 arcsec", nearest=True, get_query_payload=True)["requestType"] == "nearest"
    assert atlas.count_region(POSITION, "10 arcsec", get_query_payload=True) == {**cone, "requestType": "count"}
    payloads = atlas.query_region(SkyCoord([POSITION, POSITION]), "10 arcsec", get_query_payload=True)
    assert payloads == [{**cone, "requestType": "all"}] * 2


def test_options_are_keyword_only(atlas):
    with pytest.raises(TypeError):
        atlas.query_region(POSITION, 10 * u.arcsec, True)


FAR_APART = SkyCoord(
    [POSITION, *(NOWHERE.directional_offset_by(k * u.deg, 1 * u.deg) for k in (0, 90)), POSITION, NOWHERE]
)


def test_results_before_the_end_of_the_quota_are_in_the_error(make_sandbox):
    with make_sandbox(rates={"user": 3}, shared=False) as limited_sandbox:
        atlas = limited_sandbox.client()
        with conf.set_temp("hourly_requests", 100), pytest.raises(RateLimitError) as caught:
            atlas.query_region(FAR_APART[1:4], 10 * u.arcsec, details=True)
    assert caught.value.results["query_index"].tolist() == [2]
    assert 0 < caught.value.retry_after <= 3600


@pytest.mark.parametrize(("status", "error"), [(403, PermissionDeniedError), (429, RateLimitError)])
def test_a_failed_first_request_has_empty_results(small_sandbox, status, error):
    small_sandbox.inject(Fault("status", endpoint="cone/", status=status, body='{"detail": "no"}'))
    with pytest.raises(error) as caught:
        small_sandbox.client("staff").query_region(FAR_APART[1:4], 10 * u.arcsec)
    assert len(caught.value.results) == 0
    assert caught.value.results.colnames[:2] == ["query_index", "atlas_id"]


def test_results_before_a_fault_are_in_the_error(small_sandbox):
    atlas = small_sandbox.client("staff")
    atlas.query_region(POSITION, 10 * u.arcsec)
    n_before = len(small_sandbox.requests)
    small_sandbox.inject(Fault("status", endpoint="cone/", status=500, skip=2))
    with pytest.raises(BatchError) as caught:
        atlas.query_region(FAR_APART[[0, 1, 2, 4]], 10 * u.arcsec)
    assert caught.value.results["query_index"].tolist() == [0]
    assert list(caught.value.failed) == [2, 3]
    assert isinstance(caught.value.failed[2], ServerFaultError)
    assert len(small_sandbox.requests) - n_before == 3


@pytest.fixture(scope="module")
def clustered_positions():
    """Sixty positions in three fields, two of them at RA 0 and near a pole."""
    rng = np.random.default_rng(7)
    centres = SkyCoord([POSITION, SkyCoord(0.001, 0, unit="deg"), SkyCoord(30, 89.99, unit="deg")])
    fields = [
        c.directional_offset_by(rng.uniform(0, 360, 20) * u.deg, rng.uniform(0, 100, 20) * u.arcsec) for c in centres
    ]
    return SkyCoord([position for field in fields for position in field])


class TestSharedCones:
    """Positions close together need fewer requests and give the same rows."""

    @pytest.mark.parametrize("options", [{}, {"nearest": True}, {"details": True}])
    def test_rows_equal_those_of_single_positions(self, sandbox, atlas, clustered_positions, options):
        n_before = len(sandbox.requests)
        shared = atlas.query_region(clustered_positions, 60 * u.arcsec, **options)
        assert len(sandbox.requests) - n_before == 4
        assert shared.meta["position_source"] == "server"
        rows = [
            (int(row["query_index"]), int(row["atlas_id"]), round(float(row["separation"].value), 3)) for row in shared
        ]
        expected = []
        for index, position in enumerate(clustered_positions):
            if atlas.count_region(position, 60 * u.arcsec):
                single = atlas.query_region(position, 60 * u.arcsec, **options)
                expected += [(index, int(row["atlas_id"]), round(float(row["separation"].value), 3)) for row in single]
                assert shared.colnames == ["query_index", *single.colnames]
        assert [row[:2] for row in rows] == [row[:2] for row in expected]
        assert np.allclose([row[2] for row in rows], [row[2] for row in expected], atol=0.002)
        assert len(rows) > 5

    @pytest.mark.usefixtures("unspent")
    def test_query_payload(self, atlas, clustered_positions):
        payloads = atlas.query_region(clustered_positions, 60 * u.arcsec, get_query_payload=True)
        assert len(payloads) == 3
        assert all(0 < cone["radius"] <= 300 for cone in payloads)

    def test_a_table_of_positions(self, atlas, clustered_positions):
        table = QTable({"RA_ICRS": clustered_positions.ra, "DE_ICRS": clustered_positions.dec})
        of_table, of_coordinates = (
            atlas.query_region(positions, 60 * u.arcsec) for positions in (table, clustered_positions)
        )
        assert of_table["atlas_id"].tolist() == of_coordinates["atlas_id"].tolist()

    def test_tables_with_details_can_be_stacked_with_and_without_shared_cones(self, atlas, clustered_positions):
        shared, separate = (
            atlas.query_region(positions, 60 * u.arcsec, details=True)
            for positions in (clustered_positions, FAR_APART[:2])
        )
        assert len(vstack([shared, separate])) == len(shared) + len(separate)

    def test_more_requests_than_the_quota_are_warned_of(self, atlas):
        limit = atlas.quota.used + 1
        warned = pytest.warns(LargeQueryWarning, match="about 5 requests, and 1 of")
        with conf.set_temp("hourly_requests", limit), warned:
            atlas.query_region(FAR_APART, 1 * u.arcsec, details=True)


def test_an_object_without_record_keeps_its_row(small_sandbox):
    """An object may be removed between two requests; the row of the cone search is kept."""
    no_record = '[{"object": "AtlasDiffObjects matching query does not exist.", "lc": null}]'
    small_sandbox.inject(Fault("status", endpoint="objects/", status=200, body=no_record))
    with pytest.warns(NoResultsWarning, match="no details of 1"):
        result = small_sandbox.client("staff").query_region(POSITION, 10 * u.arcsec, details=True)
    assert result["atlas_id"].tolist() == result.meta["missing"] == [COW]
    assert result["name"].tolist() == ["ATLAS18qqn"]
    assert result["ra"].mask.all()
    assert result["tns_name"].mask.all()


def test_cones_are_in_the_error_if_the_details_fail(small_sandbox):
    small_sandbox.inject(Fault("html500", endpoint="objects/", times=None))
    with pytest.raises((BatchError, ServerFaultError)) as caught:
        small_sandbox.client("staff").query_region(POSITION, 10 * u.arcsec, details=True)
    assert caught.value.results["atlas_id"].tolist() == [COW]
    assert caught.value.results.meta["position_source"] == "id"


UNKNOWN = '[{"object": "AtlasDiffObjects matching query does not exist.", "lc": null}]'
WITHOUT_POSITION = json.dumps(
    [
        {"object": {"id": COW, "atlas_designation": "ATLAS18qqn", "ra": None, "dec": None}}
        | {key: [] for key in ("lc", "lcnondets", "fp", *CROSSMATCH_SECTIONS)}
    ]
)


@pytest.mark.filterwarnings("ignore:The server's 'object' rows:atlasquery.exceptions.SchemaWarning")
@pytest.mark.parametrize("body", [UNKNOWN, WITHOUT_POSITION], ids=["unknown", "without a position"])
class TestObjectsWithoutPosition:
    """All objects of a cone are in the table, even if the next answer has no record or position of them."""

    def query(self, small_sandbox, body, method, *args, **options):
        atlas = small_sandbox.client("staff")
        small_sandbox.inject(Fault("status", endpoint="objects/", status=200, body=body))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = getattr(atlas, method)(*args, **options)
        messages = [str(warning.message) for warning in caught]
        assert DataQualityWarning in [warning.category for warning in caught]
        assert any("no position of 1 objects" in message for message in messages)
        assert any("meta['missing']" in message for message in messages) is (body == UNKNOWN)
        assert result.meta["position_from_id"] == result["atlas_id"].tolist()[:1] == [COW]
        assert set(result["name"].tolist()) == {"ATLAS18qqn"}
        return result

    @pytest.mark.parametrize("options", [{}, {"nearest": True}, {"details": True}])
    def test_repeated_positions(self, small_sandbox, body, options):
        here = POSITION.directional_offset_by(30 * u.deg, 4 * u.arcsec)
        single = small_sandbox.client("staff").query_region(here, 10 * u.arcsec)
        result = self.query(small_sandbox, body, "query_region", SkyCoord([here] * 3), 10 * u.arcsec, **options)
        assert result["query_index"].tolist() == [0, 1, 2]
        assert np.allclose(result["separation"].value, single["separation"][0].value, atol=1e-6)
        assert np.allclose(result["ra"].value, single["ra"][0].value)

    def test_nearby_positions(self, small_sandbox, body):
        around = POSITION.directional_offset_by(np.arange(0, 360, 36) * u.deg, 8 * u.arcsec)
        result = self.query(small_sandbox, body, "query_region", around, 20 * u.arcsec)
        assert result["query_index"].tolist() == list(range(10))
        assert np.abs(result["separation"].value - 8).max() < 3

    def test_a_catalogue(self, small_sandbox, body):
        result = self.query(small_sandbox, body, "crossmatch", SkyCoord([POSITION]), 2 * u.arcsec)
        assert result["catalogue_index"].tolist() == [0]


@pytest.mark.parametrize(
    ("nearest", "body"), [(False, "{}"), (False, "null"), (False, '{"rows": []}'), (True, "0"), (True, '"none"')]
)
def test_an_answer_that_is_not_a_cone_is_an_error(small_sandbox, nearest, body):
    small_sandbox.inject(Fault("status", endpoint="cone/", status=200, body=body))
    with pytest.raises(UnreadableAnswerError, match="must be a list"):
        small_sandbox.client("staff").query_region(POSITION, 10 * u.arcsec, nearest=nearest)


def test_an_object_of_a_list_without_position(small_sandbox):
    rows = json.dumps([{"id": COW, "atlas_designation": "ATLAS18qqn", "ra": None, "dec": None}])
    small_sandbox.inject(Fault("status", endpoint="objectlist/", status=200, body=rows))
    with pytest.warns() as caught:
        result = small_sandbox.client("staff").crossmatch(SkyCoord([POSITION]), 5 * u.arcsec, lists=["good"])
    assert DataQualityWarning in [warning.category for warning in caught]
    assert result["atlas_id"].tolist() == result.meta["position_from_id"] == [COW]

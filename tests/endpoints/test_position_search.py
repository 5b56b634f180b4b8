# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Search around many positions with shared cones or whole lists."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery import DetectionList, schema
from atlasquery.crossmatch.search import PositionSearch
from atlasquery.endpoints.position_search import multi_position_table, shared_cone_payloads
from atlasquery.exceptions import BatchError, UnreadableAnswerError
from constants import COW

POSITIONS = SkyCoord([244.000917, 244.001], [22.268031, 22.2681], unit="deg")
CONE_ROW = {"object": COW, "objectname": "ATLAS18qqn", "separation": 0.2}
UNKNOWN = {"object": "AtlasDiffObjects matching query does not exist."}


@pytest.fixture
def search():
    def make_table(matches, *, source="server"):
        return multi_position_table(*matches.select(), details=False, source=source)

    return PositionSearch(POSITIONS, 5.0, make_table)


def record(**values):
    nulls = {field.server_key: None for field in schema.OBJECT.values()}
    row = nulls | {"id": COW, "atlas_designation": "ATLAS18qqn", "ra": 244.000917, "dec": 22.268031, **values}
    return {"object": row} | {name: [] for name in schema.PHOTOMETRY_SECTIONS + schema.CROSSMATCH_SECTIONS}


def test_payloads_of_shared_cones(search):
    (payload,) = shared_cone_payloads(search)
    assert payload["requestType"] == "all"
    assert 5 < payload["radius"] < 10


def test_positions_share_a_cone(make_endpoints, search, sent):
    table = make_endpoints([CONE_ROW], [record()]).positions.search_shared_cones(search)
    assert [path for path, _ in sent] == ["cone/", "objects/"]
    assert table.colnames == ["query_index", "atlas_id", "name", "separation", "ra", "dec"]
    assert table["query_index"].tolist() == [0, 1]
    expected = POSITIONS.separation(POSITIONS[0]).arcsec
    assert np.allclose(table["separation"].to_value(u.arcsec), expected, atol=1e-6)
    assert table.meta == {"position_source": "server", "missing": []}


@pytest.mark.parametrize(("answer", "missing"), [(UNKNOWN, [COW]), (record(ra=None, dec=None), [])])
def test_an_object_without_position_is_matched_by_its_cone(make_endpoints, search, answer, missing):
    table = make_endpoints([CONE_ROW], [answer]).positions.search_shared_cones(search)
    assert set(table["name"].tolist()) == {"ATLAS18qqn"}
    assert table.meta["position_from_id"] == [COW]
    assert table.meta["missing"] == missing


def test_a_failed_request_for_details_keeps_the_cones(make_endpoints):
    endpoints = make_endpoints([CONE_ROW], {})
    region = endpoints.cone.search({"requestType": "all"})
    with pytest.raises(UnreadableAnswerError) as caught:
        endpoints.positions.add_details(region)
    assert caught.value.results["atlas_id"].tolist() == [COW]


def test_failed_cones_are_reported_as_positions(make_endpoints):
    def make_table(matches, *, source="server"):
        return multi_position_table(*matches.select(), details=False, source=source)

    coordinates = SkyCoord([10, 244.000917, 200], [-60, 22.268031, 50], unit="deg")
    search = PositionSearch(coordinates, 5.0, make_table)
    assert len(search.cones) == 3
    with pytest.raises(BatchError) as caught:
        make_endpoints([], [CONE_ROW], None).positions.search_shared_cones(search)
    error = caught.value
    assert list(error.failed) == error.results.meta["not_searched"] == [2]
    assert error.results["query_index"].tolist() == [1]


def test_details(make_endpoints):
    region = make_endpoints([CONE_ROW]).cone.search({"requestType": "all"})
    table = make_endpoints([record(other_designation="2018cow")]).positions.add_details(region)
    assert table.colnames[:6] == ["atlas_id", "name", "separation", "ra", "dec", "tns_name"]
    assert table["ra"].value.tolist() == [244.000917]
    assert table.meta == {"position_source": "server", "missing": []}


def test_search_among_lists(make_endpoints, search, sent):
    row = {field.server_key: record()["object"].get(field.server_key) for field in schema.LIST_ROW.values()}
    table = make_endpoints([row], []).positions.search_lists(search, [DetectionList.good, DetectionList.stars])
    assert [payload for _, payload in sent] == [{"objectlistid": 2}, {"objectlistid": 6}]
    assert table["atlas_id"].tolist() == [COW, COW]

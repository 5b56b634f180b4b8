# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Payloads and tables of ``cone/``."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery.endpoints.cone import cone_payload, cone_payloads, index_column
from atlasquery.exceptions import BatchError, UnreadableAnswerError
from atlasquery.inputs.coordinates import as_icrs
from constants import COW

ROW = {"object": COW, "objectname": "ATLAS18qqn", "separation": 1.5}
POSITION = {"ra": 244.0009, "dec": 22.268, "radius": 10.0}


def test_payload_of_one_position():
    expected = {**POSITION, "requestType": "all"}
    assert cone_payload(244.0009, 22.268, 10.0, "all") == expected
    assert cone_payloads(as_icrs(["244.0009d 22.2680d"]), 10.0, "all") == [expected]


def test_a_radius_for_each_position():
    payloads = cone_payloads(SkyCoord([1, 2], [3, 4], unit="deg"), np.array([10.0, 20.0]), "all")
    assert [payload["radius"] for payload in payloads] == [10.0, 20.0]


def test_payloads_of_a_vector():
    coordinates = SkyCoord([244.0009, 10.0], [22.268, -45.0], unit="deg")
    payloads = cone_payloads(coordinates, 10.0, "nearest")
    assert [payload["ra"] for payload in payloads] == pytest.approx([244.0009, 10.0])
    assert [payload["requestType"] for payload in payloads] == ["nearest"] * 2
    assert all(type(value) is float for payload in payloads for value in list(payload.values())[:3])


def test_count(make_endpoints, sent):
    payload = {**POSITION, "requestType": "count"}
    assert make_endpoints({"count": 3}).cone.count(payload) == 3
    assert sent == [("cone/", payload)]


@pytest.mark.parametrize("document", [{}, {"count": None}, {"count": -1}, {"count": True}, {"count": 1.0}, [3], 3])
def test_an_invalid_count(make_endpoints, document):
    with pytest.raises(UnreadableAnswerError, match="count") as caught:
        make_endpoints(document).cone.count({})
    assert caught.value.column == "count"


def test_table_of_one_cone(make_endpoints):
    table = make_endpoints([ROW]).cone.search({**POSITION, "requestType": "all"})
    assert table.colnames == ["atlas_id", "name", "separation", "ra", "dec"]
    assert table["separation"].to_value(u.arcsec).tolist() == [1.5]
    assert np.allclose(table["ra"].value, 244.000875)
    assert np.allclose(table["dec"].value, 22.26802778)
    assert table.meta["position_source"] == "id"


@pytest.mark.parametrize(("document", "n_rows"), [(ROW, 1), ({}, 0), ([ROW], 1)])
def test_table_of_the_nearest_object(make_endpoints, document, n_rows):
    assert len(make_endpoints(document).cone.search({"requestType": "nearest"})) == n_rows


def test_table_of_several_cones(make_endpoints):
    cones = ([ROW], [], [ROW, {**ROW, "object": COW + 1}])
    table = make_endpoints(*cones).cone.search([{"requestType": "all"}] * 3)
    assert table["query_index"].tolist() == [0, 2, 2]
    assert table["atlas_id"].tolist() == [COW, COW, COW + 1]


def test_results_of_earlier_cones_are_in_the_error(make_endpoints):
    with pytest.raises(BatchError) as caught:
        make_endpoints([ROW], None).cone.search([{"requestType": "all"}] * 3)
    assert caught.value.results["query_index"].tolist() == [0]
    assert list(caught.value.failed) == [1, 2]


def test_an_id_without_position_is_masked(make_endpoints):
    table = make_endpoints([{**ROW, "object": 1246000001000000000}]).cone.search({"requestType": "all"})
    assert table["ra"].mask.tolist() == table["dec"].mask.tolist() == [True]


def test_index_column():
    column = index_column(np.array([0, 2]))
    assert column.tolist() == [0, 2]
    assert "from 0" in column.info.description

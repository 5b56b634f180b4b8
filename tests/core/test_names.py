# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Names in place of ids: one request for all names of a call."""

import json

import numpy as np
import pytest
from astropy.table import MaskedColumn, QTable

from atlasquery.exceptions import (
    AmbiguousNameError,
    InvalidQueryError,
    InvalidQueryTypeError,
    NoResultsWarning,
    ObjectNotFoundError,
    UnreadableAnswerError,
)
from atlasquery.sandbox import Fault
from constants import COW


@pytest.mark.parametrize("name", ["2018cow", "AT2018cow", "AT 2018cow", "SN 2018cow", " sn2018COW ", "at_2018cow"])
def test_a_name_is_one_request(atlas, requested_endpoints, name):
    assert atlas.resolve_name(name) == COW
    assert requested_endpoints() == ["externalxmlist/"]


@pytest.mark.usefixtures("unspent")
def test_an_id_needs_no_request(atlas):
    assert atlas.resolve_name(COW) == atlas.resolve_name(str(COW)) == COW


@pytest.mark.usefixtures("unspent")
def test_query_payload_is_an_empty_list_if_no_request_is_needed(atlas):
    assert atlas.resolve_name("AT 2018cow", get_query_payload=True) == {"externalObjects": "2018cow"}
    for name in (COW, str(COW), "ATLAS18qqn", "ATLAS99zzz"):
        assert atlas.resolve_name(name, get_query_payload=True) == []


@pytest.fixture(scope="module")
def other_surveys(sandbox, atlas):
    """Names of other surveys, and the ids of their objects."""
    ids = sandbox.truth["atlas_id"][:300].tolist()
    records = atlas._endpoints.objects._read({"objects": ",".join(map(str, ids)), "mjd": 7e4})
    rows = [row for record in records for row in record["external_crossmatches"]]
    return {row["external_designation"]: row["transient_object_id"] for row in rows}


def test_a_name_of_another_survey(atlas, other_surveys):
    name, expected = next((name, object_id) for name, object_id in other_surveys.items() if name.startswith("ZTF"))
    assert atlas.resolve_name(name) == atlas.resolve_name(name.lower()) == expected


def test_several_names_cost_one_request(atlas, other_surveys, requested_endpoints):
    names = list(other_surveys)[:5]
    table = atlas.query_object([*names, "AT 2018cow", COW])
    assert requested_endpoints() == ["externalxmlist/", "objects/"]
    assert table["atlas_id"].tolist() == [*(other_surveys[name] for name in names), COW, COW]


def test_methods_accept_names_in_place_of_ids(atlas):
    assert atlas.get_transient("AT2018cow", since="2026-01-01").atlas_id == COW
    assert atlas.get_light_curve("AT2018cow", since="2026-01-01").meta["atlas_id"] == COW
    with pytest.warns(NoResultsWarning):
        atlas.query_list_membership("2018cow")


def test_an_unknown_name(atlas):
    with pytest.raises(ObjectNotFoundError, match="1999zzz") as caught:
        atlas.resolve_name("SN 1999zzz")
    assert caught.value.object_id == "SN 1999zzz"
    assert caught.value.url.endswith("/externalxmlist/")
    with pytest.warns(NoResultsWarning, match="1 of 2"):
        table = atlas.query_object(["SN 1999zzz", "2018cow"])
    assert table["atlas_id"].tolist() == [COW]
    assert table.meta["missing"] == ["SN 1999zzz"]


@pytest.mark.parametrize("name", ["2018,cow", "", " ", "12345", "12:30:10", "2018\x00cow", "n" * 101])
@pytest.mark.usefixtures("unspent")
def test_invalid_names_send_no_request(atlas, name):
    with pytest.raises(InvalidQueryError):
        atlas.resolve_name(name)


@pytest.mark.parametrize("name", [None, 1.5, True, b"2018cow", ["2018cow"]])
@pytest.mark.usefixtures("unspent")
def test_wrong_types_send_no_request(atlas, name):
    with pytest.raises(InvalidQueryTypeError):
        atlas.resolve_name(name)


@pytest.mark.usefixtures("unspent")
def test_query_payload_has_unresolved_names(atlas):
    assert atlas.resolve_name("2018cow", get_query_payload=True) == {"externalObjects": "2018cow"}
    assert atlas.get_light_curve("2018cow", get_query_payload=True) == {"objects": "2018cow"}
    assert atlas.query_object([COW, "2018cow"], get_query_payload=True)["objects"] == f"{COW},2018cow"


class TestDesignations:
    """ATLAS designations, which the server cannot look up."""

    def test_a_designation_in_no_answer_is_not_found(self, sandbox):
        atlas = sandbox.client()
        n_before = len(sandbox.requests)
        with pytest.raises(ObjectNotFoundError, match=r"position.*list") as caught:
            atlas.resolve_name("ATLAS18qqn")
        assert caught.value.object_id == "ATLAS18qqn"
        assert len(sandbox.requests) == n_before

    @pytest.mark.parametrize(
        "show",
        [
            lambda atlas: atlas.query_object(COW),
            lambda atlas: atlas.query_region("244.000917d 22.268031d", "10 arcsec"),
            lambda atlas: atlas.get_transient(COW, since="2026-01-01"),
            lambda atlas: atlas.get_light_curve(COW, since="2026-01-01"),
            lambda atlas: atlas.query_list(int(atlas.query_object(COW)["detection_list"][0])),
        ],
    )
    def test_a_designation_in_an_earlier_answer_needs_no_request(self, sandbox, show):
        atlas = sandbox.client()
        show(atlas)
        n_before = len(sandbox.requests)
        assert atlas.resolve_name("ATLAS18qqn") == atlas.resolve_name("atlas18QQN") == COW
        assert len(sandbox.requests) == n_before


def test_the_error_of_an_ambiguous_name_has_the_candidates(small_sandbox):
    atlas, ids = small_sandbox.client("staff"), small_sandbox.truth["atlas_id"][:2].tolist()
    row = {"id": 1, "external_designation": "2020abc", "matched_list": "x", "separation": 1.0}
    body = json.dumps([[{**row, "transient_object_id": object_id} for object_id in [*ids, ids[0]]]])
    small_sandbox.inject(Fault("status", endpoint="externalxmlist/", status=200, body=body, times=2))
    with pytest.raises(AmbiguousNameError, match="2 objects") as caught:
        atlas.resolve_name("2020abc")
    assert caught.value.candidates == tuple(ids)
    with pytest.raises(AmbiguousNameError):
        atlas.query_object("2020abc")


def test_external_crossmatches(atlas, other_surveys):
    names = [*list(other_surveys)[:3], "2018cow", "1999zzz"]
    with pytest.warns(NoResultsWarning, match="1 of 5"):
        table = atlas.query_external_crossmatches(names)
    assert table["query_name"].tolist() == names[:4]
    assert table["atlas_id"].tolist() == [*(other_surveys[name] for name in names[:3]), COW]
    assert table.meta["missing"] == ["1999zzz"]


def test_external_crossmatches_of_an_unknown_name_are_an_empty_typed_table(atlas):
    with pytest.warns(NoResultsWarning):
        empty = atlas.query_external_crossmatches("1999zzz")
    assert len(empty) == 0
    assert empty.colnames == atlas.query_external_crossmatches("2018cow").colnames


def test_an_answer_without_a_list_for_each_name_is_an_error(small_sandbox):
    small_sandbox.inject(Fault("status", endpoint="externalxmlist/", status=200, body="[]"))
    with pytest.raises(UnreadableAnswerError, match="1 names"):
        small_sandbox.client("staff").resolve_name("2018cow")


@pytest.mark.parametrize(
    ("names", "error"),
    [
        (COW, InvalidQueryTypeError),
        (None, InvalidQueryTypeError),
        (1.5, InvalidQueryTypeError),
        ([COW], InvalidQueryTypeError),
        (["2018cow", 1.5], InvalidQueryTypeError),
        (["2018cow", ["2019zzz"]], InvalidQueryTypeError),
        (b"2018cow", InvalidQueryTypeError),
        ([b"2018cow"], InvalidQueryTypeError),
        (QTable({"name": ["2018cow"]}), InvalidQueryTypeError),
        (MaskedColumn(["2018cow", "2019zzz"], mask=[False, True]), InvalidQueryError),
        (np.array([["2018cow"]]), InvalidQueryError),
        ("", InvalidQueryError),
    ],
)
@pytest.mark.usefixtures("unspent")
def test_external_crossmatches_of_invalid_names_send_no_request(atlas, names, error):
    with pytest.raises(error):
        atlas.query_external_crossmatches(names)


@pytest.mark.parametrize(
    "names", ["2018cow", np.array("2018cow"), ("2018cow",), MaskedColumn(["2018cow"]), {"2018cow"}, np.str_("2018cow")]
)
def test_external_crossmatches_of_one_name_in_several_types(atlas, names):
    assert atlas.query_external_crossmatches(names)["query_name"].tolist() == ["2018cow"]

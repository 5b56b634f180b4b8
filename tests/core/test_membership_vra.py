# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Custom lists of objects, and the tables of the Virtual Research Assistant."""

import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError, NoResultsWarning, UnreadableAnswerError
from atlasquery.sandbox import Fault
from atlasquery.transport.request import Request
from constants import COW

UNKNOWN = 1000000000000000000
VRA = {"query_vra_scores": "vra_scores", "query_vra_ranks": "vra_ranks", "query_vra_todo": "vra_todo"}


@pytest.fixture(scope="module")
def memberships(atlas):
    """All rows, as sent by the server."""
    return atlas._endpoints.memberships._read({})


def test_one_object_is_requested_by_its_id(sandbox, atlas, memberships):
    object_id = memberships[0]["transient_object_id"]
    table = atlas.query_list_membership(object_id)
    assert sandbox.requests[-1].params == {"objectid": str(object_id)}
    expected = [row["object_group_id"] for row in memberships if row["transient_object_id"] == object_id]
    assert sorted(table["custom_list"].tolist()) == sorted(expected)
    assert table.meta["missing"] == []


def test_several_objects_download_the_whole_table_once(sandbox, atlas, memberships):
    object_ids = [row["transient_object_id"] for row in memberships[5:2:-1]]
    n_before = len(sandbox.requests)
    with pytest.warns(NoResultsWarning, match=f"2 of {len(set(object_ids)) + 2} objects are on no custom list"):
        table = atlas.query_list_membership([*object_ids, COW, UNKNOWN])
    assert [request.params for request in sandbox.requests[n_before:]] == [{}]
    expected = [
        (object_id, row["object_group_id"])
        for object_id in dict.fromkeys(object_ids)
        for row in memberships
        if row["transient_object_id"] == object_id
    ]
    assert list(zip(table["atlas_id"].tolist(), table["custom_list"].tolist(), strict=True)) == expected
    assert table.meta["missing"] == [COW, UNKNOWN]


def test_known_lists_have_a_name(atlas, memberships):
    member_of = {row["object_group_id"]: row["transient_object_id"] for row in memberships}
    table = atlas.query_list_membership(member_of[40])
    assert "cv" in table["custom_list_name"].tolist()


def test_at2018cow_is_on_no_custom_list(atlas):
    with pytest.warns(NoResultsWarning):
        assert len(atlas.query_list_membership("2018cow")) == 0


@pytest.mark.parametrize("names", ["ZTF18zzzzzzz", ["ZTF18zzzzzzz"], ["ZTF18zzzzzzz", "ZTF19zzzzzzz"]])
def test_unknown_names_are_missing_and_cost_no_second_request(sandbox, atlas, names):
    n_before = len(sandbox.requests)
    with pytest.warns(NoResultsWarning):
        table = atlas.query_list_membership(names)
    assert len(table) == 0
    assert table.colnames[:3] == ["atlas_id", "custom_list", "custom_list_name"]
    assert table.meta["missing"] == ([names] if isinstance(names, str) else names)
    assert [request.endpoint for request in sandbox.requests[n_before:]] == ["externalxmlist/"]


@pytest.mark.usefixtures("unspent")
def test_payloads(atlas):
    assert atlas.query_list_membership(COW, get_query_payload=True) == {"objectid": COW}
    assert atlas.query_list_membership([COW, UNKNOWN], get_query_payload=True) == {}
    assert atlas.query_vra_ranks(get_query_payload=True) == {}
    assert atlas.query_vra_ranks([COW, "2018cow"], get_query_payload=True) == {"objects": f"{COW},2018cow"}
    assert atlas.query_vra_scores(COW, debug=True, get_query_payload=True) == {"objects": str(COW), "debug": True}
    assert atlas.query_vra_todo(since="2026-10-01", get_query_payload=True) == {"datethreshold": "2026-09-30T23:59:58Z"}


@pytest.mark.parametrize(("method", "endpoint"), VRA.items())
class TestVRA:
    def test_query_payload_equals_what_is_sent(self, sandbox, atlas, method, endpoint):
        many_ids = range(UNKNOWN, UNKNOWN + 12_000)
        payloads = getattr(atlas, method)(many_ids, get_query_payload=True)
        assert [len(object_id["objects"].split(",")) for object_id in payloads] == [5000, 5000, 2000]
        n_before = len(sandbox.requests)
        with pytest.warns(NoResultsWarning, match="12000 of 12000"):
            getattr(atlas, method)(many_ids)
        assert [request.params for request in sandbox.requests[n_before:]] == payloads

    def test_the_warning_names_a_single_object(self, atlas, method, endpoint):
        with pytest.warns(NoResultsWarning, match=f"no such row.*{UNKNOWN}"):
            getattr(atlas, method)(UNKNOWN)

    def test_the_whole_table(self, atlas, method, endpoint):
        rows = getattr(atlas._endpoints, endpoint)._read({})
        table = getattr(atlas, method)()
        assert table["atlas_id"].tolist() == [row["transient_object_id"] for row in rows]
        assert isinstance(table["timestamp"], Time)

    def test_some_objects_in_the_requested_order(self, sandbox, atlas, method, endpoint):
        rows = getattr(atlas._endpoints, endpoint)._read({})
        object_ids = [row["transient_object_id"] for row in rows[7:3:-1]]
        n_before = len(sandbox.requests)
        with pytest.warns(NoResultsWarning, match="no such row.*1 of"):
            table = getattr(atlas, method)([*object_ids, UNKNOWN, object_ids[0]])
        assert len(sandbox.requests) - n_before == 1
        expected = [
            (object_id, row["timestamp"])
            for object_id in dict.fromkeys(object_ids)
            for row in rows
            if row["transient_object_id"] == object_id
        ]
        rows_of_table = zip(
            table["atlas_id"].tolist(), table["timestamp"].strftime("%Y-%m-%dT%H:%M:%SZ").tolist(), strict=True
        )
        assert sorted(rows_of_table) == sorted(expected)
        assert list(dict.fromkeys(table["atlas_id"].tolist())) == list(dict.fromkeys(object_ids))
        assert table.meta["missing"] == [UNKNOWN]

    def test_since_is_inclusive(self, atlas, method, endpoint):
        whole_table = getattr(atlas, method)()
        bound = whole_table["timestamp"][len(whole_table) // 2]
        part = getattr(atlas, method)(since=bound)
        assert len(part) == (whole_table["timestamp"] >= bound).sum()
        assert part["timestamp"].min() == bound

    def test_since_also_applies_to_some_objects(self, atlas, method, endpoint):
        whole_table = getattr(atlas, method)()
        object_ids = list(dict.fromkeys(whole_table["atlas_id"].tolist()))[:200]
        bound = whole_table["timestamp"][whole_table["atlas_id"] == object_ids[100]][0]
        table = getattr(atlas, method)(object_ids, since=bound)
        is_requested = [object_id in set(object_ids) for object_id in whole_table["atlas_id"].tolist()]
        assert len(table) == (whole_table[is_requested]["timestamp"] >= bound).sum()

    def test_no_rows_give_an_empty_typed_table(self, atlas, method, endpoint):
        with pytest.warns(NoResultsWarning):
            empty = getattr(atlas, method)(since="2028-01-01")
        assert len(empty) == 0
        assert empty.colnames == getattr(atlas, method)().colnames

    @pytest.mark.parametrize("body", ["null", "0", "true", "{}", '""', "[0]"])
    @pytest.mark.parametrize("objects", [None, COW])
    def test_an_answer_that_is_not_a_list_of_rows_is_an_error(self, small_sandbox, method, endpoint, objects, body):
        path = getattr(small_sandbox.client("staff")._endpoints, endpoint).path
        small_sandbox.inject(Fault("status", endpoint=path, status=200, body=body))
        with pytest.raises(UnreadableAnswerError, match=r"rows.*list|must be an object"):
            getattr(small_sandbox.client("staff"), method)(objects)

    @pytest.mark.usefixtures("unspent")
    def test_invalid_arguments_send_no_request(self, atlas, method, endpoint):
        for invalid in (float(COW), [COW, "1234"]):
            with pytest.raises(InvalidQueryError):
                getattr(atlas, method)(invalid)
        with pytest.raises(InvalidQueryTypeError):
            getattr(atlas, method)(since=60000)


def test_debug_selects_rows_written_as_tests(make_sandbox):
    with make_sandbox(n_objects=30, shared=False) as writable_sandbox:
        writer, object_id = writable_sandbox.client("writer"), int(writable_sandbox.truth["atlas_id"][3])
        payload = {"objectid": object_id, "preal": 0.25, "debug": True}
        writer._request(Request("POST", "vrascores/", payload, idempotent=False))
        with pytest.warns(NoResultsWarning, match="1 rows.*`debug`"):
            table = writer.query_vra_scores()
        assert not table["debug"].any()
        assert table.meta["debug"] is False
        test_rows = writer.query_vra_scores(debug=True)
        assert test_rows["atlas_id"].tolist() == [object_id]
        assert writer.query_vra_scores(object_id, debug=True)["preal"].tolist() == [0.25]

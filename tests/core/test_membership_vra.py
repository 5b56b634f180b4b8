# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Who is on which custom list, and what the Virtual Research Assistant says."""

import pytest
from astropy.time import Time

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError, NoResultsWarning, UnreadableAnswerError
from atlasquery.sandbox import Fault, Sandbox

COW = 1161600211221604900
UNKNOWN = 1000000000000000000
VRA = {"query_vra_scores": "vrascoreslist/", "query_vra_ranks": "vraranklist/", "query_vra_todo": "vratodolist/"}


@pytest.fixture(scope="module")
def memberships(atlas):
    """All of them, as the server sends them."""
    return atlas._endpoints._read("objectgroupslist/", {})


@pytest.fixture(scope="module")
def small():
    """A sandbox whose answers can be spoiled."""
    with Sandbox(n_objects=20, end="2026-11-01") as running:
        yield running


def test_one_object_is_one_small_request(sandbox, atlas, memberships):
    one = memberships[0]["transient_object_id"]
    found = atlas.query_list_membership(one)
    assert sandbox.requests[-1].params == {"objectid": str(one)}
    expected = [row["object_group_id"] for row in memberships if row["transient_object_id"] == one]
    assert sorted(found["custom_list"].tolist()) == sorted(expected)
    assert found.meta["missing"] == []


def test_several_are_the_whole_table_once(sandbox, atlas, memberships):
    wanted = [row["transient_object_id"] for row in memberships[5:2:-1]]
    before = len(sandbox.requests)
    with pytest.warns(NoResultsWarning, match=f"2 of {len(set(wanted)) + 2} objects are on no custom list"):
        found = atlas.query_list_membership([*wanted, COW, UNKNOWN])
    assert [seen.params for seen in sandbox.requests[before:]] == [{}]
    expected = [
        (one, row["object_group_id"])
        for one in dict.fromkeys(wanted)
        for row in memberships
        if row["transient_object_id"] == one
    ]
    assert list(zip(found["atlas_id"].tolist(), found["custom_list"].tolist(), strict=True)) == expected
    assert found.meta["missing"] == [COW, UNKNOWN]


def test_known_lists_have_names(atlas, memberships):
    named = {row["object_group_id"]: row["transient_object_id"] for row in memberships}
    found = atlas.query_list_membership(named[40])
    assert "cv" in found["custom_list_name"].tolist()


def test_at2018cow_is_on_none(atlas):
    with pytest.warns(NoResultsWarning):
        assert len(atlas.query_list_membership("2018cow")) == 0


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
    def test_payloads_of_several_requests_are_those_that_are_sent(self, sandbox, atlas, method, endpoint):
        many = range(UNKNOWN, UNKNOWN + 12_000)
        plan = getattr(atlas, method)(many, get_query_payload=True)
        assert [len(one["objects"].split(",")) for one in plan] == [5000, 5000, 2000]
        before = len(sandbox.requests)
        with pytest.warns(NoResultsWarning, match="12000 of 12000"):
            getattr(atlas, method)(many)
        assert [seen.params for seen in sandbox.requests[before:]] == plan

    def test_one_object_is_named(self, atlas, method, endpoint):
        with pytest.warns(NoResultsWarning, match=f"no such row of {UNKNOWN}"):
            getattr(atlas, method)(UNKNOWN)

    def test_everything(self, atlas, method, endpoint):
        rows = atlas._endpoints._read(endpoint, {})
        found = getattr(atlas, method)()
        assert found["atlas_id"].tolist() == [row["transient_object_id"] for row in rows]
        assert isinstance(found["timestamp"], Time)

    def test_some_objects_in_the_order_asked(self, sandbox, atlas, method, endpoint):
        rows = atlas._endpoints._read(endpoint, {})
        wanted = [row["transient_object_id"] for row in rows[7:3:-1]]
        before = len(sandbox.requests)
        with pytest.warns(NoResultsWarning, match="no such row of 1 of"):
            found = getattr(atlas, method)([*wanted, UNKNOWN, wanted[0]])
        assert len(sandbox.requests) - before == 1
        expected = [
            (one, row["timestamp"])
            for one in dict.fromkeys(wanted)
            for row in rows
            if row["transient_object_id"] == one
        ]
        got = zip(found["atlas_id"].tolist(), found["timestamp"].strftime("%Y-%m-%dT%H:%M:%SZ").tolist(), strict=True)
        assert sorted(got) == sorted(expected)
        assert list(dict.fromkeys(found["atlas_id"].tolist())) == list(dict.fromkeys(wanted))
        assert found.meta["missing"] == [UNKNOWN]

    def test_since_includes_the_moment_itself(self, atlas, method, endpoint):
        everything = getattr(atlas, method)()
        moment = everything["timestamp"][len(everything) // 2]
        later = getattr(atlas, method)(since=moment)
        assert len(later) == (everything["timestamp"] >= moment).sum()
        assert later["timestamp"].min() == moment

    def test_since_counts_for_objects_too_where_the_server_ignores_it(self, atlas, method, endpoint):
        everything = getattr(atlas, method)()
        wanted = list(dict.fromkeys(everything["atlas_id"].tolist()))[:200]
        moment = everything["timestamp"][everything["atlas_id"] == wanted[100]][0]
        found = getattr(atlas, method)(wanted, since=moment)
        chosen = [one in set(wanted) for one in everything["atlas_id"].tolist()]
        assert len(found) == (everything[chosen]["timestamp"] >= moment).sum()

    def test_nothing_is_an_empty_typed_table(self, atlas, method, endpoint):
        with pytest.warns(NoResultsWarning):
            empty = getattr(atlas, method)(since="2028-01-01")
        assert len(empty) == 0
        assert empty.colnames == getattr(atlas, method)().colnames

    @pytest.mark.parametrize("body", ["null", "0", "true", "{}", '""', "[0]"])
    @pytest.mark.parametrize("objects", [None, COW])
    def test_what_is_no_list_of_rows_is_told_from_none(self, small, method, endpoint, objects, body):
        small.inject(Fault("status", endpoint=endpoint, status=200, body=body))
        with pytest.raises(UnreadableAnswerError, match="rows cannot be read"):
            getattr(small.client("staff"), method)(objects)

    @pytest.mark.usefixtures("unspent")
    def test_what_is_wrong_spends_no_request(self, atlas, method, endpoint):
        for wrong in (float(COW), [], [COW, "1234"]):
            with pytest.raises(InvalidQueryError):
                getattr(atlas, method)(wrong)
        with pytest.raises(InvalidQueryTypeError):
            getattr(atlas, method)(since=60000)


def test_rows_written_as_tests_are_told_apart():
    with Sandbox(n_objects=30, end="2026-11-01") as small:
        writer, one = small.client("writer"), int(small.truth["atlas_id"][3])
        writer._request("vrascores/", {"objectid": one, "preal": 0.25, "debug": True}, retry=False)
        with pytest.warns(NoResultsWarning, match="1 rows that were written as tests are left out"):
            usual = writer.query_vra_scores()
        assert not usual["debug"].any()
        assert usual.meta["debug"] is False
        tests = writer.query_vra_scores(debug=True)
        assert tests["atlas_id"].tolist() == [one]
        assert writer.query_vra_scores(one, debug=True)["preal"].tolist() == [0.25]

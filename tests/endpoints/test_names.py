# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Payloads and tables of ``externalxmlist/``, and the cache of designations."""

import pytest

from atlasquery import schema
from atlasquery.endpoints.name_cache import NameCache
from atlasquery.endpoints.names import names_payload
from atlasquery.exceptions import AmbiguousNameError, ObjectNotFoundError, UnreadableAnswerError
from atlasquery.inputs.object_names import check_name, check_names
from constants import COW


def match_row(**values):
    return {field.server_key: None for field in schema.EXTERNAL_CROSSMATCH.values()} | {
        "id": 1, "transient_object_id": COW, "external_designation": "2018cow", "matched_list": "TNS",
        "separation": 0.1, **values,
    }  # fmt: skip


def test_names_payload():
    assert names_payload(check_names(["SN 2018cow", "ZTF18abcfcoo"])) == {"externalObjects": "2018cow,ZTF18abcfcoo"}


def test_query_keeps_the_written_names(make_endpoints):
    table = make_endpoints([[match_row()], []]).names.query(check_names(["SN 2018cow", "1999zzz"]))
    assert table.colnames[:2] == ["query_name", "atlas_id"]
    assert table["query_name"].tolist() == ["SN 2018cow"]
    assert table.meta["missing"] == ["1999zzz"]


@pytest.mark.parametrize("document", [[], {}, [[], []], [None]])
def test_an_answer_must_have_a_list_for_each_name(make_endpoints, document):
    with pytest.raises(UnreadableAnswerError, match="each of 1 names"):
        make_endpoints(document).names.query(check_names("2018cow"))


def test_resolve_looks_up_all_names_with_one_request(make_endpoints, sent):
    endpoints = make_endpoints([[match_row()], []])
    unknown = check_name("1999zzz")
    assert endpoints.names.resolve([COW + 100, check_name("2018cow"), unknown]) == ([COW + 100, COW], [unknown])
    assert sent == [("externalxmlist/", {"externalObjects": "2018cow,1999zzz"})]


def test_resolve_of_ids_and_designations_sends_nothing(make_endpoints, sent):
    names = make_endpoints().names
    designation = check_name("ATLAS18qqn")
    assert names.resolve([COW, designation]) == ([COW], [designation])
    names._names.add([("ATLAS18qqn", COW)])
    assert names.resolve([designation]) == ([COW], [])
    assert sent == []


def test_resolve_one_of_an_unknown_name(make_endpoints):
    with pytest.raises(ObjectNotFoundError, match="1999zzz") as caught:
        make_endpoints([[]]).names.resolve_one(check_name("SN 1999zzz"))
    assert caught.value.object_id == "SN 1999zzz"
    with pytest.raises(ObjectNotFoundError, match="query_region") as caught:
        make_endpoints().names.resolve_one(check_name("ATLAS18qqn"))
    assert caught.value.url is None


def test_several_matches_are_ambiguous(make_endpoints):
    rows = [match_row(), match_row(transient_object_id=COW + 100), match_row()]
    with pytest.raises(AmbiguousNameError, match="2 objects") as caught:
        make_endpoints([rows]).names.resolve_one(check_name("2018cow"))
    assert caught.value.candidates == (COW, COW + 100)


def test_the_cache_skips_what_is_not_a_designation():
    cache = NameCache()
    cache.add([(None, 1), (18, 2), ("2018cow", 3), ("ATLAS18qqn", COW), ("ATLAS18qqn", COW)])
    assert cache.ids(check_name("atlas 18QQN")) == (COW,)
    assert cache.ids(check_name("2018cow")) == ()

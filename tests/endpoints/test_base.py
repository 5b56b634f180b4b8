# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""An endpoint sends payloads to its path and decodes the answers."""

import pytest

from atlasquery.exceptions import ObjectNotFoundError, UnreadableAnswerError
from atlasquery.inputs.object_names import check_name
from constants import COW


def test_url_of_each_endpoint(make_endpoints):
    endpoints = make_endpoints()
    names = ("cone", "objects", "lists", "memberships", "names", "vra_scores", "vra_ranks", "vra_todo")
    assert [getattr(endpoints, name).url.removeprefix("https://example.org/api/") for name in names] == [
        "cone/", "objects/", "objectlist/", "objectgroupslist/", "externalxmlist/",
        "vrascoreslist/", "vraranklist/", "vratodolist/",
    ]  # fmt: skip


def test_an_answer_that_is_not_json_has_the_url_in_its_error(make_endpoints):
    endpoints = make_endpoints(float("nan"))
    with pytest.raises(UnreadableAnswerError, match="JSON") as caught:
        endpoints.cone.count({})
    assert caught.value.url == "https://example.org/api/cone/"


def test_designations_of_one_endpoint_resolve_in_another(make_endpoints, sent):
    endpoints = make_endpoints([{"object": COW, "objectname": "ATLAS18qqn", "separation": 1.0}])
    endpoints.cone.search({"requestType": "all"})
    assert endpoints.names.resolve_one(check_name("ATLAS18qqn")) == COW
    assert len(sent) == 1


def test_object_not_found_has_id_and_url(make_endpoints):
    error = make_endpoints().objects._object_not_found(COW, COW, "Check the id.")
    assert isinstance(error, ObjectNotFoundError)
    assert (error.object_id, error.url, error.hint) == (COW, "https://example.org/api/objects/", "Check the id.")

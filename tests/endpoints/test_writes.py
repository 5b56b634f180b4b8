# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The table of write endpoints, and what each answer means; tests/core tests whole calls."""

import pytest

from atlasquery.endpoints.outcomes import SUCCESSES, Outcomes
from atlasquery.endpoints.writes import WRITES, describe_request
from atlasquery.exceptions import WriteError
from constants import COW

ROOT = "https://example.org/api/"


@pytest.mark.parametrize("name", WRITES)
def test_each_write_has_one_success_and_known_statuses(name):
    known = {*SUCCESSES, "missing object", "missing list", "refused"}
    outcomes = set(WRITES[name].outcomes.values())
    assert outcomes <= known
    assert len(outcomes & {"created", "updated", "removed"}) == 1
    assert WRITES[name].success in outcomes


@pytest.mark.parametrize("name", WRITES)
def test_each_documented_answer(make_endpoints, sent, name):
    endpoint = WRITES[name]
    for info, status in endpoint.outcomes.items():
        if not info:
            continue  # an answer without a body, which has status 204
        writer = make_endpoints({"objectid": COW, "info": info}).writes
        outcomes = Outcomes([COW], {})
        writer.write_all(endpoint, outcomes, {"x": 1}, lambda n: None)
        (row,) = outcomes.table()
        assert (row["atlas_id"], row["status"], row["message"]) == (COW, status, info)
        assert sent[-1] == (endpoint.path, {"objectid": COW, "x": 1})
        assert (outcomes.build_error(ROOT) is None) == (status in SUCCESSES)


def test_unknown_outcome_names_the_query_that_shows_it():
    text = WRITES["write_vra_score"].explain_unknown(COW, {"preal": 0.5})
    assert f"query_vra_scores({COW}) shows it" in text
    text = WRITES["write_vra_score"].explain_unknown(COW, {"debug": True})
    assert f"query_vra_scores({COW}, debug=True) shows it" in text


def test_request_of_a_dry_run():
    text = describe_request(WRITES["set_detection_list"], {"objectid": COW, "objectlist": 3})
    assert text == f"POST objectdetectionlist/: objectid={COW}, objectlist=3"


def test_error_has_url_and_table(make_endpoints):
    outcomes = Outcomes([COW], {"server": ROOT})
    endpoint = WRITES["add_vra_todo"]
    make_endpoints({"info": "Object does not exist."}).writes.write_all(endpoint, outcomes, {}, lambda n: None)
    error = outcomes.build_error(ROOT + endpoint.path)
    assert isinstance(error, WriteError)
    assert error.url == ROOT + "vratodo/"
    assert error.results.meta == {"server": ROOT}

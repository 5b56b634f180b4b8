# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The table of outcomes: one row per object in order, whatever ends the call."""

import pytest

from atlasquery.endpoints.outcomes import Outcome, Outcomes
from atlasquery.exceptions import RateLimitError, ServerFaultError
from atlasquery.inputs.object_names import check_name
from constants import COW

IDS = [COW + number for number in range(4)]
CREATED = Outcome("created", "Row created.", is_documented=True)


def explain(object_id):
    return f"see {object_id}"


def make(*statuses):
    """Return outcomes of the first ids."""
    outcomes = Outcomes(IDS, {"server": "x"})
    for object_id, status in zip(IDS, statuses, strict=False):
        outcomes.start(object_id)
        outcomes[object_id] = Outcome(status, f"{status}.")
    return outcomes


def statuses_after(outcomes, error):
    outcomes.fill_from_error(error, explain)
    return outcomes.table()["status"].tolist()


def test_order_and_distinct_objects():
    outcomes = Outcomes([IDS[2], IDS[0], IDS[2]], {})
    assert outcomes.ids == [IDS[2], IDS[0]]
    outcomes.fill(CREATED)
    assert outcomes.is_complete
    assert outcomes.table()["atlas_id"].tolist() == [IDS[2], IDS[0]]
    assert outcomes.build_error("url") is None


def test_names_have_no_id_until_they_are_resolved():
    outcomes = Outcomes([check_name("2018cow"), IDS[1]], {})
    assert statuses_after(outcomes, ServerFaultError("Failed.")) == ["not done", "not done"]
    assert outcomes.table()["atlas_id"].mask.tolist() == [True, False]


def test_rejected_request_in_flight_is_not_done():
    outcomes = make("created")
    outcomes.start(IDS[1])
    assert statuses_after(outcomes, RateLimitError("Used up.")) == ["created", "not done", "not done", "not done"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), MemoryError()])
def test_interrupted_request_in_flight_is_unknown(error):
    outcomes = make("created")
    outcomes.start(IDS[1])
    assert statuses_after(outcomes, error) == ["created", "unknown", "not done", "not done"]
    assert outcomes.table()["message"][1].endswith(f"see {IDS[1]}")


def test_interruption_before_sending_or_after_the_answer_is_no_unknown_outcome():
    interrupt = KeyboardInterrupt()
    interrupt.request_sent = False
    outcomes = make()
    outcomes.start(IDS[0])
    assert statuses_after(outcomes, interrupt) == ["not done"] * 4
    assert statuses_after(make("created"), KeyboardInterrupt()) == ["created"] + ["not done"] * 3


def test_read_back_settles_unknown_outcomes():
    outcomes = make("created", "unknown", "unknown", "missing object")
    outcomes.settle({IDS[0], IDS[1]}, "created")
    table = outcomes.table()
    assert table["status"].tolist() == ["created", "created", "not done", "missing object"]
    assert table["verified"].tolist() == [True, True, False, False]
    assert outcomes.build_error("url").reason.startswith("2 of 4 writes failed (1 not done, 1 missing object).")


def test_read_back_can_contradict_the_server():
    outcomes = make("created", "duplicate", "removed", "absent")
    outcomes.settle({IDS[1], IDS[2], IDS[3]}, "created")
    assert outcomes.table()["status"].tolist() == ["created", "duplicate", "removed", "absent"]
    error = outcomes.build_error("url")
    assert error.reason == (
        f"1 of 4 writes failed (1 created but not found when read back). The first, {IDS[0]}: created. The server's "
        "data, read back, are not as requested."
    )


def test_cause_is_the_error_that_stopped_the_call_or_the_first():
    first, second = ServerFaultError("First."), ServerFaultError("Second.")
    outcomes = Outcomes(IDS[:2], {})
    outcomes[IDS[0]] = Outcome("unknown", "", first)
    outcomes[IDS[1]] = Outcome("unknown", "", second)
    assert outcomes.build_error("url").__cause__ is first
    outcomes.stopped_by = second
    assert outcomes.build_error("url").__cause__ is second

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Requests in turn: the results before an error are kept."""

import pytest

from atlasquery.batches import attach_results, send_sequentially
from atlasquery.exceptions import BatchError, RateLimitError, ServerFaultError

REQUESTS = [([0], "a"), ([1, 2], "b"), ([3], "c")]


def send_until(failing_payload, error):
    def send(payload):
        if payload == failing_payload:
            raise error
        return payload.upper()

    return send


def run(send, **options):
    return send_sequentially(send, REQUESTS, results=list, noun="cones", **options)


def test_answers_are_in_order():
    finished = []
    assert run(str.upper, advance=finished.append) == ["A", "B", "C"]
    assert finished == [1, 2, 1]


def test_an_error_after_others_succeeded_is_a_batch_error():
    fault = ServerFaultError("The server failed.", status=500, url="https://example.org/")
    with pytest.raises(BatchError, match=r"3 cones.*from 1 on.*The server failed") as caught:
        run(send_until("b", fault))
    error = caught.value
    assert error.results == ["A"]
    assert error.failed == {1: fault, 2: fault, 3: fault}
    assert error.url == "https://example.org/"


@pytest.mark.parametrize(("payload", "results"), [("a", []), ("c", ["A", "B"])])
def test_a_fatal_error_keeps_its_class(payload, results):
    with pytest.raises(RateLimitError) as caught:
        run(send_until(payload, RateLimitError("Too many requests.")))
    assert caught.value.results == results


def test_an_error_of_the_first_request_keeps_its_class():
    with pytest.raises(ServerFaultError) as caught:
        run(send_until("a", ServerFaultError("The server failed.")))
    assert caught.value.results == []


def test_attach_results_only_to_the_given_errors():
    with pytest.raises(RateLimitError) as caught, attach_results(lambda error: error.reason, RateLimitError):
        raise RateLimitError("Too many requests.")
    assert caught.value.results == "Too many requests."
    with pytest.raises(ServerFaultError) as caught, attach_results(list, RateLimitError):
        raise ServerFaultError("The server failed.")
    assert not getattr(caught.value, "results", None)

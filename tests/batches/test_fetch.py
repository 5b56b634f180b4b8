# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Download of batches, with a sender of the test in place of a server."""

from types import SimpleNamespace

import pytest

from atlasquery.batches import BatchFetch, BatchSize
from atlasquery.exceptions import BatchError, RateLimitError, ServerFaultError, ServerTimeoutError

FAULT = ServerFaultError("The server failed.", status=500)


def make_fetch(ids, error_of=lambda ids: None, **options):
    """Return a fetch of at first two ids, and the list of the batches that it sends; ids above 100 do not exist."""
    sent = []

    def send(batch):
        sent.append(batch)
        if error := error_of(batch):
            raise error
        return SimpleNamespace(body=b"")

    def decode(answer, batch):
        return [object_id for object_id in batch if object_id <= 100], [i for i in batch if i > 100]

    return BatchFetch(ids, send, decode, BatchSize(2, 1e-9, 1), **options), sent


def test_all_ids_are_sent_once():
    n_finished = []
    fetch, sent = make_fetch([5, 1, 5, 101, 2, 3], advance=n_finished.append)
    assert list(fetch) == [[5, 1], [2, 3]]
    assert sent == [[5, 1], [101, 2, 3]]
    assert n_finished == [2, 3]
    assert (fetch.missing, fetch.failed, fetch.stopped_by) == ([101], {}, None)
    assert fetch.build_error([]) is None


def test_a_bad_id_is_failed_and_all_others_are_downloaded():
    fetch, _ = make_fetch(range(8), lambda ids: FAULT if 4 in ids else None)
    results = sorted(object_id for items in fetch for object_id in items)
    assert results == [0, 1, 2, 3, 5, 6, 7]
    error = fetch.build_error(results, "cones")
    assert isinstance(error, BatchError)
    assert error.failed == {4: FAULT}
    assert error.results is results
    assert "1 of 8 cones" in error.reason
    assert "4: The server failed." in error.reason


@pytest.mark.parametrize("n", [2, 5])
def test_a_fatal_error_keeps_its_class(n):
    limit = RateLimitError("Too many requests.")
    fetch, _ = make_fetch(range(6), lambda ids: limit if n in ids else None)
    results = list(fetch)
    assert results == [[0, 1]]
    assert fetch.build_error(results) is fetch.stopped_by is limit
    assert list(fetch.failed) == [2, 3, 4, 5]


def test_a_single_id_keeps_its_error_class():
    fetch, _ = make_fetch([7], lambda ids: FAULT)
    assert list(fetch) == []
    assert fetch.build_error("results") is FAULT
    assert FAULT.results == "results"


def test_a_record_marked_as_failed_is_in_the_error():
    fetch, _ = make_fetch([1, 2])
    assert list(fetch) == [[1, 2]]
    fetch.mark_failed(2, FAULT)
    assert fetch.build_error([1]).failed == {2: FAULT}


def test_a_timeout_makes_the_batches_smaller():
    size = BatchSize(8, 1e-9, 1)
    fetch = BatchFetch(range(8), _time_out, None, size)
    assert list(fetch) == []
    assert size.ids == 1
    assert list(fetch.failed) == list(range(8))


def _time_out(batch):
    raise ServerTimeoutError("No answer in 60 s.")

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Requests from several threads: none fails and none is lost."""

import threading

COUNT = {"ra": 1, "dec": 2, "radius": 300, "requestType": "count"}


def run_in_threads(n_threads, work):
    """Call ``work(thread_index)`` in each thread, and fail if one of them raised."""
    failures = []

    def run(index):
        try:
            work(index)
        except Exception as error:  # noqa: BLE001  (reported by the assertion below, in the thread of the test)
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_eight_threads_read_and_write(make_sender):
    send = make_sender(rates={"user": None})
    ids = [int(object_id) for object_id in send.sandbox.truth["atlas_id"]]
    n_scores = len(send("vrascoreslist/", {}).json())

    def work(index):
        for step in range(25):
            object_id = ids[(index + 8 * step) % len(ids)]
            score = send("vrascores/", {"objectid": object_id, "preal": step / 25}, role="writer")
            assert score.json() == {"objectid": object_id, "info": "Row created."}
            assert send("vrascoreslist/", {"objects": object_id}).json()[-1]["apiusername"] == "writer"
            assert send("cone/", COUNT).status_code == 200
            move = {"objectid": object_id, "objectlist": 3 + step % 2}
            assert send("objectdetectionlist/", move, role="writer").json()["info"] == "Row created."

    run_in_threads(8, work)
    assert len(send("vrascoreslist/", {}).json()) == n_scores + 200
    assert len(send.sandbox.requests) == 800 + 2


def test_eight_threads_get_the_same_records(make_sender):
    """The rows of the sky are made on request; parallel requests must not change them."""
    ids = ",".join(str(object_id) for object_id in make_sender().sandbox.truth["atlas_id"][:20])
    requests = [("objects/", {"objects": ids}), ("objectlist/", {"objectlistid": 2}), ("vrascoreslist/", {})]
    send_alone = make_sender()
    expected = [send_alone(*request).content for request in requests]
    send_together = make_sender()

    def work(index):
        # Each thread starts with another request, so that different rows are made at the same time.
        for step in range(len(requests)):
            number = (index + step) % len(requests)
            assert send_together(*requests[number]).content == expected[number]

    run_in_threads(8, work)


def test_threads_write_the_same_row_once(make_sender):
    send = make_sender(rates={"user": None})
    object_id = int(send.sandbox.truth["atlas_id"][-1])
    send("objectgroupsdelete/", {"objectid": object_id, "objectgroupid": 56}, role="writer")
    outcomes = []
    membership = {"objectid": object_id, "objectgroupid": 56}
    run_in_threads(8, lambda index: outcomes.append(send("objectgroups/", membership, role="writer").json()["info"]))
    assert sorted(outcomes) == ["Duplicate row. Cannot add row."] * 7 + ["Row created."]


def test_all_parallel_requests_are_answered(make_sender):
    send = make_sender()
    signed = {"Authorization": f"Token {send.sandbox.token('staff')}"}

    def work(index):
        assert all(send("cone/", COUNT, role=None, headers=signed).ok for _ in range(50))

    run_in_threads(8, work)
    assert [request.status for request in send.sandbox.requests] == [200] * 400

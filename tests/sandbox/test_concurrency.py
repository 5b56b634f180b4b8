# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many at once: nothing fails, nothing is lost."""

import threading
import time

COUNT = {"ra": 1, "dec": 2, "radius": 300, "requestType": "count"}


def in_threads(number, work):
    failures = []

    def run(index):
        try:
            work(index)
        except Exception as error:  # noqa: BLE001  (told by the assertion below, in the test's own thread)
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_eight_threads_read_and_write(make_asker):
    ask = make_asker(rates={"user": None})
    ids = [int(one) for one in ask.sandbox.truth["atlas_id"]]
    scores = len(ask("vrascoreslist/", {}).json())

    def work(index):
        for step in range(25):
            object_id = ids[(index + 8 * step) % len(ids)]
            score = ask("vrascores/", {"objectid": object_id, "preal": step / 25}, role="writer")
            assert score.json() == {"objectid": object_id, "info": "Row created."}
            assert ask("vrascoreslist/", {"objects": object_id}).json()[-1]["apiusername"] == "writer"
            assert ask("cone/", COUNT).status_code == 200
            move = {"objectid": object_id, "objectlist": 3 + step % 2}
            assert ask("objectdetectionlist/", move, role="writer").json()["info"] == "Row created."

    in_threads(8, work)
    assert len(ask("vrascoreslist/", {}).json()) == scores + 200
    assert len(ask.sandbox.requests) == 800 + 2


def test_eight_threads_get_the_same_records(make_asker):
    """The sky is made when it is asked for; asked at once, it must not come out different."""
    ids = ",".join(str(one) for one in make_asker().sandbox.truth["atlas_id"][:20])
    questions = [("objects/", {"objects": ids}), ("objectlist/", {"objectlistid": 2}), ("vrascoreslist/", {})]
    alone = make_asker()
    expected = [alone(*question).content for question in questions]
    crowd = make_asker()

    def work(index):
        # Each thread begins elsewhere, so that different things are made at the same time.
        for step in range(len(questions)):
            place = (index + step) % len(questions)
            assert crowd(*questions[place]).content == expected[place]

    in_threads(8, work)


def test_the_same_row_is_written_once(make_asker):
    ask = make_asker(rates={"user": None})
    object_id = int(ask.sandbox.truth["atlas_id"][-1])
    ask("objectgroupsdelete/", {"objectid": object_id, "objectgroupid": 56}, role="writer")
    said = []
    entry = {"objectid": object_id, "objectgroupid": 56}
    in_threads(8, lambda index: said.append(ask("objectgroups/", entry, role="writer").json()["info"]))
    assert sorted(said) == ["Duplicate row. Cannot add row."] * 7 + ["Row created."]


def test_requests_per_second(make_asker):
    """A figure for the notes; the floor is far below it, for busy machines."""
    ask = make_asker()
    signed = {"Authorization": f"Token {ask.sandbox.token('staff')}"}
    rates = {}
    for clients in (1, 8):

        def work(index, share=400 // clients):
            assert all(ask("cone/", COUNT, role=None, headers=signed).ok for _ in range(share))

        begin = time.perf_counter()
        in_threads(clients, work)
        rates[clients] = 400 / (time.perf_counter() - begin)
    print({clients: f"{rate:.0f} requests/s" for clients, rate in rates.items()})
    assert min(rates.values()) > 20

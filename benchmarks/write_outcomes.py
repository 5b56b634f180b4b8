# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Compare outcomes of writes with the data of the server, under random faults and interruptions.

Each trial writes a few objects that are on no list, and then reads the list. A write is wrong if its status contradicts
the list, or if the server received it twice. Run it with the number of trials and a seed: ``write_outcomes.py 200 1``.
"""

import collections
import json
import os
import random
import signal
import subprocess
import sys
import time
import warnings

from atlasquery import conf
from atlasquery.exceptions import AtlasQueryError
from atlasquery.sandbox import Fault, Sandbox

KINDS = ("reset", "reset_midbody", "stall", "truncate", "html", "html500", "empty", "wrong_shape", "status")
ENDPOINT = "objectgroups/"
CUSTOM_LIST = "mdwarf"
N_OBJECTS_PER_TRIAL = 6
N_OBJECTS_IF_INTERRUPTED = 20
# Status: whether the object is on the list; None for either.
EXPECTED = {"created": True, "duplicate": True, "unknown": None, "not done": False, "refused": False}

CHILD = """
import json, signal, sys
from atlasquery import ATLAS
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores SIGINT
print("ready", flush=True)
sys.stdin.readline()
try:
    table = ATLAS.add_to_list(json.loads(sys.argv[1]), "mdwarf")
except KeyboardInterrupt as interrupt:
    table = getattr(interrupt, "results", None)
finally:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
print(json.dumps(None if table is None else dict(zip(map(str, table["atlas_id"].tolist()), table["status"].tolist()))))
"""


def main(n_trials, seed):
    """Run the trials and print the figures; exit with status 1 if any write is wrong."""
    chance = random.Random(seed)
    counts = collections.Counter()
    n_interrupted = n_trials // 4
    n_objects = 200 + N_OBJECTS_PER_TRIAL * n_trials + N_OBJECTS_IF_INTERRUPTED * n_interrupted
    with Sandbox(n_objects=n_objects, end="2026-11-01", rates={"user": None}) as sandbox:
        writer = sandbox.client("writer")
        used = set(writer.query_list(CUSTOM_LIST)["atlas_id"].tolist())
        fresh = iter([object_id for object_id in sandbox.truth["atlas_id"].tolist() if object_id not in used])
        for _ in range(n_trials):
            check(sandbox, run_with_faults(sandbox, writer, take(fresh, N_OBJECTS_PER_TRIAL), chance), counts)
        for _ in range(n_interrupted):
            check(sandbox, run_interrupted(sandbox, take(fresh, N_OBJECTS_IF_INTERRUPTED), chance), counts)
    for name in sorted(counts):
        print(f"{name:<40} {counts[name]}")
    return 1 if counts["wrong status"] or counts["sent twice"] or counts["no table"] else 0


def take(ids, n):
    """Return the next ids."""
    return [next(ids) for _ in range(n)]


def run_with_faults(sandbox, writer, ids, chance):
    """Write with up to three random faults, and return (ids, {id: status})."""
    for _ in range(chance.randint(0, 3)):
        kind = chance.choice(KINDS)
        options = {"status": chance.choice((400, 404, 502, 503, 504))} if kind == "status" else {}
        # A server that rejects a request has not carried it out.
        handled = chance.random() < 0.5 and options.get("status", 500) >= 500
        sandbox.inject(Fault(kind, endpoint=ENDPOINT, skip=chance.randint(0, len(ids) - 1), handled=handled, **options))
    verify = chance.random() < 0.5
    with conf.set_temp("timeout", 0.5), warnings.catch_warnings(action="ignore"):
        try:
            table = writer.add_to_list(ids, CUSTOM_LIST, verify=verify)
        except AtlasQueryError as error:
            table = error.results
    sandbox.clear_faults()
    return ids, table and dict(zip(table["atlas_id"].tolist(), table["status"].tolist(), strict=True))


def run_interrupted(sandbox, ids, chance):
    """Write in another process, interrupt it at a random time, and return (ids, {id: status})."""
    variables = {"ATLASQUERY_SERVER": sandbox.url, "ATLASQUERY_TOKEN": sandbox.token("writer")}
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, json.dumps(ids)],
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()
    time.sleep(chance.uniform(0.05, 0.8))
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    lines = [line for line in output.splitlines() if line.startswith(("{", "null"))]
    statuses = json.loads(lines[-1]) if lines else None
    return ids, statuses and {int(object_id): status for object_id, status in statuses.items()}


def check(sandbox, result, counts):
    """Compare the statuses of a trial with the list of the server."""
    ids, statuses = result
    counts["calls"] += 1
    if statuses is None:
        counts["no table"] += 1
        return
    reader = sandbox.client("staff")
    on_list = set(reader.query_list(CUSTOM_LIST)["atlas_id"].tolist())
    sent = collections.Counter(r.params.get("objectid") for r in sandbox.requests if r.endpoint == ENDPOINT)
    for object_id in ids:
        counts[f"status {statuses[object_id]}"] += 1
        expected = EXPECTED[statuses[object_id]]
        if expected is not None and expected != (object_id in on_list):
            counts["wrong status"] += 1
            print(f"{object_id} has the status {statuses[object_id]!r}; on the list: {object_id in on_list}")
        counts["sent twice"] += sent[str(object_id)] > 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

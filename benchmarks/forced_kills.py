# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Kill programs that measure 250 targets at random moments, go on, and compare with the server's tasks.

Each trial kills a program once with SIGKILL, in half of the trials while it submits, and runs it again to the end. A
target is wrong if the server has no task of it or several, or if it has no light curve. Run it with the number of
trials and a seed: ``forced_kills.py 30 1``.
"""

import collections
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from astropy.table import Table

from atlasquery.sandbox import Sandbox

N_TARGETS = 250
SUBMIT_SECONDS, RUN_SECONDS = 0.4, 8.0  # spans of the moment of the kill, after the start of the call

CHILD = """
import sys, warnings
from astropy.table import QTable
from atlasquery.forcedphot import ForcedPhotometryClass
warnings.simplefilter("ignore")
targets, client = QTable.read(sys.argv[1]), ForcedPhotometryClass()
client.status()
print("ready", flush=True)
curves = client.get_light_curves(
    targets, name="name", start="2018-06-16", end="2018-06-18", jobs=sys.argv[2], progress=False
)
print(len(curves), len(curves.missing), len(curves.failed), flush=True)
"""


def main(n_trials, seed):
    """Run the trials and print the figures; exit with status 1 if any target is wrong."""
    chance, counts = random.Random(seed), collections.Counter()
    rates = {"forced_write": None, "forced_read": None}
    for number in range(n_trials):
        with (
            Sandbox(n_objects=30, end="2026-11-01", task_seconds=0.01, rates=rates) as sandbox,
            tempfile.TemporaryDirectory() as folder,
        ):
            span = SUBMIT_SECONDS if number % 2 else RUN_SECONDS
            run_trial(sandbox, Path(folder), chance.uniform(0, span), counts)
    for name in sorted(counts):
        print(f"{name}: {counts[name]}")
    return int(counts["wrong targets"] > 0)


def run_trial(sandbox, folder, seconds, counts):
    """Kill a program after some seconds, run it again, and compare its targets with the tasks of the server."""
    targets = make_targets()
    targets.write(folder / "targets.ecsv")
    killed = start(sandbox, folder)
    time.sleep(seconds)
    if killed.poll() is None:
        killed.kill()
        counts["killed"] += 1
    killed.communicate()
    again = start(sandbox, folder)
    outcome = again.communicate()[0].split()
    tasks = sandbox.forced_client().list_jobs()
    n_tasks = collections.Counter(np.round(tasks["ra"].filled(np.nan), 6).tolist())
    wrong = sum(n_tasks[ra] != 1 for ra in np.round(targets["ra"], 6).tolist())
    complete = outcome == [str(N_TARGETS), "0", "0"]
    counts["targets"] += N_TARGETS
    counts["wrong targets"] += wrong + (0 if complete else N_TARGETS - int((outcome or ["0"])[0]))
    counts["trials"] += 1


def make_targets():
    """Return a table of names and positions."""
    names = [f"target {n}" for n in range(N_TARGETS)]
    table = Table({"name": names, "ra": 10.0 + 0.01 * np.arange(N_TARGETS), "dec": np.full(N_TARGETS, 20.0)})
    table["ra"].unit = table["dec"].unit = "deg"
    return table


def start(sandbox, folder):
    """Start the program, and return it when it is ready to submit."""
    environment = os.environ | {
        "ATLASQUERY_FORCED_SERVER": sandbox.forced_url,
        "ATLASQUERY_FORCED_TOKEN": sandbox.forced_token("user"),
    }
    command = [sys.executable, "-c", CHILD, str(folder / "targets.ecsv"), str(folder / "jobs.ecsv")]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    return child


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Count the requests of forced photometry of 1, 100 and 1,000 targets, at the real 30 s a task.

The clock of the sandbox moves instead of a wait. Result files, one a target, are not counted, as the server does.
"""

import sys
import warnings
from types import SimpleNamespace

import numpy as np
from astropy.table import Table

from atlasquery.forcedphot import poll
from atlasquery.sandbox import Sandbox


def main(*numbers):
    """Print the figures for these numbers of targets."""
    warnings.simplefilter("ignore")
    print("targets  POSTs  most waiting  reads  hours  reads a minute")
    for n_targets in numbers:
        with Sandbox(n_objects=30, end="2026-11-01", task_seconds=30) as sandbox:
            count(sandbox, n_targets)


def count(sandbox, n_targets):
    """Print the requests for a number of targets."""
    waits, client = [], sandbox.forced_client()

    def sleep(seconds):
        waits.append(seconds)
        sandbox.advance_clock(seconds)

    poll.time = SimpleNamespace(sleep=sleep)
    targets = Table({"ra": np.linspace(0, 350, n_targets), "dec": np.full(n_targets, 20.0)})
    targets["ra"].unit = targets["dec"].unit = "deg"
    jobs = client.submit(targets, start="2018-06-16", end="2018-06-17")
    most_waiting = int((jobs["status"] == "waiting").sum())
    jobs.wait(progress=False)
    queue = [request for request in sandbox.requests if "/queue/" in request.path]
    posts = [request for request in queue if request.method == "POST"]
    n_reads, minutes = len(queue) - len(posts), sum(waits) / 60
    rate = n_reads / minutes if minutes else float("nan")
    print(f"{n_targets:7d} {len(posts):6d} {most_waiting:13d} {n_reads:6d} {minutes / 60:6.2f} {rate:15.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

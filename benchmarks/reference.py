# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The reference of all ratios, R: what a user needs at least for the rows of one object as bare DataFrames.

A ratio is of the least CPU times of both, measured in turn in one run, so that it depends little on the machine.
"""

import copy
import itertools
import json
import os
import time
from functools import cache
from pathlib import Path

from atlasquery.sandbox import Sandbox

SECTIONS = ("lc", "lcnondets", "fp")
N_ROWS = {"lc": 21, "lcnondets": 2991, "fp": 305}  # of an object that the server has observed for eight years


@cache
def answer():
    """Return an answer of ``objects/`` with one record: that of ``ATLASQUERY_BENCHMARK_ANSWER``, or of the sandbox."""
    if path := os.environ.get("ATLASQUERY_BENCHMARK_ANSWER"):
        return Path(path).read_bytes()
    with Sandbox(n_objects=30, seed=1) as sandbox:
        record = copy.deepcopy(sandbox.client().get_transient(int(sandbox.truth["atlas_id"][0])).raw)
    for section, n_rows in N_ROWS.items():
        key = "mjd_obs" if section == "fp" else "mjd"
        rows = itertools.islice(itertools.cycle(record[section]), n_rows)
        record[section] = [
            row | {key: 57300.5 + 0.7 * number, "expname": f"02a{57300 + number:05d}o{number:04d}o"}
            for number, row in enumerate(rows)
        ]
    return json.dumps([record]).encode()


def reference():
    """Decode the answer to one DataFrame for each section."""
    import pandas as pd

    record = json.loads(answer())[0]
    return [pd.DataFrame(record[section]) for section in SECTIONS]


def cpu_times(functions, repeat):
    """Return the least CPU time in seconds of each function, called in turn."""
    times = {name: [] for name in functions}
    for _ in range(repeat):
        for name, function in functions.items():
            start = time.process_time()
            function()
            times[name].append(time.process_time() - start)
    return {name: min(values) for name, values in times.items()}


def ratio(function, repeat=20):
    """Return the CPU time of a function in R."""
    times = cpu_times({"R": reference, "function": function}, repeat)
    return times["function"] / times["R"]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Measure the time that the sandbox needs to make a sky, to make light curves, and to start.

Run as ``python benchmarks/sandbox_speed.py [--objects N]``. On an idle laptop a sky of 20,000 objects takes about 0.6 s
and the light curves of one object about 12 ms.
"""

import argparse
import time
from contextlib import contextmanager

from atlasquery.sandbox import Sandbox
from atlasquery.sandbox.sky import Sky

END_MJD = 61367.0
N_LIGHT_CURVES = 50


@contextmanager
def print_time(task, n_repeats=1):
    """Print the seconds that a block takes, divided by the number of repeats."""
    start = time.perf_counter()
    yield
    print(f"{task:<40}{(time.perf_counter() - start) / n_repeats:>10.4f} s")


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=20_000, help="number of objects of the sky (default 20000)")
    n_objects = parser.parse_args().objects
    with print_time(f"sky of {n_objects:,} objects"):
        sky = Sky(seed=1, n_objects=n_objects, end=END_MJD)
        sky.catalogue  # noqa: B018  (computed on first access)
    object_ids = sky.ids[-N_LIGHT_CURVES:].tolist()
    with print_time("light curves of one object", n_repeats=len(object_ids)):
        n_rows = sum(len(rows) for object_id in object_ids for rows in sky.make_photometry(object_id).values())
    print(f"{'rows of one object':<40}{n_rows / len(object_ids):>10.0f}")
    with print_time("start and stop of a sandbox"), Sandbox(end=END_MJD):
        pass


if __name__ == "__main__":
    main()

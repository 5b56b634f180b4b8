# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Count the requests that typical tasks of a survey scientist need, and compare them with two other ways.

The requests are counted by the sandbox. The naive way sends one request for each position or id. The reference client
sends one request for each position, and one for 100 ids. Run as
``python benchmarks/requests_spent.py [--quick] [--supernovae FILE]``, where FILE is a file of the Transient Name Server
with the columns ``RA`` and ``DEC``. It takes some minutes, most of them in the server.
"""

import argparse
import math
import time
import warnings
from functools import partial

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table

from atlasquery import conf
from atlasquery.exceptions import DataQualityWarning, NoResultsWarning
from atlasquery.sandbox import Sandbox

REFERENCE_BATCH_SIZE = 100  # ids in a request of the reference client
MATCH_RADIUS = 5 * u.arcsec


def make_field_positions(objects, rng, n=1000, n_fields=40, width=4 * u.arcmin):
    """Return positions in circular fields of this diameter, each centred on an object."""
    centres = objects[np.repeat(rng.choice(len(objects), n_fields, replace=False), n // n_fields)]
    angle, separation = rng.uniform(0, 360, n) * u.deg, width / 2 * np.sqrt(rng.random(n))
    return centres.directional_offset_by(angle, separation)


def make_sky_positions(rng, n=1000):
    """Return positions all over the sky."""
    return SkyCoord(rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n))), unit="deg")


class RequestCounter:
    """Counts the requests that a sandbox receives, and prints one row per task."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._print_row("task", "requests", "naive", "reference", "seconds")

    def measure(self, task, n_naive, n_reference, run):
        """Run a task, which returns a description of its result, and print its requests and time."""
        n_before, start = len(self._sandbox.requests), time.monotonic()
        result = run()
        n_requests = len(self._sandbox.requests) - n_before
        self._print_row(f"{task}: {result}", n_requests, n_naive, n_reference, f"{time.monotonic() - start:.1f}")

    @staticmethod
    def _print_row(task, *columns):
        print(f"{task:<72}" + "".join(f"{column:>11}" for column in columns), flush=True)


def measure_crossmatches(atlas, counter, objects, supernovae_path):
    """Measure the match of catalogues, with shared cones and with whole lists."""
    rng = np.random.default_rng(2026)
    catalogues = {
        "1,000 positions in 40 fields of 4 arcmin": make_field_positions(objects, rng),
        "1,000 positions all over the sky": make_sky_positions(rng),
    }
    if supernovae_path:
        catalogues["supernovae of the TNS"] = Table.read(supernovae_path, format="ascii.csv")
    for task, catalogue in catalogues.items():
        n = len(catalogue)
        counter.measure(task, n, n, partial(count_matches, atlas, catalogue))
        counter.measure(f"{task}, all lists", n, n, partial(count_matches, atlas, catalogue, lists=range(14)))


def count_matches(atlas, catalogue, **kwargs):
    """Match a catalogue, and return the number of matches as text."""
    return f"{len(atlas.crossmatch(catalogue, MATCH_RADIUS, **kwargs))} matches"


def measure_downloads(atlas, counter, ids):
    """Measure the download of records with 60 days of light curves, and of rows without light curves."""
    n, n_reference = len(ids), math.ceil(len(ids) / REFERENCE_BATCH_SIZE)
    counter.measure(f"{n:,} light curves of 60 days", n, n_reference, partial(count_transients, atlas, ids))
    counter.measure(f"{n:,} rows of objects", n, n_reference, lambda: f"{len(atlas.query_object(ids))} rows")


def count_transients(atlas, ids):
    """Download the records of the last 60 days, and return their number as text."""
    return f"{sum(1 for _ in atlas.iter_transients(ids, since=60 * u.day))} transients"


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1,000 ids instead of 10,000")
    parser.add_argument("--supernovae", help="a file of the Transient Name Server")
    options = parser.parse_args()
    warnings.simplefilter("ignore", NoResultsWarning)  # a catalogue without a match is a valid result
    warnings.simplefilter("ignore", DataQualityWarning)  # limits of objects at RA 0
    n = 1000 if options.quick else 10_000
    with Sandbox(n_objects=n, rates={"user": None}) as sandbox, conf.set_temp("hourly_requests", 1_000_000):
        atlas, counter, truth = sandbox.client(), RequestCounter(sandbox), sandbox.truth
        objects = SkyCoord(truth["ra"], truth["dec"], unit="deg")
        measure_crossmatches(atlas, counter, objects, options.supernovae)
        measure_downloads(atlas, counter, truth["atlas_id"][:n].tolist())


if __name__ == "__main__":
    main()

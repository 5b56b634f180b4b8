# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Requests spent on the work of a survey scientist, counted by the server (a sandbox), beside two other ways.

The naive way is a request for each position or id; the reference client asks for 100 ids at a time and for each
position by itself. Run as ``python benchmarks/requests_spent.py [--quick] [--supernovae FILE]``; the supernovae are a
file of the Transient Name Server with columns ``RA`` and ``DEC``. It takes some minutes, most of them the server's.
"""

import argparse
import math
import time
import warnings

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table

from atlasquery import conf
from atlasquery.exceptions import DataQualityWarning, NoResultsWarning
from atlasquery.sandbox import Sandbox

PER_REQUEST = 100  # of the reference client


def fields(objects, rng, n=1000, n_fields=40, width=4 * u.arcmin):
    """Positions in fields of this diameter around objects."""
    centres = objects[np.repeat(rng.choice(len(objects), n_fields, replace=False), n // n_fields)]
    angle, distance = rng.uniform(0, 360, n) * u.deg, width / 2 * np.sqrt(rng.random(n))
    return centres.directional_offset_by(angle, distance)


def scattered(rng, n=1000):
    """Positions anywhere on the sky."""
    return SkyCoord(rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n))), unit="deg")


class Counter:
    """Counts what the sandbox was asked, and prints a row a task."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._row("task", "spent", "naive", "reference", "seconds")

    def measure(self, task, naive, reference, work):
        """Do the work, and print what it took."""
        before, begin = len(self._sandbox.requests), time.monotonic()
        said = work()
        spent = len(self._sandbox.requests) - before
        self._row(f"{task}: {said}", spent, naive, reference, f"{time.monotonic() - begin:.1f}")

    @staticmethod
    def _row(task, *columns):
        print(f"{task:<72}" + "".join(f"{column:>11}" for column in columns), flush=True)


def crossmatches(atlas, counter, objects, supernovae):
    """Positions: shared cones, and whole lists."""
    rng = np.random.default_rng(2026)
    catalogues = {"1,000 positions in 40 fields of 4 arcmin": fields(objects, rng), "1,000 scattered": scattered(rng)}
    if supernovae:
        catalogues["supernovae of the TNS"] = Table.read(supernovae, format="ascii.csv")
    for task, catalogue in catalogues.items():
        n = len(catalogue)
        counter.measure(task, n, n, lambda c=catalogue: f"{len(atlas.crossmatch(c, 5 * u.arcsec))} matches")
        counter.measure(
            f"{task}, all lists",
            n,
            n,
            lambda c=catalogue: f"{len(atlas.crossmatch(c, 5 * u.arcsec, lists=range(14)))} matches",
        )


def records(atlas, counter, ids):
    """Ids: records of the last 60 days, rows without light curves."""
    n, reference = len(ids), math.ceil(len(ids) / PER_REQUEST)
    counter.measure(
        f"{n:,} ids, since=60 d",
        n,
        reference,
        lambda: f"{sum(1 for _ in atlas.iter_transients(ids, since=60 * u.day))} transients",
    )
    counter.measure(f"{n:,} ids, rows alone", n, reference, lambda: f"{len(atlas.query_object(ids))} rows")


def main():
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quick", action="store_true", help="1,000 ids instead of 10,000")
    arguments.add_argument("--supernovae", help="a file of the Transient Name Server")
    asked = arguments.parse_args()
    warnings.simplefilter("ignore", NoResultsWarning)  # no match is a result here
    warnings.simplefilter("ignore", DataQualityWarning)  # limits of objects at RA 0
    n = 1000 if asked.quick else 10_000
    with Sandbox(n_objects=n, rates={"user": None}) as sandbox, conf.set_temp("hourly_requests", 1_000_000):
        atlas, counter, truth = sandbox.client(), Counter(sandbox), sandbox.truth
        crossmatches(atlas, counter, SkyCoord(truth["ra"], truth["dec"], unit="deg"), asked.supernovae)
        records(atlas, counter, truth["atlas_id"][:n].tolist())


if __name__ == "__main__":
    main()

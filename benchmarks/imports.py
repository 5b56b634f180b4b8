# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Imports, as ratios to the import of astroquery's base class, each in a process of its own."""

import subprocess
import sys

REFERENCE = "import astroquery.query"
IMPORTS = ("import atlasquery", "from atlasquery import ATLAS", "from atlasquery import LightCurve")
PROGRAM = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def import_times(repeat=5):
    """Return the least CPU time in seconds of each import."""
    times = {statement: [] for statement in (REFERENCE, *IMPORTS)}
    for _ in range(repeat):
        for statement, values in times.items():
            program = [sys.executable, "-c", PROGRAM.format(statement)]
            values.append(float(subprocess.run(program, check=True, capture_output=True, text=True).stdout))
    return {statement: min(values) for statement, values in times.items()}


class Imports:
    """The time until the package can be used."""

    params = IMPORTS
    param_names = ("statement",)

    def track_ratio(self, statement):
        """Return the ratio."""
        times = import_times()
        return times[statement] / times[REFERENCE]


Imports.track_ratio.unit = "import astroquery.query"

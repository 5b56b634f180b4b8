# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Samples of 1 to 1,000 light curves: CPU time of each method for one light curve, in R (see ``reference``)."""

import warnings

import astropy.units as u

from atlasquery import LightCurves
from benchmarks.light_curves import make_light_curve
from benchmarks.reference import cpu_times, reference

METHODS = {
    "stack": lambda curves: curves.stack(),
    "summary": lambda curves: curves.summary(),
    "flag": lambda curves: curves.flag("faq"),
    "combined": lambda curves: curves.combined(),
    "bin_nightly": lambda curves: curves.bin_nightly(),
    "bin": lambda curves: curves.bin(1 * u.d),
}


def make_sample(n_curves):
    """Return light curves of one answer under different ids."""
    return LightCurves({1_000_000_000_000_000_000 + number: make_light_curve() for number in range(n_curves)})


class Samples:
    """Methods of many light curves."""

    params = (tuple(METHODS), (1, 10, 100))
    param_names = ("method", "n_curves")
    timeout = 600

    def setup(self, method, n_curves):
        """Make the sample."""
        warnings.simplefilter("ignore")
        self.curves = make_sample(n_curves)

    def track_ratio(self, method, n_curves):
        """Return the ratio of one light curve of the sample to R."""
        times = cpu_times({"R": reference, "method": lambda: METHODS[method](self.curves)}, repeat=3)
        return times["method"] / n_curves / times["R"]

    def peakmem_sample(self, method, n_curves):
        """Use the memory that a method needs."""
        METHODS[method](self.curves)


Samples.track_ratio.unit = "R per light curve"

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One light curve: from the bytes of an answer to a table with units, and its methods; in R (see ``reference``)."""

import warnings

import astropy.units as u

from atlasquery import LightCurve, Transient, schema
from benchmarks.reference import answer, ratio


def make_light_curve():
    """Return the light curve of the answer, after a look at each of its columns."""
    light_curve = LightCurve.from_record(schema.decode_objects(answer())[0])
    for name in ("time", "flux", "mag"):
        light_curve[name]
    return light_curve


def make_transient():
    """Return the object of the answer."""
    return Transient(schema.decode_objects(answer())[0])


class LightCurves:
    """What is done with one light curve, as a ratio to R."""

    params = (
        "from bytes",
        "Transient from bytes",
        "combined",
        "bin_nightly",
        "bin",
        "flag",
        "good",
        "slice",
        "detections",
        "at_significance",
    )
    param_names = ("what",)
    unit = "R"

    def setup(self, what):
        """Prepare the light curve, and the functions by name."""
        warnings.simplefilter("ignore")
        light_curve = make_light_curve()
        flagged = light_curve.flag("faq")
        functions = (
            make_light_curve,
            make_transient,
            light_curve.combined,
            light_curve.bin_nightly,
            lambda: light_curve.bin(1 * u.d),
            lambda: light_curve.flag("faq"),
            flagged.good,
            lambda: light_curve[10:2000],
            lambda: light_curve.detections,
            lambda: light_curve.at_significance(5),
        )
        self.function = dict(zip(self.params, functions, strict=True))[what]

    def track_ratio(self, what):
        """Return the ratio."""
        return ratio(self.function)


LightCurves.track_ratio.unit = "R"

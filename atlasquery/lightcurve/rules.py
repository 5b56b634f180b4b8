# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rules that flag measurements, each with its own bit, and recipes, which are groups of rules.

A bit never changes its meaning, so that any later version can read the flags in a file. Sources: the FAQ of the ATLAS
forced-photometry server; ATClean, Rest et al. 2024, arXiv:2405.03747; the plots of the ATLAS Transient web server.
"""

from collections.abc import Callable
from dataclasses import dataclass

import astropy.units as u
import numpy as np

from atlasquery import photometry
from atlasquery.lightcurve.arrays import float_array, string_array
from atlasquery.lightcurve.build import SIGMA_DETECTION
from atlasquery.lightcurve.times import MJD, mjd_values, time_axis

__all__ = ["BY_HAND", "RECIPES", "RULES", "Rule"]

MAX_FLUX_ERR = 160.0  # uJy, from ATClean
SATURATION_MAG = 12.0  # AB magnitude; the detectors saturate between 11 and 12


@dataclass(frozen=True)
class Rule:
    """Condition that good measurements satisfy.

    Parameters
    ----------
    recipe : str
        Recipe of the rule.
    name : str
        Name of the rule; it starts with the name of the recipe.
    bit : int
        Bit in the column ``quality``.
    needs : tuple of str
        Columns that the rule checks; rows where one of them is masked pass.
    is_good : callable
        Takes the values of these columns as plain arrays, and returns which are good.
    description : str
        The condition as text.
    """

    recipe: str
    name: str
    bit: int
    needs: tuple
    is_good: Callable
    description: str

    def check(self, light_curve):
        """Return which rows can be checked, and which of them are bad."""
        values = [_column_values(light_curve, name) for name in self.needs]
        checked = np.ones(len(light_curve), dtype=bool)
        for value in values:
            checked &= value != "" if value.dtype.kind == "U" else ~np.isnan(value)
        return checked, checked & ~self.is_good(*values)


def _column_values(light_curve, name):
    if name == "limit":
        return _exposure_limit(light_curve)
    if name == "time":
        return mjd_values(light_curve) if time_axis(light_curve) is MJD else np.full(len(light_curve), np.nan)
    return string_array(light_curve, name) if name == "site" else float_array(light_curve, name)


def _exposure_limit(light_curve):
    """Return the limit of the exposure, ``mag5sig``, NaN where only that of the measurement is known."""
    limit, sigma = float_array(light_curve, "limit"), float_array(light_curve, "limit_sigma")
    of_server = float_array(light_curve, "limit_server")
    return np.where(np.isnan(of_server), np.where(sigma == SIGMA_DETECTION, limit, np.nan), of_server)


def _outside_bad_amplifier(site, x, y, mjd):
    return (site != "01a") | (x > 659) | (y > 5279) | (mjd >= 58718)


SATURATION_FLUX = photometry.mag_to_flux(SATURATION_MAG * u.mag).value

RULES = (
    Rule("faq", "faq_flux_err", 1 << 0, ("flux_err",), lambda err: err < 10000, "flux_err < 10000 uJy"),
    Rule("faq", "faq_err", 1 << 1, ("err",), lambda err: err == 0, "err = 0"),
    Rule(
        "faq",
        "faq_position",
        1 << 2,
        ("x", "y"),
        lambda x, y: (np.minimum(x, y) > 100) & (np.maximum(x, y) < 10460),
        "100 < x, y < 10460",
    ),
    Rule(
        "faq",
        "faq_shape",
        1 << 3,
        ("major", "minor"),
        lambda major, minor: (np.minimum(major, minor) > 1.6) & (np.maximum(major, minor) < 5),
        "1.6 < major, minor < 5",
    ),
    Rule("faq", "faq_apfit", 1 << 4, ("apfit",), lambda apfit: (apfit > -1) & (apfit < -0.1), "-1 < apfit < -0.1"),
    Rule(
        "faq",
        "faq_mag5sig",
        1 << 5,
        ("limit",),
        lambda limit: limit > 17,
        "5-sigma limit > 17 mag",
    ),
    Rule("faq", "faq_sky", 1 << 6, ("sky",), lambda sky: sky > 17, "sky > 17 mag per square arcsec"),
    Rule(
        "atclean",
        "atclean_flux_err",
        1 << 7,
        ("flux_err",),
        lambda err: err <= MAX_FLUX_ERR,
        f"flux_err <= {MAX_FLUX_ERR:g} uJy",
    ),
    Rule("atclean", "atclean_chi_n", 1 << 8, ("chi_n",), lambda chi_n: chi_n <= 10, "chi_n <= 10"),
    Rule(
        "atclean_bins", "atclean_bins_chi2", 1 << 9, ("chi2_dof",), lambda chi2: chi2 <= 4, "chi2_dof of the bin <= 4"
    ),
    Rule(
        "atclean_bins",
        "atclean_bins_clipped",
        1 << 10,
        ("n_clipped",),
        lambda n: n <= 1,
        "at most one clipped in the bin",
    ),
    Rule("atclean_bins", "atclean_bins_few", 1 << 11, ("n_points",), lambda n: n >= 2, "at least two good in the bin"),
    Rule(
        "server",
        "server_amplifier",
        1 << 12,
        ("site", "x", "y", "time"),
        _outside_bad_amplifier,
        "not 01a with x <= 659, y <= 5279 before MJD 58718, a bad amplifier",
    ),
    Rule(
        "saturation",
        "saturation_flux",
        1 << 13,
        ("flux",),
        lambda flux: flux < SATURATION_FLUX,
        f"fainter than {SATURATION_MAG:g} mag",
    ),
    Rule("mask", "mask_bits", 1 << 14, ("mask",), lambda mask: mask == 0, "mask = 0"),
)
BY_HAND = Rule("by_hand", "by_hand", 1 << 30, (), lambda: np.True_, "not flagged by hand")

RECIPES: dict[str, list[Rule]] = {}
for _rule in RULES:
    RECIPES.setdefault(_rule.recipe, []).append(_rule)

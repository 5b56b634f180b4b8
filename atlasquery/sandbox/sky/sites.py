# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The five ATLAS telescopes: position, start date, observing plans, filters and depth.

Positions and start dates are public (Tonry et al. 2018, PASP 130, 064505; the project's web pages). The fractions of
lost nights, the filters by lunar phase and the depths are set so that exposures resemble those of the transient server.
"""

from dataclasses import dataclass, field

import numpy as np

__all__ = ["BANDS", "CYCLE_NIGHTS", "OBSERVING_PLANS", "SITES", "DeclinationZone", "Site"]

BANDS = ("c", "o", "t")
"""Filters, in the order of their index in the tables of exposures."""

CYCLE_NIGHTS = 12
"""Length of the cycle of every observing plan [nights]."""


@dataclass(frozen=True)
class DeclinationZone:
    """A zone of declination and how often it is observed.

    Parameters
    ----------
    south, north : float
        Limits in declination [deg].
    period_nights : int
        Each strip of the zone is visited once in this many nights.
    n_successive : int
        Number of successive nights of a visit.
    """

    south: float
    north: float
    period_nights: int
    n_successive: int = 1


OBSERVING_PLANS = (
    (DeclinationZone(-45, 91, 4),),
    (DeclinationZone(-45, 5, 4), DeclinationZone(5, 91, 4, 2)),
    (DeclinationZone(-32, 5, 4), DeclinationZone(5, 75, 2), DeclinationZone(75, 91, 4)),
    (DeclinationZone(-91, 20, 4),),
    (DeclinationZone(-91, 5, 3), DeclinationZone(5, 36, 6)),
)
"""The observing plans: first the northern sky with two telescopes, then the whole sky with four."""


@dataclass(frozen=True)
class Site:
    """One telescope.

    Parameters
    ----------
    code : str
        First characters of the names of its exposures.
    latitude, longitude : float
        Geographic, east positive [deg].
    plans : tuple
        Pairs ``(first night, number of the plan)``; the first one is the start of operations.
    schedule_shift : int
        Shift of its schedule relative to the other telescopes [nights].
    dither_shift : int
        Shift of its dither pattern relative to the other telescopes [grids].
    lost_fraction : float
        Fraction of nights without data.
    cyan_periods : tuple
        Pairs ``(first night, days)``: the cyan filter is used while the age of the Moon is below this number of days.
    limiting_mag : tuple
        5-sigma limiting magnitudes in ``c``, ``o``, ``t`` on a good dark night near the zenith.
    zero_point : tuple
        Zero points in the three bands [mag].
    seeing_fwhm : float
        Typical full width at half maximum [pixels].
    outages : tuple
        Pairs of nights (first, first after) without operations.
    """

    code: str
    latitude: float
    longitude: float
    plans: tuple
    schedule_shift: int
    dither_shift: int
    lost_fraction: float
    cyan_periods: tuple
    limiting_mag: tuple
    zero_point: tuple
    seeing_fwhm: float
    outages: tuple = field(default=())

    def is_working(self, nights):
        """Return a mask of the nights (MJD) on which the telescope observes."""
        in_use = nights >= self.plans[0][0]
        for first, last in self.outages:
            in_use &= (nights < first) | (nights >= last)
        return in_use

    def plan_numbers(self, nights):
        """Return for each night (MJD) the index into `OBSERVING_PLANS`."""
        starts, numbers = zip(*self.plans, strict=True)
        return np.array(numbers)[np.clip(np.searchsorted(starts, nights, side="right") - 1, 0, None)]

    def cyan_days(self, nights):
        """Return for each night (MJD) the largest age of the Moon [days] at which the cyan filter is used."""
        starts, days = zip(*self.cyan_periods, strict=True)
        return np.array(days)[np.clip(np.searchsorted(starts, nights, side="right") - 1, 0, None)]


SITES = (
    Site("01a", 19.536, -155.576, ((58015, 0), (59580, 1), (60040, 2)), 0, 0, 0.27, ((0, 0.0), (59150, 3.0)),
         (19.86, 19.74, 19.5), (22.44, 22.32, 22.50), 2.00, ((59911, 60272),)),
    Site("02a", 20.708, -156.257, ((58015, 0), (59580, 1), (60040, 2)), 2, 12, 0.31, ((0, 5.9),),
         (19.78, 19.72, 19.5), (22.22, 22.15, 22.4), 2.12, ((59918, 59950),)),
    Site("03a", -32.380, 20.811, ((59590, 3), (60040, 4)), 1, 6, 0.48, ((0, 4.6),),
         (19.74, 19.70, 19.5), (22.14, 22.12, 22.4), 2.08),
    Site("04a", -30.471, -70.765, ((59592, 3), (60040, 4)), 3, 18, 0.18, ((0, 2.3),),
         (19.55, 19.34, 19.2), (22.03, 22.02, 22.2), 2.12),
    Site("05r", 28.300, -16.512, ((60980, 2),), 1, 9, 0.24, ((0, 4.0),),
         (19.80, 19.62, 19.5), (22.30, 22.20, 22.4), 2.05),
)  # fmt: skip
"""Mauna Loa (closed after the eruption of November 2022), Haleakala, Sutherland, El Sauce, Teide."""

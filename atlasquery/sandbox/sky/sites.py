# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The five ATLAS telescopes: where they stand, since when, how much of the sky each covers, how deep each sees.

Positions and start dates are public (Tonry et al. 2018, PASP 130, 064505; the project's web pages); fractions of lost
nights, colours by lunar phase and depths are set so that exposures resemble what the transient server lists.
"""

from dataclasses import dataclass, field

import numpy as np

__all__ = ["BANDS", "CYCLE", "PLANS", "SITES", "Site", "Zone"]

BANDS = ("c", "o", "t")
"""Filters, in the order of their number in the tables of exposures."""

CYCLE = 12
"""Every observing plan repeats after this many nights."""


@dataclass(frozen=True)
class Zone:
    """A belt of declination and how often it is visited.

    Parameters
    ----------
    south, north : float
        Limits in declination [deg].
    every : int
        A strip of the belt is visited every so many nights, ...
    times : int
        ... on so many nights in succession.
    """

    south: float
    north: float
    every: int
    times: int = 1


PLANS = (
    (Zone(-45, 91, 4),),
    (Zone(-45, 5, 4), Zone(5, 91, 4, 2)),
    (Zone(-32, 5, 4), Zone(5, 75, 2), Zone(75, 91, 4)),
    (Zone(-91, 20, 4),),
    (Zone(-91, 5, 3), Zone(5, 36, 6)),
)
"""The observing plans: two telescopes covering the northern sky every two nights, and what became of it with four."""


@dataclass(frozen=True)
class Site:
    """One telescope.

    Parameters
    ----------
    code : str
        As it begins the name of an exposure.
    latitude, longitude : float
        Geographic, east positive [deg].
    plans : tuple
        Pairs ``(first night, number of the plan)``; the first one is the start of operations.
    offset : int
        Shift of its schedule against the other telescopes [nights].
    letter : int
        Shift of its dither pattern against the other telescopes.
    lost : float
        Share of nights without data.
    cyan : tuple
        Pairs ``(first night, days)``: the cyan filter is in while the Moon is younger than so many days.
    limit : tuple
        5-sigma limiting magnitude in ``c``, ``o``, ``t`` on a good dark night near the zenith.
    zero : tuple
        Zero points in the three bands.
    seeing : float
        Typical full width at half maximum [pixels].
    outages : tuple
        Pairs of nights between which it was shut.
    """

    code: str
    latitude: float
    longitude: float
    plans: tuple
    offset: int
    letter: int
    lost: float
    cyan: tuple
    limit: tuple
    zero: tuple
    seeing: float
    outages: tuple = field(default=())

    def working(self, nights):
        """Tell the nights on which the telescope is in use.

        Parameters
        ----------
        nights : `~numpy.ndarray` of int
            Numbers of nights (MJD).

        Returns
        -------
        `~numpy.ndarray` of bool
            True where it is.
        """
        use = nights >= self.plans[0][0]
        for first, last in self.outages:
            use &= (nights < first) | (nights >= last)
        return use

    def plan(self, nights):
        """Tell the plan of each night.

        Parameters
        ----------
        nights : `~numpy.ndarray` of int
            Numbers of nights (MJD).

        Returns
        -------
        `~numpy.ndarray` of int
            Indices into ``PLANS``.
        """
        starts, numbers = zip(*self.plans, strict=True)
        return np.array(numbers)[np.clip(np.searchsorted(starts, nights, side="right") - 1, 0, None)]

    def cyan_days(self, nights):
        """Tell for how long around new Moon the cyan filter is in.

        Parameters
        ----------
        nights : `~numpy.ndarray` of int
            Numbers of nights (MJD).

        Returns
        -------
        `~numpy.ndarray` of float
            Largest age of the Moon [days], counted to either side.
        """
        starts, days = zip(*self.cyan, strict=True)
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
"""Mauna Loa (closed by the eruption of November 2022), Haleakala, Sutherland, El Sauce, Teide."""

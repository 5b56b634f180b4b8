# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Published data of AT2018cow, the only real object of the sky. All its other data in the sandbox are modelled.

Sources: the discovery report of the Transient Name Server (limit, first detection, position, names) and Smartt et al.
2018, ATel 11727 and 11742 (second detection). Host and redshift: CGCG 137-068 at z = 0.01414 (Perley et al. 2019, MNRAS
484, 1031). The telescopes of the exposures are not published; those given here are assumed.
"""

from dataclasses import dataclass

__all__ = ["AT2018COW", "AT2018COW_POINTS", "PublishedPoint"]


@dataclass(frozen=True)
class PublishedPoint:
    """One published measurement.

    Parameters
    ----------
    mjd : float
        Time (MJD), UTC.
    band : str
        Filter.
    mag : float or None
        AB magnitude, None for a limit.
    mag_err : float or None
        Its error [mag].
    limit : float or None
        5-sigma limiting magnitude, None if not published.
    site : str
        Code of the telescope (assumed).
    source : str
        Publication.
    """

    mjd: float
    band: str
    mag: float | None
    mag_err: float | None
    limit: float | None
    site: str
    source: str


AT2018COW_POINTS = (
    PublishedPoint(58281.49, "o", None, None, 19.35, "01a", "TNS discovery report; ATel 11727"),
    PublishedPoint(58285.4409954, "o", 14.739, 0.009, None, "01a", "TNS discovery report; ATel 11727"),
    PublishedPoint(58287.45, "c", 13.60, 0.02, None, "02a", "ATel 11742"),
)
"""The published ATLAS measurements, exact to the last published digit."""

AT2018COW = {
    "id": 1161600211221604900,
    "ra": 244.000917,
    "dec": 22.268031,
    "atlas_designation": "ATLAS18qqn",
    "other_designation": "2018cow",
    "redshift": 0.01414,
    "host": "CGCG 137-068",
    "first_mjd": 58285.4409954,
}
"""Names, position [deg], redshift, host and first detection."""

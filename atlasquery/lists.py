# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The detection lists, in one of which every ATLAS object is."""

from enum import IntEnum

__all__ = ["DetectionList"]


class DetectionList(IntEnum):
    """A list of the ATLAS server's vetting; every object is in exactly one.

    Names and numbers are the server's. They are not those of the custom lists (object groups): the two number spaces
    overlap.

    Examples
    --------
    >>> from atlasquery import DetectionList
    >>> DetectionList(2)
    <DetectionList.good: 2>
    >>> DetectionList["fasttrack"] == 8
    True
    """

    garbage = 0
    follow_up = 1
    good = 2
    possible = 3
    eyeball = 4
    attic = 5
    stars = 6
    agn = 7
    fasttrack = 8
    movers = 9
    magellanic_clouds = 10
    pm_stars = 11
    galcand = 12
    duplicates = 13

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The detection lists, in one of which every ATLAS object is."""

from enum import IntEnum

__all__ = ["DetectionList"]


class DetectionList(IntEnum):
    """A list of the ATLAS server's vetting; every object is in exactly one.

    The numbers are the server's. They are not those of the custom lists (object groups): the two number spaces overlap.

    Examples
    --------
    >>> from atlasquery import DetectionList
    >>> DetectionList(2)
    <DetectionList.GOOD: 2>
    >>> DetectionList.FAST_TRACK.label
    'fasttrack'
    """

    GARBAGE = 0
    FOLLOW_UP = 1
    GOOD = 2
    POSSIBLE = 3
    EYEBALL = 4
    ATTIC = 5
    STARS = 6
    AGN = 7
    FAST_TRACK = 8
    MOVERS = 9
    MAGELLANIC_CLOUDS = 10
    PM_STARS = 11
    GALCAND = 12
    DUPLICATES = 13

    @property
    def label(self):
        """The server's own word for the list, such as ``'follow_up'`` (`str`)."""
        return {DetectionList.FAST_TRACK: "fasttrack"}.get(self, self.name.lower())

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The lists of the ATLAS server: detection lists, in one of which every object is, and custom lists.

Their number spaces overlap: 2 is the detection list ``good`` and the custom list ``mookodi``. So they are two types,
and a bare number is always a detection list's.
"""

from difflib import get_close_matches
from enum import IntEnum
from numbers import Integral

from atlasquery.config import conf
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

__all__ = ["CustomList", "DetectionList", "custom_lists", "resolve_list"]


class DetectionList(IntEnum):
    """A list of the ATLAS server's vetting; every object is in exactly one.

    Names and numbers are the server's. They are not those of the custom lists (object groups): the two number spaces
    overlap.

    See Also
    --------
    CustomList : A list kept by a team.

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

    @property
    def number(self):
        """The server's number (`int`)."""
        return int(self)


# Those that are known to everybody; the server has no endpoint that names the others.
_CUSTOM_LISTS = {
    "mookodi": 2,
    "salt": 14,
    "mookodi_live": 16,
    "mookodi_peak": 17,
    "cv": 40,
    "mdwarf": 56,
    "heloise": 72,
    "vra": 73,
}


class CustomList:
    """A list that a team keeps (an object group); an object can be in many.

    Parameters
    ----------
    which : int or str
        The server's number, or a name that is known: `ATLASClass.list_lists` shows which. Further names are set in the
        configuration, ``conf.custom_lists``.

    Attributes
    ----------
    number : int
        The server's number.
    name : str or None
        Its name, `None` if the number has none that is known.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither a number nor a name.
    InvalidQueryError
        If the name is not known, or the number is negative.

    Examples
    --------
    >>> from atlasquery import CustomList, DetectionList
    >>> CustomList(72)
    <CustomList heloise: 72>
    >>> CustomList("mookodi").number == DetectionList.good.number
    True
    >>> CustomList("mookodi") == DetectionList.good
    False
    """

    def __init__(self, which):
        known = custom_lists()
        if isinstance(which, CustomList):
            which = which.number
        if isinstance(which, str):
            self.name = _match_name(which, known, "custom list")
            self.number = known[self.name]
        elif isinstance(which, Integral) and not isinstance(which, (bool, DetectionList)):
            self.number = int(which)
            self.name = {number: name for name, number in known.items()}.get(self.number)
        else:
            raise InvalidQueryTypeError(f"A custom list is a number or a name, not {which!r}.")
        if self.number < 0:
            raise InvalidQueryError(f"A custom list has no negative number such as {self.number}.")

    def __eq__(self, other):
        return isinstance(other, CustomList) and self.number == other.number

    def __hash__(self):
        return hash((CustomList, self.number))

    def __repr__(self):
        return f"<CustomList {self.name or 'without a known name'}: {self.number}>"


def custom_lists():
    """Return the custom lists whose names are known: those of the server, and those of ``conf.custom_lists``.

    Returns
    -------
    dict of str to int
        Name and number.

    Raises
    ------
    InvalidQueryError
        If the configuration cannot be read, or gives a name that means another list already.

    Examples
    --------
    >>> from atlasquery import conf
    >>> from atlasquery.inputs.lists import custom_lists
    >>> with conf.set_temp("custom_lists", ["tidal: 81"]):
    ...     custom_lists()["tidal"]
    81
    """
    known = dict(_CUSTOM_LISTS)
    # Set in Python, one text may hold what the file's reader would have split.
    for entry in (part for text in conf.custom_lists for part in str(text).split(",")):
        name, number = _parse_config_entry(entry)
        if name in DetectionList.__members__ or known.get(name, number) != number:
            raise InvalidQueryError(f"conf.custom_lists: {name!r} is the name of another list already.")
        known[name] = number
    return known


def _parse_config_entry(entry):
    """Read one entry of the configuration, ``name: number``."""
    name, _, number = entry.replace("=", ":").rpartition(":")
    name, number = _normalize_name(name), number.strip()
    if not name or not (number.isascii() and number.isdigit()):
        raise InvalidQueryError(
            f"conf.custom_lists: {entry!r} is not a name and a number, such as 'tidal: 81'.",
            hint="Set it in atlasquery.cfg, as in: custom_lists = tidal:81, nuclear:82",
        )
    return name, int(number)


def resolve_list(which):
    """Return the list that the user means.

    Parameters
    ----------
    which : str, int, DetectionList or CustomList
        A name of either kind, or the list itself; a bare number is a detection list's.

    Returns
    -------
    DetectionList or CustomList
        The list.

    Raises
    ------
    InvalidQueryTypeError
        If it is something else.
    InvalidQueryError
        If there is no such list; the nearest names are said.

    Examples
    --------
    >>> from atlasquery.inputs.lists import resolve_list
    >>> find_list("Follow up"), find_list(2), resolve_list("cv")
    (<DetectionList.follow_up: 1>, <DetectionList.good: 2>, <CustomList cv: 40>)
    """
    if isinstance(which, CustomList):
        return which
    if isinstance(which, str):
        known = custom_lists()
        name = _match_name(which, [*DetectionList.__members__, *known], "list")
        return CustomList(known[name]) if name in known else DetectionList[name]
    if isinstance(which, Integral) and not isinstance(which, bool):
        return _detection_list(which)
    raise InvalidQueryTypeError(f"A list is a name, a number, a DetectionList or a CustomList, not {which!r}.")


def _detection_list(number):
    try:
        return DetectionList(int(number))
    except ValueError:
        raise InvalidQueryError(
            f"There is no detection list {number}; they are 0 to {max(DetectionList):d}.",
            hint=f"For the custom list of this number write CustomList({number})." if number >= 0 else None,
        ) from None


def _match_name(name, known, noun):
    """Return the known name that is meant, whatever its capitals and blanks, or say which ones are near."""
    plain = _normalize_name(name)
    if plain in known:
        return plain
    near = get_close_matches(plain, known) or sorted(known)
    raise InvalidQueryError(
        f"There is no {noun} {name!r} that is known here; the nearest names are {', '.join(near)}.",
        hint="Name further custom lists in conf.custom_lists, or use CustomList(number).",
    )


def _normalize_name(name):
    return "_".join(name.strip().lower().replace("-", " ").split())

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The lists of the ATLAS server: detection lists (an object is in at most one) and custom lists (in many).

Their numbers overlap: 2 is the detection list ``good`` and the custom list ``mookodi``. They are therefore two types,
and a bare number is always that of a detection list.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np

from atlasquery.config import conf
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.config_item import source_hint
from atlasquery.utils.text import abbreviate

__all__ = [
    "CustomList",
    "DetectionList",
    "ObjectList",
    "check_custom_list",
    "check_settable_list",
    "custom_lists",
    "resolve_list",
]


class DetectionList(IntEnum):
    """A list of the ATLAS server's vetting; an object is in at most one.

    Names and numbers are the server's. The numbers overlap with those of the custom lists (object groups).

    See Also
    --------
    CustomList : A list of a team.

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
    def number(self) -> int:
        """The server's number (`int`)."""
        return int(self)


ObjectList: TypeAlias = "str | int | np.integer | DetectionList | CustomList"

# Public custom lists; the server has no endpoint that lists the others.
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


# The only detection lists to which the server lets a user of the API move an object.
_SETTABLE_LISTS = (DetectionList.possible, DetectionList.eyeball, DetectionList.galcand)


_MAX_NUMBER = 2**63 - 1  # of the server's database


class CustomList:
    """A list of a team (an object group); an object can be in many.

    Parameters
    ----------
    which : int or str
        The server's number, or a name of `ATLASClass.list_lists`. Further names are set in ``conf.custom_lists``.

    Attributes
    ----------
    number : int
        The server's number.
    name : str or None
        Its name, `None` if it is unknown.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither a number nor a name.
    InvalidQueryError
        If the name is unknown, or the number is negative.

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

    number: int
    name: str | None

    def __init__(self, which: int | str | np.integer | CustomList) -> None:
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
            raise InvalidQueryTypeError(
                f"`which` must be the number or name of a custom list, got {abbreviate(which)}."
            )
        if not 0 <= self.number <= _MAX_NUMBER:
            raise InvalidQueryError(f"`which` must be from 0 to {_MAX_NUMBER}, got {_shown(self.number)}.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CustomList) and self.number == other.number

    def __hash__(self) -> int:
        return hash((CustomList, self.number))

    def __repr__(self) -> str:
        return f"<CustomList {self.name or 'unnamed'}: {self.number}>"


def custom_lists() -> dict[str, int]:
    """Return names and numbers of custom lists: the public ones, and those of ``conf.custom_lists``.

    Raises
    ------
    InvalidQueryError
        If the configuration is invalid, or uses the name of another list.

    Examples
    --------
    >>> from atlasquery import conf
    >>> from atlasquery.inputs.lists import custom_lists
    >>> with conf.set_temp("custom_lists", ["tidal: 81"]):
    ...     custom_lists()["tidal"]
    81
    """
    known = dict(_CUSTOM_LISTS)
    # A string set in Python may contain several entries, which the reader of the file would have split.
    for entry in (part for text in conf.custom_lists for part in str(text).split(",")):
        name, number = _parse_config_entry(entry)
        if name in DetectionList.__members__ or known.get(name, number) != number:
            reason = f"`conf.custom_lists` must not use the name of another list, got {name!r}."
            raise InvalidQueryError(reason, hint=source_hint("custom_lists"))
        known[name] = number
    return known


def _parse_config_entry(entry: str) -> tuple[str, int]:
    """Return name and number of one entry of the configuration, ``name: number``."""
    name, _, number = entry.replace("=", ":").rpartition(":")
    name, number = _normalize_name(name), number.strip()
    if not name or not (number.isascii() and number.isdigit()):
        raise InvalidQueryError(
            f"`conf.custom_lists` must have entries such as 'tidal: 81', got {entry!r}.",
            hint=f"{source_hint('custom_lists')} A right line is: custom_lists = tidal:81, nuclear:82".strip(),
        )
    return name, int(number)


def resolve_list(which: ObjectList) -> DetectionList | CustomList:
    """Return a list given by name or number.

    Parameters
    ----------
    which : str, int, DetectionList or CustomList
        A name of either kind, or the list itself; a bare number is that of a detection list.

    Raises
    ------
    InvalidQueryTypeError
        If it is of another type.
    InvalidQueryError
        If there is no such list.

    Examples
    --------
    >>> from atlasquery.inputs.lists import resolve_list
    >>> resolve_list("Follow up"), resolve_list(2), resolve_list("cv")
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
    raise InvalidQueryTypeError(
        f"`name` must be the name or number of a list, a DetectionList or CustomList, got {abbreviate(which)}."
    )


def check_custom_list(which: ObjectList) -> CustomList:
    """Return the custom list that objects are added to or removed from.

    Parameters
    ----------
    which : str or CustomList
        The list.

    Raises
    ------
    InvalidQueryTypeError
        If it is of another type.
    InvalidQueryError
        If there is no such list, or it is a detection list, as a bare number always is.
    """
    if isinstance(which, Integral) and not isinstance(which, (bool, DetectionList)):
        raise InvalidQueryError(
            f"`name` must be a custom list, got the number {_shown(which)}, which is that of a detection list.",
            hint="A custom list is given by its name, or by its number as CustomList(number).",
        )
    object_list = resolve_list(which)
    if isinstance(object_list, CustomList):
        return object_list
    raise InvalidQueryError(
        f"`name` must be a custom list, got the detection list {object_list.name!r}.",
        hint="An object is moved to a detection list with set_detection_list.",
    )


def check_settable_list(which: ObjectList) -> DetectionList:
    """Return the detection list that objects are moved to; the server allows three.

    Parameters
    ----------
    which : str, int or DetectionList
        The list.

    Raises
    ------
    InvalidQueryTypeError
        If it is of another type.
    InvalidQueryError
        If there is no such list, it is a custom list, or the server does not allow it.
    """
    object_list = resolve_list(which)
    if isinstance(object_list, CustomList):
        raise InvalidQueryError(
            f"`name` must be a detection list, got {object_list!r}.",
            hint="An object is added to a custom list with add_to_list.",
        )
    if object_list not in _SETTABLE_LISTS:
        allowed = ", ".join(f"{item.name!r} ({item:d})" for item in _SETTABLE_LISTS)
        raise InvalidQueryError(
            f"`name` must be one of {allowed}, got {object_list.name!r} ({object_list:d}).",
            hint="The server moves objects to no other detection list.",
        )
    return object_list


def _shown(number: Any) -> str:
    """Return an integer for a message; Python does not write those of more than 4300 digits."""
    return str(number) if abs(number) <= _MAX_NUMBER else f"an integer of {int(number).bit_length()} bits"


def _detection_list(number: Any) -> DetectionList:
    try:
        return DetectionList(int(number))
    except ValueError:
        raise InvalidQueryError(
            f"`name` must be a detection list from 0 to {max(DetectionList):d}, got {_shown(number)}.",
            hint=f"The custom list of this number is CustomList({_shown(number)})." if number >= 0 else None,
        ) from None


def _match_name(name: str, known: Iterable[str], noun: str) -> str:
    """Return the known name that matches, ignoring case and blanks."""
    normalized = _normalize_name(name)
    if normalized in known:
        return normalized
    matches = get_close_matches(normalized, known)
    guess = f"; did you mean {' or '.join(map(repr, matches))}?" if matches else "."
    raise InvalidQueryError(
        f"`name` must be a known {noun}, got {name!r}{guess}",
        hint="list_lists() shows the known ones; for others use CustomList(number) or conf.custom_lists.",
    )


def _normalize_name(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").split())

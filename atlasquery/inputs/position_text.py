# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions that the user writes as text."""

from __future__ import annotations

import re
from typing import Any

from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery.exceptions import InvalidQueryError

__all__ = ["MAX_RA_DEGREES", "MIN_RA_DEGREES", "parse_position"]

# A right ascension further off is a spoilt value; astropy wraps any number.
MIN_RA_DEGREES, MAX_RA_DEGREES = -360.0, 720.0
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TWO_NUMBERS = re.compile(rf"({_NUMBER})\s+({_NUMBER})", re.ASCII)
_SECONDS = r"\d+(?:\.\d*)?"
_SEXAGESIMAL = re.compile(
    rf"[+-]?\d+(?::\d+(?::{_SECONDS})?|\s+\d+\s+{_SECONDS})\s+[+-]?\d+(?::\d+(?::{_SECONDS})?|\s+\d+\s+{_SECONDS})",
    re.ASCII,
)
_DESIGNATION = re.compile(r"J?(\d\d)(\d\d)(\d\d(?:\.\d*)?)\s*([+-]\d\d)(\d\d)(\d\d(?:\.\d*)?)", re.ASCII)
_HINT = (
    "Write '244.0009 22.2680' (degrees) or '16h16m00.2s +22d16m05s'. Names of objects are found with resolve_name or "
    "query_object; SkyCoord.from_name(name) returns the position of a catalogued object."
)


def parse_position(text: str) -> SkyCoord:
    """Return the position that a text has: two numbers in degrees, or right ascension in hours as archives write it.

    Raises
    ------
    InvalidQueryError
        If it cannot be parsed.

    Examples
    --------
    >>> from atlasquery.inputs.position_text import parse_position
    >>> parse_position("J161600.22+221604.9").to_string("hmsdms")
    '16h16m00.22s +22d16m04.9s'
    """
    plain = _simplify(text)
    try:
        return _parse_numbers(plain) or SkyCoord(plain, **_find_units(plain))
    except (ValueError, TypeError, OverflowError, u.UnitsError) as error:
        reason = f"`coordinates` must be a position that SkyCoord can parse, got {text!r}: {error}"
        raise InvalidQueryError(reason, hint=_HINT) from error


def _simplify(text: str) -> str:
    """Return a text with the signs that astropy reads; others, such as a typographic minus, are common in papers."""
    plain = text.strip().translate(str.maketrans("\u2212\u2013;,", "--  ")).strip(" ()[]")
    plain = re.sub(r"(?<=[\d.])\s*deg(?:rees?)?\b", "d", plain)
    if match := _DESIGNATION.fullmatch(plain):
        return "{}:{}:{} {}:{}:{}".format(*match.groups())
    return plain


def _parse_numbers(plain: str) -> SkyCoord | None:
    """Return the position of two numbers in degrees, None for another text."""
    if not (match := _TWO_NUMBERS.fullmatch(plain)):
        return None
    ra, dec = map(float, match.groups())
    if not MIN_RA_DEGREES <= ra <= MAX_RA_DEGREES:
        raise ValueError(f"the right ascension must be from {MIN_RA_DEGREES:.0f} to {MAX_RA_DEGREES:.0f} degrees.")
    return SkyCoord(ra, dec, unit="deg")


def _find_units(plain: str) -> dict[str, Any]:
    """Return the units of sexagesimal numbers without any: hours for the right ascension."""
    return {"unit": (u.hourangle, u.deg)} if _SEXAGESIMAL.fullmatch(plain) else {}

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`did_you_mean`: the known names that are like a mistaken one, for the end of a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

__all__ = ["UnknownAttributeError", "did_you_mean", "near_names", "plain_name"]

_MIN_RATIO = 0.6
_MIN_PREFIX = 2


def near_names(name: object, known: Iterable[str], synonyms: Mapping[str, str] | None = None, n: int = 3) -> list[str]:
    """Return up to ``n`` known names that are like a name, the nearest first.

    Case and separators do not matter; a name that begins with the other, as ``mag`` and ``magnitude``, is like it.
    """
    if not isinstance(name, str):
        return []
    known, plain = list(dict.fromkeys(known)), plain_name(name)
    meant = next(
        (value for key, value in (synonyms or {}).items() if plain_name(key) == plain and value in known), None
    )
    if meant:
        return [meant]
    ratios = {item: _likeness(plain, plain_name(item)) for item in known}
    ordered = sorted((item for item in known if ratios[item] >= _MIN_RATIO), key=lambda item: -ratios[item])
    return ordered[:n]


def did_you_mean(name: object, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Return "; did you mean 'mag' or 'mag_err'?", or an empty string if no known name is like it."""
    matches = near_names(name, known, synonyms)
    return f"; did you mean {' or '.join(map(repr, matches))}?" if matches else ""


class UnknownAttributeError(AttributeError):
    """An attribute is not there; the guess is made when the message is read, as `hasattr` must be fast."""

    def __init__(self, owner: object, name: str, guess: Callable[[], str]) -> None:
        super().__init__(f"{type(owner).__name__!r} object has no attribute {name!r}", name=name, obj=owner)
        self._guess = guess

    def __str__(self) -> str:
        return super().__str__() + ("" if str(self.name).startswith("_") else self._guess())

    def __reduce__(self) -> tuple[Any, ...]:
        return AttributeError, (str(self),)


def plain_name(name: str) -> str:
    """Return a name without case and separators."""
    return "".join(character for character in name.lower() if character.isalnum())


def _likeness(one: str, other: str) -> float:
    ratio = SequenceMatcher(None, one, other).ratio()
    short, long = sorted((one, other), key=len)
    return max(ratio, _MIN_RATIO) if len(short) >= _MIN_PREFIX and long.startswith(short) else ratio

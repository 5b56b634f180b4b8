# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`NameCache`: ATLAS designations that answers have contained, as the server cannot look them up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atlasquery.inputs.object_names import ObjectName, normalize_designation

__all__ = ["NameCache"]


class NameCache:
    """ATLAS designations seen in answers, and the ids of their objects."""

    def __init__(self) -> None:
        self._ids: dict[str, tuple[int, ...]] = {}

    def add(self, pairs: Iterable[tuple[Any, int]]) -> None:
        """Add pairs of a name and an id, as sent by the server; what is not an ATLAS designation is skipped."""
        for name, object_id in pairs:
            if isinstance(name, str) and (designation := normalize_designation(name)):
                ids = self._ids.setdefault(designation, ())
                if object_id not in ids:
                    self._ids[designation] = (*ids, object_id)

    def ids(self, name: ObjectName) -> tuple[int, ...]:
        """Return the ids of an `ObjectName` that is a designation; an empty tuple if no answer has contained it."""
        return self._ids.get(name.query, ())

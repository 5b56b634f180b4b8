# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoint ``externalxmlist/``: names to objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from astropy.table import QTable

from atlasquery import schema
from atlasquery.endpoints.base import Endpoint, Payload
from atlasquery.exceptions import AmbiguousNameError, ObjectNotFoundError, UnreadableAnswerError
from atlasquery.inputs.object_names import ObjectName, normalize_designation
from atlasquery.schema.columns import masked_column
from atlasquery.utils.text import abbreviate

__all__ = ["NamesEndpoint", "explain_missing", "names_payload"]

_DESIGNATION_HINT = (
    "The server cannot look up ATLAS designations: they resolve once an answer has contained them. "
    "Find the object by its position (query_region), its list (query_list) or its TNS name."
)


def names_payload(names: Sequence[ObjectName]) -> Payload:
    """Return the payload that looks up names."""
    return {"externalObjects": ",".join(name.query for name in names)}


def explain_missing(missing: Sequence[int | str]) -> str:
    """Return why a missing name may be one of an object that the server has; empty if there is none."""
    return _DESIGNATION_HINT if any(normalize_designation(str(name)) for name in missing) else ""


class NamesEndpoint(Endpoint):
    """Looks up names of the Transient Name Server and of other surveys."""

    path = "externalxmlist/"

    def query(self, names: Sequence[ObjectName]) -> QTable:
        """Return the rows of each name; ``meta['missing']`` lists the names without a row."""
        answers = self._read(names_payload(names)) if names else []
        return _external_crossmatch_table(names, answers, url=self.url)

    def resolve(self, object_ids: Sequence[int | ObjectName]) -> tuple[list[int], list[ObjectName]]:
        """Return the ids of checked ids and names, in order, and the unknown names.

        All names cost one request; ATLAS designations cost none.
        """
        names = list(dict.fromkeys(item for item in object_ids if isinstance(item, ObjectName)))
        ids_of = {name: self._names.ids(name) for name in names if name.is_designation}
        if unresolved := [name for name in names if name not in ids_of]:
            ids_of |= self._look_up(unresolved)
        unknown = [name for name in names if not ids_of[name]]
        absent = set(unknown)
        known = [item for item in object_ids if item not in absent]
        ids = [_require_unique(item, ids_of[item]) if isinstance(item, ObjectName) else item for item in known]
        return ids, unknown

    def resolve_one(self, object_id: int | ObjectName) -> int:
        """Return the id of one checked id or name, or raise `ObjectNotFoundError`."""
        return self.resolve_all([object_id])[0]

    def resolve_all(self, object_ids: Sequence[int | ObjectName]) -> list[int]:
        """Return the ids of checked ids and names, or raise `ObjectNotFoundError` for the first unknown name."""
        ids, unknown = self.resolve(object_ids)
        if not unknown:
            return ids
        name = unknown[0]
        if name.is_designation:
            reason = f"No answer has contained an object named {name.written!r} yet."  # no request was sent
            raise ObjectNotFoundError(reason, hint=_DESIGNATION_HINT, object_id=name.written)
        hint = "Check the name; query_region finds the objects around a position."
        raise self._object_not_found(name.written, f"named {name.written!r}", hint)

    def _look_up(self, names: Sequence[ObjectName]) -> dict[ObjectName, tuple[int, ...]]:
        """Return the ids of each name."""
        table = self.query(names)
        ids_of: dict[str, list[int]] = {name.written: [] for name in names}
        for written, object_id in zip(table["query_name"].tolist(), table["atlas_id"].tolist(), strict=True):
            ids_of[written].append(object_id)
        return {name: tuple(dict.fromkeys(ids_of[name.written])) for name in names}


def _require_unique(name: ObjectName, ids: tuple[int, ...]) -> int:
    if len(ids) > 1:
        reason = f"{name.written!r} matches {len(ids)} objects: {', '.join(map(str, ids))}."
        raise AmbiguousNameError(reason, candidates=ids)
    return ids[0]


def _external_crossmatch_table(names: Sequence[ObjectName], answers: Any, *, url: str) -> QTable:
    """Return one row per match with ``query_name`` first; ``answers`` must hold one list for each name."""
    if not isinstance(answers, list) or [type(rows) for rows in answers] != [list] * len(names):
        reason = f"The answer must hold a list for each of {len(names)} names, got {abbreviate(answers)}."
        raise UnreadableAnswerError(reason, url=url, record="externalxmlist")
    missing = [name.written for name, rows in zip(names, answers, strict=True) if not rows]
    rows = [row for rows in answers for row in rows]
    table = schema.EXTERNAL_CROSSMATCH.table(rows, url=url, meta={"missing": missing})
    query_names = np.array([name.written for name, rows in zip(names, answers, strict=True) for _ in rows], dtype=str)
    column = masked_column(query_names, np.zeros(len(query_names), dtype=bool), "Name as given in the query.")
    table.add_column(column, index=0, name="query_name")
    return table

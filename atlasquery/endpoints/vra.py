# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints of the Virtual Research Assistant: ``vrascoreslist/``, ``vraranklist/`` and ``vratodolist/``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from astropy.table import QTable

from atlasquery import schema
from atlasquery.batches import send_sequentially
from atlasquery.endpoints.base import Endpoint, Payload
from atlasquery.endpoints.lists import select_ids
from atlasquery.inputs.object_names import ObjectName
from atlasquery.inputs.times import Since
from atlasquery.schema import RowSchema

__all__ = ["VRAEndpoint", "vra_payload", "vra_payloads"]

# The server looks up each id by itself: fast, but a request must stay within its time limit.
_MAX_IDS_PER_REQUEST = 5000


def vra_payload(
    object_ids: Sequence[int | ObjectName] | None = None, *, since: Since | None = None, **options: Any
) -> Payload:
    """Return the payload of objects, or of the whole table; with objects the server ignores dates."""
    if object_ids is not None:
        return {"objects": ",".join(map(str, object_ids)), **options}
    return options if since is None else {"datethreshold": since.date_threshold, **options}


def vra_payloads(
    object_ids: Sequence[int | ObjectName], **options: Any
) -> list[tuple[list[int | ObjectName], Payload]]:
    """Return (ids, payload) of each request that many objects need."""
    starts = range(0, len(object_ids), _MAX_IDS_PER_REQUEST)
    parts = [list(object_ids[start : start + _MAX_IDS_PER_REQUEST]) for start in starts]
    return [(part, vra_payload(part, **options)) for part in parts]


class VRAEndpoint(Endpoint):
    """Reads one table of the Virtual Research Assistant, declared by ``row_schema``."""

    def __init__(self, row_schema: RowSchema, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._row_schema = row_schema
        self.path = f"{row_schema.name}/"

    def query(
        self,
        ids: list[int] | None = None,
        missing_names: Sequence[ObjectName] = (),
        *,
        since: Since | None = None,
        **options: Any,
    ) -> QTable:
        """Return the rows of all objects, or of some; ``meta['missing']`` then lists those without a row."""
        if ids is None:
            rows = self._read(vra_payload(since=since, **options))
        else:
            rows = self._read_many(list(dict.fromkeys(ids)), options)
        table = self._row_schema.table(rows, url=self.url)
        table = table if ids is None else select_ids(ids, table, missing_names)
        return table if since is None else table[since.keeps(table["timestamp"])]

    def query_one(self, object_id: int, **options: Any) -> tuple[QTable, float | None]:
        """Return the rows of one object, and the server's time (Unix)."""
        answer = self._send(self.path, vra_payload([object_id], **options))
        table = self._row_schema.table(schema.decode_json(answer.body, url=answer.url), url=self.url)
        return table[table["atlas_id"] == object_id], answer.server_time

    def _read_many(self, ids: list[int], options: dict[str, Any]) -> list[Any]:
        def read(payload: Payload) -> Any:
            rows = self._read(payload)
            return rows if isinstance(rows, list) else self._row_schema.decode(rows, url=self.url)  # raises

        def make_table(answers: list[Any]) -> QTable:
            return self._row_schema.table([row for rows in answers for row in rows])

        answers = send_sequentially(read, vra_payloads(ids, **options), results=make_table, noun="objects")
        return [row for rows in answers for row in rows]

# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoint ``objects/``: the records of objects, with or without their photometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from astropy.table import QTable

from atlasquery import schema
from atlasquery.batches import BatchFetch, BatchSize, Partial, carry_results
from atlasquery.batches.batch_size import FULL, OBJECT_ROWS, RECENT
from atlasquery.endpoints.base import Answer, Endpoint, Payload
from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.inputs.lists import DetectionList
from atlasquery.inputs.object_names import ObjectName
from atlasquery.inputs.times import Since
from atlasquery.schema.columns import masked_column

__all__ = ["ObjectsEndpoint", "add_list_names", "object_table", "objects_payload", "plan_requests"]

# No exposure is later than this (the year 2050): a record without its photometry is 6 kB instead of 300.
NO_PHOTOMETRY_MJD = 70000.0
_TIME_KEYS = {"lc": "mjd", "lcnondets": "mjd", "fp": "mjd_obs"}
_DETECTION_LIST_NAMES = {int(item): item.name for item in DetectionList}


class RequestPlan(NamedTuple):
    """Expected requests for many objects; the number of ids in a batch changes with the speed of the server."""

    payloads: list[Payload]
    n_requests: int  # the look-up of names included

    def query_payload(self) -> Payload | list[Payload]:
        """Return what ``get_query_payload=True`` returns: a payload, or a list of several."""
        return self.payloads[0] if len(self.payloads) == 1 else self.payloads


def plan_requests(
    object_ids: Sequence[int | ObjectName], *, with_photometry: bool = True, since: Since | None = None
) -> RequestPlan:
    """Return the `RequestPlan` for checked ids and names; repeated ones are requested once."""
    unique = list(dict.fromkeys(object_ids))
    payloads: list[Payload] = []
    remaining = unique
    for size in _initial_batch_size(with_photometry, since).planned_sizes(len(unique)):
        payloads.append(objects_payload(remaining[:size], with_photometry=with_photometry, since=since))
        remaining = remaining[size:]
    has_names = any(isinstance(object_id, ObjectName) for object_id in unique)
    return RequestPlan(payloads, len(payloads) + has_names)


def objects_payload(
    object_ids: Sequence[int | ObjectName], *, with_photometry: bool = True, since: Since | None = None
) -> Payload:
    """Return the payload of one request."""
    payload = {"objects": ",".join(map(str, object_ids))}
    if not with_photometry:
        return {**payload, "mjd": NO_PHOTOMETRY_MJD}
    return payload if since is None else {**payload, "mjd": since.mjd_payload}


def _initial_batch_size(with_photometry: bool, since: Since | None) -> BatchSize:
    if not with_photometry:
        return BatchSize(*OBJECT_ROWS)
    return BatchSize(*FULL) if since is None else BatchSize(*RECENT)


class ObjectsEndpoint(Endpoint):
    """Downloads records of objects."""

    path = "objects/"

    def query(self, ids: list[int], missing_names: Sequence[ObjectName] = ()) -> QTable:
        """Return the table of the objects; ``meta['missing']`` lists unknown ids and names."""
        fetch = self.fetch(ids, with_photometry=False)
        rows: dict[int, Any] = {}

        def make_table() -> QTable:
            meta = {"missing": [*fetch.missing, *map(str, missing_names)]}
            return object_table([rows[object_id] for object_id in ids if object_id in rows], url=self.url, meta=meta)

        def describe() -> Partial:
            finished = {*rows, *fetch.missing}
            remaining = [object_id for object_id in dict.fromkeys(ids) if object_id not in finished]
            hint = f"`results` of this exception has {len(rows)} objects; the keys of `failed` can be requested again."
            return Partial(make_table(), tuple(fetch.missing), remaining, hint)

        with carry_results(describe):
            for records in fetch:
                rows |= {record["object"]["id"]: record["object"] for record in records}
            table = make_table()
        if error := fetch.build_error(table):
            raise error
        return self._remember_names(table)

    def fetch(
        self, ids: list[int], *, with_photometry: bool = True, since: Since | None = None, **options: Any
    ) -> BatchFetch:
        """Return the `~atlasquery.batches.BatchFetch` of the records of many objects."""

        def send_batch(batch: list[int]) -> Answer:
            return self._send(self.path, objects_payload(batch, with_photometry=with_photometry, since=since))

        batch_size = _initial_batch_size(with_photometry, since)
        return BatchFetch(ids, send_batch, partial(self._split_answer, since), batch_size, **options)

    def get_record(self, object_id: int, *, since: Since | None = None) -> Mapping[str, Any]:
        """Return the record of one object, or raise `ObjectNotFoundError`."""
        answer = self._send(self.path, objects_payload([object_id], since=since))
        records, missing = self._split_answer(since, answer, [object_id])
        if missing:
            hint = "Check the id; query_region finds the objects around a position."
            raise self._object_not_found(object_id, object_id, hint)
        return records[0]

    def _split_answer(
        self, since: Since | None, answer: Answer, ids: list[int]
    ) -> tuple[list[Mapping[str, Any]], list[int]]:
        """Return the records of an answer, without photometry before ``since``, and the ids without an object."""
        records = schema.decode_objects(answer.body, url=answer.url)
        known, missing = _split_missing(records, ids, url=answer.url)
        self._names.add((record["object"].get("atlas_designation"), record["object"]["id"]) for record in known)
        return known if since is None else [_drop_before(since, record) for record in known], missing


def _split_missing(
    records: list[Mapping[str, Any]], ids: list[int], *, url: str
) -> tuple[list[Mapping[str, Any]], list[int]]:
    """Return the records of known objects and the ids of the others; records must be those of the ids, in order."""
    known = [record for record in records if not schema.is_missing_object(record)]
    pairs = zip(ids, records, strict=False)
    missing = [object_id for object_id, record in pairs if schema.is_missing_object(record)]
    absent = set(missing)
    expected = [object_id for object_id in ids if object_id not in absent]
    if [record["object"].get("id") for record in known] != expected or len(records) != len(ids):
        schema.OBJECT.decode([record["object"] for record in known], url=url)  # raises if an id is invalid
        reason = f"The answer must hold the records of the {len(ids)} ids in order, got {len(records)} others."
        raise UnreadableAnswerError(reason, url=url, record="objects")
    return known, missing


def _drop_before(since: Since, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record without photometry before ``since``, whose bound is inclusive."""
    kept = {
        section: [row for row in record.get(section) or [] if _is_kept(since, row, key)]
        for section, key in _TIME_KEYS.items()
    }
    return record.replace(kept) if isinstance(record, schema.Record) else {**record, **kept}


def _is_kept(since: Since, row: Any, key: str) -> bool:
    # Invalid rows and times are kept: the decoder reports them.
    mjd = row.get(key) if isinstance(row, dict) else None
    return not isinstance(mjd, (int, float)) or bool(since.keeps(mjd))


def object_table(rows: list[Any], *, url: str | None = None, meta: dict[str, Any] | None = None) -> QTable:
    """Return the table of objects from the section ``object`` of records, with the name of each detection list."""
    return add_list_names(schema.OBJECT.table(rows, url=url, meta=meta))


def add_list_names(table: QTable) -> QTable:
    """Add the column of the names of detection lists to a table of objects, and return the table."""
    numbers = table["detection_list"].filled(-1).tolist()
    names = np.array([_DETECTION_LIST_NAMES.get(number, "") for number in numbers], dtype=str)
    column = masked_column(names, names == "", "Name of the detection list.")
    table.add_column(column, index=table.index_column("detection_list") + 1, name="detection_list_name")
    return table
